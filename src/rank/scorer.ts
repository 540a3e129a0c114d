import { InputError } from '../error.js';
import type { ExecutionMatrix } from '../matrix.js';
import { acesC } from './aces-c.js';
import { acesO } from './aces-o.js';
import { auto } from './auto.js';
import { b4 } from './b4.js';
import { codet } from './codet.js';
import { consensus } from './consensus.js';
import { dawidSkene } from './dawid-skene.js';
import type { Evidence } from './evidence.js';
import { majority } from './majority.js';
import { mbr } from './mbr.js';
import { passRate } from './pass-rate.js';
import type { LearntValidity } from './validity.js';

/** Turns an execution matrix into one score a row; more is better. Pure: the same matrix, the same scores. */
export interface Scorer {
  readonly name: string;
  /** Whether cells that cannot change who has most votes still change its scores: it cannot be pruned then. */
  readonly needsWholeMatrix: boolean;
  /** What it learns of all problems of a run before it scores one of them; absent where one matrix is enough. */
  readonly learning?: {
    /** All that is kept of a problem while the run is learnt from. */
    evidence(matrix: ExecutionMatrix): Evidence;
    /** In any order of the problems. Null: they taught nothing. */
    learn(run: readonly Evidence[]): LearntValidity | null;
  };
  scores(matrix: ExecutionMatrix, learnt?: LearntValidity | null): number[];
}

export const SCORERS: readonly Scorer[] = [
  auto,
  consensus,
  majority,
  passRate,
  codet,
  mbr,
  b4,
  acesC,
  acesO,
  dawidSkene,
];

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
