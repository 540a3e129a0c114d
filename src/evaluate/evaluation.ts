import { brackets, rightness } from './accuracy.js';
import { calibrationOf } from './calibration.js';
import { kendall, spearman } from './correlation.js';
import { byDifficulty } from './difficulty.js';
import { estimate, meanOf } from './interval.js';
import type { Labels } from './labels.js';
import { noConfusion, qualityOf, tell } from './quality.js';
import type { RankingLine } from './rankings.js';

/** One problem of an evaluation. */
export interface EvaluatedProblem {
  taskId: string;
  /** The chance that what was chosen is right; 0 where nothing was. */
  right: number;
  answered: boolean;
  /** Share of its candidates that are right, and whether one is. */
  random: number;
  oracle: number;
  confidence: number | null;
  /** Each candidate's share of passed votes, and whether it is right. */
  shares: number[];
  truths: boolean[];
  /** Whether it passed as many votes as any. */
  accepted: boolean[];
}

/** A ranked problem with its labels; null where a candidate has none. A problem that failed has no candidate to ask for. */
export function evaluatedProblem(line: RankingLine, labels: Labels): EvaluatedProblem | null {
  const right = labels.get(line.taskId);
  const failed = line.ranking.length === 0; // its candidates are not listed: those that are labelled are they
  const solIds = failed ? [...(right?.keys() ?? [])] : line.ranking.map(({ solId }) => solId);
  if (!right || !solIds.every((solId) => right.has(solId))) return null;
  const most = line.ranking.reduce((top, { passed }) => Math.max(top, passed), 0);
  return {
    taskId: line.taskId,
    right: rightness(line, right),
    answered: line.selected !== null,
    ...brackets(solIds, right),
    confidence: line.confidence,
    shares: line.ranking.map(({ passed, total }) => (total === 0 ? 0 : passed / total)),
    truths: line.ranking.map(({ solId }) => right.get(solId)!),
    accepted: line.ranking.map(({ passed }) => passed === most),
  };
}

/** Everything that labels say of a ranking; shares are 0 to 1. Keys are those of the report's JSON. */
export function evaluate(problems: readonly EvaluatedProblem[]) {
  const { mean, low, high } = estimate(problems.map(({ right }) => right));
  const answered = problems.filter((one) => one.answered);
  return {
    problems: problems.length,
    accuracy: mean,
    accuracy_low: low,
    accuracy_high: high,
    random: meanOf(problems.map(({ random }) => random)),
    oracle: meanOf(problems.map(({ oracle }) => oracle)),
    answered: answered.length,
    accuracy_answered: answered.length === 0 ? null : meanOf(answered.map(({ right }) => right)),
    quintiles: quintiles(problems),
    tests_together: testsTogether(problems),
    verifier: verifier(problems),
    confidence: calibrationOf(
      answered.flatMap(({ confidence, right }) =>
        confidence === null ? [] : [{ predicted: confidence, right }],
      ),
    ),
  };
}

function quintiles(problems: readonly EvaluatedProblem[]) {
  return byDifficulty(problems).map((part) => {
    const { mean, low, high } = estimate(part.map(({ right }) => right));
    return {
      problems: part.length,
      random: meanOf(part.map(({ random }) => random)),
      accuracy: mean,
      accuracy_low: low,
      accuracy_high: high,
    };
  });
}

/** All unit tests of a problem as one (Appendix D): a candidate is accepted if it passes as many as any. */
function testsTogether(problems: readonly EvaluatedProblem[]) {
  const confusion = noConfusion();
  for (const { accepted, truths } of problems) {
    for (const [at, right] of truths.entries()) tell(confusion, accepted[at]!, right);
  }
  return qualityOf(confusion);
}

/**
 * Scoring-Verifiers' metrics (arXiv 2502.13820) of the share of passed votes against the label, averaged over problems.
 * With labels that are only right or wrong the truly best candidates are all right ones, so Top-1 is the chance that one of
 * those with the highest share is right, and Bottom-1 that one of those with the lowest is wrong.
 */
function verifier(problems: readonly EvaluatedProblem[]) {
  const ranked = problems.filter(({ shares }) => shares.length > 0);
  const pick = ({ shares, truths }: EvaluatedProblem, best: number, wanted: boolean) =>
    meanOf(truths.flatMap((right, at) => (shares[at] === best ? [right === wanted ? 1 : 0] : [])));
  const truth = ({ truths }: EvaluatedProblem) => truths.map((right) => (right ? 1 : 0));
  return {
    top_1: meanOf(ranked.map((one) => pick(one, Math.max(...one.shares), true))),
    bottom_1: meanOf(ranked.map((one) => pick(one, Math.min(...one.shares), false))),
    spearman: meanOf(ranked.map((one) => spearman(one.shares, truth(one)))),
    kendall: meanOf(ranked.map((one) => kendall(one.shares, truth(one)))),
    mae: meanOf(ranked.flatMap((one) => truth(one).map((right, at) => Math.abs(one.shares[at]! - right)))),
  };
}
