import type { DrawSettings } from '../../../src/model/native/addon.js';

/**
 * The sampler's distribution by its definition: all tokens sorted, everything in double. Probabilities by id; 0 for
 * what the settings do not keep. `margin` is how close a sum of probabilities came to top-p: where it is less than the
 * float arithmetic of the sampler resolves, either side of the line is right.
 */
export function distribution(
  logits: Float32Array,
  settings: DrawSettings,
): { probabilities: Float64Array; margin: number } {
  const [topP, minP] = [Math.fround(settings.topP), Math.fround(settings.minP)];
  const temperature = Math.fround(settings.temperature);
  const probabilities = new Float64Array(logits.length);
  const ranked = Uint32Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (temperature === 0) {
    probabilities[ranked[0]!] = 1;
    return { probabilities, margin: 1 };
  }
  const first = logits[ranked[0]!]!;
  const weights = Array.from(ranked, (id) => Math.exp((logits[id]! - first) / temperature));
  const candidates = settings.topK > 0 ? weights.slice(0, settings.topK) : weights;
  const all = sum(candidates);
  let kept = 0;
  let margin = 1;
  for (let before = 0; kept < candidates.length; before += candidates[kept++]!) {
    if (topP < 1 && kept > 0) margin = Math.min(margin, Math.abs(before / all - topP));
    if (topP < 1 && kept > 0 && before / all >= topP) break;
  }
  const nucleus = candidates.slice(0, kept).filter((weight) => weight >= minP);
  const mass = sum(nucleus);
  for (const [rank, weight] of nucleus.entries()) probabilities[ranked[rank]!] = weight / mass;
  return { probabilities, margin };
}

/** Ids that have a probability, rising. */
export function support(probabilities: Float64Array): number[] {
  return [...probabilities.keys()].filter((id) => probabilities[id]! > 0);
}

/**
 * Pearson's statistic of draws against probabilities. Tokens are taken in the given order (all of them, once) and pooled
 * until a bin expects at least 20 draws. Infinite where a token was drawn that has probability 0.
 */
export function chiSquared(
  draws: Int32Array,
  probabilities: Float64Array,
  order: Iterable<number> = probabilities.keys(),
): { statistic: number; degrees: number } {
  const observed = new Float64Array(probabilities.length);
  for (const id of draws) observed[id]!++;
  const bins: { expected: number; observed: number }[] = [];
  let open = { expected: 0, observed: 0 };
  for (const id of order) {
    const expected = probabilities[id]! * draws.length;
    if (expected === 0 && observed[id]! > 0) return { statistic: Infinity, degrees: 1 };
    open.expected += expected;
    open.observed += observed[id]!;
    if (open.expected < 20) continue;
    bins.push(open);
    open = { expected: 0, observed: 0 };
  }
  const last = bins.at(-1)!;
  last.expected += open.expected;
  last.observed += open.observed;
  const statistic = sum(bins.map((bin) => (bin.observed - bin.expected) ** 2 / bin.expected));
  return { statistic, degrees: bins.length - 1 };
}

/**
 * The value that a right sampler's statistic passes with probability 1e-4 (Wilson and Hilferty's approximation, within
 * a few per cent also at few degrees of freedom). Seeds are fixed, so a test that passed does not fail by chance later.
 */
export function criticalValue(degrees: number): number {
  const normal = 3.719; // of 1 - 1e-4
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + normal * Math.sqrt(spread)) ** 3;
}

/** Ids from the most probable to the least, so that a bin pools tokens of about the same probability. */
export function byProbability(probabilities: Float64Array): Uint32Array {
  return Uint32Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]!);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A stream of numbers in [0, 1), by Park and Miller's generator: not the sampler's own. */
export function noise(seed: number): () => number {
  let state = ((seed + 1) * 7919) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
