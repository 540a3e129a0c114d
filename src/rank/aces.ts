import { type ExecutionMatrix, passedVotes } from '../matrix.js';
import { columnCounts, type Sign, signsOf } from './groups.js';

// What both forms of ACES share: how well the other tests' votes predict each test ("leave one out").

/** What ACES knows of one matrix. */
export interface LeaveOneOut {
  signs: Sign[][];
  /** p_j, the share of the candidates that passed, of those that ran the test. */
  passRate: number[];
}

export function leaveOneOut(matrix: ExecutionMatrix): LeaveOneOut {
  const signs = signsOf(matrix);
  const counts = columnCounts(signs, matrix.weights.length);
  return { signs, passRate: counts.map(({ passed, run }) => (run === 0 ? 0 : passed / run)) };
}

/**
 * The area under the curve of predicting column j by `scores`: the chance that a candidate that passed it has a higher
 * score than one that failed it, ties counted half. ½ where all passed or all failed.
 */
export function areaUnderCurve(
  signs: readonly (readonly Sign[])[],
  column: number,
  scores: readonly number[],
): number {
  const cells = signs
    .map((row, at) => ({ sign: row[column]!, score: scores[at]! }))
    .filter(({ sign }) => sign !== null)
    .sort((a, b) => a.score - b.score);
  let failed = 0; // of lower score
  let pairs = 0;
  let passes = 0;
  for (let from = 0; from < cells.length; ) {
    let to = from;
    let passedHere = 0;
    while (to < cells.length && cells[to]!.score === cells[from]!.score) passedHere += cells[to++]!.sign!;
    const failedHere = to - from - passedHere;
    pairs += passedHere * (failed + failedHere / 2);
    failed += failedHere;
    passes += passedHere;
    from = to;
  }
  return passes === 0 || failed === 0 ? 0.5 : pairs / (passes * failed);
}

/**
 * ACES-C's weight of one vote of each test, not normalised (arXiv 2604.03922): how far the votes of the others predict
 * it better than chance, times its variance. A test leaves out one vote of its own: equal tests count for each other.
 *
 *     a_j = max(0, AUC_j − ½) · p_j (1 − p_j)        AUC_j: of s_{−j} = Σ_k B_k − B_j predicting B_j
 */
export function closedFormWeights(matrix: ExecutionMatrix, { signs, passRate }: LeaveOneOut): number[] {
  const votes = matrix.cells.map((_, row) => passedVotes(matrix, row));
  return passRate.map((rate, column) => {
    if (rate === 0 || rate === 1) return 0;
    const others = votes.map((sum, row) => sum - (signs[row]![column] ?? 0));
    return Math.max(0, areaUnderCurve(signs, column, others) - 0.5) * rate * (1 - rate);
  });
}

/** Σ_j w_j a_j B_ij, where w_j is how often the test was sampled; a cell that was not run earns nothing. */
export function weightedVotes(
  { weights }: ExecutionMatrix,
  signs: readonly (readonly Sign[])[],
  worth: readonly number[],
): number[] {
  return signs.map((row) =>
    row.reduce<number>((sum, sign, column) => sum + (sign ?? 0) * weights[column]! * worth[column]!, 0),
  );
}
