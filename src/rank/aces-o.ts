import { closedFormWeights, leaveOneOut } from './aces.js';
import { type Group, groupsOf, rounded, spread } from './groups.js';
import type { Scorer } from './scorer.js';

const WIDTH = 0.1; // τ
const STEPS = 50;
const RATE = 2;

/**
 * ACES, optimised (arXiv 2604.03922): the weights of the tests that let the tests predict each other best.
 *
 *     score_i = Σ_j w_j B_ij        w maximises Σ_j w_j (AUC_j(w) − ½) over the simplex
 *
 * where AUC_j is that of s_{−j} = Σ_{k≠j} w_k B_k predicting B_j. Its step function is replaced by σ(difference / 0.1),
 * and the ascent is by exponentiated gradient: 50 steps of rate 2 from ACES-C's weights (width and optimiser are ours;
 * the source at hand names neither). Each vote of a test that was sampled often has its own equal weight. Vacuous
 * tests, one test, one candidate and cells that were not run are as in ACES-C.
 */
export const acesO: Scorer = {
  name: 'aces-o',
  needsWholeMatrix: true,
  scores: (matrix) => {
    const known = leaveOneOut(matrix);
    const groups = groupsOf(known.signs);
    const { weights: votes } = matrix;
    let worth = normalised(closedFormWeights(matrix, known), votes);
    if (worth === null)
      worth =
        normalised(
          votes.map(() => 1),
          votes,
        ) ?? [];
    else worth = ascended(groups, votes, worth);
    return rounded(spread(groups, scoresOf(groups, votes, worth), matrix.cells.length));
  },
};

/** Weights of one vote each, so that all votes together weigh 1; null where none weighs anything. */
function normalised(worth: readonly number[], votes: readonly number[]): number[] | null {
  const total = worth.reduce((sum, one, column) => sum + one * votes[column]!, 0);
  return total === 0 ? null : worth.map((one) => one / total);
}

function scoresOf(groups: readonly Group[], votes: readonly number[], worth: readonly number[]): number[] {
  return groups.map(({ signs }) =>
    signs.reduce<number>((sum, sign, column) => sum + (sign ?? 0) * votes[column]! * worth[column]!, 0),
  );
}

function ascended(groups: readonly Group[], votes: readonly number[], start: readonly number[]): number[] {
  let worth = [...start];
  for (let step = 0; step < STEPS; step++) {
    const slopes = gradient(groups, votes, worth);
    const most = slopes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const next = worth.map((one, column) => one * Math.exp(RATE * (slopes[column]! - most)));
    worth = normalised(next, votes) ?? worth;
  }
  return worth;
}

/** The slope of the objective along the weight of one vote of each test. */
function gradient(groups: readonly Group[], votes: readonly number[], worth: readonly number[]): number[] {
  const scores = scoresOf(groups, votes, worth);
  const slopes = votes.map(() => 0);
  const pull = groups.map(() => 0); // of each group's score, by all tests together
  for (const [column, own] of worth.entries()) {
    const passing = groups.flatMap(({ signs }, at) => (signs[column] === 1 ? [at] : []));
    const failing = groups.flatMap(({ signs }, at) => (signs[column] === 0 ? [at] : []));
    const size = (list: readonly number[]) => list.reduce((sum, at) => sum + groups[at]!.rows.length, 0);
    const pairs = size(passing) * size(failing);
    if (pairs === 0) continue;
    let area = 0;
    let steepness = 0;
    for (const pass of passing) {
      for (const fail of failing) {
        const share = (groups[pass]!.rows.length * groups[fail]!.rows.length) / pairs;
        const ahead = 1 / (1 + Math.exp((scores[fail]! - scores[pass]! + own) / WIDTH));
        const slope = (share * ahead * (1 - ahead)) / WIDTH;
        area += share * ahead;
        steepness += slope;
        pull[pass]! += votes[column]! * own * slope;
        pull[fail]! -= votes[column]! * own * slope;
      }
    }
    // A vote leaves itself out of what predicts it.
    slopes[column] = area - 0.5 - own * steepness;
  }
  for (const [at, { signs }] of groups.entries()) {
    for (const [column, sign] of signs.entries()) slopes[column]! += (sign ?? 0) * pull[at]!;
  }
  return slopes;
}
