import type { CellRow } from '../cache/database.js';
import { contentKey } from '../cache/key.js';
import type { Candidate } from '../candidate.js';
import type { ParsedProgram } from '../parser.js';
import type { ExecutionRun } from '../run.js';
import { count, timed } from '../tally.js';
import type { UnitTest } from '../unit-test.js';

/** What is executed: every candidate against every unit test of one task. */
export interface ExecutionGrid {
  taskId: string;
  candidates: readonly Candidate[];
  /** What the parser found in each candidate, in their order. */
  programs: readonly ParsedProgram[];
  unitTests: readonly UnitTest[];
}

/** rows[i][j] is what became of candidate i under unit test j. */
export type ExecutedRows = CellRow[][];

/** A cell that has to be executed, and all its equals are answered with it. */
interface Missing {
  program: string;
  tests: Map<string, UnitTest>; // by cell key
}

/**
 * Executes the grids, each distinct cell once: equal programs and equal tests (by syntax tree) share their rows,
 * and rows of earlier runs come from the cache. Each finished cell is in the cache at once.
 */
export async function executeGrids(
  grids: readonly ExecutionGrid[],
  run: ExecutionRun,
): Promise<ExecutedRows[]> {
  const known = new Map<string, CellRow>();
  const missing = new Map<string, Missing>(); // by program identity
  for (const grid of grids) plan(grid, known, missing, run);
  const jobs = [...missing.values()];
  const total = jobs.reduce((sum, { tests }) => sum + tests.size, 0);
  if (total > 0) await timed(run.tally, 'execute', () => executeMissing(jobs, total, known, run));
  run.signal.throwIfAborted();
  return grids.map((grid) => rowsOf(grid, known, run));
}

function plan(
  grid: ExecutionGrid,
  known: Map<string, CellRow>,
  missing: Map<string, Missing>,
  run: ExecutionRun,
): void {
  const cells = new Map<string, { at: number; test: UnitTest }>();
  for (const [at, program] of grid.programs.entries()) {
    for (const test of grid.unitTests) cells.set(cellKey(program, test, run), { at, test });
  }
  const stored = run.cache.cells([...cells.keys()].filter((key) => !known.has(key)));
  for (const [key, row] of stored) known.set(key, row);
  for (const [key, { at, test }] of cells) {
    if (known.has(key)) continue;
    const { identity } = grid.programs[at]!;
    const job = missing.get(identity) ?? { program: grid.candidates[at]!.program, tests: new Map() };
    job.tests.set(key, test);
    missing.set(identity, job);
  }
  const { cells: tally } = run.tally;
  const all = grid.candidates.length * grid.unitTests.length;
  tally.total += all;
  tally.cached += stored.size;
  tally.deduplicated += all - cells.size;
}

async function executeMissing(
  jobs: Missing[],
  total: number,
  known: Map<string, CellRow>,
  run: ExecutionRun,
): Promise<void> {
  const phase = run.progress.phase('execute', total, 'cells');
  const start = performance.now();
  let done = 0;
  const execute = async ({ program, tests }: Missing) => {
    const keys = [...tests.keys()];
    const list = [...tests.values()].map(({ code, cases }) => ({ code, cases }));
    await run.sandbox.execute(
      { candidate: program, tests: list, limits: run.limits, isolation: run.isolation },
      (cells) => {
        const rows = cells.map(({ index, result }) => ({ key: keys[index]!, row: result }));
        run.cache.storeCells(rows);
        for (const { key, row } of rows) known.set(key, row);
        run.tally.cells.executed += rows.length;
        done += rows.length;
        phase.advance(rows.length, `${Math.round(done / ((performance.now() - start) / 1000))} cells/s`);
      },
      run.signal,
    );
  };
  try {
    const results = await Promise.allSettled(jobs.map(execute));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    phase.end();
  }
}

function rowsOf(grid: ExecutionGrid, known: Map<string, CellRow>, run: ExecutionRun): ExecutedRows {
  return grid.programs.map((program) =>
    grid.unitTests.map((test) => {
      const row = known.get(cellKey(program, test, run))!;
      count(run.tally.verdicts, row.verdict);
      return row;
    }),
  );
}

/** All that a verdict depends on (design: the key of a cell). */
function cellKey(program: ParsedProgram, test: UnitTest, run: ExecutionRun): string {
  return contentKey('cell', {
    candidate: program.identity,
    test: test.identity,
    harness: run.sandbox.harnessHash,
    interpreter: run.sandbox.interpreter.fingerprint,
    limits: run.limits,
    isolation: run.isolation,
    jail: run.jail,
  });
}
