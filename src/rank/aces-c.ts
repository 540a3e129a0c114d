import { closedFormWeights, leaveOneOut, weightedVotes } from './aces.js';
import { rounded } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * ACES, closed form (arXiv 2604.03922): a test counts by how well the other tests predict it.
 *
 *     score_i = Σ_j w_j a_j B_ij / Σ_j w_j a_j        a_j = max(0, AUC_j − ½) · p_j (1 − p_j)
 *
 * with AUC_j of the other tests' votes predicting test j, p_j its pass rate and w_j how often it was sampled. Tests
 * that all pass or all fail weigh nothing; where no test predicts another (one test, one candidate, all equal), each
 * weighs alike, which is majority. Candidates that did not run a test are not in its AUC_j and p_j.
 */
export const acesC: Scorer = {
  name: 'aces-c',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const known = leaveOneOut(matrix);
    const worth = closedFormWeights(matrix, known);
    const none = worth.every((one) => one === 0);
    const scores = weightedVotes(matrix, known.signs, none ? worth.map(() => 1) : worth);
    const total = worth.reduce((sum, one, column) => sum + (none ? 1 : one) * matrix.weights[column]!, 0);
    return rounded(scores.map((score) => (total === 0 ? 0 : score / total)));
  },
};
