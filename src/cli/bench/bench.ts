import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { benchCells } from '../../bench/cells.js';
import { benchSandbox } from '../../bench/sandbox.js';
import { InputError } from '../../error.js';
import { describeHost } from '../../manifest.js';
import { openExecutionTasks } from '../../open-tasks.js';
import { skipSentences } from '../../task.js';
import { withExecutionRun } from '../engine.js';
import { addSandboxBench } from '../flags/bench.js';
import { addExecution } from '../flags/execution.js';
import type { Flags } from '../flags/flags.js';
import { addUnitTests } from '../flags/inputs.js';
import { type Given, givenFlags } from '../option.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';
import { benchPruneCommand } from './prune.js';
import { benchText } from './sandbox-text.js';
import { benchScalingCommand } from './scaling.js';
import { benchScorersCommand } from './scorers.js';
import { benchTokensCommand } from './tokens.js';

export function benchCommand(signal: AbortSignal): Command {
  const sandbox = new Command('sandbox').description(
    'cells per second of the sandbox, side by side with a bare fork per cell and with unprotected processes',
  );
  for (const add of [addUnitTests, addExecution, addSandboxBench]) add(sandbox);
  sandbox.addHelpText(
    'after',
    `
Example:
  coderm bench sandbox --solutions candidates.jsonl --unit-tests unit_tests.jsonl --limit 40
Rates are of cells that end by themselves, medians of interleaved rounds; verdicts are compared cell by cell. Every
cell is executed each time: no cache, no deduplication. The baselines have no walls between cells, but one jail
around all of them.`,
  );
  sandbox.action(() => bench(sandbox.opts<Flags>(), givenFlags(sandbox), signal));
  return new Command('bench')
    .addCommand(sandbox)
    .addCommand(benchTokensCommand(signal))
    .addCommand(benchPruneCommand(signal))
    .addCommand(benchScorersCommand())
    .addCommand(benchScalingCommand(signal));
}

async function bench(flags: Flags, given: Given, signal: AbortSignal): Promise<void> {
  const { problems = [], solutions, unitTests, limit = null, candidates = null } = flags;
  const authors = flags.authors === undefined ? null : readable(flags.authors);
  const tasks = await openExecutionTasks({ problems, solutions, unitTests, limit, candidates });
  // What the parser finds is kept while the benchmark lasts; nothing that is measured is.
  const folder = mkdtempSync(join(tmpdir(), 'coderm-bench-'));
  try {
    await withExecutionRun({ ...flags, cache: join(folder, 'cache.sqlite') }, given, signal, async (run) => {
      for (const sentence of skipSentences(tasks.counts)) run.progress.say(`${sentence} (skipped)`);
      const load = loadavg()[0]!; // of others: nothing has been executed yet
      const cells = await benchCells(tasks, flags.cells, run);
      const found = await benchSandbox(cells, flags.rounds, authors, run);
      const { cpu, cores } = describeHost();
      const report = {
        ...found,
        limits: run.limits,
        host: { cpu, cores, load, python: run.sandbox.interpreter.version },
      };
      if (flags.json) printSummary({ ...report });
      else process.stdout.write(printable(benchText(report)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    tasks.close();
  }
}

function readable(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return resolve(path);
  } catch (error) {
    throw new InputError(
      `--authors: expected the path of docker_source/main.py in a copy of the CodeRM authors' repository, and ` +
        `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}
