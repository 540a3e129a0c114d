import type { Tally } from './tally.js';

/** One phase of long work, as it is shown to whoever waits. */
export interface Phase {
  /** `done` units more are done; the note replaces the last one. */
  advance(done: number, note?: string): void;
  end(): void;
}

/** Where long work says how far it is. The flow calls it; the command line draws it. */
export interface Progress {
  /** `total` in `unit`s (such as `samples`). */
  phase(name: string, total: number, unit: string): Phase;
  /** One line that the user should see, such as a counted skip. */
  say(line: string): void;
  /** The run has come to its end, and this is what it did. */
  finish(tally: Tally): void;
}

/** For callers that do not want to know. */
export const silent: Progress = {
  phase: () => ({ advance: () => {}, end: () => {} }),
  say: () => {},
  finish: () => {},
};
