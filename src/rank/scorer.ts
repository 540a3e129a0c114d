import { InputError } from '../error.js';
import type { ExecutionMatrix } from '../matrix.js';
import { majority } from './majority.js';

/** Turns an execution matrix into one score a row; more is better. Pure: the same matrix, the same scores. */
export interface Scorer {
  readonly name: string;
  scores(matrix: ExecutionMatrix): number[];
}

export const SCORERS: readonly Scorer[] = [majority];

export function scorerNamed(name: string): Scorer {
  const scorer = SCORERS.find((known) => known.name === name);
  if (scorer) return scorer;
  const names = SCORERS.map((known) => known.name).join(', ');
  throw new InputError(`expected the name of a scorer (${names}), got ${JSON.stringify(name)}`);
}
