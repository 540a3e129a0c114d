import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { benchPrune } from '../../src/bench/prune.js';
import { type RecordedMatrix, readRecordedMatrices } from '../../src/bench/recorded-matrix.js';
import { Cache } from '../../src/cache/database.js';
import { equalGroups, singleGroups } from '../../src/distinct.js';
import { Parser } from '../../src/parser.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import type { Verdict } from '../../src/verdict.js';
import { shared } from '../root.js';
import { all, lines, temporaryFolder } from '../temporary.js';

const bench = suite('bench/prune');
const folder = temporaryFolder();
const sandbox = await Sandbox.open({ workers: 1 });
const cache = Cache.open(`${folder.path}/cache.sqlite`);
const parser = new Parser(sandbox, cache, new AbortController().signal);
bench.after(async () => {
  await sandbox.close();
  cache.close();
});

const files = { problems: [], solutions: [], unitTests: [], candidates: null };

bench('reads the lines of execute, with identities by syntax tree', async () => {
  const unitTests = ['f(1) == 1', 'f(1)==1', 'f(2) == 2'].map(
    (claim) =>
      `import unittest\nclass T(unittest.TestCase):\n    def test_f(self):\n        assert ${claim}\n`,
  );
  const solutions = ['def f(n): return n\n', 'def f(n):\n    return n\n', 'def f(n): return 1\n'];
  const verdicts = ['pass pass pass', 'pass pass pass', 'pass pass fail'].map((row) => row.split(' '));
  const cells = verdicts.flatMap((row, sol_id) =>
    row.map((verdict, ut_id) => ({ task_id: 'a', sol_id, ut_id, result: verdict, verdict })),
  );
  const recorded = await all(
    readRecordedMatrices(
      {
        ...files,
        matrix: folder.write('m.jsonl', lines(...cells.reverse())),
        solutions: [folder.write('s.jsonl', lines({ task_id: 'a', solutions }))],
        unitTests: [folder.write('u.jsonl', lines({ task_id: 'a', unit_tests: unitTests }))],
      },
      parser,
    ),
  );
  assert.is(recorded.length, 1);
  const [{ matrix, rows, columns }] = recorded as [RecordedMatrix];
  assert.equal(matrix.cells, verdicts);
  assert.equal(
    [rows.groupOf, columns.groupOf],
    [
      [0, 0, 1],
      [0, 0, 1],
    ],
  );
});

bench("reads CodeT's matrix: counts are samples and votes, T is a time-out, null does not load", async () => {
  const problem = { task_id: 'a', prompt: 'def f(n):\n', entry_point: 'f' };
  const matrix = {
    task_id: 'a',
    tests: [
      ['assert f(1) == 1', 2],
      ['assert f(2) == 2', 1],
      ['assert  f(2) == 2', 1],
    ],
    solutions: [
      { completion: '    return n\n', count: 2, row: '111' },
      { completion: '    while True: pass\n', count: 1, row: 'TT0' },
      { completion: '    (\n', count: 1, row: null },
    ],
  };
  const read = () =>
    readRecordedMatrices(
      {
        ...files,
        matrix: folder.write('codet.jsonl', lines(matrix)),
        problems: [folder.write('p.jsonl', lines(problem))],
      },
      parser,
    );
  const [recorded] = (await all(read())) as [RecordedMatrix];
  assert.equal(recorded.matrix.weights, [2, 1, 1]);
  assert.equal(recorded.matrix.cells, [
    ['pass', 'pass', 'pass'],
    ['pass', 'pass', 'pass'],
    ['timeout', 'timeout', 'fail'],
    ['error', 'error', 'error'],
  ]);
  assert.equal(
    [recorded.rows.groupOf, recorded.columns.groupOf],
    [
      [0, 0, 1, 2],
      [0, 1, 1],
    ],
  );
  const found = await benchPrune(read());
  assert.equal([found.problems, found.full_cells, found.dedup.cells], [1, 16, 6]);
  assert.equal([found.same_winners, found.other_winners], [1, []]);
  assert.is(found.unequal_cells, 1); // a time-out, where the equal test failed
  // The winner's two tests, and one heavy fail of each other.
  assert.is(found.bound.cells, 4);
});

interface Executed {
  task_id: string;
  tests: [string, number][];
  solutions: { count: number; row: string | null }[];
}

bench('real samples: at most 0.55 of the grid is executed, and nobody else wins', async () => {
  const path = shared('data', 'codet_codegen16b', 'exec_matrix.jsonl.gz');
  if (!path) return;
  const verdict = (sign: string | undefined): Verdict => (sign === '1' ? 'pass' : 'fail');
  async function* recorded(): AsyncGenerator<RecordedMatrix> {
    // Equal texts, not syntax trees: the parser's time is not this test's.
    for (const line of gunzipSync(readFileSync(path!)).toString().trimEnd().split('\n')) {
      const { task_id, tests, solutions } = JSON.parse(line) as Executed;
      const samples = solutions.flatMap(({ count }, at) => Array<number>(count).fill(at));
      yield {
        taskId: task_id,
        matrix: {
          solIds: [...samples.keys()],
          utIds: [...tests.keys()],
          weights: tests.map(([, count]) => count),
          cells: samples.map((at) => tests.map((_, column) => verdict(solutions[at]!.row?.[column]))),
        },
        rows: equalGroups(samples.map(String)),
        columns: singleGroups(tests.length),
      };
    }
  }
  const found = await benchPrune(recorded());
  assert.equal([found.problems, found.same_winners, found.unequal_cells], [164, 164, 0]);
  assert.is(found.full_cells, 912_400);
  assert.ok(found.dedup.fraction > 0.69, `${found.dedup.fraction}`);
  assert.ok(found.prune.fraction <= 0.55, `${found.prune.fraction}`);
  assert.ok(found.bound.fraction < found.prune.fraction);
});

bench.run();
