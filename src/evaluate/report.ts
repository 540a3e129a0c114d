import type { Scorer } from '../rank/scorer.js';
import { type CurvePoint, type CurvesPlan, curves } from './curves.js';
import { type EvaluatedProblem, type evaluate, evaluatedProblem } from './evaluation.js';
import type { LabelAgreement } from './label-agreement.js';
import { type LabelledMatrix, rankingLines } from './labelled-matrix.js';
import {
  attack,
  individualQuality,
  type UnitTestQuality,
  unitTestQualities,
  vacuousShares,
} from './unit-tests.js';

/** What labels say of stored matrices: of their unit tests one by one, and of fewer candidates and tests. */
export interface MatrixReport {
  tests: UnitTestQuality[];
  /** Keys are those of the report's JSON. */
  summary: {
    tests_individual: ReturnType<typeof individualQuality>;
    vacuous: ReturnType<typeof vacuousShares>;
    utgen: ReturnType<typeof attack>;
    curves: CurvePoint[];
  };
}

/** Everything that a matrix with labels can say beyond its ranking. No curve without a number of tests. */
export function matrixReport(
  matrices: readonly LabelledMatrix[],
  plan: CurvesPlan,
  scorer: Scorer,
): MatrixReport {
  const tests = unitTestQualities(matrices);
  const summary = {
    tests_individual: individualQuality(tests),
    vacuous: vacuousShares(tests),
    utgen: attack(matrices),
    curves: plan.tests.length === 0 ? [] : curves(matrices, plan, scorer),
  };
  return { tests, summary };
}

/** The problems as the scorer ranks them. */
export function scoredProblems(matrices: readonly LabelledMatrix[], scorer: Scorer): EvaluatedProblem[] {
  const labels = new Map(matrices.map(({ taskId, right }) => [taskId, right]));
  return rankingLines(scorer, matrices).map((line) => evaluatedProblem(line, labels)!);
}

export type EvaluationReport = ReturnType<typeof evaluate>;

/** The problems of a ranking that labels judge, and what they say of it. */
export interface RankedReport {
  problems: EvaluatedProblem[];
  found: EvaluationReport;
  /** Problems of which a candidate has no label. */
  unlabelled: number;
}

/** All that `evaluate` says; null where the files for it were not given. */
export interface Evaluated {
  ranked: RankedReport | null;
  matrix: MatrixReport | null;
  /** Of given labels with computed ones. */
  agreement: LabelAgreement | null;
}
