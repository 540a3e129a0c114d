import { evidenceOf, groupScores } from './evidence.js';
import { belowAll, rounded, spread } from './groups.js';
import type { Scorer } from './scorer.js';
import { learnValidity, validityFor } from './validity.js';

/**
 * The default: consensus (src/rank/evidence.ts) with the share of valid tests learnt over the run (src/rank/validity.ts), and with
 * candidates grouped by the values that assertions received. Where no values were recorded it groups by pass rows.
 * Candidates that pass nothing are below all others; without a test all are equal.
 */
export const auto: Scorer = {
  name: 'auto',
  needsWholeMatrix: true,
  learning: {
    evidence: (matrix) => {
      const { groups: _, ...evidence } = evidenceOf(matrix, true);
      return evidence;
    },
    learn: learnValidity,
  },
  scores: (matrix, learnt = null) => {
    const evidence = evidenceOf(matrix, true);
    const scores = groupScores(evidence, validityFor(evidence, learnt));
    return rounded(spread(evidence.groups, belowAll(scores), matrix.cells.length));
  },
};
