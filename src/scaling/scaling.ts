import type { Standing } from './standing.js';

/** What the flow knows of one problem when it asks for the next round. A few numbers: all problems are in memory. */
export interface Progress {
  taskId: string;
  /** Unit tests asked for so far, whether or not anything could be kept of the responses. */
  requested: number;
  /** Unit tests that this problem can get at most. */
  most: number;
  /** How its vote stands; null while nothing was executed, and where the policy does not ask. */
  standing: Standing | null;
}

/** How many further unit tests one problem gets. */
export interface Grant {
  taskId: string;
  /** At least 1. */
  tests: number;
}

/**
 * Decides how many unit tests each problem gets. The flow runs in rounds: it asks, generates and executes what was
 * granted, and asks again until nothing is granted. Pure: the same progress, the same grants.
 */
export interface Scaling {
  readonly name: string;
  /**
   * Whether it looks at how votes stand, and at all problems together. If not, it grants a problem all its tests in one
   * round, whichever problems it is asked about beside it.
   */
  readonly adaptive: boolean;
  /** Unit tests of one problem at most. */
  readonly most: number;
  nextRound(problems: readonly Progress[]): Grant[];
  /** Why this problem has the tests that it has, as a short clause. */
  reason(problem: Progress): string;
}
