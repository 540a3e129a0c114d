import { brackets } from '../evaluate/accuracy.js';
import { Chance } from '../evaluate/chance.js';
import { drawnMatrix, shuffledVotes } from '../evaluate/drawn.js';
import { type Estimate, estimate, meanOf } from '../evaluate/interval.js';
import { type Chosen, chosen, type labelled } from '../evaluate/labelled-matrix.js';
import { totalVotes, withOneVoteEach } from '../matrix.js';
import type { Scorer } from '../rank/scorer.js';
import { SCORERS } from '../rank/scorers.js';
import { sampleSeed } from '../seed.js';

/** What to measure: with all tests always, and with fewer of them, drawn at random in each round. */
export interface ScorersPlan {
  /** Tests a problem. */
  drawn: readonly number[];
  rounds: number;
  seed: number;
  /** Whether tests that are equal vote as often as they occur, or once. */
  equalTests: 'count' | 'once';
}

/** One scorer on one pairing of candidates and tests. */
export interface ScorerAccuracy {
  scorer: string;
  /** Tests a problem; null: all. */
  tests: number | null;
  /** Share of the problems where the chosen candidate is right. */
  accuracy: Estimate;
  /** The share of valid tests that the scorer learnt (mean over the rounds); null where it learns nothing. */
  learnt: number | null;
}

export interface PairingReport {
  pairing: string;
  problems: number;
  /** Problems without a label for each candidate: left out. */
  unlabelled: number;
  /** Average a problem. */
  candidates: number;
  tests: number;
  random: number;
  oracle: number;
  scorers: ScorerAccuracy[];
}

/** Every scorer on one pairing, with all tests and with fewer. Equal plans draw equal tests for all scorers. */
export function benchScorers(
  pairing: string,
  { matrices: given, unlabelled }: ReturnType<typeof labelled>,
  plan: ScorersPlan,
  scorers: readonly Scorer[] = SCORERS,
): PairingReport {
  const matrices =
    plan.equalTests === 'count'
      ? given
      : given.map((one) => ({ ...one, matrix: withOneVoteEach(one.matrix) }));
  const bracket = matrices.map(({ matrix, right }) => brackets(matrix.solIds, right));
  const report: PairingReport = {
    pairing,
    problems: matrices.length,
    unlabelled,
    candidates: meanOf(matrices.map(({ matrix }) => matrix.solIds.length)),
    tests: meanOf(matrices.map(({ matrix }) => totalVotes(matrix))),
    random: meanOf(bracket.map(({ random }) => random)),
    oracle: meanOf(bracket.map(({ oracle }) => oracle)),
    scorers: scorers.map((scorer) => averaged(scorer, null, [chosen(scorer, matrices)])),
  };
  const orders = Array.from({ length: plan.rounds }, (_, round) =>
    matrices.map(({ taskId, matrix }) =>
      shuffledVotes(matrix, new Chance(sampleSeed(plan.seed, taskId, round))),
    ),
  );
  for (const tests of plan.drawn) {
    const rounds = orders.map((order) =>
      matrices.map((one, at) => ({ ...one, matrix: drawnMatrix(one.matrix, order[at]!, tests) })),
    );
    for (const scorer of scorers) {
      report.scorers.push(
        averaged(
          scorer,
          tests,
          rounds.map((round) => chosen(scorer, round)),
        ),
      );
    }
  }
  return report;
}

/** A problem's value is its mean over the rounds; the interval is over problems. */
function averaged(scorer: Scorer, tests: number | null, rounds: readonly Chosen[]): ScorerAccuracy {
  const problems = rounds[0]?.right ?? [];
  const shares = rounds.flatMap(({ learnt }) => (learnt === null ? [] : [learnt.share]));
  return {
    scorer: scorer.name,
    tests,
    accuracy: estimate(problems.map((_, at) => meanOf(rounds.map(({ right }) => right[at]!)))),
    learnt: shares.length === 0 ? null : meanOf(shares),
  };
}
