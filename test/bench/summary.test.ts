import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchCell } from '../../src/bench/cells.js';
import { type LevelRuns, median, summarise } from '../../src/bench/summary.js';

const summary = suite('summary of a benchmark');

const cells = [0, 1, 2, 3].map((utId): BenchCell => {
  return { taskId: 't', solId: 7, utId, program: '', test: { code: '', cases: [] } };
});
const verdicts = ['pass', 'fail', 'error', 'timeout'];
const QUICK = [0, 1, 2];

const round = (seconds: number, ...words: string[]) => ({ at: QUICK, measured: { seconds, words } });
const rightRound = (seconds: number) => round(seconds, 'pass', 'fail', 'error');
const level = (name: LevelRuns['name'], rounds: LevelRuns['rounds']): LevelRuns => {
  return { name, check: null, rounds, timeouts: null };
};

summary('the median of an even number of values lies between', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 2, 3]), 2.5);
});

summary('rates are medians of the rounds; ratios are of the medians, null for what was not measured', () => {
  const levels = [
    level('cell', [rightRound(3), rightRound(1), rightRound(2)]),
    level('unprotected', [rightRound(0.5)]),
  ];
  const { cell, unprotected } = summarise(cells, verdicts, levels, 2).levels;
  assert.equal([cell!.cells_per_s, cell!.cells_per_s_min, cell!.cells_per_s_max], [1.5, 1, 3]);
  assert.equal([cell!.times_unprotected, cell!.times_authors], [0.25, null]);
  assert.is(unprotected!.times_unprotected, 1);
});

summary('a time-out costs what one of the workers that were busy spent on it', () => {
  const measured = { seconds: 3, words: ['timeout', 'timeout'] };
  const levels = [{ ...level('cell', [rightRound(1)]), timeouts: { at: [3, 3], measured } }];
  assert.is(summarise(cells, verdicts, levels, 2).levels.cell!.seconds_per_timeout, 3);
  assert.is(summarise(cells, verdicts, levels, 1).levels.cell!.seconds_per_timeout, 1.5);
  assert.is(
    summarise(cells, verdicts, [level('cell', [rightRound(1)])], 1).levels.cell!.seconds_per_timeout,
    null,
  );
});

summary("our levels differ by the verdict, a baseline by pass or not; a cell's runs are counted", () => {
  const check = { at: [0, 1, 2, 3], measured: { seconds: 1, words: ['pass', 'error', 'error', 'timeout'] } };
  const wrong = round(1, 'pass', 'error', 'error');
  const levels = [
    { ...level('candidate', [wrong, rightRound(1)]), check },
    level('authors', [round(1, 'pass', 'fail', 'pass'), round(1, 'fail', 'fail', 'fail')]),
  ];
  const found = summarise(cells, verdicts, levels, 2);
  const of = (ut_id: number) => ({ task_id: 't', sol_id: 7, ut_id });
  assert.equal(found.differences, [
    { level: 'candidate', ...of(1), cell: 'fail', got: 'error', runs: 2 },
    { level: 'authors', ...of(2), cell: 'error', got: 'pass', runs: 1 },
    { level: 'authors', ...of(0), cell: 'pass', got: 'fail', runs: 1 },
  ]);
  assert.equal([found.levels.candidate!.differences, found.levels.authors!.differences], [1, 2]);
});

summary.run();
