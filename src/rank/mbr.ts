import { behaviourOf, ended } from './behaviour.js';
import { groupsOf, rounded, signsOf, spread } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * Minimum Bayes risk by execution (MBR-Exec, Shi et al. 2022, arXiv 2204.11454), hard loss: two candidates agree if
 * they behave alike on every unit test, and the candidate that most others agree with wins. Behaviour is the values
 * that the assertions received, so no expected value is used; where none were recorded, which tests were passed.
 *
 *     score_i = Σ_k [ b_k = b_i ]        (candidate i counts itself)
 *
 * A candidate that ended otherwise than by an assertion on every test (it does not load, say) showed no behaviour: 0.
 * Without a test all are equal. Cells that were not run are alike.
 */
export const mbr: Scorer = {
  name: 'mbr',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const behaviour = behaviourOf(matrix);
    const groups = groupsOf(signsOf(matrix), behaviour);
    const scores = groups.map(({ rows }) => {
      const shown = behaviour[rows[0]!]!;
      return shown.length > 0 && shown.every(ended) ? 0 : rows.length;
    });
    return rounded(spread(groups, scores, matrix.cells.length));
  },
};
