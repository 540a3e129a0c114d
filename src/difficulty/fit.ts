import { spearman } from '../evaluate/correlation.js';
import { meanOf } from '../evaluate/interval.js';
import { crossEntropy } from './probe.js';

/** How well predicted pass rates agree with true ones. */
export interface Fit {
  problems: number;
  /** Mean soft-label cross-entropy (nats), of the predictions, of always predicting the mean rate, and at its least: the truths'. */
  loss: number;
  lossOfMean: number;
  leastLoss: number;
  /** Mean absolute error, and of always predicting the mean rate. */
  error: number;
  errorOfMean: number;
  /** Spearman's ρ of predicted and true rates. */
  correlation: number;
  /** The problems in five equal parts by predicted rate, hardest first. */
  bins: { problems: number; predicted: number; actual: number }[];
}

const BINS = 5;

export function fitOf(pairs: readonly { predicted: number; rate: number }[]): Fit {
  const centre = meanOf(pairs.map(({ rate }) => rate));
  const mean = (value: (pair: { predicted: number; rate: number }) => number) => meanOf(pairs.map(value));
  const ordered = [...pairs].sort((a, b) => a.predicted - b.predicted);
  const bins = Array.from({ length: BINS }, (_, at) =>
    ordered.slice(Math.floor((at * ordered.length) / BINS), Math.floor(((at + 1) * ordered.length) / BINS)),
  ).filter((bin) => bin.length > 0);
  return {
    problems: pairs.length,
    loss: mean(({ rate, predicted }) => crossEntropy(rate, predicted)),
    lossOfMean: mean(({ rate }) => crossEntropy(rate, centre)),
    leastLoss: mean(({ rate }) => crossEntropy(rate, rate)),
    error: mean(({ rate, predicted }) => Math.abs(rate - predicted)),
    errorOfMean: mean(({ rate }) => Math.abs(rate - centre)),
    correlation: spearman(
      pairs.map(({ predicted }) => predicted),
      pairs.map(({ rate }) => rate),
    ),
    bins: bins.map((bin) => ({
      problems: bin.length,
      predicted: meanOf(bin.map(({ predicted }) => predicted)),
      actual: meanOf(bin.map(({ rate }) => rate)),
    })),
  };
}
