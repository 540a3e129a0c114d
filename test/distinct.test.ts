import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { distinctMatrix, equalGroups, fanOut, singleGroups } from '../src/distinct.js';

const distinct = suite('distinct');

distinct('equal entries are one group, named in the order of first members', () => {
  assert.equal(equalGroups(['b', 'a', 'b', 'c', 'a']), {
    firsts: [0, 1, 3],
    groupOf: [0, 1, 0, 2, 1],
    sizes: [2, 2, 1],
  });
  assert.equal(equalGroups([]), { firsts: [], groupOf: [], sizes: [] });
  assert.equal(singleGroups(2), { firsts: [0, 1], groupOf: [0, 1], sizes: [1, 1] });
});

distinct('equal tests keep all their votes, and every cell has the verdict of its equal', () => {
  const rows = equalGroups(['p', 'q', 'p']);
  const columns = equalGroups(['t', 't', 'u']);
  const matrix = distinctMatrix(
    {
      solIds: [4, 5, 6],
      utIds: [0, 2, 3],
      weights: [1, 3, 1],
      cells: [
        ['pass', 'pass', 'fail'],
        ['fail', 'fail', null],
        ['pass', 'pass', 'fail'],
      ],
    },
    rows,
    columns,
  );
  assert.equal(matrix, {
    solIds: [4, 5],
    utIds: [0, 3],
    weights: [4, 1],
    cells: [
      ['pass', 'fail'],
      ['fail', null],
    ],
  });
  assert.equal(fanOut(matrix.cells, rows, columns), [
    ['pass', 'pass', 'fail'],
    ['fail', 'fail', null],
    ['pass', 'pass', 'fail'],
  ]);
});

distinct.run();
