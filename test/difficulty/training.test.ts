import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitOf } from '../../src/difficulty/fit.js';
import { crossEntropy, type Probe, predictRate } from '../../src/difficulty/probe.js';
import { crossValidated, type Example, trainProbe } from '../../src/difficulty/training.js';
import { Chance } from '../../src/evaluate/chance.js';

const difficulty = suite('difficulty/training');

/** Examples whose rate is a bent function of two of their eight numbers. */
function examples(count: number, seed: number): Example[] {
  const chance = new Chance(seed);
  return Array.from({ length: count }, (_, at) => {
    const hidden = Float32Array.from({ length: 8 }, () => chance.below(2001) / 500 - 2);
    const rate = 1 / (1 + Math.exp(-2 * hidden[0]! + hidden[1]! ** 2));
    return { taskId: `t${at}`, hidden, rate };
  });
}

difficulty('a probe is two layers, as written down', () => {
  const probe: Probe = {
    mean: [1, 0],
    deviation: [2, 1],
    inner: [
      [1, 0],
      [0, -1],
    ],
    innerBias: [0, 0.5],
    outer: [2, 3],
    outerBias: -1,
  };
  const logit = 2 * Math.tanh((5 - 1) / 2) + 3 * Math.tanh(-0.25 + 0.5) - 1;
  assert.ok(Math.abs(predictRate(probe, [5, 0.25]) - 1 / (1 + Math.exp(-logit))) < 1e-12);
  assert.throws(() => predictRate(probe, [5]), /2 inputs was given 1/);
});

difficulty('the loss is least at the truth, and finite at the ends', () => {
  assert.ok(
    crossEntropy(0.3, 0.3) < crossEntropy(0.3, 0.31) && crossEntropy(0.3, 0.3) < crossEntropy(0.3, 0.29),
  );
  assert.is(crossEntropy(0.5, 0.5), Math.log(2));
  assert.ok(Number.isFinite(crossEntropy(1, 0)));
});

difficulty('learns what the states say, and the same again from the same seed', () => {
  const known = examples(200, 1);
  const options = { seed: 3, width: 16 };
  const { probe, epochs, loss } = trainProbe(known, options);
  assert.equal(trainProbe(known, options).probe, probe);
  assert.not.equal(trainProbe(known, { ...options, seed: 4 }).probe, probe);
  const fresh = examples(200, 2).map((one) => ({
    rate: one.rate,
    predicted: predictRate(probe, one.hidden),
  }));
  const fit = fitOf(fresh);
  assert.ok(epochs > 10 && loss < fit.lossOfMean);
  assert.ok(fit.correlation > 0.8 && fit.error < fit.errorOfMean / 2, JSON.stringify(fit));
  assert.ok(fit.loss < (fit.lossOfMean + fit.leastLoss) / 2, JSON.stringify(fit));
  assert.ok(
    fit.bins.every(
      ({ predicted, actual, problems }) => problems === 40 && Math.abs(predicted - actual) < 0.15,
    ),
  );
});

difficulty('cross-validation never shows a probe what it predicts', () => {
  const known = examples(40, 1);
  const found = crossValidated(known, 4, { seed: 0, width: 4 });
  assert.equal(
    found.map(({ taskId }) => taskId),
    known.map(({ taskId }) => taskId),
  );
  assert.equal(
    [0, 1, 2, 3].map((fold) => found.filter((one) => one.fold === fold).length),
    [10, 10, 10, 10],
  );
  // Other truths in fold 0 change only what the other folds' probes say.
  const changed = known.map((one, at) => (found[at]!.fold === 0 ? { ...one, rate: 1 - one.rate } : one));
  const again = crossValidated(changed, 4, { seed: 0, width: 4 });
  for (const [at, { fold, predicted }] of found.entries()) {
    assert.is(again[at]!.predicted === predicted, fold === 0);
  }
});

difficulty('states that say nothing teach next to nothing', () => {
  const chance = new Chance(9);
  const noise = examples(60, 5).map((one) => ({ ...one, rate: chance.below(2) }));
  const { probe } = trainProbe(noise, { seed: 0, width: 16 });
  const fresh = examples(200, 6).map(({ hidden }) => ({
    rate: chance.below(2),
    predicted: predictRate(probe, hidden),
  }));
  assert.ok(fitOf(fresh).loss < 0.8, 'not much worse than a coin, which has 0.69');
  assert.throws(() => trainProbe(noise.slice(0, 1), { seed: 0, width: 2 }), /two examples or more, got 1/);
  const constant = noise.map((one) => ({ ...one, hidden: [1, 1], rate: 1 }));
  assert.ok(predictRate(trainProbe(constant, { seed: 0, width: 2 }).probe, [1, 1]) > 0.9);
});

difficulty('the fit of nothing and of perfect predictions', () => {
  const perfect = fitOf([0.1, 0.4, 0.9].map((rate) => ({ rate, predicted: rate })));
  assert.ok(Math.abs(perfect.loss - perfect.leastLoss) < 1e-12 && perfect.error === 0);
  assert.is(perfect.correlation, 1);
  assert.is(perfect.bins.length, 3, 'no empty bins');
});

difficulty.run();
