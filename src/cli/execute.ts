import { Command } from 'commander';
import { InputError } from '../error.js';
import { execute } from '../pipeline.js';
import { resultLines } from '../report.js';
import { openExecutionTasks, skipSentences } from '../task.js';
import { withExecutionRun } from './engine.js';
import { LinesFile } from './lines-file.js';
import { addCache, addExecution, addOutput, addUnitTests, type Flags } from './options.js';
import { printSummary, summaryText } from './summary.js';

export function executeCommand(signal: AbortSignal): Command {
  const command = new Command('execute').description(
    'execute candidates against given unit tests; one line a cell of the execution matrix',
  );
  for (const add of [addUnitTests, addExecution, addOutput, addCache]) add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
Each output line: {task_id, sol_id, ut_id, result, details, verdict, detail, cpu_ms, wall_ms, cases, ...}.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const given = (name: string) => !['default', undefined].includes(command.getOptionValueSource(name));
    if (flags.json && flags.out === undefined) {
      throw new InputError(
        '--json prints the summary on stdout, where the lines would go: expected --out FILE with it.',
      );
    }
    await run(flags, given, signal);
  });
}

async function run(flags: Flags, given: (name: string) => boolean, signal: AbortSignal): Promise<void> {
  const { problems = [], solutions, unitTests, limit, candidates } = flags;
  const tasks = await openExecutionTasks({
    problems,
    solutions,
    unitTests,
    limit: limit ?? null,
    candidates: candidates ?? null,
  });
  try {
    await withExecutionRun(flags, given, signal, async (ready) => {
      for (const sentence of skipSentences(tasks.counts)) ready.progress.say(`${sentence} (skipped)`);
      const out = new LinesFile(flags.out ?? null);
      const start = performance.now();
      try {
        for await (const task of execute(tasks, ready)) {
          ready.tally.problems += 1;
          ready.tally.candidates += task.candidates.length;
          for (const line of resultLines(task)) out.write(line);
        }
        out.complete();
      } catch (error) {
        out.abandon();
        throw error;
      }
      ready.tally.seconds.total = (performance.now() - start) / 1000;
      process.stderr.write(summaryText(ready.tally));
      if (flags.json) printSummary({ skipped: tasks.counts, ...ready.tally });
    });
  } finally {
    tasks.close();
  }
}
