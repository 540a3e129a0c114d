import { Command } from 'commander';
import { type BudgetReport, benchScaling, type ScalingReport } from '../../bench/scaling.js';
import { readPassRates } from '../../difficulty/pass-rates.js';
import { InputError } from '../../error.js';
import type { Estimate } from '../../evaluate/interval.js';
import { openCandidates } from '../../open-tasks.js';
import { sequential } from '../../scaling/sequential.js';
import { withParser } from '../engine.js';
import { addBudgets } from '../flags/bench.js';
import { addPairingFiles } from '../flags/evaluation.js';
import { addWorkers } from '../flags/execution.js';
import type { Flags } from '../flags/flags.js';
import { addCache } from '../flags/output.js';
import { addSpending } from '../flags/scaling.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';
import { eachPairing } from './pairings.js';

export function benchScalingCommand(signal: AbortSignal): Command {
  const command = new Command('scaling').description(
    'what unequal budgets of unit tests bring, simulated on stored execution matrices with labels',
  );
  for (const add of [addPairingFiles, addBudgets, addSpending, addWorkers, addCache]) add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
  coderm bench scaling --matrices matrix.jsonl --labels labels.jsonl --label plus --solutions candidates.jsonl
With --solutions, candidates with equal programs are known to be equal, and problems stop exactly; else none do.
In each round the stored tests of each problem are put in an order, and a problem that is given b tests has the first b
of them. Candidates are chosen by majority, of equal ones one at random; all policies spend what equal budgets spend.
Prints two Markdown tables for each pairing; --json has the same, as 0 to 1. Accuracy in %, in brackets the 95% interval by
bootstrap over problems; each difference is to the column "equal". The first table, a row a budget:
  budget           unit tests a problem, on average
  spent            what could be spent of it: no problem has more tests than are stored
  equal            accuracy where all problems get the same
  sequential       accuracy by --scaling sequential
  gold rates       accuracy by --scaling difficulty with the true share of right candidates: the paper's rule at its best
  predicted rates  the same with --rates, where given
  hindsight        accuracy of the best fixed budgets, knowing how each problem's accuracy grows: no policy can have more
The second, of equal budgets where a problem stops once no further test can change who wins:
  tests            unit tests of all problems together, if none stopped; then how many stopping saves
  executions saved cells of the execution matrix that are not run
  tokens saved     tests saved times --test-tokens
  winners changed  problems whose winner is another one than with all tests: always 0, or stopping is wrong`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const { budgets, rounds, seed, bMin, stopAbove, solutions = [], problems = [] } = flags;
    if (solutions.length > 0 && solutions.length !== flags.matrices.length) {
      throw new InputError(
        `expected --solutions once for each --matrices (${flags.matrices.length}), in the same order, or not at all, ` +
          `got ${solutions.length}.`,
      );
    }
    const policy = (average: number) =>
      sequential({
        average,
        least: bMin,
        most: Number.POSITIVE_INFINITY,
        exact: true,
        enough: stopAbove ?? 1,
      });
    const reports: ScalingReport[] = [];
    for await (const { name, found } of eachPairing(flags)) {
      const file = solutions[reports.length];
      const programs = file === undefined ? null : await programsOf(file, problems, flags, signal);
      const rates = flags.rates === undefined ? null : await readPassRates(flags.rates);
      const plan = { budgets, rounds, seed, least: bMin, policy, programs, rates };
      reports.push(benchScaling(name, found, plan));
      if (!flags.json) process.stdout.write(printable(scalingText(reports.at(-1)!, flags.testTokens)));
    }
    if (flags.json) printSummary({ pairings: reports });
  });
}

/** Identities of the candidates' programs, by task and sol_id. */
async function programsOf(
  file: string,
  problems: readonly string[],
  flags: Flags,
  signal: AbortSignal,
): Promise<Map<string, Map<number, string>>> {
  const tasks = await openCandidates({ solutions: [file], problems });
  try {
    return await withParser(flags, signal, async ({ parser }) => {
      const programs = new Map<string, Map<number, string>>();
      for (const { taskId, candidates } of tasks) {
        const parsed = await parser.programs(candidates.map(({ program }) => program));
        programs.set(taskId, new Map(parsed.map(({ identity }, at) => [candidates[at]!.solId, identity])));
      }
      return programs;
    });
  } finally {
    tasks.close();
  }
}

function scalingText(report: ScalingReport, testTokens: number): string {
  const { pairing, problems, tests, rounds, unlabelled, gain } = report;
  const [tuned, confirmed] = gain.halves;
  return [
    `### ${pairing}`,
    '',
    `${problems} problems${unlabelled > 0 ? ` (${unlabelled} more without labels)` : ''}, on average ` +
      `${tests.toFixed(1)} stored tests; ${rounds} rounds.`,
    '',
    ...table(
      [
        ...['budget', 'spent', 'equal', 'sequential', 'difference', 'gold rates', 'difference'],
        ...(report.budgets[0]?.predicted ? ['predicted rates', 'difference'] : []),
        'hindsight',
      ],
      report.budgets.map(budgetCells),
    ),
    '',
    `Sequential, average difference over these budgets: ${difference(gain.all)}; half 0 of the problems ` +
      `${difference(tuned!)}, half 1 ${difference(confirmed!)}.`,
    '',
    'Equal budgets, each problem stopped once no further test can change who wins:',
    '',
    ...table(
      [
        'budget',
        'tests',
        'saved',
        'executions saved',
        `tokens saved (${testTokens} a test)`,
        'winners changed',
      ],
      report.stopping.map((stop) => [
        String(stop.budget),
        stop.tests.toFixed(0),
        `${stop.savedTests.toFixed(0)} (${percent(stop.savedTests / Math.max(1, stop.tests))}%)`,
        stop.savedExecutions.toFixed(0),
        (stop.savedTests * testTokens).toFixed(0),
        String(stop.changed),
      ]),
    ),
    '',
    '',
  ].join('\n');
}

function budgetCells(row: BudgetReport): string[] {
  const policySpent = row.spent - row.policySpent < 0.005 ? '' : `, sequential ${row.policySpent.toFixed(2)}`;
  return [
    String(row.budget),
    `${row.spent.toFixed(2)}${policySpent}`,
    accuracy(row.equal),
    accuracy(row.policy),
    difference(row.policyGain),
    accuracy(row.gold),
    difference(row.goldGain),
    ...(row.predicted ? [accuracy(row.predicted), difference(row.predictedGain!)] : []),
    percent(row.hindsight),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

const percent = (share: number) => (100 * share).toFixed(1);
const signed = (share: number) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`;

function accuracy({ mean, low, high }: Estimate): string {
  return `${percent(mean)} (${percent(low)}–${percent(high)})`;
}

function difference({ mean, low, high }: Estimate): string {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}
