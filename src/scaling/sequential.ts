import { greedy } from './greedy.js';
import type { Progress, Scaling } from './scaling.js';
import type { Standing } from './standing.js';

// Theory of operation. Tests are worth most where they still change who wins, and without labels that can only be told
// from how the vote went so far. Nearly everybody kept: an easy problem, whoever is chosen is right. Nobody close behind,
// and no change for long: settled, right or wrong. In between, tests still tell candidates apart. `gainPerTest` puts
// that into a number, and each round gives its tests to the problems where it is greatest, as if nothing changed within
// the round. A problem that cannot change any more, or is sure enough, gets nothing, and the others have its share.

export interface SequentialOptions {
  /** Unit tests a problem on average; all problems share them. */
  average: number;
  /** Each problem gets so many before anything else is looked at, and at most so many. */
  least: number;
  most: number;
  /** Stop a problem whose winner no further test can change. Exact for majority voting only. */
  exact: boolean;
  /** Stop a problem whose winner is right with a greater chance than this; 1: never. */
  enough: number;
}

/** A run is decided in about so many rounds: more decide better, and write fewer tests at a time. */
const ROUNDS = 32;

/** What a test is worth where nothing speaks for it: nobody is written off, least of all where less is known. */
const FLOOR = { known: 0.02, unknown: 0.1 };

/** How many votes the share of distinct programs is worth. */
const PROGRAMS_COUNT = 3;

/** Unit tests in rounds, to the problems whose winner is least settled. No training, no labels. */
export function sequential(options: SequentialOptions): Scaling {
  return {
    name: 'sequential',
    adaptive: true,
    most: options.most,
    nextRound: (problems) => nextRound(problems, options),
    reason: (problem) => stopped(problem, options) ?? standingText(problem),
  };
}

function nextRound(problems: readonly Progress[], options: SequentialOptions) {
  const floor = (problem: Progress) => Math.max(0, Math.min(options.least, problem.most) - problem.requested);
  const granted = (tests: (problem: Progress, at: number) => number) =>
    problems
      .map((problem, at) => ({ taskId: problem.taskId, tests: tests(problem, at) }))
      .filter((grant) => grant.tests > 0);
  const first = granted(floor);
  if (first.length > 0) return first;
  const total = Math.round(options.average * problems.length);
  const left = total - problems.reduce((sum, { requested }) => sum + requested, 0);
  const accounts = problems.map((problem) => ({
    tests: problem.requested,
    most: stopped(problem, options) === null ? problem.most : problem.requested,
  }));
  const size = Math.min(left, Math.ceil(total / ROUNDS));
  const tests = greedy(accounts, size, (at, held) => gainPerTest(problems[at]!, held));
  return granted(({ requested }, at) => tests[at]! - requested);
}

/**
 * How much a problem is expected to gain from one test more, up to a factor that is the same for all:
 *
 *     (√λ · (1 − λ·p) + 0.02) / (n^1.25 · (1 + k)^0.25)        λ = (v·f + 3·(1 − d)) / (v + 3)
 *
 * λ estimates the share of candidates that are right: f is the share that is kept after v votes, and d the share of distinct
 * programs among the candidates (few where a problem is easy), which counts like three votes; where programs are not known,
 * λ = f and the constant is 0.1. p is the share of the votes that those who are kept have, n the tests asked for, k how many of them came since
 * other candidates were kept. `held` tests are counted as if those not yet seen had changed nothing. Near 1, λ·p means an
 * easy problem; λ near 0 a settled one. docs/results.md says what the numbers were chosen on.
 */
export function gainPerTest({ requested, standing }: Progress, held: number): number {
  if (standing === null || requested === 0) return Number.MAX_VALUE / (1 + held); // nothing is known: one test first
  const { votes, passed, since } = standing;
  const right = shareRight(standing);
  const agreed = votes === 0 ? 0 : passed / votes;
  // Tests that could not be kept are tests too: a problem that yields none must not wait for its first for ever.
  const unchanged = votes === 0 ? held : (since * requested) / votes + held - requested;
  const floor = standing.programs === null ? FLOOR.unknown : FLOOR.known;
  return (Math.sqrt(right) * (1 - right * agreed) + floor) / (held ** 1.25 * (1 + unchanged) ** 0.25);
}

function shareRight({ candidates, programs, votes, kept }: Standing): number {
  const all = Math.max(1, candidates);
  if (programs === null) return kept / all;
  return ((votes * kept) / all + PROGRAMS_COUNT * (1 - programs / all)) / (votes + PROGRAMS_COUNT);
}

/** Why this problem gets no further test; null: it may. */
function stopped(
  problem: Progress,
  { exact, enough }: Pick<SequentialOptions, 'exact' | 'enough'>,
): string | null {
  const { requested, most, standing } = problem;
  if (requested >= most) return 'no further test may be written';
  if (standing === null) return null;
  if (exact && cannotChange(standing, most - requested)) return 'no further test can change who wins';
  if (enough < 1 && certainty(standing) > enough) return `sure enough: ${certainty(standing).toFixed(3)}`;
  return null;
}

function standingText({ standing }: Progress): string {
  if (standing === null) return 'first of all problems; then by how the votes stand';
  const { kept, candidates, passed, votes, since } = standing;
  return `${kept} of ${candidates} candidates kept with ${passed} of ${votes} votes, ${since} tests since that changed`;
}

/** Whether no other program can reach the leader with `left` tests more. Exact for majority voting. */
export function cannotChange({ lead }: Standing, left: number): boolean {
  return lead === null || lead > left;
}

/**
 * The chance that the winner is right: the confidence of a ranking (src/rank/decision.ts), with the share of passed
 * tests drawn towards one half, since after one test it would be 0 or 1.
 */
export function certainty({ candidates, votes, passed, kept }: Standing): number {
  const share = (passed + 1) / (votes + 2);
  const agreeing = kept / (candidates + 1);
  const odds = 0.4 + 0.5 * logit(share) + 0.35 * logit(agreeing);
  return 1 / (1 + Math.exp(-odds));
}

function logit(share: number): number {
  const clipped = Math.min(0.99, Math.max(0.01, share));
  return Math.log(clipped / (1 - clipped));
}
