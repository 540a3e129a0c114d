import { InputError } from '../error.js';
import type { ExecutionMatrix } from '../matrix.js';
import { majority } from './majority.js';

/** Turns an execution matrix into one score a row; more is better. Pure: the same matrix, the same scores. */
export interface Scorer {
  readonly name: string;
  /** Whether cells that cannot change who has most votes still change its scores: it cannot be pruned then. */
  readonly needsWholeMatrix: boolean;
  scores(matrix: ExecutionMatrix): number[];
}

export const SCORERS: readonly Scorer[] = [majority];

export function scorerNamed(name: string): Scorer {
  const scorer = SCORERS.find((known) => known.name === name);
  if (scorer) return scorer;
  const names = SCORERS.map((known) => known.name).join(', ');
  throw new InputError(`expected the name of a scorer (${names}), got ${JSON.stringify(name)}`);
}

/** @throws InputError if pruning would change the scorer's result. */
export function checkPrunable(scorer: Scorer): void {
  if (!scorer.needsWholeMatrix) return;
  const names = SCORERS.filter((known) => !known.needsWholeMatrix).map((known) => known.name);
  throw new InputError(
    `--prune leaves out cells, and the scorer ${scorer.name} needs the whole matrix: expected --scorer ` +
      `${names.join(' or ')} with --prune, or no --prune.`,
  );
}
