import { benchScorers, type ScorerAccuracy, type ScorersPlan } from '../bench/scorers.js';
import { rightness } from '../evaluate/accuracy.js';
import type { LabelledMatrix } from '../evaluate/labelled-matrix.js';
import { passedColumns } from '../matrix.js';
import type { AccuracyCurve } from '../page/ranking/charts.js';
import { majority } from '../rank/majority.js';
import type { Scorer } from '../rank/scorer.js';
import type { RankedTask } from '../stages/rank.js';

/** One problem of the demo and what came of it. */
export interface DemoProblem {
  taskId: string;
  question: string;
  candidates: number;
  /** How many of the candidates are right, by a test of held-out inputs that the model never sees. */
  right: number;
  /** Unit tests that the model wrote, that could be used, and that a right candidate passes. */
  tests: { requested: number; kept: number; correct: number };
  selected: number | null;
  /** Chance that the selected candidate is right: 0 or 1, between them where equal candidates differ. */
  chosenRight: number;
  confidence: number;
}

export interface DemoReport {
  problems: DemoProblem[];
  scorer: string;
  /** Mean shares of problems: a candidate at random; one of the right ones, where there is any. */
  random: number;
  oracle: number;
  /** Share of problems with a right choice by number of tests drawn (null: all), scorer by scorer. */
  accuracy: ScorerAccuracy[];
  seconds: { generate: number; execute: number; total: number };
  tokens: number;
  cells: number;
}

/** Numbers of tests on the axis: powers of two below `tests`; all of them come beside. */
export function axis(tests: number): number[] {
  const numbers = [];
  for (let number = 1; number < tests; number *= 2) numbers.push(number);
  return numbers;
}

/** What the demo prints, from rankings of labelled problems. Pure: equal inputs give equal reports. */
export function demoReport(
  ranked: readonly RankedTask[],
  questions: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, ReadonlyMap<number, boolean>>,
  { scorer, tests, seed, rounds }: { scorer: Scorer; tests: number; seed: number; rounds: number },
): Omit<DemoReport, 'seconds' | 'tokens' | 'cells'> {
  const matrices = ranked.map(
    ({ voted: { taskId, matrix } }): LabelledMatrix => ({ taskId, matrix, right: labels.get(taskId)! }),
  );
  const scorers = scorer === majority ? [majority] : [scorer, majority];
  const drawn: ScorersPlan = { drawn: axis(tests), rounds, seed, equalTests: 'count' };
  const {
    random,
    oracle,
    scorers: accuracy,
  } = benchScorers('demo', { matrices, unlabelled: 0 }, drawn, scorers);
  const problems = ranked.map((one): DemoProblem => {
    const { taskId, matrix, tests: counts } = one.voted;
    const right = labels.get(taskId)!;
    const passedByRight = new Set(
      matrix.solIds.flatMap((solId, row) => (right.get(solId) ? passedColumns(matrix, row) : [])),
    );
    return {
      taskId,
      question: questions.get(taskId)!,
      candidates: matrix.solIds.length,
      right: matrix.solIds.filter((solId) => right.get(solId)).length,
      tests: {
        requested: counts.requested,
        kept: counts.kept,
        correct: [...passedByRight].reduce((votes, column) => votes + matrix.weights[column]!, 0),
      },
      selected: one.ranking.selected,
      chosenRight: rightness(one.ranking, right),
      confidence: one.decision.confidence,
    };
  });
  return { problems, scorer: scorer.name, random, oracle, accuracy };
}

/** The chosen scorer's accuracy by number of tests, `tests` being all of them. */
export function accuracyCurve(
  { scorer, accuracy, random, oracle }: Pick<DemoReport, 'scorer' | 'accuracy' | 'random' | 'oracle'>,
  tests: number,
): AccuracyCurve {
  const points = accuracy
    .filter((one) => one.scorer === scorer)
    .map((one) => ({
      tests: one.tests ?? tests,
      accuracy: one.accuracy.mean,
      low: one.accuracy.low,
      high: one.accuracy.high,
    }))
    .sort((a, b) => a.tests - b.tests);
  return { points, random, oracle };
}
