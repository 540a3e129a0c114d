import type { ExecutionMatrix } from '../matrix.js';
import { agreementOf, behaviourOf } from './behaviour.js';
import { columnCounts, type Group, groupsOf, othersOf, signsOf, votesOf } from './groups.js';
import { logBeta } from './log-beta.js';

// Theory of operation. Consensus asks of every group of candidates that behave alike: if this group were right, so that
// the tests that it passes are valid and the others wrong, how well would that explain the matrix? Two things speak:
// the tests (a share t of them is valid) and the other candidates (they should pass the valid tests more often than
// the wrong ones). Candidates of one model copy each other's mistakes, so the second voice counts only as far as the
// tests are in doubt: w falls with t, from all N candidates to next to none.

const B = 4; // β0 of B4 is b·N·M: wrong tests are assumed to be passed rarely
const WITNESSES = 16; // c0
const SHARPNESS = 3; // γ
/** Weights of agreement on observed values, and the part of a disagreement that is chance. */
const SIZE = 1.5;
const AGREEMENT = 1.2;
const CHANCE = 0.02;

/** What one matrix says of each of its groups; all that a run keeps of a problem while it learns. */
export interface Evidence {
  /** Votes of the matrix (M), and candidates (N). */
  votes: number;
  candidates: number;
  /** Of each group: candidates in it (c), votes that it passed (m), and what the other candidates say (a log-likelihood). */
  sizes: Float64Array;
  passed: Float64Array;
  witness: Float64Array;
}

export interface GroupedEvidence extends Evidence {
  groups: Group[];
}

/**
 * The evidence for each group of equal pass rows, or with `byBehaviour` of equal observed values too. With n = N − c
 * others, S1 and S0 their passes on the tests that the group passes and fails:
 *
 *     witness = lnB(S1+1, nm−S1+1) + lnB(S0+1, n(M−m)−S0+1+bNM)        b = 4
 *
 * and with `byBehaviour` + 1.5·ln c + 1.2·Σ_j ln(.02 + .98·a_j), a_j being the share of all candidates whose observed
 * value on test j is the group's (0 where values are not told apart). Cells that were not run count on neither side.
 */
export function evidenceOf(matrix: ExecutionMatrix, byBehaviour: boolean): GroupedEvidence {
  const { weights } = matrix;
  const signs = signsOf(matrix);
  const behaviour = byBehaviour ? behaviourOf(matrix) : null;
  const groups = groupsOf(signs, behaviour ?? undefined);
  const counts = columnCounts(signs, weights.length);
  const votes = weights.reduce((sum, weight) => sum + weight, 0);
  const agreement = behaviour && agreementOf(behaviour, weights.length);
  const witness = groups.map((group) => {
    const { passed1, run1, passed0, run0 } = othersOf(group, counts, weights);
    const others =
      logBeta(passed1 + 1, run1 - passed1 + 1) +
      logBeta(passed0 + 1, run0 - passed0 + 1 + B * signs.length * votes);
    if (!agreement) return others;
    const shown = behaviour[group.rows[0]!]!;
    const agreed = agreement.reduce((sum, shares, column) => {
      const share = (shares.get(shown[column]!) ?? 0) / signs.length;
      return sum + weights[column]! * Math.log(CHANCE + (1 - CHANCE) * share);
    }, 0);
    return others + SIZE * Math.log(group.rows.length) + AGREEMENT * agreed;
  });
  return {
    groups,
    votes,
    candidates: signs.length,
    sizes: Float64Array.from(groups, ({ rows }) => rows.length),
    passed: Float64Array.from(groups, (group) => votesOf(group.signs, weights)),
    witness: Float64Array.from(witness),
  };
}

/**
 * Consensus' score of each group, given the share t of valid tests; null for a group that passes nothing:
 *
 *     s = m·logit t + (w/N)·witness        w = min(N, c0·((1−t)/t)^γ), c0 = 16, γ = 3
 */
export function groupScores({ candidates, passed, witness }: Evidence, t: number): (number | null)[] {
  const odds = t / (1 - t);
  const share = Math.min(candidates, WITNESSES * odds ** -SHARPNESS) / candidates;
  return Array.from(passed, (m, at) => (m === 0 ? null : m * Math.log(odds) + share * witness[at]!));
}
