import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { estimate } from '../../src/evaluate/interval.js';

const interval = suite('evaluate/interval');

interval('a share is the sum of its parts over the sum of its wholes', () => {
  const { mean, low, high } = estimate([1, 0, 3], [2, 0, 8]);
  assert.ok(Math.abs(mean - 0.4) < 1e-12);
  // The problem with nothing in it counts for nothing: a draw lies between 3/8 and 1/2, or is of nothing.
  assert.ok(low >= 0 && low <= 3 / 8 && high === 0.5, `${low} ${high}`);
});

interval('shares of equal wholes are the mean of the shares', () => {
  const values = [1, 4, 2, 8, 5, 7];
  const wholes = values.map(() => 8);
  assert.equal(estimate(values, wholes), estimate(values.map((value) => value / 8)));
});

interval('nothing is 0, and one problem has no interval', () => {
  assert.equal(estimate([]), { mean: 0, low: 0, high: 0 });
  assert.equal(estimate([], []), { mean: 0, low: 0, high: 0 });
  assert.equal(estimate([0], [0]), { mean: 0, low: 0, high: 0 });
  assert.equal(estimate([1], [4]), { mean: 0.25, low: 0.25, high: 0.25 });
});

interval.run();
