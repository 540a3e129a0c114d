import type { MissingCounts } from './missing-module.js';
import type { DropReason } from './unit-test.js';
import type { Verdict } from './verdict.js';

/** What came of responses, or of given unit tests. */
export interface Responses {
  kept: number;
  dropped: Partial<Record<DropReason, number>>;
  /** What exactly was wrong with those that were dropped, and how often; the first that were met. */
  why: { reason: DropReason; detail: string; count: number }[];
}

/** Different details that are kept of a run: who mends a prompt needs examples, not a list. */
const MOST_DETAILS = 50;

/** What a run did, counted: the summary's numbers that depend on the cache and the clock, not on the result. */
export interface Tally {
  problems: number;
  failedProblems: number;
  candidates: number;
  samples: { requested: number; generated: number; cached: number; failed: number };
  /** Tokens of the samples generated in this run. */
  tokensGenerated: number;
  responses: Responses;
  cells: {
    /** Candidates × unit tests, equal ones counted each time. */
    total: number;
    executed: number;
    cached: number;
    /** Cells that another cell of this run answers too, being equal. */
    deduplicated: number;
    /** Contested cells that were run again under another hash seed. */
    rechecked: number;
    /** Cells that were not run because they cannot change who wins, equal ones counted each time. */
    pruned: number;
  };
  verdicts: Partial<Record<Verdict, number>>;
  /** What unit tests and candidates import and the interpreter lacks, by module. */
  missingModules: Record<string, MissingCounts>;
  /** What a policy model wrote before, in `solve`; null where candidates were given. */
  policy: Pick<Tally, 'samples' | 'tokensGenerated' | 'seconds'> | null;
  /** Unit tests that lost their vote because a verdict changed under another hash seed. */
  flaky: number;
  /** Problems whose vote tells candidates apart (not all candidates have equal scores). */
  separated: number;
  /** Problems without a choice, because their confidence is below what was asked for. */
  abstained: number;
  /** The run was stopped before its budget was spent. */
  stopped: boolean;
  /** Share of the unit tests that is valid, as the scorer learnt it over the run; null where it learnt nothing. */
  validity: number | null;
  /** Seconds on the clock, by stage. */
  seconds: { generate: number; extract: number; execute: number; total: number };
}

export function emptyTally(): Tally {
  return {
    problems: 0,
    failedProblems: 0,
    candidates: 0,
    samples: { requested: 0, generated: 0, cached: 0, failed: 0 },
    tokensGenerated: 0,
    responses: { kept: 0, dropped: {}, why: [] },
    cells: { total: 0, executed: 0, cached: 0, deduplicated: 0, rechecked: 0, pruned: 0 },
    policy: null,
    flaky: 0,
    verdicts: {},
    missingModules: {},
    separated: 0,
    abstained: 0,
    stopped: false,
    validity: null,
    seconds: { generate: 0, extract: 0, execute: 0, total: 0 },
  };
}

/**
 * Adds what rounds before the last pass over the tasks did: the last pass meets all of it in the cache, and counts problems,
 * candidates and verdicts itself.
 */
export function addRounds(tally: Tally, rounds: Tally): void {
  const { samples, cells, seconds } = tally;
  samples.generated += rounds.samples.generated;
  samples.cached -= rounds.samples.generated;
  tally.tokensGenerated += rounds.tokensGenerated;
  cells.executed += rounds.cells.executed;
  cells.cached -= rounds.cells.executed;
  cells.rechecked += rounds.cells.rechecked;
  for (const stage of ['generate', 'extract', 'execute'] as const) seconds[stage] += rounds.seconds[stage];
}

/** Adds one (or `by`) to a count that may not be there yet. */
export function count<K extends string>(counts: Partial<Record<K, number>>, key: K, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

/** Adds one dropped text. */
export function countDrop(
  responses: Responses,
  { reason, detail }: { reason: DropReason; detail: string | null },
): void {
  count(responses.dropped, reason);
  if (detail === null) return;
  const known = responses.why.find((one) => one.reason === reason && one.detail === detail);
  if (known) known.count += 1;
  else if (responses.why.length < MOST_DETAILS) responses.why.push({ reason, detail, count: 1 });
}

/** Work under way, by the record that its seconds go to. */
const underWay = new WeakMap<Tally['seconds'], Partial<Record<keyof Tally['seconds'], Clock>>>();

interface Clock {
  users: number;
  start: number;
}

/** Adds the seconds that `work` takes on the clock to one stage of the tally; work that overlaps counts once. */
export async function timed<T>(
  { seconds }: Pick<Tally, 'seconds'>,
  stage: keyof Tally['seconds'],
  work: () => Promise<T>,
): Promise<T> {
  const clocks = underWay.get(seconds) ?? {};
  underWay.set(seconds, clocks);
  const clock = clocks[stage] ?? { users: 0, start: performance.now() };
  clocks[stage] = clock;
  clock.users += 1;
  try {
    return await work();
  } finally {
    clock.users -= 1;
    if (clock.users === 0) {
      delete clocks[stage];
      seconds[stage] += (performance.now() - clock.start) / 1000;
    }
  }
}
