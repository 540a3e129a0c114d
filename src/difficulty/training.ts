import { Chance } from '../evaluate/chance.js';
import { meanOf } from '../evaluate/interval.js';
import { crossEntropy, dot, type Probe, predictRate, sigmoid } from './probe.js';

/** One problem to learn from: what its prompt is to the model, and its pass rate. */
export interface Example {
  taskId: string;
  hidden: ArrayLike<number>;
  rate: number;
}

export interface TrainingOptions {
  seed: number;
  /** Hidden units. */
  width: number;
}

export interface Trained {
  probe: Probe;
  /** Passes over the examples until the loss on those held back was least, and that loss (nats). */
  epochs: number;
  loss: number;
}

const HELD_BACK = 0.2;
const LEARNING_RATE = 1e-3;
const DECAY = 0.1; // of the weights, decoupled: there are more inputs than examples
const MOST_EPOCHS = 400;
const PATIENCE = 25;

/**
 * Trains a probe by AdamW on all examples at once, and stops early: a fifth of them is held back, and the weights with the
 * least loss there are kept. The same examples, options and seed give the same probe.
 * @throws RangeError for fewer than two examples
 */
export function trainProbe(examples: readonly Example[], { seed, width }: TrainingOptions): Trained {
  if (examples.length < 2) throw new RangeError(`a probe needs two examples or more, got ${examples.length}`);
  const chance = new Chance(seed);
  const shuffled = chance.shuffled(examples);
  const held = Math.max(1, Math.floor(HELD_BACK * shuffled.length));
  const [watched, learnt] = [shuffled.slice(0, held), shuffled.slice(held)];
  const { mean, deviation } = standardisation(learnt);
  const inputs = learnt.map(({ hidden }) =>
    Float64Array.from(mean, (centre, at) => (hidden[at]! - centre) / deviation[at]!),
  );
  const truths = learnt.map(({ rate }) => rate);
  const layers = new Layers(mean.length, width, meanOf(truths), chance);
  const lossOf = (probe: Probe) =>
    meanOf(watched.map(({ hidden, rate }) => crossEntropy(rate, predictRate(probe, hidden))));
  let best: Trained | null = null;
  for (let epoch = 0; epoch <= MOST_EPOCHS; epoch++) {
    if (epoch > 0) layers.step(inputs, truths);
    const probe = { mean, deviation, ...layers.weights() };
    const loss = lossOf(probe);
    if (best === null || loss < best.loss) best = { probe, epochs: epoch, loss };
    else if (epoch - best.epochs >= PATIENCE) break;
  }
  return best!;
}

/**
 * Predicts each example by a probe that never met it, in the examples' order: `folds` probes, each trained on the others'
 * examples. Problems are dealt to the folds in shuffled order.
 */
export function crossValidated(
  examples: readonly Example[],
  folds: number,
  options: TrainingOptions,
): { taskId: string; rate: number; predicted: number; fold: number }[] {
  const dealt = new Chance(options.seed).shuffled([...examples.keys()]);
  const foldOf = new Map(dealt.map((at, place) => [at, place % folds]));
  const probes = Array.from({ length: folds }, (_, fold) =>
    trainProbe(
      examples.filter((_, at) => foldOf.get(at) !== fold),
      options,
    ),
  );
  return examples.map(({ taskId, hidden, rate }, at) => {
    const fold = foldOf.get(at)!;
    return { taskId, rate, predicted: predictRate(probes[fold]!.probe, hidden), fold };
  });
}

function standardisation(examples: readonly Example[]): Pick<Probe, 'mean' | 'deviation'> {
  const inputs = examples[0]!.hidden.length;
  const mean = Array.from({ length: inputs }, (_, at) => meanOf(examples.map(({ hidden }) => hidden[at]!)));
  const deviation = mean.map((centre, at) => {
    const variance = meanOf(examples.map(({ hidden }) => (hidden[at]! - centre) ** 2));
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}

/** The weights of both layers in one array, with AdamW's moments: inner (h·d), innerBias (h), outer (h), outerBias. */
class Layers {
  private readonly all: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private steps = 0;

  constructor(
    private readonly inputs: number,
    private readonly width: number,
    rate: number,
    chance: Chance,
  ) {
    const size = width * inputs + 2 * width + 1;
    this.all = new Float64Array(size);
    this.first = new Float64Array(size);
    this.second = new Float64Array(size);
    for (let at = 0; at < width * inputs; at++) this.all[at] = normal(chance) / Math.sqrt(inputs);
    const clipped = Math.min(0.99, Math.max(0.01, rate));
    this.all[size - 1] = Math.log(clipped / (1 - clipped)); // outer weights are 0: it starts from the mean rate
  }

  weights(): Pick<Probe, 'inner' | 'innerBias' | 'outer' | 'outerBias'> {
    const { all, inputs, width } = this;
    const biases = width * inputs;
    return {
      inner: Array.from({ length: width }, (_, unit) => [
        ...all.subarray(unit * inputs, (unit + 1) * inputs),
      ]),
      innerBias: [...all.subarray(biases, biases + width)],
      outer: [...all.subarray(biases + width, biases + 2 * width)],
      outerBias: all.at(-1)!,
    };
  }

  step(examples: readonly Float64Array[], truths: readonly number[]): void {
    const gradient = this.gradient(examples, truths);
    this.steps += 1;
    const [keep1, keep2] = [0.9, 0.999];
    const [correct1, correct2] = [1 - keep1 ** this.steps, 1 - keep2 ** this.steps];
    for (let at = 0; at < this.all.length; at++) {
      const slope = gradient[at]!;
      this.first[at] = keep1 * this.first[at]! + (1 - keep1) * slope;
      this.second[at] = keep2 * this.second[at]! + (1 - keep2) * slope ** 2;
      const move = this.first[at]! / correct1 / (Math.sqrt(this.second[at]! / correct2) + 1e-8);
      this.all[at]! -= LEARNING_RATE * (move + DECAY * this.all[at]!);
    }
  }

  /** Of the mean cross-entropy; its slope at the output is λ̂ − λ. */
  private gradient(examples: readonly Float64Array[], truths: readonly number[]): Float64Array {
    const { all, inputs, width } = this;
    const biases = width * inputs;
    const gradient = new Float64Array(all.length);
    const shown = new Float64Array(width);
    for (const [at, input] of examples.entries()) {
      let logit = all.at(-1)!;
      for (let unit = 0; unit < width; unit++) {
        const sum = dot(all.subarray(unit * inputs, (unit + 1) * inputs), input) + all[biases + unit]!;
        shown[unit] = Math.tanh(sum);
        logit += all[biases + width + unit]! * shown[unit]!;
      }
      const slope = (sigmoid(logit) - truths[at]!) / examples.length;
      gradient[all.length - 1]! += slope;
      for (let unit = 0; unit < width; unit++) {
        gradient[biases + width + unit]! += slope * shown[unit]!;
        const inner = slope * all[biases + width + unit]! * (1 - shown[unit]! ** 2);
        gradient[biases + unit]! += inner;
        const row = unit * inputs;
        for (let from = 0; from < inputs; from++) gradient[row + from]! += inner * input[from]!;
      }
    }
    return gradient;
  }
}

/** Normally distributed (Box and Muller). */
function normal(chance: Chance): number {
  const [a, b] = [chance.below(2 ** 31) + 1, chance.below(2 ** 31)];
  return Math.sqrt(-2 * Math.log(a / (2 ** 31 + 1))) * Math.cos((2 * Math.PI * b) / 2 ** 31);
}
