import { evidenceOf, groupScores } from './evidence.js';
import { belowAll, rounded, spread } from './groups.js';
import type { Scorer } from './scorer.js';
import { validityOfOne } from './validity.js';

/**
 * Consensus, of one matrix alone: the group of equal pass rows that explains tests and candidates best (src/rank/evidence.ts
 * has the formula). The share of valid tests is t = (max m + 1)/(M + 2). As t goes to 1 it is majority, at t ≤ ½ B4's
 * ranking. Candidates that pass nothing are below all others; without a test all are equal.
 */
export const consensus: Scorer = {
  name: 'consensus',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const evidence = evidenceOf(matrix, false);
    const scores = groupScores(evidence, validityOfOne(evidence));
    return rounded(spread(evidence.groups, belowAll(scores), matrix.cells.length));
  },
};
