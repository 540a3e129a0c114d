import type { ExecutionMatrix } from '../matrix.js';
import type { Scorer } from '../rank/scorer.js';
import { sampleSeed } from '../seed.js';
import { brackets } from './accuracy.js';
import { Chance } from './chance.js';
import { byDifficulty } from './difficulty.js';
import { drawnMatrix, shuffledVotes } from './drawn.js';
import { estimate, meanOf } from './interval.js';
import { chosen, type LabelledMatrix } from './labelled-matrix.js';

/** Which points of the curves to measure. */
export interface CurvesPlan {
  /** Candidates a problem, the first ones; empty: all of them. A problem with fewer keeps those that it has. */
  candidates: readonly number[];
  /** Unit tests a problem, drawn; 0 is a random choice. A problem with fewer keeps those that it has. */
  tests: readonly number[];
  rounds: number;
  seed: number;
}

/** One point. Keys are those of the report's JSON. */
export interface CurvePoint {
  /** Null: all of them. */
  candidates: number | null;
  tests: number;
  accuracy: number;
  accuracy_low: number;
  accuracy_high: number;
  random: number;
  oracle: number;
  /** Easiest first; the parts are the same at every point, by the labels of all candidates. */
  quintiles: { problems: number; accuracy: number; accuracy_low: number; accuracy_high: number }[];
}

/**
 * Best-of-N accuracy over N and M, as the authors' calculate_result.py draws (paper 1.2): the candidates are the first N,
 * and in each round every problem's tests are shuffled and M of them taken. A point is the mean over the rounds, its
 * interval a bootstrap over problems. Rounds draw nested tests: the first M of one order are among its first M + 1.
 */
export function curves(matrices: readonly LabelledMatrix[], plan: CurvesPlan, scorer: Scorer): CurvePoint[] {
  const orders = Array.from({ length: plan.rounds }, (_, round) =>
    matrices.map(({ taskId, matrix }) =>
      shuffledVotes(matrix, new Chance(sampleSeed(plan.seed, taskId, round))),
    ),
  );
  const problems = matrices.map(({ taskId, matrix, right }, at) => ({
    at,
    taskId,
    ...brackets(matrix.solIds, right),
  }));
  const quintiles = byDifficulty(problems);
  const sizes = plan.candidates.length === 0 ? [null] : plan.candidates;
  return sizes.flatMap((candidates) => {
    const first = matrices.map((one) => ({ ...one, matrix: firstCandidates(one.matrix, candidates) }));
    const bracket = first.map(({ matrix, right }) => brackets(matrix.solIds, right));
    return plan.tests.map((tests): CurvePoint => {
      const rounds = orders.map((order) => {
        const drawn = first.map((one, at) => ({
          ...one,
          matrix: drawnMatrix(one.matrix, order[at]!, tests),
        }));
        return chosen(scorer, drawn).right;
      });
      const values = matrices.map((_, at) => meanOf(rounds.map((right) => right[at]!)));
      return {
        candidates,
        tests,
        ...interval(values),
        random: meanOf(bracket.map(({ random }) => random)),
        oracle: meanOf(bracket.map(({ oracle }) => oracle)),
        quintiles: quintiles.map((part) => ({
          problems: part.length,
          ...interval(part.map(({ at }) => values[at]!)),
        })),
      };
    });
  });
}

function interval(values: readonly number[]) {
  const { mean, low, high } = estimate(values);
  return { accuracy: mean, accuracy_low: low, accuracy_high: high };
}

/** The matrix of its first candidates alone. */
function firstCandidates(matrix: ExecutionMatrix, most: number | null): ExecutionMatrix {
  if (most === null || matrix.solIds.length <= most) return matrix;
  const { traces } = matrix;
  return {
    ...matrix,
    solIds: matrix.solIds.slice(0, most),
    cells: matrix.cells.slice(0, most),
    ...(traces ? { traces: traces.slice(0, most) } : {}),
  };
}
