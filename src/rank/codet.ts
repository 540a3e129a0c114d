import { groupsOf, passSigns, rounded, spread, votesOf } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * Dual execution agreement (CodeT, arXiv 2207.10397; the form of its experiments and its code). A consensus set is the
 * candidates that pass the same set of unit tests. With c candidates in the set and m votes of the tests they pass:
 *
 *     score = √c · m
 *
 * Candidates that pass nothing have score 0, and so has everybody without a test. A cell that was not run is no pass.
 */
export const codet: Scorer = {
  name: 'codet',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const groups = groupsOf(passSigns(matrix));
    const scores = groups.map(({ rows, signs }) => Math.sqrt(rows.length) * votesOf(signs, matrix.weights));
    return rounded(spread(groups, scores, matrix.cells.length));
  },
};
