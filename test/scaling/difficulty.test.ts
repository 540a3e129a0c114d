import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Chance } from '../../src/evaluate/chance.js';
import {
  allocate,
  type Bounds,
  difficulty,
  expectedAccuracy,
  waterLevel,
  worthOfNext,
} from '../../src/scaling/difficulty.js';

const scaling = suite('scaling/difficulty');

const value = (rates: readonly number[], tests: readonly number[]) =>
  rates.reduce((sum, rate, at) => sum + expectedAccuracy(rate, tests[at]!), 0);
const spent = (tests: readonly number[]) => tests.reduce((a, b) => a + b, 0);

/** The greatest value of all allocations within the bounds that spend exactly `total`. */
function exhaustive(rates: readonly number[], total: number, { least, most }: Bounds): number {
  if (rates.length === 0) return total === 0 ? 0 : Number.NEGATIVE_INFINITY;
  let best = Number.NEGATIVE_INFINITY;
  for (let own = least; own <= Math.min(most, total); own++) {
    const rest = exhaustive(rates.slice(1), total - own, { average: 0, least, most });
    best = Math.max(best, expectedAccuracy(rates[0]!, own) + rest);
  }
  return best;
}

/** Cases of 1 to 5 problems, with rates of 0 and 1 among them. */
function* cases(): Generator<{ rates: number[]; bounds: Bounds }> {
  const chance = new Chance(7);
  for (let round = 0; round < 300; round++) {
    const rates = Array.from({ length: 1 + chance.below(5) }, () => {
      const drawn = chance.below(12);
      return drawn === 0 ? 0 : drawn === 1 ? 1 : (1 + chance.below(98)) / 100;
    });
    const least = chance.below(3);
    const most = least + chance.below(5);
    const total = least * rates.length + chance.below((most - least) * rates.length + 1);
    yield { rates, bounds: { average: total / rates.length, least, most } };
  }
}

scaling('allocates as well as trying every allocation', () => {
  for (const { rates, bounds } of cases()) {
    const tests = allocate(rates, bounds);
    const total = Math.round(bounds.average * rates.length);
    assert.is(spent(tests), total, JSON.stringify({ rates, bounds, tests }));
    assert.ok(tests.every((own) => own >= bounds.least && own <= bounds.most));
    const best = exhaustive(rates, total, bounds);
    assert.ok(Math.abs(value(rates, tests) - best) < 1e-12, JSON.stringify({ rates, bounds, tests }));
  }
});

scaling('gives what the water level of its last test gives', () => {
  const chance = new Chance(3);
  for (let round = 0; round < 50; round++) {
    const rates = Array.from({ length: 40 }, () => (1 + chance.below(9998)) / 10_000);
    const bounds = { average: 1 + chance.below(12), least: chance.below(2), most: 30 };
    const tests = allocate(rates, bounds);
    // The least that a test was worth that somebody got beyond b_min; all worth more are given too.
    const level = Math.min(
      ...tests.flatMap((own, at) => (own > bounds.least ? [worthOfNext(rates[at]!, own - 1)] : [])),
    );
    const flat = waterLevel(rates, level * (1 - 1e-9), bounds);
    assert.ok(Math.abs(value(rates, flat) - value(rates, tests)) < 1e-9);
    assert.ok(
      spent(flat) - spent(tests) <= 1 && spent(flat) >= spent(tests),
      'only tests of equal worth are left',
    );
  }
});

scaling(
  'the first test goes to the easiest, later ones to harder problems, and hopeless ones get what is left',
  () => {
    const bounds = { average: 1 / 3, least: 0, most: 100 };
    assert.equal(allocate([0, 0.3, 0.9], bounds), [0, 0, 1]);
    assert.equal(allocate([0, 0.3, 0.9], { ...bounds, average: 1 }), [0, 2, 1]);
    assert.equal(allocate([0, 1, 1], { ...bounds, average: 2, most: 3 }), [2, 2, 2]);
  },
);

scaling('gives everybody b_min where the budget is less, and no more than b_max', () => {
  assert.equal(allocate([0.2, 0.8], { average: 1, least: 2, most: 5 }), [2, 2]);
  assert.equal(allocate([0.2, 0.8], { average: 9, least: 0, most: 5 }), [5, 5]);
  assert.equal(allocate([], { average: 9, least: 0, most: 5 }), []);
});

scaling('grants each problem its share in one round, whichever are asked about, and says why', () => {
  const policy = difficulty(
    new Map([
      ['a', 0.3],
      ['b', 0.9],
    ]),
    { average: 1.5, least: 0, most: 10 },
  );
  const problem = (taskId: string, requested = 0) => ({ taskId, requested, most: 10, standing: null });
  assert.equal(policy.nextRound([problem('a')]), [{ taskId: 'a', tests: 2 }]);
  assert.equal(policy.nextRound([problem('b'), problem('a', 2)]), [{ taskId: 'b', tests: 1 }]);
  assert.is(policy.reason(problem('b', 1)), 'pass rate 0.900, one more test is worth 0.0900');
  assert.throws(() => policy.nextRound([problem('c')]), /task "c" has no pass rate/);
});

scaling.run();
