import type { Limits } from '../verdict.js';
import type { LauncherConfig } from './addon.js';
import type { CellResult } from './decide.js';

/** What a worker is told once, when its thread starts. */
export interface WorkerSetup {
  launcher: LauncherConfig;
  /** sys.path inside the jail. */
  paths: string[];
  /** Where the jail shows the harness. */
  harness: string;
  /** Use the launcher whose walls can be left out (tests only). */
  testBuild: boolean;
}

/** One candidate and the unit tests to execute against it. */
export interface CellJob {
  candidate: string;
  tests: { code: string; cases: string[] }[];
  limits: Limits;
  /** Whose process a cell shares: nobody's, or that of the candidate's other cells. */
  isolation?: 'cell' | 'candidate';
}

/** One request to the parser of Python source, which runs in the jail too. */
export interface AnalysisJob {
  request: unknown;
  limits: Limits;
}

/** What a worker's thread is given: a job, and the port on which answers go back and a cancel may come. */
export type WorkerTask = { port: MessagePortLike } & (
  | { kind: 'cells'; job: CellJob }
  | { kind: 'analysis'; job: AnalysisJob }
);

/** The part of a MessagePort that a worker uses. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  close(): void;
}

/** Answers of a worker: one a cell as soon as it is known, or one for an analysis. */
export type WorkerAnswer =
  | { kind: 'cell'; index: number; result: CellResult }
  | { kind: 'analysis'; text: string }
  /** The analysed text ended the parser (crash, time or memory). */
  | { kind: 'unparsed'; reason: string }
  /** This machine gives no jail. (An error that is thrown loses its class on the way between threads.) */
  | { kind: 'refused'; reason: string };
