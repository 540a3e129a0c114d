import { behaviourOf } from '../rank/behaviour.js';
import type { LabelledMatrix } from './labelled-matrix.js';
import { type Confusion, noConfusion, qualityOf, tell } from './quality.js';

/** One unit test as a judge of its problem's candidates. */
export interface UnitTestQuality {
  taskId: string;
  utId: number;
  /** How often it was sampled. */
  votes: number;
  /** Of the candidates that ran it: a cell that was not run is no judgement. */
  confusion: Confusion;
}

/** Every unit test on its own (Appendix D, "individual"). */
export function unitTestQualities(matrices: readonly LabelledMatrix[]): UnitTestQuality[] {
  return matrices.flatMap(({ taskId, matrix, right }) =>
    matrix.utIds.map((utId, column): UnitTestQuality => {
      const confusion = noConfusion();
      for (const [row, solId] of matrix.solIds.entries()) {
        const verdict = matrix.cells[row]![column]!;
        if (verdict !== null) tell(confusion, verdict === 'pass', right.get(solId)!);
      }
      return { taskId, utId, votes: matrix.weights[column]!, confusion };
    }),
  );
}

/** All judgements of all unit tests in one table, as the paper's table 2 counts them; a test counts once a vote. */
export function individualQuality(tests: readonly UnitTestQuality[]) {
  const pooled = noConfusion();
  for (const { votes, confusion } of tests) {
    for (const kind of Object.keys(pooled) as (keyof Confusion)[]) pooled[kind] += votes * confusion[kind];
  }
  return qualityOf(pooled);
}

/** Share of the unit tests (by votes) that every candidate passes, and that none passes. */
export function vacuousShares(tests: readonly UnitTestQuality[]) {
  const votes = (list: readonly UnitTestQuality[]) => list.reduce((sum, one) => sum + one.votes, 0);
  const all = votes(tests);
  const share = (kind: (accepted: number, rejected: number) => boolean) =>
    all === 0
      ? null
      : votes(
          tests.filter(({ confusion: { truePositive, falsePositive, trueNegative, falseNegative } }) =>
            kind(truePositive + falsePositive, trueNegative + falseNegative),
          ),
        ) / all;
  return {
    all_pass: share((accepted, rejected) => rejected === 0 && accepted > 0),
    all_fail: share((accepted, rejected) => accepted === 0 && rejected > 0),
  };
}

/**
 * UTGen's measures (arXiv 2502.01619), from the values that assertions received. The reference of a unit test is what most
 * right candidates showed on it; its input is valid if they came to an end there without an exception or a limit.
 *
 *     output accuracy = share of the unit tests that the reference passes
 *     attack rate     = share of the pairs of a unit test and a wrong candidate where the input is valid and the
 *                       candidate shows something else; `both`: and the reference passes the test
 *
 * Values that are not told apart are no attack. A test that was sampled n times counts n times. Problems without a right
 * candidate have no reference and are left out; without a wrong one they have no pairs. Null where nothing was recorded
 * or nothing is left.
 */
export function attack(matrices: readonly LabelledMatrix[]) {
  const sum = { tests: 0, accurate: 0, pairs: 0, attacks: 0, both: 0 };
  for (const { matrix, right } of matrices) {
    if (!matrix.traces?.some((row) => row.some((trace) => trace?.observed))) continue;
    const behaviour = behaviourOf(matrix);
    const rows = (wanted: boolean) =>
      matrix.solIds.flatMap((solId, row) => (right.get(solId) === wanted ? [row] : []));
    const [good, bad] = [rows(true), rows(false)];
    for (const [column, votes] of matrix.weights.entries()) {
      const reference = mostShown(
        good.filter((row) => behaviour[row]![column] !== ''),
        behaviour,
        column,
      );
      if (reference === null) continue;
      const accurate = matrix.cells[reference]![column] === 'pass';
      const shown = behaviour[reference]![column]!;
      const judged = bad.filter((row) => behaviour[row]![column] !== '');
      const attacked = shown.startsWith('!')
        ? 0
        : judged.filter((row) => behaviour[row]![column] !== shown).length;
      sum.tests += votes;
      sum.accurate += accurate ? votes : 0;
      sum.pairs += votes * judged.length;
      sum.attacks += votes * attacked;
      sum.both += accurate ? votes * attacked : 0;
    }
  }
  const share = (part: number, all: number) => (all === 0 ? null : part / all);
  return sum.tests === 0
    ? null
    : {
        output_accuracy: share(sum.accurate, sum.tests),
        attack_rate: share(sum.attacks, sum.pairs),
        both: share(sum.both, sum.pairs),
      };
}

/** The first row that shows what most of the rows show in this column. */
function mostShown(
  rows: readonly number[],
  behaviour: readonly (readonly string[])[],
  column: number,
): number | null {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const shown = behaviour[row]![column]!;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return rows.find((row) => counts.get(behaviour[row]![column]!) === most) ?? null;
}
