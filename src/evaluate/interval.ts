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

/** Bootstrap over the values, one a problem. The same values, the same interval. */
export function estimate(values: readonly number[]): Estimate {
  const mean = meanOf(values);
  if (values.length < 2) return { mean, low: mean, high: mean };
  const chance = new Chance(values.length);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[chance.below(values.length)]!;
    return sum / values.length;
  }).sort((a, b) => a - b);
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))]!;
  return { mean, low: at(TAIL), high: at(1 - TAIL) };
}

/** 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
