import { type Evidence, groupScores } from './evidence.js';

const START = 0.6;
const PRIOR = { valid: 1.2, wrong: 0.8 };
const ROUNDS = 200;
const SETTLED = 1e-9;
/** Runs of fewer problems believe what they learnt and the matrix itself half each. */
const FEW_PROBLEMS = 10;

/** What one matrix alone says of the share of its tests that is valid: (max m + 1) / (M + 2). */
export function validityOfOne({ passed, votes }: Evidence): number {
  return (passed.reduce((most, m) => Math.max(most, m), 0) + 1) / (votes + 2);
}

/** What a run of problems taught. */
export interface LearntValidity {
  /** Share of the tests that is valid. */
  share: number;
  /** Problems that it was learnt from: those with tests, and a candidate that passes one. */
  problems: number;
}

/**
 * The share t of valid tests over a run of problems, by expectation maximisation: the expected m/M of the group that
 * is chosen, with a Beta(1.2, 0.8) prior.
 *
 *     E: P(g) ∝ exp s(g; t)        M: t = (Σ_problems Σ_g P(g) m_g/M + 1.2) / (problems + 2)
 *
 * Problems that cannot be chosen in (no test, or nobody passes one) teach nothing. Null where none teaches.
 */
export function learnValidity(run: readonly Evidence[]): LearntValidity | null {
  const teaching = run.filter(({ passed }) => passed.some((m) => m > 0));
  if (teaching.length === 0) return null;
  let share = START;
  for (let round = 0; round < ROUNDS; round++) {
    const expected = teaching.reduce((sum, evidence) => sum + expectedPassed(evidence, share), 0);
    const next = (expected + PRIOR.valid) / (teaching.length + PRIOR.valid + PRIOR.wrong);
    const moved = Math.abs(next - share);
    share = next;
    if (moved < SETTLED) break;
  }
  return { share, problems: teaching.length };
}

function expectedPassed(evidence: Evidence, t: number): number {
  const scores = groupScores(evidence, t);
  const most = scores.reduce<number>(
    (a, b) => Math.max(a, b ?? Number.NEGATIVE_INFINITY),
    Number.NEGATIVE_INFINITY,
  );
  let all = 0;
  let passed = 0;
  for (const [at, score] of scores.entries()) {
    if (score === null) continue;
    const belief = Math.exp(score - most);
    all += belief;
    passed += belief * evidence.passed[at]!;
  }
  return passed / all / evidence.votes;
}

/** The share of valid tests to score a matrix with: the run's, a matrix's own, or for a few problems half each. */
export function validityFor(evidence: Evidence, learnt: LearntValidity | null): number {
  const own = validityOfOne(evidence);
  if (learnt === null) return own;
  if (learnt.problems >= FEW_PROBLEMS) return learnt.share;
  return 1 / (1 + Math.exp(-(logit(learnt.share) + logit(own)) / 2));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
