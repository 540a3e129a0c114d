import { behaviourOf } from './behaviour.js';
import { groupsOf, rounded, signsOf, spread } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * Minimum Bayes risk by execution (MBR-Exec, Shi et al. 2022, arXiv 2204.11454), hard loss: two candidates agree if
 * they behave alike on every unit test, and the candidate that most others agree with wins. Behaviour is the values
 * that the assertions received, so no expected value is used; where none were recorded, which tests were passed.
 *
 *     score_i = Σ_k [ b_k = b_i ]        (candidate i counts itself)
 *
 * Without a test everybody agrees. Cells that were not run are alike.
 */
export const mbr: Scorer = {
  name: 'mbr',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const groups = groupsOf(signsOf(matrix), behaviourOf(matrix));
    const sizes = groups.map(({ rows }) => rows.length);
    return rounded(spread(groups, sizes, matrix.cells.length));
  },
};
