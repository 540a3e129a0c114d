import type { ExecutionMatrix } from '../matrix.js';
import type { Evidence } from './evidence.js';
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
