import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { executionMatrix } from '../../src/matrix.js';
import { Parser } from '../../src/parser.js';
import { silent } from '../../src/progress.js';
import { majority } from '../../src/rank/majority.js';
import { rankCandidates } from '../../src/ranking.js';
import type { ExecutionRun } from '../../src/run.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { executeGrids } from '../../src/stages/execute.js';
import type { ExecutedRows, ExecutionGrid } from '../../src/stages/planned-grid.js';
import { emptyTally } from '../../src/tally.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { temporaryFolder } from '../temporary.js';

// Real programs in the jail: which cells are executed, read and left out.
const execute = suite('stages/execute');
const folder = temporaryFolder();
const { signal } = new AbortController();
const sandbox = await Sandbox.open({ workers: 2 });
execute.after(() => sandbox.close());

function runOn(cache: Cache, dedup = true): ExecutionRun {
  return {
    cache,
    sandbox,
    parser: new Parser(sandbox, cache, signal),
    limits: { ...DEFAULT_LIMITS, cpuMs: 300 },
    isolation: 'candidate',
    jail: 'namespaces',
    recheck: 0,
    dedup,
    progress: silent,
    tally: emptyTally(),
    signal,
  };
}

/** Candidates that are right below some number; the second is the first in other words. */
const PROGRAMS = [
  'def f(n):\n    return n\n',
  'def f(n):\n    return (n)  # the same program\n',
  'def f(n):\n    return n if n < 9 else 0\n',
  'def f(n):\n    return 1\n',
  'def f(n):\n    return -n\n',
  'def f(n):\n    raise ValueError(n)\n',
];
/** One test is wrong; the last two are equal. */
const TESTS = [...Array.from({ length: 18 }, (_, n) => `assert f(${n}) == ${n}`), 'assert f(5) == 6'];
TESTS.push('assert f(2) == 2', 'assert f( 2 ) == 2');

async function gridOf(run: ExecutionRun, programs = PROGRAMS): Promise<ExecutionGrid> {
  const found = await run.parser.tests(TESTS);
  return {
    taskId: 't',
    candidates: programs.map((program, solId) => ({ solId, program, solution: program })),
    programs: await run.parser.programs(programs),
    unitTests: found.map((test, utId) => {
      if ('drop' in test) throw new Error(test.detail);
      return { utId, count: 1, ...test };
    }),
  };
}

function winners(grid: ExecutionGrid, rows: ExecutedRows) {
  const solIds = grid.candidates.map(({ solId }) => solId);
  const matrix = {
    ...executionMatrix(solIds, grid.unitTests),
    cells: rows.map((row) => row.map((cell) => cell?.verdict ?? null)),
  };
  const { selected, tied } = rankCandidates(matrix, majority.scores(matrix));
  return { selected, tied };
}

const verdicts = (rows: ExecutedRows) =>
  rows.map((row) => row.map((cell) => cell?.verdict ?? 'not run').join(' '));
const total = PROGRAMS.length * TESTS.length;
/** assert f(2) == 2 is there three times. */
const distinct = (PROGRAMS.length - 1) * (TESTS.length - 2);
const full = Cache.open(`${folder.path}/full.sqlite`);
const grid = await gridOf(runOn(full));
let whole: ExecutedRows;

execute('without prune the matrix is complete, and equal cells are executed once', async () => {
  const run = runOn(full);
  [whole] = (await executeGrids([grid], run)) as [ExecutedRows];
  assert.ok(whole.flat().every((cell) => cell !== null));
  assert.equal(run.tally.cells, {
    total,
    executed: distinct,
    cached: 0,
    deduplicated: total - distinct,
    rechecked: 0,
    pruned: 0,
  });
  assert.equal(winners(grid, whole), { selected: 0, tied: [0, 1] });
});

execute(
  'with prune the winners are the same, and what is left out does not depend on the cache',
  async () => {
    const empty = runOn(Cache.open(`${folder.path}/empty.sqlite`));
    const [rows] = (await executeGrids([grid], empty, true)) as [ExecutedRows];
    assert.equal(winners(grid, rows), winners(grid, whole));
    const { executed, cached, deduplicated, pruned } = empty.tally.cells;
    assert.is(cached, 0);
    assert.ok(pruned > 10 && executed < distinct, `${pruned} pruned`);
    assert.is(executed + deduplicated + pruned, total);
    const counted = Object.values(empty.tally.verdicts).reduce((sum, one) => sum + one, 0);
    assert.is(counted, total - pruned, 'a cell that was not run has no verdict');

    const warm = runOn(full);
    const [fromCache] = (await executeGrids([grid], warm, true)) as [ExecutedRows];
    assert.equal(verdicts(fromCache), verdicts(rows));
    assert.equal(warm.tally.cells, {
      total,
      executed: 0,
      cached: executed,
      deduplicated,
      rechecked: 0,
      pruned,
    });

    // A cache that knows some candidates, and a second grid of the same task in the same call.
    const half = runOn(Cache.open(`${folder.path}/half.sqlite`));
    await executeGrids([await gridOf(half, PROGRAMS.slice(2, 5))], half);
    const both = await executeGrids([grid, grid], half, true);
    for (const again of both) assert.equal(verdicts(again), verdicts(rows));
    for (const one of [empty, half]) one.cache.close();
  },
);

execute('without dedup every cell is executed on its own', async () => {
  const run = runOn(Cache.open(`${folder.path}/alone.sqlite`), false);
  const few = { ...(await gridOf(run, PROGRAMS.slice(0, 2))), unitTests: grid.unitTests.slice(-3) };
  const [rows] = (await executeGrids([few], run)) as [ExecutedRows];
  assert.equal(run.tally.cells, {
    total: 6,
    executed: 6,
    cached: 0,
    deduplicated: 0,
    rechecked: 0,
    pruned: 0,
  });
  assert.equal(verdicts(rows), verdicts(whole.slice(0, 2).map((row) => row.slice(-3))));
  // The times of equal cells are those of the one that the cache keeps, so that a second run writes the same bytes.
  const again = { ...run, tally: emptyTally() };
  assert.equal(await executeGrids([few], again), [rows]);
  assert.is(again.tally.cells.cached, 6);
  run.cache.close();
});

execute.after(() => full.close());
execute.run();
