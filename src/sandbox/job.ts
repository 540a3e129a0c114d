import type { Limits } from '../verdict.js';
import type { LauncherConfig, Outcome } from './addon.js';
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
  /** Those of its cases that, by what is written, assert nothing. */
  idle?: string[] | undefined;
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
  /** Its time on the clock ran out while other jobs ran beside it: whether it sleeps or waited is not known. */
  crowdedOut?: boolean;
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
  | ({ kind: 'analysis' } & WholeAnswer)
  /** This machine gives no jail. (An error that is thrown loses its class on the way between threads.) */
  | { kind: 'refused'; reason: string };

/** All that a child wrote to its event channel, or how it ended without coming to its end. */
export type WholeAnswer = { text: string } | { ended: string };

export function wholeAnswer(outcome: Outcome): WholeAnswer {
  const text = outcome.events.toString('utf8');
  if (outcome.limit === 'none' && outcome.exitCode === 0 && text.endsWith('\n')) return { text };
  const how =
    outcome.limit !== 'none'
      ? `${outcome.limit} limit`
      : `exit ${outcome.exitCode}, signal ${outcome.signal}`;
  const output = outcome.output.toString('utf8').trim().split('\n').at(-1);
  return { ended: output ? `${how}: ${output}` : how };
}

/** The mark of a child that tells no cells apart. */
export const NO_MARK = '\n';

/** A job as the warm interpreter takes it (warm.py says its forms). */
export function jobText(
  setup: Pick<WorkerSetup, 'paths'>,
  job: { kind: string } & Record<string, unknown>,
): string {
  return JSON.stringify({ ...job, paths: setup.paths });
}
