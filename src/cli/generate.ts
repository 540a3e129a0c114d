import { Command } from 'commander';
import { ExitCode, InputError } from '../error.js';
import { generate } from '../pipeline.js';
import { unitTestsLine } from '../report.js';
import { equal } from '../scaling/equal.js';
import { openTasks, skipSentences } from '../task.js';
import { withRun } from './engine.js';
import { LinesFile } from './lines-file.js';
import {
  addCache,
  addExecution,
  addGeneration,
  addInputs,
  addModel,
  addOutput,
  type Flags,
} from './options.js';
import { printSummary, summaryText } from './summary.js';

export function generateCommand(signal: AbortSignal): Command {
  const command = new Command('generate').description("write unit tests for each problem, in CodeRM's form");
  for (const add of [addInputs, addModel, addGeneration, addExecution, addOutput, addCache]) add(command);
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const given = (name: string) => !['default', undefined].includes(command.getOptionValueSource(name));
    if (flags.json && flags.out === undefined) {
      throw new InputError(
        '--json prints the summary on stdout, where the lines would go: expected --out FILE with it.',
      );
    }
    process.exitCode = await run(flags, given, signal);
  });
}

async function run(flags: Flags, given: (name: string) => boolean, signal: AbortSignal): Promise<number> {
  const { problems, solutions, limit, candidates } = flags;
  const tasks = await openTasks({
    problems,
    solutions,
    limit: limit ?? null,
    candidates: candidates ?? null,
  });
  try {
    return await withRun(flags, given, signal, async (ready) => {
      for (const sentence of skipSentences(tasks.counts)) ready.progress.say(`${sentence} (skipped)`);
      const out = new LinesFile(flags.out ?? null);
      try {
        for await (const tested of generate(tasks, equal(flags.tests), ready)) {
          ready.tally.problems += 1;
          ready.tally.candidates += tested.task.candidates.length;
          if (tested.failure !== null) ready.tally.failedProblems += 1;
          out.write(unitTestsLine(tested));
        }
        out.complete();
      } catch (error) {
        out.abandon();
        throw error;
      }
      process.stderr.write(summaryText(ready.tally));
      if (flags.json) printSummary({ skipped: tasks.counts, ...ready.tally });
      return ready.tally.failedProblems > 0 ? ExitCode.partial : ExitCode.done;
    });
  } finally {
    tasks.close();
  }
}
