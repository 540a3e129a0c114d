import { passedVotes } from '../matrix.js';
import type { Scorer } from './scorer.js';

/** Majority voting (paper 1.1, equation 1): a candidate's score is the number of unit tests that it passes. */
export const majority: Scorer = {
  name: 'majority',
  needsWholeMatrix: false,
  scores: (matrix) => matrix.solIds.map((_, row) => passedVotes(matrix, row)),
};
