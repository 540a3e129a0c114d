import type { Ranking } from '../ranking.js';
import { meanOf } from './interval.js';

/**
 * The chance that the chosen candidate is right: of those that no rule tells apart one is taken at random, as the
 * authors count it (paper 1.2). 0 where nothing was chosen.
 */
export function rightness({ selected, tied }: Ranking, right: ReadonlyMap<number, boolean>): number {
  if (selected === null) return 0;
  const kept = tied.length > 0 ? tied : [selected];
  return meanOf(kept.map((solId) => (right.get(solId) ? 1 : 0)));
}

/** What choosing at random gives, and whether any candidate is right. */
export function brackets(solIds: readonly number[], right: ReadonlyMap<number, boolean>) {
  const values = solIds.map((solId) => (right.get(solId) ? 1 : 0));
  return { random: meanOf(values), oracle: values.some((value) => value === 1) ? 1 : 0 };
}
