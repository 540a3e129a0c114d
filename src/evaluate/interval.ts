import { Chance } from './chance.js';

/** A mean over problems and where it would lie if other problems of the same kind had been asked. */
export interface Estimate {
  mean: number;
  /** 95% by percentile bootstrap over problems; the mean itself where there are fewer than two. */
  low: number;
  high: number;
}

const RESAMPLES = 1000;
const TAIL = 0.025;

/**
 * Bootstrap over the values, one a problem. The same values, the same interval. With `wholes`, also one a problem, a
 * share: the sum of the values over the sum of the wholes.
 */
export function estimate(values: readonly number[], wholes: readonly number[] | null = null): Estimate {
  const mean = wholes === null ? meanOf(values) : shareOf(meanOf(values), meanOf(wholes));
  if (values.length < 2) return { mean, low: mean, high: mean };
  const chance = new Chance(values.length);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    let whole = 0;
    for (let draw = 0; draw < values.length; draw++) {
      const problem = chance.below(values.length);
      sum += values[problem]!;
      whole += wholes === null ? 1 : wholes[problem]!;
    }
    return shareOf(sum, whole);
  }).sort((a, b) => a - b);
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))]!;
  return { mean, low: at(TAIL), high: at(1 - TAIL) };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
