import { equalGroups } from '../distinct.js';
import { InputError } from '../error.js';
import { Chance } from '../evaluate/chance.js';
import { shuffledVotes } from '../evaluate/drawn.js';
import { type Estimate, estimate, meanOf } from '../evaluate/interval.js';
import type { LabelledMatrix } from '../evaluate/labelled-matrix.js';
import { worthOfNext } from '../scaling/difficulty.js';
import { greedy } from '../scaling/greedy.js';
import type { Progress, Scaling } from '../scaling/scaling.js';
import { cannotChange } from '../scaling/sequential.js';
import { type Standing, standings } from '../scaling/standing.js';
import { sampleSeed } from '../seed.js';
import { bestFixedBudgets } from './hindsight.js';

// Budgets are simulated on stored matrices. In each round every problem's stored tests are put in an order; a problem that
// is given b tests has the first b of them. All policies meet the same orders and spend, all problems together, exactly
// what `equal` spends: a problem has no more tests than are stored. Candidates are chosen by majority.

export interface ScalingPlan {
  /** Average unit tests a problem, each simulated. */
  budgets: readonly number[];
  rounds: number;
  seed: number;
  /** Unit tests that every problem gets (b_min). */
  least: number;
  /** The policy under test, for an average budget. */
  policy: (average: number) => Scaling;
  /**
   * Identities of the candidates' programs by task and sol_id; null: not known, and none counts as equal to another.
   * Only equal programs are certain to go on alike, so exact stopping depends on them.
   */
  programs: ReadonlyMap<string, ReadonlyMap<number, string>> | null;
  /** Predicted pass rates by task, to allocate by beside the true ones; null: none. */
  rates: ReadonlyMap<string, number> | null;
}

/** One problem in one round: what is known, and what is true, after 0, 1, 2, … tests. */
interface Path {
  standings: Standing[];
  /** Row of the chosen candidate: the first of those that are kept. */
  winners: number[];
  /** The chance that the chosen candidate is right. */
  accuracy: number[];
}

/** The policies at one budget. Accuracies are of the chosen candidate, 0 to 1; differences are to `equal`. */
export interface BudgetReport {
  budget: number;
  /** Tests a problem that were spent on average: fewer than the budget where fewer are stored. */
  spent: number;
  equal: Estimate;
  policy: Estimate;
  policyGain: Estimate;
  /** Tests a problem that the policy spent. */
  policySpent: number;
  gold: Estimate;
  goldGain: Estimate;
  /** By predicted pass rates; null where the plan has none. */
  predicted: Estimate | null;
  predictedGain: Estimate | null;
  hindsight: number;
}

/** Equal budgets with exact stopping: what it saves in all problems of a round, and that it changes nothing. */
export interface StoppingReport {
  budget: number;
  tests: number;
  savedTests: number;
  savedExecutions: number;
  /** Of all problems in all rounds, those where another candidate would have won: 0, or the rule is wrong. */
  changed: number;
}

export interface ScalingReport {
  pairing: string;
  problems: number;
  unlabelled: number;
  /** Average a problem. */
  tests: number;
  rounds: number;
  budgets: BudgetReport[];
  /** The policy's gain over `equal`, averaged over the budgets: of all problems, and of each half of them. */
  gain: { all: Estimate; halves: Estimate[] };
  stopping: StoppingReport[];
}

/** Which half of the problems a task belongs to: constants are tuned on half 0 and confirmed on half 1. */
export function halfOf(taskId: string): number {
  return sampleSeed(0, taskId, 0) % 2;
}

/** Simulates the plan on one pairing of candidates and tests. */
export function benchScaling(
  pairing: string,
  { matrices, unlabelled }: { matrices: readonly LabelledMatrix[]; unlabelled: number },
  plan: ScalingPlan,
): ScalingReport {
  const paths = matrices.map((one) => pathsOf(one, plan));
  const stored = paths.map(([path]) => path!.standings.length - 1);
  const curves = paths.map((rounds) =>
    rounds[0]!.accuracy.map((_, tests) => meanOf(rounds.map(({ accuracy }) => accuracy[tests]!))),
  );
  const totals = plan.budgets.map((budget) => sum(stored.map((most) => Math.min(budget, most))));
  const ceilings = bestFixedBudgets(curves, totals);
  const gains: number[][] = []; // by budget and problem
  const truth = matrices.map(({ matrix, right }) =>
    meanOf(matrix.solIds.map((solId) => (right.get(solId) ? 1 : 0))),
  );
  const { rates } = plan;
  const predictions = rates && matrices.map(({ taskId }) => rateOf(taskId, rates));
  const budgets = plan.budgets.map((budget, at): BudgetReport => {
    const total = totals[at]!;
    const equal = curves.map((curve, problem) => curve[Math.min(budget, stored[problem]!)]!);
    const { accuracy: policy, spent } = simulated(matrices, paths, plan, total);
    const byRates = (rates: readonly number[]) => {
      const shares = sharesOf(rates, stored, total, plan.least);
      return curves.map((curve, problem) => curve[shares[problem]!]!);
    };
    const gold = byRates(truth);
    const predicted = predictions && byRates(predictions);
    const less = (own: readonly number[]) => own.map((value, problem) => value - equal[problem]!);
    gains.push(less(policy));
    return {
      budget,
      spent: total / matrices.length,
      equal: estimate(equal),
      policy: estimate(policy),
      policyGain: estimate(less(policy)),
      policySpent: spent / matrices.length,
      gold: estimate(gold),
      goldGain: estimate(less(gold)),
      predicted: predicted && estimate(predicted),
      predictedGain: predicted && estimate(less(predicted)),
      hindsight: ceilings[at]!,
    };
  });
  const averages = matrices.map((_, problem) => meanOf(gains.map((gain) => gain[problem]!)));
  const half = (which: number) =>
    estimate(averages.filter((_, problem) => halfOf(matrices[problem]!.taskId) === which));
  return {
    pairing,
    problems: matrices.length,
    unlabelled,
    tests: meanOf(stored),
    rounds: plan.rounds,
    budgets,
    gain: { all: estimate(averages), halves: [half(0), half(1)] },
    stopping: plan.budgets.map((budget) => exactStopping(matrices, paths, budget)),
  };
}

function pathsOf({ taskId, matrix, right }: LabelledMatrix, { rounds, seed, programs }: ScalingPlan): Path[] {
  const known = programs?.get(taskId);
  const equal =
    known && equalGroups(matrix.solIds.map((solId) => known.get(solId) ?? `unknown ${solId}`)).groupOf;
  const truth = matrix.solIds.map((solId) => (right.get(solId) ? 1 : 0));
  return Array.from({ length: rounds }, (_, round) => {
    const order = shuffledVotes(matrix, new Chance(sampleSeed(seed, taskId, round)));
    const path: Path = { standings: [], winners: [], accuracy: [] };
    for (const { standing, rows } of standings(matrix, order, equal ?? null)) {
      path.standings.push(standing);
      path.winners.push(rows[0]!);
      path.accuracy.push(meanOf(rows.map((row) => truth[row]!)));
    }
    return path;
  });
}

/** Runs the policy through all rounds. @returns each problem's mean accuracy, and the tests spent in a round */
function simulated(
  matrices: readonly LabelledMatrix[],
  paths: readonly (readonly Path[])[],
  { policy, rounds }: ScalingPlan,
  total: number,
): { accuracy: number[]; spent: number } {
  const scaling = policy(total / matrices.length);
  const sums = matrices.map(() => 0);
  let spent = 0;
  for (let round = 0; round < rounds; round++) {
    const progress = matrices.map(({ taskId }, at): Progress => {
      const { standings } = paths[at]![round]!;
      return { taskId, requested: 0, most: standings.length - 1, standing: null };
    });
    const places = new Map(progress.map(({ taskId }, at) => [taskId, at]));
    for (let grants = scaling.nextRound(progress); grants.length > 0; grants = scaling.nextRound(progress)) {
      for (const { taskId, tests } of grants) {
        const at = places.get(taskId)!;
        const requested = progress[at]!.requested + tests;
        progress[at] = { ...progress[at]!, requested, standing: paths[at]![round]!.standings[requested]! };
      }
    }
    for (const [at, { requested }] of progress.entries())
      sums[at]! += paths[at]![round]!.accuracy[requested]!;
    spent += sum(progress.map(({ requested }) => requested));
  }
  return { accuracy: sums.map((all) => all / rounds), spent: spent / rounds };
}

function rateOf(taskId: string, rates: ReadonlyMap<string, number>): number {
  const rate = rates.get(taskId);
  if (rate !== undefined) return rate;
  throw new InputError(
    `--rates has no pass rate of task ${JSON.stringify(taskId)}: expected a line {task_id, rate} for each problem of ` +
      'the matrix.',
  );
}

/** The paper's allocation by pass rates (src/scaling/difficulty.ts), within what is stored. */
function sharesOf(
  rates: readonly number[],
  stored: readonly number[],
  total: number,
  least: number,
): number[] {
  const accounts = stored.map((most) => ({ tests: Math.min(least, most), most }));
  const left = total - sum(accounts.map(({ tests }) => tests));
  return greedy(accounts, left, (at, tests) => worthOfNext(rates[at]!, tests));
}

function exactStopping(
  matrices: readonly LabelledMatrix[],
  paths: readonly (readonly Path[])[],
  budget: number,
): StoppingReport {
  const report: StoppingReport = { budget, tests: 0, savedTests: 0, savedExecutions: 0, changed: 0 };
  for (const [at, rounds] of paths.entries()) {
    for (const { standings, winners, accuracy } of rounds) {
      const most = Math.min(budget, standings.length - 1);
      const stop = standings.findIndex((one, tests) => tests >= most || cannotChange(one, most - tests));
      report.tests += most;
      report.savedTests += most - stop;
      report.savedExecutions += (most - stop) * matrices[at]!.matrix.solIds.length;
      if (winners[stop] !== winners[most] || accuracy[stop] !== accuracy[most]) report.changed += 1;
    }
  }
  const rounds = paths[0]?.length ?? 1;
  const averages = { tests: report.tests / rounds, savedTests: report.savedTests / rounds };
  return { ...report, ...averages, savedExecutions: report.savedExecutions / rounds };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
