import { passedVotes } from '../matrix.js';
import { rounded, type Sign, signsOf } from './groups.js';
import type { Scorer } from './scorer.js';

const ROUNDS = 100;
const SETTLED = 1e-9; // of all probabilities
/** Beta priors: of the share of right candidates, and of a test's pass rate on right (a) and on wrong (b) ones. */
const PRIOR = { right: [1, 1], passRight: [2, 1], passWrong: [1, 1] } as const;

interface Model {
  right: number;
  passRight: number[];
  passWrong: number[];
}

/**
 * Dawid and Skene's model of raters (1979) on candidates and tests, by expectation maximisation. A candidate is right
 * with probability π; a right one passes test j with probability a_j, a wrong one with b_j:
 *
 *     score_i = logit π + Σ_j w_j [ B_ij ln(a_j/b_j) + (1−B_ij) ln((1−a_j)/(1−b_j)) ]
 *
 * It starts from each candidate's votes, scaled so that the fewest are 0 and the most 1 (½ where all are equal), and the
 * means have Beta priors: a (2, 1), b (1, 1), which breaks the symmetry of right and wrong. Equal tests are one rater that
 * speaks w_j times. Cells that were not run are in neither step; a candidate that ran nothing has logit π. Without a test
 * all are equal.
 */
export const dawidSkene: Scorer = {
  name: 'dawid-skene',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const signs = signsOf(matrix);
    let right = scaled(signs.map((_, row) => passedVotes(matrix, row)));
    let scores = right.map(() => 0);
    for (let round = 0; round < ROUNDS; round++) {
      const model = maximised(signs, right, matrix.weights.length);
      scores = signs.map((row) => logOdds(row, model, matrix.weights));
      const next = scores.map((score) => 1 / (1 + Math.exp(-score)));
      const moved = next.reduce((most, one, row) => Math.max(most, Math.abs(one - right[row]!)), 0);
      right = next;
      if (moved < SETTLED) break;
    }
    return rounded(scores);
  },
};

function scaled(votes: readonly number[]): number[] {
  const [least, most] = [Math.min(...votes), Math.max(...votes)];
  return votes.map((vote) => (most > least ? (vote - least) / (most - least) : 0.5));
}

function maximised(signs: readonly (readonly Sign[])[], right: readonly number[], columns: number): Model {
  const mean = ([a, b]: readonly [number, number], yes: number, all: number) => (yes + a) / (all + a + b);
  const model: Model = {
    right: mean(
      PRIOR.right,
      right.reduce((a, b) => a + b, 0),
      right.length,
    ),
    passRight: [],
    passWrong: [],
  };
  for (let column = 0; column < columns; column++) {
    let [passRight, allRight, passWrong, allWrong] = [0, 0, 0, 0];
    for (const [row, belief] of right.entries()) {
      const sign = signs[row]![column]!;
      if (sign === null) continue;
      passRight += belief * sign;
      allRight += belief;
      passWrong += (1 - belief) * sign;
      allWrong += 1 - belief;
    }
    model.passRight.push(mean(PRIOR.passRight, passRight, allRight));
    model.passWrong.push(mean(PRIOR.passWrong, passWrong, allWrong));
  }
  return model;
}

function logOdds(
  row: readonly Sign[],
  { right, passRight, passWrong }: Model,
  weights: readonly number[],
): number {
  let score = Math.log(right / (1 - right));
  for (const [column, sign] of row.entries()) {
    if (sign === null) continue;
    const a = passRight[column]!;
    const b = passWrong[column]!;
    score += weights[column]! * (sign === 1 ? Math.log(a / b) : Math.log((1 - a) / (1 - b)));
  }
  return score;
}
