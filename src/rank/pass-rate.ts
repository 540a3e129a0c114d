import type { ExecutionMatrix } from '../matrix.js';
import { rounded } from './groups.js';
import type { Scorer } from './scorer.js';

/**
 * Share of test cases passed (the verifier of "Scoring Verifiers", arXiv 2502.13820: fraction of tests passed, here by
 * test case and not by class). With k_j cases in unit test j and p_ij of them passed by candidate i, each unit test
 * counted w_j times:
 *
 *     score_i = Σ_j w_j p_ij / Σ_j w_j k_j
 *
 * k_j is the most cases that any candidate was seen to start, at least 1: one that crashes early is not thereby judged
 * by fewer cases. Where cases were not recorded a unit test is one case. A cell that is no pass although all cases
 * that were seen passed (it timed out or was tampered with) earns nothing; nor does a cell that was not run. In [0, 1];
 * 0 for all without a test.
 */
export const passRate: Scorer = {
  name: 'pass-rate',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const cases = matrix.weights.map((_, column) => casesOf(matrix, column));
    const total = matrix.weights.reduce((sum, weight, column) => sum + weight * cases[column]!, 0);
    const passed = matrix.cells.map((_, row) =>
      matrix.weights.reduce(
        (sum, weight, column) => sum + weight * passedCases(matrix, row, column, cases[column]!),
        0,
      ),
    );
    return rounded(passed.map((votes) => (total === 0 ? 0 : votes / total)));
  },
};

function casesOf(matrix: ExecutionMatrix, column: number): number {
  return (matrix.traces ?? []).reduce((most, row) => Math.max(most, row[column]?.cases ?? 0), 1);
}

function passedCases(matrix: ExecutionMatrix, row: number, column: number, cases: number): number {
  const verdict = matrix.cells[row]![column]!;
  if (verdict === 'pass') return cases;
  if (verdict !== 'fail' && verdict !== 'error') return 0;
  const trace = matrix.traces?.[row]?.[column];
  return trace && trace.passedCases < trace.cases ? trace.passedCases : 0;
}
