// The paper's difficulty classifier (4.1): a two-layer network with one output on a hidden state that decoding has made
// anyway. Pure: numbers in, numbers out.

/** A trained probe; as JSON it is the file that `coderm difficulty train` writes. Units: d inputs, h hidden. */
export interface Probe {
  /** Of the inputs in training, each d long: the network sees (x − mean) / deviation. */
  mean: number[];
  deviation: number[];
  /** (h, d), and (h). */
  inner: number[][];
  innerBias: number[];
  /** (h), and one number. */
  outer: number[];
  outerBias: number;
}

/** λ̂(x) = σ(outer · tanh(inner · x + innerBias) + outerBias), x standardised: between 0 and 1. */
export function predictRate(probe: Probe, hidden: ArrayLike<number>): number {
  const { mean, deviation, inner, innerBias, outer, outerBias } = probe;
  if (hidden.length !== mean.length) {
    throw new RangeError(`a probe of ${mean.length} inputs was given ${hidden.length}`);
  }
  const input = mean.map((centre, at) => (hidden[at]! - centre) / deviation[at]!);
  const logit = inner.reduce(
    (sum, weights, unit) => sum + outer[unit]! * Math.tanh(dot(weights, input) + innerBias[unit]!),
    outerBias,
  );
  return sigmoid(logit);
}

/** Soft-label binary cross-entropy (paper 4.1, with its minus sign): −λ ln λ̂ − (1−λ) ln(1−λ̂), in nats. */
export function crossEntropy(truth: number, predicted: number): number {
  const clipped = Math.min(1 - 1e-12, Math.max(1e-12, predicted));
  return -truth * Math.log(clipped) - (1 - truth) * Math.log(1 - clipped);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
