import { Command } from 'commander';
import { benchPrune, type PruneBench, type PruneRun } from '../../bench/prune.js';
import { readRecordedMatrices } from '../../bench/recorded-matrix.js';
import { InputError } from '../../error.js';
import { withParser } from '../engine.js';
import { addMatrix } from '../flags/bench.js';
import { addWorkers } from '../flags/execution.js';
import type { Flags } from '../flags/flags.js';
import { addCache } from '../flags/output.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';

export function benchPruneCommand(signal: AbortSignal): Command {
  const command = new Command('prune').description(
    'cells that deduplication and --prune leave of a recorded matrix, and whether the winners stay the same',
  );
  for (const add of [addMatrix, addWorkers, addCache]) add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
  coderm bench prune --matrix matrix.jsonl --solutions candidates.jsonl --unit-tests unit_tests.jsonl
Nothing is executed: the matrix answers every cell that a run would have asked for. Fractions are of the full grid,
candidates × unit tests, each as often as it was sampled.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const { matrix, problems = [], solutions = [], unitTests = [], candidates = null } = flags;
    await withParser(flags, signal, async ({ parser }) => {
      const files = { matrix, problems, solutions, unitTests, candidates };
      const found = await benchPrune(readRecordedMatrices(files, parser));
      if (found.problems === 0) {
        throw new InputError(
          `${matrix} and --solutions have no task in common: expected the files that it was executed from.`,
        );
      }
      if (flags.json) printSummary({ ...found });
      else process.stdout.write(printable(pruneText(found)));
    });
  });
}

function pruneText(found: PruneBench): string {
  const { problems, full_cells, dedup, prune, bound, other_steps, same_winners, unequal_cells } = found;
  const fraction = (value: number) => value.toFixed(3);
  const steps = (run: PruneRun) =>
    `${fraction(run.fraction)} in ${run.rounds_a_problem.toFixed(0)} rounds a problem (at most ${run.most_rounds}), ` +
    `${run.cells_a_job.toFixed(1)} cells a job`;
  const lines: [string, string][] = [
    ['problems', String(problems)],
    ['full grid', `${full_cells} cells`],
    ['dedup', fraction(dedup.fraction)],
    ['and prune', steps(prune)],
    ['bound', `${fraction(bound.fraction)}, by an order that knows the matrix`],
    ['winners', `selected and tied as in the full matrix in ${same_winners} of ${problems} problems`],
    ['flaky', `${unequal_cells} recorded cells differ from an equal cell`],
    ...other_steps.map((run): [string, string] => [
      run.steps.rounds > prune.steps.rounds ? 'finer' : 'coarser',
      steps(run),
    ]),
  ];
  const others = found.other_winners.map((taskId): [string, string] => ['differs', taskId]);
  return [...lines, ...others].map(([name, value]) => `${name.padEnd(11)}${value}\n`).join('');
}
