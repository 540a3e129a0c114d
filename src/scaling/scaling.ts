/** What the flow knows of one problem when it asks for the next round. */
export interface Progress {
  taskId: string;
  /** Unit tests asked for so far, whether or not anything could be kept of the responses. */
  requested: number;
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
  nextRound(problems: readonly Progress[]): Grant[];
}
