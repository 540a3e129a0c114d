import { InputError } from '../error.js';
import { greedy } from './greedy.js';
import type { Scaling } from './scaling.js';

/** How tests are shared out over pass rates. */
export interface Bounds {
  /** Unit tests a problem on average (B). */
  average: number;
  /** Of one problem, at least and at most (b_min, b_max). */
  least: number;
  most: number;
}

/**
 * The expected accuracy of a problem whose pass rate is λ, with b tests (paper 4.2, equation 2):
 *
 *     q(λ, b) = 1 − (1 − λ)^b
 *
 * It is the chance that one of b samples of the policy model is right; what a unit test tells is taken to grow likewise.
 */
export function expectedAccuracy(rate: number, tests: number): number {
  return 1 - (1 - rate) ** tests;
}

/** What one more test on top of b is worth: q(λ, b+1) − q(λ, b) = λ(1 − λ)^b. It never rises with b. */
export function worthOfNext(rate: number, tests: number): number {
  return rate * (1 - rate) ** tests;
}

/**
 * Shares out B·n tests so that Σ q(λ_i, b_i) is greatest (paper 4.2): greedily, which is exact here. Problems with λ = 0
 * gain nothing; they share what nobody else can use. Where B < b_min, everybody gets b_min.
 */
export function allocate(rates: readonly number[], { average, least, most }: Bounds): number[] {
  const total = Math.round(average * rates.length) - least * rates.length;
  const accounts = rates.map(() => ({ tests: least, most: Math.max(least, most) }));
  return greedy(accounts, total, (at, tests) => worthOfNext(rates[at]!, tests));
}

/**
 * The same without a heap, to check it by: every problem gets the tests that are worth at least τ,
 *
 *     b = 0 if λ < τ, 1 if λ = 1, else ⌊1 + ln(τ/λ)/ln(1 − λ)⌋        within b_min and b_max
 */
export function waterLevel(rates: readonly number[], level: number, { least, most }: Bounds): number[] {
  return rates.map((rate) => {
    const wanted =
      rate < level ? 0 : rate === 1 ? 1 : Math.floor(1 + Math.log(level / rate) / Math.log(1 - rate));
    return Math.min(Math.max(wanted, least), Math.max(least, most));
  });
}

/**
 * Each problem gets its share in one round, by its pass rate: predicted, or known (paper 4.2).
 * @throws InputError where a rate is missing, once the problem is asked about
 */
export function difficulty(rates: ReadonlyMap<string, number>, bounds: Bounds): Scaling {
  const shares = allocate([...rates.values()], bounds);
  const budgets = new Map([...rates.keys()].map((taskId, at) => [taskId, shares[at]!]));
  const known = <V>(map: ReadonlyMap<string, V>, taskId: string): V => {
    const value = map.get(taskId);
    if (value !== undefined) return value;
    throw new InputError(`task ${JSON.stringify(taskId)} has no pass rate: expected one for each problem.`);
  };
  return {
    name: 'difficulty',
    adaptive: false,
    most: bounds.most,
    nextRound: (problems) =>
      problems
        .map(({ taskId, requested }) => ({ taskId, tests: known(budgets, taskId) - requested }))
        .filter(({ tests }) => tests > 0),
    reason: ({ taskId, requested }) => {
      const rate = known(rates, taskId);
      return `pass rate ${rate.toFixed(3)}, one more test is worth ${worthOfNext(rate, requested).toFixed(4)}`;
    },
  };
}
