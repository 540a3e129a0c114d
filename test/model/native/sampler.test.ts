import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DrawSettings, loadGeneratorAddon } from '../../../src/model/native/addon.js';
import {
  byProbability,
  chiSquared,
  criticalValue,
  distribution,
  noise,
  support,
} from './sampler-reference.js';

const { drawTokens, keptTokens, samplerKernels, tokenWeights } = loadGeneratorAddon();

const OFF: DrawSettings = { temperature: 1, topP: 1, topK: 0, minP: 0 };
const VOCABULARY = 128_256; // Llama-3's
const DRAWS = 100_000;

/** Eleven tokens of very different probabilities, not in the order of ids, two of them equal. */
const few = Float32Array.from([0.2, 2.7, -2.4, 1.1, 2.1, -1, 1.1, 0.7, -Infinity, 1.6, -0.3, -1.7]);

/** Gaussian logits of a small spread, as random weights give them: a nucleus of most of the vocabulary. */
const flat = gaussian(VOCABULARY, 0.5, 1);

/** What a trained model gives: a few likely tokens far above the others. */
const peaked = gaussian(VOCABULARY, 2, 2);
for (const [rank, id] of [77_001, 12, 128_255, 500, 90_210].entries()) peaked[id] = 17 - rank;

function gaussian(count: number, spread: number, seed: number): Float32Array {
  const uniform = noise(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return Float32Array.from({ length: count }, () => spread * normal());
}

const drawn = suite('drawn tokens');

/** Draws by `settings` pass the test against the exact distribution of `against`. */
function fits(logits: Float32Array, settings: DrawSettings, against = settings, draws = DRAWS): boolean {
  const { probabilities } = distribution(logits, against);
  const tokens = drawTokens(logits, settings, 20250102n, draws);
  return [undefined, byProbability(probabilities)].every((order) => {
    const { statistic, degrees } = chiSquared(tokens, probabilities, order);
    return degrees > 0 && statistic < criticalValue(degrees);
  });
}

for (const settings of [
  OFF,
  { ...OFF, temperature: 0.8, topP: 0.95 },
  { ...OFF, topP: 0.9 },
  { ...OFF, topP: 0.5 },
  { ...OFF, temperature: 0.3 },
  { ...OFF, temperature: 2.5 },
  { ...OFF, topK: 4 },
  { ...OFF, minP: 0.1 },
  { temperature: 0.7, topP: 0.9, topK: 6, minP: 0.05 },
  { temperature: 1.5, topP: 0.97, topK: 9, minP: 0.12 },
]) {
  drawn(`follow the exact distribution: ${JSON.stringify(settings)}`, () => {
    assert.ok(fits(few, settings));
  });
}

drawn('follow it over the whole vocabulary, flat and peaked', () => {
  const authors = { ...OFF, temperature: 0.8, topP: 0.95 };
  assert.ok(fits(flat, authors), 'flat');
  assert.ok(fits(peaked, authors, authors, DRAWS / 10), 'peaked');
  const all = { temperature: 1.2, topP: 0.9, topK: 1000, minP: 0.01 };
  assert.ok(fits(peaked, all, all, DRAWS / 10), 'all settings');
});

drawn('are told from those of slightly other settings', () => {
  const settings = { temperature: 0.8, topP: 0.95, topK: 8, minP: 0.02 };
  assert.ok(fits(few, settings));
  for (const other of [{ topP: 0.9 }, { topP: 0.99 }, { temperature: 0.85 }, { topK: 5 }, { minP: 0.1 }]) {
    assert.not(fits(few, settings, { ...settings, ...other }), JSON.stringify(other));
    assert.not(fits(few, { ...settings, ...other }, settings), JSON.stringify(other));
  }
  const flatter = { ...OFF, temperature: 0.8, topP: 0.95 };
  assert.not(fits(flat, flatter, { ...flatter, topP: 0.94 }, DRAWS / 10));
  assert.not(fits(flat, flatter, { ...flatter, temperature: 1.2 }, DRAWS / 10));
});

drawn('depend on the seed and on nothing else', () => {
  const settings = { ...OFF, temperature: 0.8, topP: 0.95 };
  const tokens = drawTokens(few, settings, 7n, 1000);
  assert.equal(drawTokens(few, settings, 7n, 1000), tokens);
  assert.equal(drawTokens(few, settings, 7n, 10), tokens.slice(0, 10));
  assert.not.equal(drawTokens(few, settings, 8n, 1000), tokens);
  // Part of what a cached sample means: these tokens may not change, on any machine.
  assert.equal([...drawTokens(few, settings, 42n, 12)], [1, 1, 4, 9, 4, 4, 7, 4, 4, 4, 1, 6]);
  const even = Float32Array.from({ length: 5000 }, (_, id) => ((id * 7919) % 4999) / 1000);
  assert.equal([...drawTokens(even, settings, 42n, 6)], [421, 1895, 3400, 4627, 4963, 3845]);
});

drawn('take the lowest id of the greatest logits at temperature 0', () => {
  const logits = Float32Array.from([1, 3, -Infinity, 3, 2.9]);
  for (const seed of [0n, 1n, 2n ** 64n - 1n]) {
    assert.equal([...drawTokens(logits, { ...OFF, temperature: 0 }, seed, 3)], [1, 1, 1]);
  }
  assert.equal([...drawTokens(logits, { ...OFF, temperature: 1e-6 }, 1n, 200)].sort().at(-1), 3, 'near 0');
  assert.equal(
    [...drawTokens(flat, { ...OFF, temperature: 0 }, 1n, 1)],
    [flat.indexOf(flat.reduce((a, b) => Math.max(a, b)))],
  );
});

drawn('are refused where there is nothing to draw from', () => {
  for (const logits of [[1, NaN, 2], [-Infinity, -Infinity], [Infinity, 0], [], Array(300).fill(NaN)]) {
    for (const temperature of [0, 0.8]) {
      const settings = { ...OFF, temperature, topP: 0.95, topK: 2 };
      assert.throws(
        () => drawTokens(Float32Array.from(logits), settings, 1n, 1),
        /^expected (logits with a finite one|a logit for each token)/,
      );
    }
  }
});

drawn.run();

const kept = suite('kept tokens');

for (const [what, logits, settings, expected] of [
  ['one token for the smallest top-p', [0, 2, 1], { topP: 1e-6 }, [1]],
  ['one token for top-p 0', [0, 2, 1], { topP: 0 }, [1]],
  ['the token that crosses the line', [0, 0, 0, 0], { topP: 0.51 }, [0, 1, 2]],
  ['no more than reach the line', [0, 0, 0, 0], { topP: 0.5 }, [0, 1]],
  ['the first ids of those that tie at the line', [5, 1, 1, 5, 1, 1], { topP: 0.97 }, [0, 1, 3]],
  ['the first ids of those that tie for top-k', [1, 2, 1, 2, 1], { topK: 3 }, [0, 1, 3]],
  ['top-p of what top-k left', [0, 0, 0, 0, 0, 0, 0, 0], { topK: 4, topP: 0.5 }, [0, 1]],
  ['min-p of what is most probable', [0, Math.log(0.5), Math.log(0.2)], { minP: 0.3 }, [0, 1]],
  ['the most probable whatever min-p is', [0, 3, 1], { minP: 2 }, [1]],
  ['no masked token', [-Infinity, 0, -Infinity, 0], { topK: 3 }, [1, 3]],
  ['zeros of either sign as equals', [-0, 0, -0, 0], { topP: 0.7 }, [0, 1, 2]],
  ['the only token', [-3], { topP: 0.95, topK: 1 }, [0]],
  ['huge logits', [3e38, -3e38, 3e38], { topP: 0.95 }, [0, 2]],
  ['small differences of large logits', [1e6, 1e6 + 1, 1e6 - 1], { minP: 0.3 }, [0, 1]],
] as const) {
  kept(`are ${what}`, () => {
    const array = Float32Array.from(logits);
    assert.equal([...keptTokens(array, { ...OFF, ...settings })], [...expected]);
    const tokens = drawTokens(array, { ...OFF, ...settings }, 1n, 500);
    assert.equal([...new Set(tokens)].sort(), [...expected]);
  });
}

kept('are those of the sorted reference, for random logits and settings', () => {
  const uniform = noise(3);
  const one = <T>(...choices: T[]) => choices[Math.floor(uniform() * choices.length)]!;
  let [compared, sharp] = [0, 0];
  for (let i = 0; i < 1500; i++) {
    const count = one(1, 2, 7, 127, 128, 129, 400, 1000);
    const logits = gaussian(count, one(0.01, 1, 4, 30), i);
    // Coarse logits tie; some are masked.
    if (uniform() < 0.5) for (const id of logits.keys()) logits[id] = Math.round(logits[id]! * 4) / 4;
    for (const id of logits.keys()) if (id > 0 && uniform() < 0.05) logits[id] = -Infinity;
    const settings = {
      temperature: one(0.2, 0.8, 1, 3),
      topP: one(1, 0.95, 0.9, 0.5, uniform()),
      topK: one(0, 0, 1, 5, 40, 500),
      minP: one(0, 0, 0.05, uniform()),
    };
    const { probabilities, margin } = distribution(logits, settings);
    compared++;
    // Where a sum meets top-p to seven digits the float weights may fall on the other side.
    if (margin < 1e-6) continue;
    sharp++;
    // What is below 1e-35 of the greatest weight leaves the range of a float: it is never drawn, kept or not.
    const greatest = logits.reduce((a, b) => Math.max(a, b));
    const weighs = (id: number) => logits[id]! - greatest > -80 * settings.temperature;
    const expected = support(probabilities).filter(weighs);
    const found = [...keptTokens(logits, settings)].filter(weighs);
    assert.equal(found, expected, `${count} logits, ${JSON.stringify(settings)}`);
  }
  assert.ok(sharp > 0.97 * compared, `${sharp} of ${compared}`);
});

kept('are those of the reference over the whole vocabulary, but for the rounding at the line', () => {
  for (const logits of [flat, peaked, flat.subarray(0, 50_257)]) {
    for (const settings of [
      { ...OFF, topP: 0.95 },
      { ...OFF, topP: 0.5 },
      { ...OFF, topK: 40 },
      { ...OFF, topK: 5000 },
    ]) {
      const { probabilities } = distribution(logits, settings);
      const [expected, found] = [new Set(support(probabilities)), keptTokens(logits, settings)];
      const more = found.filter((id) => !expected.has(id)).length;
      const fewer = expected.size - (found.length - more);
      assert.ok(more + fewer <= (settings.topP < 1 ? 1 : 0), `${more} more and ${fewer} fewer`);
    }
  }
});

kept.run();

const kernels = suite('kernels');

kernels('the generic ones are always there', () => {
  assert.is(samplerKernels.at(-1), 'generic');
});

kernels('all give the same bits', () => {
  if (samplerKernels.length === 1) process.stderr.write('  this processor runs the generic ones only\n');
  for (const logits of [few, flat, peaked, flat.subarray(0, 50_257)]) {
    for (const settings of [
      { ...OFF, temperature: 0.8, topP: 0.95 },
      { ...OFF, topP: 0.1, topK: 1000, minP: 0.001 },
    ]) {
      const weights = tokenWeights(logits, settings.temperature, 'generic');
      const tokens = drawTokens(logits, settings, 5n, 300, 'generic');
      for (const other of samplerKernels) {
        assert.ok(
          Buffer.from(tokenWeights(logits, settings.temperature, other).buffer).equals(
            Buffer.from(weights.buffer),
          ),
        );
        assert.equal(drawTokens(logits, settings, 5n, 300, other), tokens, other);
        assert.equal(keptTokens(logits, settings, other), keptTokens(logits, settings, 'generic'), other);
      }
    }
  }
});

kernels('weigh a token with the documented error', () => {
  for (const temperature of [0.05, 0.8, 3]) {
    const scale = Math.fround(temperature);
    const weights = tokenWeights(peaked, temperature);
    const greatest = peaked.reduce((a, b) => Math.max(a, b));
    let worst = 0;
    for (const [id, weight] of weights.entries()) {
      const power = (peaked[id]! - greatest) / scale;
      if (power < -87) assert.ok(weight < 2 ** -125);
      else worst = Math.max(worst, Math.abs(weight / Math.exp(power) - 1) / (1 - power));
    }
    assert.ok(worst < 2e-7, `${worst}`);
  }
});

kernels.run();
