import type { Limits } from '../verdict.js';
import type { LauncherConfig } from './addon.js';
import type { CellResult } from './decide.js';

/**
 * Whose process a cell shares. `cell`: nobody's. `candidate`: that of the candidate's other cells, as long as nothing
 * that one of them did could be noticed by the next.
 */
export const ISOLATIONS = ['candidate', 'cell'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** What a worker is told once, when its thread starts. */
export interface WorkerSetup {
  launcher: LauncherConfig;
  /** sys.path inside the jail. */
  paths: string[];
  /** Use the launcher whose walls can be left out (tests only). */
  testBuild: boolean;
}

/** One unit test and the names of the cases that its syntax tree promises. */
export interface CellTest {
  code: string;
  cases: string[];
}

/** One candidate and the unit tests to execute against it. */
export interface CellJob {
  candidate: string;
  tests: CellTest[];
  limits: Limits;
  isolation: Isolation;
}

/** One cell that was executed; `index` is its unit test's place in the job. */
export interface CellAnswer {
  index: number;
  result: CellResult;
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

/** Answers of a worker: the cells of one child as soon as they are known, or one for an analysis. */
export type WorkerAnswer =
  | { kind: 'cells'; cells: CellAnswer[] }
  | { kind: 'analysis'; text: string }
  /** The analysed text ended the parser (crash, time or memory). */
  | { kind: 'unparsed'; reason: string }
  /** This machine gives no jail. (An error that is thrown loses its class on the way between threads.) */
  | { kind: 'refused'; reason: string };
