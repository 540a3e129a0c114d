import type { CellResult } from '../sandbox/decide.js';
import type { CellJob, Isolation } from '../sandbox/job.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import type { Limits } from '../verdict.js';
import type { BenchCell } from './cells.js';

/** What is measured side by side: the engine's two levels of isolation, and three baselines. */
export const LEVELS = ['candidate', 'cell', 'fork', 'unprotected', 'authors'] as const;
export type LevelName = (typeof LEVELS)[number];

/** What came of executing some cells once. */
export interface Measured {
  /** On the clock, from the first cell's start to the last one's end. */
  seconds: number;
  /** One a cell, in their order: the verdict, or what a baseline says instead. */
  words: string[];
}

/** One way to execute cells. */
export interface Level {
  name: LevelName;
  run(cells: readonly BenchCell[]): Promise<Measured>;
}

/** What a level needs to execute anything. */
export interface LevelSetup {
  sandbox: Sandbox;
  limits: Limits;
  signal: AbortSignal;
}

export function ownLevel(isolation: Isolation, setup: LevelSetup): Level {
  return {
    name: isolation,
    run: async (cells) => {
      const start = performance.now();
      const results = await executeCells(cells, isolation, setup);
      const seconds = (performance.now() - start) / 1000;
      return { seconds, words: results.map(({ verdict }) => verdict) };
    },
  };
}

/** Executes the cells in the engine's sandbox, without cache; results come in the cells' order. */
export async function executeCells(
  cells: readonly BenchCell[],
  isolation: Isolation,
  { sandbox, limits, signal }: LevelSetup,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const execute = async ({ candidate, at }: Row) => {
    const tests = at.map((index) => cells[index]!.test);
    const job: CellJob = { candidate, tests, limits, isolation };
    await sandbox.execute(
      job,
      (cells) => {
        for (const { index, result } of cells) results[at[index]!] = result;
      },
      signal,
    );
  };
  const ended = await Promise.allSettled(rowsOf(cells).map(execute));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  signal.throwIfAborted();
  return results;
}

/** One candidate of one task and where its cells stand. */
interface Row {
  candidate: string;
  at: number[];
}

/** Task by task, as the engine executes them: what a task's unit tests need is made ready once. */
function rowsOf(cells: readonly BenchCell[]): Row[] {
  const rows = new Map<string, Row>();
  for (const [index, { taskId, solId, program }] of cells.entries()) {
    const key = JSON.stringify([taskId, solId]);
    const row = rows.get(key) ?? { candidate: program, at: [] };
    row.at.push(index);
    rows.set(key, row);
  }
  const tasks = new Map([...new Set(cells.map(({ taskId }) => taskId))].map((taskId, at) => [taskId, at]));
  const task = ({ at }: Row) => tasks.get(cells[at[0]!]!.taskId)!;
  return [...rows.values()].sort((a, b) => task(a) - task(b));
}
