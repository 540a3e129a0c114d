import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cellsNotRun,
  executionMatrix,
  passedColumns,
  passedVotes,
  totalVotes,
  withCells,
} from '../src/matrix.js';

const matrix = suite('matrix');

const two = executionMatrix(
  [4, 7],
  [
    { utId: 0, count: 1 },
    { utId: 3, count: 5 },
  ],
  [{ solId: 7, utId: 3, verdict: 'pass' }],
);

matrix('holds verdicts by id, and null where nothing ran', () => {
  assert.equal(two.cells, [
    [null, null],
    [null, 'pass'],
  ]);
  assert.equal(cellsNotRun(two), [
    { solId: 4, utId: 0 },
    { solId: 4, utId: 3 },
    { solId: 7, utId: 0 },
  ]);
});

matrix('counts votes with the weight of their unit test', () => {
  assert.is(totalVotes(two), 6);
  assert.equal(passedColumns(two, 1), [1]);
  assert.is(passedVotes(two, 1), 5);
  assert.is(passedVotes(two, 0), 0);
});

matrix('gives a new matrix when cells are added', () => {
  const more = withCells(two, [
    { solId: 4, utId: 0, verdict: 'timeout' },
    { solId: 4, utId: 3, verdict: 'fail' },
  ]);
  assert.is(two.cells[0]![0], null);
  assert.equal(
    more.cells
      .flat()
      .filter((cell) => cell !== null)
      .sort(),
    ['fail', 'pass', 'timeout'],
  );
  assert.is(passedVotes(more, 0), 0);
});

matrix('refuses a cell of a candidate or unit test that it does not have', () => {
  assert.throws(() => withCells(two, [{ solId: 5, utId: 0, verdict: 'pass' }]), /candidate 5/);
  assert.throws(() => withCells(two, [{ solId: 4, utId: 1, verdict: 'pass' }]), /unit test 1/);
});

matrix('may be empty either way', () => {
  assert.is(totalVotes(executionMatrix([0, 1], [])), 0);
  assert.equal(cellsNotRun(executionMatrix([], [{ utId: 0, count: 1 }])), []);
});

matrix.run();
