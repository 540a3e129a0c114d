import type { CellRow } from '../cache/cell-row.js';
import { cellKey, cellMark, type ExecutedBy } from '../cache/keys.js';
import { distinctMatrix } from '../distinct.js';
import { SandboxFault } from '../error.js';
import { executionMatrix } from '../matrix.js';
import { countMissing } from '../missing-module.js';
import type { ParsedProgram } from '../parser.js';
import { nextCells, type WantedCells } from '../rank/prune.js';
import type { ExecutionRun } from '../run.js';
import type { CellAnswer } from '../sandbox/job.js';
import { count, timed } from '../tally.js';
import type { UnitTest } from '../unit-test.js';
import {
  type ExecutedRows,
  type ExecutionGrid,
  type PlannedCell,
  type PlannedGrid,
  planGrid,
  rowsOf,
} from './planned-grid.js';

/** What the grids of one call share. */
interface Execution {
  run: ExecutionRun;
  /** Rows of earlier runs, by cache key. */
  stored: Map<string, CellRow>;
  /** Rows that this call executed, by cache key: the first of equal cells, which is the one that the cache keeps. */
  executed: Map<string, CellRow>;
  /** Rows that were asked for in this call, by the cell's name. */
  known: Map<string, CellRow>;
  /** Distinct cells that were executed in this call, and that were read instead. */
  cells: { executed: number; cached: number };
  /** A job met an error that ends the run: no further round begins. */
  failed: boolean;
  /** Why cells have no answer, by the cell's name: faults of ours. */
  unanswered: Map<string, string>;
  /** Why grids have cells without one; null: the first fault is thrown. */
  faults: Faults | null;
  /** So many cells more are done, or need not be done. */
  advance: (cells: number) => void;
}

/** Faults of ours by the place of the grid that they leave with cells not executed. */
export type Faults = Map<number, string>;

/** Cells that have to be executed: one candidate, several unit tests. */
interface Missing {
  program: string;
  cells: Map<string, PlannedCell>; // by name
}

/**
 * Executes the grids, each distinct cell once: equal programs and equal tests (by syntax tree) share their rows,
 * and rows of earlier runs come from the cache. Each finished cell is in the cache at once. With `prune`, cells are
 * left out that cannot change who wins by majority. What meets a fault of ours fails the grids that asked for it, which
 * `faults` then has; the others go on.
 */
export async function executeGrids(
  grids: readonly ExecutionGrid[],
  run: ExecutionRun,
  prune = false,
  faults: Faults | null = null,
): Promise<ExecutedRows[]> {
  const by = executedBy(run);
  const keyOf = (program: ParsedProgram, test: UnitTest) =>
    cellKey(by, { candidate: program.identity, test: test.identity });
  const planned = grids.map((grid, at) => planGrid(grid, at, keyOf, run.dedup));
  const keys = new Map(planned.flatMap(({ cells }) => cells.flat().map(({ name, key }) => [name, key])));
  const stored = run.cache.cells([...new Set(keys.values())]);
  const left = [...keys.values()].filter((key) => !stored.has(key)).length;
  const cells = { executed: 0, cached: 0 };
  const work = async (advance: Execution['advance']) => {
    const execution: Execution = {
      run,
      stored,
      executed: new Map(),
      known: new Map(),
      cells,
      failed: false,
      unanswered: new Map(),
      faults,
      advance,
    };
    if (prune) await settled(planned.map((grid) => executeUntilDecided(grid, execution)));
    else await executeCells(planned.flatMap(everyCell), execution);
  };
  await (left === 0 ? work(() => {}) : timed(run.tally, 'execute', () => withPhase(left, cells, run, work)));
  run.signal.throwIfAborted();
  const rows = planned.map(rowsOf);
  tallyRows(rows, cells, run, faults);
  return rows;
}

async function withPhase(
  total: number,
  done: Execution['cells'],
  { progress }: ExecutionRun,
  work: (advance: Execution['advance']) => Promise<void>,
): Promise<void> {
  const phase = progress.phase('execute', total, 'cells');
  const start = performance.now();
  try {
    await work((cells) => {
      const rate = done.executed / ((performance.now() - start) / 1000);
      phase.advance(cells, `${Math.round(rate)} cells/s`);
    });
  } finally {
    phase.end();
  }
}

/** Some cells of one row of a planned grid, which has this place among the grids. */
type Wanted = [grid: PlannedGrid, cells: WantedCells];

function everyCell(grid: PlannedGrid): Wanted[] {
  return grid.cells.map((row, at): Wanted => [grid, { row: at, columns: [...row.keys()] }]);
}

/**
 * Executes in rounds, until it is decided who wins. Each round is planned by what the rounds before it asked for,
 * cached or not: so the cells that are left out do not depend on the cache.
 */
async function executeUntilDecided(grid: PlannedGrid, execution: Execution): Promise<void> {
  const { candidates, unitTests } = grid.grid;
  const whole = executionMatrix(
    candidates.map(({ solId }) => solId),
    unitTests,
  );
  let matrix = distinctMatrix(whole, grid.rows, grid.columns);
  while (!execution.run.signal.aborted && !execution.failed && !execution.faults?.has(grid.at)) {
    const wanted = nextCells(matrix, grid.rows.sizes);
    if (wanted.length === 0) break;
    await executeCells(
      wanted.map((cells): Wanted => [grid, cells]),
      execution,
    );
    matrix = { ...matrix, cells: grid.answers.map((row) => row.map((cell) => cell?.verdict ?? null)) };
  }
  const pruned = grid.cells.flatMap((row, at) =>
    row.filter(({ key }, column) => grid.answers[at]![column] === null && !execution.stored.has(key)),
  );
  execution.advance(pruned.length);
}

/** Gets the cells from the cache or executes them; afterwards they are answered, unless the run was interrupted. */
async function executeCells(wanted: readonly Wanted[], execution: Execution): Promise<void> {
  const { stored, known } = execution;
  const missing = new Map<string, Missing>();
  for (const [{ grid, cells, jobs, rows }, { row, columns }] of wanted) {
    for (const column of columns) {
      const cell = cells[row]![column]!;
      const { name, key } = cell;
      if (known.has(name)) continue;
      const earlier = stored.get(key);
      if (earlier) {
        known.set(name, earlier);
        execution.cells.cached += 1;
        continue;
      }
      const { program } = grid.candidates[rows.firsts[row]!]!;
      const job = missing.get(jobs[row]!) ?? { program, cells: new Map() };
      job.cells.set(name, cell);
      missing.set(jobs[row]!, job);
    }
  }
  try {
    await settled([...missing.values()].map((job) => executeOrFail(job, execution)));
  } catch (error) {
    execution.failed = true;
    throw error;
  }
  for (const [{ at, cells, answers }, { row, columns }] of wanted) {
    for (const column of columns) {
      const { name } = cells[row]![column]!;
      answers[row]![column] = known.get(name) ?? null;
      const fault = execution.unanswered.get(name);
      if (fault !== undefined && !known.has(name)) execution.faults?.set(at, fault);
    }
  }
}

/** A fault of ours leaves the job's other cells without an answer, and no more. */
async function executeOrFail(job: Missing, execution: Execution): Promise<void> {
  try {
    await executeMissing(job, execution);
  } catch (error) {
    if (!(error instanceof SandboxFault) || execution.faults === null) throw error;
    for (const name of job.cells.keys()) execution.unanswered.set(name, error.message);
  }
}

async function executeMissing({ program, cells }: Missing, execution: Execution): Promise<void> {
  const { run } = execution;
  const list = [...cells.values()];
  const again: PlannedCell[] = [];
  const jobOf = (planned: readonly PlannedCell[]) => {
    const tests = planned.map(({ test: { code, cases, idle } }) => ({ code, cases, idle }));
    return { candidate: program, tests, limits: run.limits, isolation: run.isolation };
  };
  await run.sandbox.execute(
    jobOf(list),
    (answers) => {
      // On a busy host a cell can wait for its turn until its time on the clock is over: such ones run again, alone.
      const final = answers.filter(({ crowdedOut }) => !crowdedOut);
      store(
        final.map(({ index, result }) => [list[index]!, result]),
        execution,
      );
      again.push(...answers.filter(({ crowdedOut }) => crowdedOut).map(({ index }) => list[index]!));
    },
    run.signal,
  );
  if (again.length === 0) return;
  const storeAgain = (answers: readonly CellAnswer[]) =>
    store(
      answers.map(({ index, result }) => [again[index]!, result]),
      execution,
    );
  await run.sandbox.executeAlone(jobOf(again), storeAgain, run.signal);
}

/** Keeps what was executed, in the cache and in this run. */
function store(cells: readonly [PlannedCell, CellRow][], execution: Execution): void {
  const { run, executed, known, advance } = execution;
  for (const [{ key }, row] of cells) if (!executed.has(key)) executed.set(key, row);
  const rows = cells.map(([{ name, key }]) => ({ name, key, row: executed.get(key)! }));
  run.cache.storeCells(rows, cellMark(executedBy(run)));
  for (const { name, row } of rows) known.set(name, row);
  execution.cells.executed += rows.length;
  advance(rows.length);
}

/** Waits for all, also when one fails: no job may be left behind that still stores cells. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function tallyRows(
  grids: readonly ExecutedRows[],
  { executed, cached }: Execution['cells'],
  { tally }: ExecutionRun,
  faults: Faults | null,
): void {
  // Of a grid that failed, what has an answer.
  const all = grids.flatMap((rows, at) => rows.flat().filter((row) => row !== null || !faults?.has(at)));
  for (const row of all) if (row !== null) count(tally.verdicts, row.verdict);
  for (const rows of grids) countMissing(tally.missingModules, rows);
  const { cells } = tally;
  const pruned = all.filter((row) => row === null).length;
  cells.total += all.length;
  cells.pruned += pruned;
  cells.executed += executed;
  cells.cached += cached;
  // Whatever was neither read nor executed has its answer from an equal cell.
  cells.deduplicated += all.length - pruned - executed - cached;
}

/** All that a verdict depends on besides the cell itself. */
function executedBy({ sandbox, limits, isolation, jail }: ExecutionRun): ExecutedBy {
  const { harness, interpreter, hashSeed } = sandbox;
  return { runner: harness.runner, interpreter: interpreter.fingerprint, limits, isolation, jail, hashSeed };
}
