import { totalVotes } from '../matrix.js';
import { belowAll, columnCounts, groupsOf, othersOf, rounded, signsOf, spread, votesOf } from './groups.js';
import { logBeta } from './log-beta.js';
import type { Scorer } from './scorer.js';

/** Defaults of its authors for real data; of their three values of β0 the one that repeats their figures on CodeT's set. */
const ALPHA = 1e3;
const BETA_0 = 1e4;

/**
 * B4 (Chen et al., ASE 2024, arXiv 2409.08692). Hypothesis: the candidates of one row pattern are right, and the tests
 * that they pass are. With c such candidates of N, m votes passed of M, and the other candidates' S1 passes in E1 cells
 * of the passed tests and S0 passes in E0 cells of the others:
 *
 *     score = lnB(c+α, N−c+1) + lnB(m+α, M−m+1) + lnB(S1+1, E1−S1+1) + lnB(S0+1, E0−S0+β0)        α = 1e3, β0 = 1e4
 *
 * Only patterns with a pass are hypotheses: candidates that pass nothing are below all others. Cells that were not run
 * are in neither E1 nor E0. Without a test all are equal.
 */
export const b4: Scorer = {
  name: 'b4',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const { weights } = matrix;
    const signs = signsOf(matrix);
    const groups = groupsOf(signs);
    const counts = columnCounts(signs, weights.length);
    const votes = totalVotes(matrix);
    const scores = groups.map((group) => {
      const passed = votesOf(group.signs, weights);
      if (passed === 0) return null;
      const { passed1, run1, passed0, run0 } = othersOf(group, counts, weights);
      const size = group.rows.length;
      return (
        logBeta(size + ALPHA, signs.length - size + 1) +
        logBeta(passed + ALPHA, votes - passed + 1) +
        logBeta(passed1 + 1, run1 - passed1 + 1) +
        logBeta(passed0 + 1, run0 - passed0 + BETA_0)
      );
    });
    return rounded(spread(groups, belowAll(scores), signs.length));
  },
};
