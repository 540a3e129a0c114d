import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { distinctMatrix, equalGroups, fanOut, type Groups, singleGroups } from '../../src/distinct.js';
import { cellsNotRun, type ExecutionMatrix } from '../../src/matrix.js';
import { majority } from '../../src/rank/majority.js';
import { fewestCells, nextCells, PRUNE_STEPS, type PruneSteps } from '../../src/rank/prune.js';
import { checkPrunable } from '../../src/rank/scorers.js';
import { rankCandidates } from '../../src/ranking.js';
import type { Verdict } from '../../src/verdict.js';

const prune = suite('rank/prune');

let state = 2024;
const random = (below: number) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 16) % below;
};
const list = <T>(length: number, make: (at: number) => T) => Array.from({ length }, (_, at) => make(at));

/** A complete matrix of rows of '1' (pass), '0' (fail) and 'T' (timeout). */
function matrixOf(rows: readonly string[], weights: readonly number[]): ExecutionMatrix {
  const verdicts: Record<string, Verdict> = { 1: 'pass', 0: 'fail', T: 'timeout' };
  return {
    solIds: rows.map((_, at) => at),
    utIds: weights.map((_, at) => at),
    weights,
    cells: rows.map((row) => [...row].map((sign) => verdicts[sign]!)),
  };
}

const unrun = (matrix: ExecutionMatrix): ExecutionMatrix => ({
  ...matrix,
  cells: matrix.cells.map((row) => row.map(() => null)),
});

/** Runs what is asked for, until nothing is. */
function pruned(
  full: ExecutionMatrix,
  copies: readonly number[],
  steps: PruneSteps = PRUNE_STEPS,
): { matrix: ExecutionMatrix; cells: number; rounds: number } {
  let matrix = unrun(full);
  let cells = 0;
  for (let rounds = 0; ; rounds++) {
    const wanted = nextCells(matrix, copies, steps);
    if (wanted.length === 0) return { matrix, cells, rounds };
    const next = matrix.cells.map((row) => [...row]);
    for (const { row, columns } of wanted) {
      assert.ok(columns.length > 0 && columns.length <= steps.cellsAJob);
      for (const column of columns) {
        assert.is(next[row]![column], null, 'no cell is asked for twice');
        next[row]![column] = full.cells[row]![column]!;
        cells += 1;
      }
    }
    matrix = { ...matrix, cells: next };
  }
}

const winners = (matrix: ExecutionMatrix) => {
  const { selected, tied } = rankCandidates(matrix, majority.scores(matrix));
  return { selected, tied };
};

/** Prunes the distinct part of the matrix and answers the rest with it. */
function prunedWhole(full: ExecutionMatrix, rows: Groups, columns: Groups, steps?: PruneSteps) {
  const distinct = distinctMatrix(full, rows, columns);
  const result = pruned(distinct, rows.sizes, steps);
  const matrix = { ...full, cells: fanOut(result.matrix.cells, rows, columns) };
  return { ...result, matrix, distinct };
}

prune('selected and tied are those of the full matrix, on random matrices', () => {
  let left = 0;
  for (let round = 0; round < 4000; round++) {
    const width = random(random(4) === 0 ? 30 : 7);
    const height = 1 + random(random(4) === 0 ? 30 : 7);
    const ease = random(6); // 0: nobody passes anything; 5: nearly everything passes
    const kinds = list(1 + random(height), () =>
      list(width, () => (random(5) < ease ? '1' : random(4) === 0 ? 'T' : '0')).join(''),
    );
    const programs = list(height, () => random(kinds.length)); // equal programs have equal rows
    const source = list(width, (column) => (random(3) === 0 ? random(column + 1) : column)); // equal tests
    const rows = programs.map((kind) => source.map((column) => kinds[kind]![column]).join(''));
    const full = matrixOf(
      rows,
      list(width, () => 1 + random(random(3) === 0 ? 9 : 1)),
    );
    const name = `${rows.join(' ')} ${full.weights.join(',')}`;

    // Different programs can behave alike: groups by identity are finer than equal rows.
    const byIdentity = equalGroups(programs.map((kind) => (random(2) ? `${kind}` : `${kind}'`)));
    const columns = equalGroups(source.map(String));
    const steps = [PRUNE_STEPS, { cellsAJob: 1, rounds: 1000 }, { cellsAJob: 100, rounds: 1 }][random(3)];
    const one = prunedWhole(full, byIdentity, columns, steps);
    assert.equal(winners(one.matrix), winners(full), name);
    assert.ok(one.cells >= fewestCells(one.distinct), `the bound is one: ${name}`);
    assert.ok(one.cells <= byIdentity.firsts.length * columns.firsts.length);
    const notRun = cellsNotRun(one.matrix);
    assert.is(
      one.distinct.cells.length * one.distinct.weights.length - one.cells,
      cellsNotRun({ ...one.distinct, cells: pruned(one.distinct, byIdentity.sizes, steps).matrix.cells })
        .length,
    );
    left += notRun.length;
    // What was run has the verdict of the full matrix; what was not is null.
    for (const [at, row] of one.matrix.cells.entries()) {
      for (const [column, verdict] of row.entries())
        assert.ok(verdict === null || verdict === full.cells[at]![column]);
    }
    // Without deduplication too.
    const alone = prunedWhole(full, singleGroups(height), singleGroups(width), steps);
    assert.equal(winners(alone.matrix), winners(full), name);
  }
  assert.ok(left > 10_000, 'cells were left out');
});

const table: [name: string, rows: string[], weights: number[], cells: number][] = [
  ['nothing to run', ['', ''], [], 0],
  ['no candidate', [], [1, 1], 0],
  ['nobody passes: every set is compared', ['000', '000'], [1, 1, 1], 6],
  ['all pass: every set is compared', ['11', '11', '11'], [1, 1], 6],
  ['a single candidate', ['010'], [1, 1, 1], 3],
  ['one heavy test puts the others out', ['1111', '0111', '0111'], [9, 1, 1, 1], 6],
];
for (const [name, rows, weights, cells] of table) {
  prune(name, () => {
    const full = matrixOf(rows, weights);
    const steps = { cellsAJob: 1, rounds: 1000 };
    const result = pruned(
      full,
      rows.map(() => 1),
      steps,
    );
    assert.is(result.cells, cells);
    assert.equal(winners(result.matrix), winners(full));
  });
}

prune('a round is some jobs of a few cells, and few rounds decide', () => {
  const full = matrixOf(
    list(60, (row) => list(100, (column) => ((row * 31 + column * 17) % 7 < row % 7 ? '1' : '0')).join('')),
    list(100, () => 1),
  );
  const copies = list(60, () => 1);
  const [first] = [nextCells(unrun(full), copies)];
  assert.is(first.length, Math.ceil(6000 / PRUNE_STEPS.rounds / PRUNE_STEPS.cellsAJob));
  assert.ok(first.every(({ columns }) => columns.length === PRUNE_STEPS.cellsAJob));
  assert.ok(pruned(full, copies).rounds <= 2 * PRUNE_STEPS.rounds);
});

prune('a popular candidate is asked for before its equals in votes', () => {
  const matrix = unrun(matrixOf(['10', '01', '11'], [1, 1]));
  assert.equal(
    nextCells(matrix, [1, 5, 2]).map(({ row }) => row),
    [1, 2, 0],
  );
});

prune('a scorer that needs the whole matrix cannot be pruned, and the error says what can', () => {
  checkPrunable(majority);
  assert.throws(
    () => checkPrunable({ ...majority, name: 'agreement', needsWholeMatrix: true }),
    /agreement needs the whole matrix: expected --scorer majority with --prune/,
  );
});

prune.run();
