import { totalVotes } from '../matrix.js';
import { agreementOf, behaviourOf } from './behaviour.js';
import { rounded } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * Minimum Bayes risk by execution (MBR-Exec, Shi et al. 2022, arXiv 2204.11454) with a loss for each unit test: the
 * candidate wins whose behaviour the others share on most tests. Behaviour is the values that the assertions received,
 * so no expected value is used; where none were recorded, whether the test was passed.
 *
 *     score_i = Σ_j w_j · #{ k : b_kj = b_ij } / (N·M)        (candidate i counts itself)
 *
 * Cells that ended by an exception or a limit, that were not run or whose values are not told apart agree with nobody.
 * In [0, 1]; 0 for all without a test.
 */
export const mbr: Scorer = {
  name: 'mbr',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const behaviour = behaviourOf(matrix);
    const agreement = agreementOf(behaviour, matrix.weights.length);
    const all = Math.max(1, behaviour.length * totalVotes(matrix));
    const agreed = behaviour.map((row) =>
      row.reduce(
        (sum, shown, column) => sum + matrix.weights[column]! * (agreement[column]!.get(shown) ?? 0),
        0,
      ),
    );
    return rounded(agreed.map((sum) => sum / all));
  },
};
