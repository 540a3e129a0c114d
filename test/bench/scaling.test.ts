import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bestFixedBudgets } from '../../src/bench/hindsight.js';
import { benchScaling, halfOf, type ScalingPlan } from '../../src/bench/scaling.js';
import { Chance } from '../../src/evaluate/chance.js';
import type { LabelledMatrix } from '../../src/evaluate/labelled-matrix.js';
import { sequential } from '../../src/scaling/sequential.js';

const bench = suite('bench/scaling');

/** Candidates as rows of 1 (pass) and 0 (fail); those before `right` are right. */
function problem(taskId: string, rows: readonly string[], right: number): LabelledMatrix {
  const columns = [...rows[0]!];
  return {
    taskId,
    matrix: {
      solIds: rows.map((_, at) => at),
      utIds: columns.map((_, at) => at),
      weights: columns.map(() => 1),
      cells: rows.map((row) => [...row].map((sign) => (sign === '1' ? 'pass' : 'fail'))),
    },
    right: new Map(rows.map((_, at) => [at, at < right])),
  };
}

const plan = (budgets: number[], more: Partial<ScalingPlan> = {}): ScalingPlan => ({
  budgets,
  rounds: 40,
  seed: 0,
  least: 1,
  policy: (average) => sequential({ average, least: 1, most: 100, exact: true, enough: 1 }),
  programs: null,
  rates: null,
  ...more,
});

// One test tells nothing of the first; of the second each test puts out one wrong candidate of four.
const easy = problem('easy', ['1111', '1111', '1111'], 3);
const hard = problem('hard', ['1111', '0111', '1011', '1101', '1110'], 1);

bench('equal budgets give what can be counted by hand, and nobody spends more than equal', () => {
  const { budgets, problems, tests } = benchScaling(
    'made',
    { matrices: [easy, hard], unlabelled: 0 },
    plan([1, 2, 3, 4, 9]),
  );
  assert.is(problems, 2);
  assert.is(tests, 4);
  for (const [at, kept] of [4, 3, 2, 1, 1].entries()) {
    const row = budgets[at]!;
    assert.ok(Math.abs(row.equal.mean - (1 + 1 / kept) / 2) < 1e-12);
    assert.ok(row.policySpent <= row.spent + 1e-9);
    assert.is(row.spent, Math.min(row.budget, 4));
    assert.ok(row.hindsight >= row.equal.mean - 1e-9 && row.hindsight >= row.gold.mean - 1e-9);
  }
  // Two tests a problem: all that can be moved goes to the second, which then keeps two candidates of five.
  assert.ok(Math.abs(budgets[1]!.policy.mean - (1 + 1 / 2) / 2) < 1e-12);
  assert.is(budgets[1]!.hindsight, 1);
});

bench('exact stopping needs to know which programs are equal, and never changes a winner', () => {
  const known = new Map([['easy', new Map([0, 1, 2].map((solId) => [solId, 'same']))]]);
  const made = { matrices: [easy, hard], unlabelled: 0 };
  const [without] = benchScaling('made', made, plan([4])).stopping;
  const [withThem] = benchScaling('made', made, plan([4], { programs: known })).stopping;
  assert.is(without!.savedTests, 0);
  assert.equal(withThem, { budget: 4, tests: 8, savedTests: 4, savedExecutions: 12, changed: 0 });
});

bench('exact stopping changes no winner of random matrices', () => {
  const chance = new Chance(5);
  const matrices = Array.from({ length: 30 }, (_, at) => {
    const rows = Array.from({ length: 6 }, () =>
      Array.from({ length: 12 }, () => String(chance.below(5) === 0 ? 0 : 1)).join(''),
    );
    return problem(
      `p${at}`,
      ['111111111111', '111111111111', ...rows.map((row) => row.replaceAll('1', '01').slice(0, 12))],
      2,
    );
  });
  const programs = new Map(
    matrices.map(({ taskId }) => [
      taskId,
      new Map([
        [0, 'a'],
        [1, 'a'],
      ]),
    ]),
  );
  const { stopping } = benchScaling(
    'made',
    { matrices, unlabelled: 0 },
    plan([3, 7, 12], { programs, rounds: 5 }),
  );
  assert.ok(stopping.every(({ changed, savedTests }) => changed === 0 && savedTests > 0));
});

bench('hindsight is the best of all fixed budgets', () => {
  const chance = new Chance(2);
  for (let round = 0; round < 50; round++) {
    const curves = Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => chance.below(100) / 100));
    const total = chance.below(10);
    let best = 0;
    for (let place = 0; place < 64; place++) {
      const own = [place % 4, Math.floor(place / 4) % 4, Math.floor(place / 16)];
      if (own[0]! + own[1]! + own[2]! > total) continue;
      best = Math.max(
        best,
        own.reduce((sum, tests, at) => sum + curves[at]![tests]!, 0),
      );
    }
    assert.ok(Math.abs(bestFixedBudgets(curves, [total])[0]! - best / 3) < 1e-12);
  }
});

bench('halves are a property of the task', () => {
  const halves = Array.from({ length: 164 }, (_, at) => halfOf(`HumanEval/${at}`));
  assert.equal(new Set(halves), new Set([0, 1]));
  assert.is(halfOf('HumanEval/0'), halves[0]);
});

bench.run();
