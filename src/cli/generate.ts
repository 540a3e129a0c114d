import { Command } from 'commander';
import { openTasks } from '../open-tasks.js';
import { generate } from '../pipeline.js';
import { unitTestsLine } from '../report.js';
import type { Run } from '../run.js';
import { equal } from '../scaling/equal.js';
import type { Task, Tasks } from '../task.js';
import { withRun } from './engine.js';
import { addModelOrEndpoint } from './flags/endpoint.js';
import { addExecution } from './flags/execution.js';
import { addGeneration } from './flags/generation.js';
import { addInputs } from './flags/inputs.js';
import { addCache, addOutput } from './flags/output.js';
import { addShard } from './flags/shard.js';
import { addWatching } from './flags/watching.js';
import { writeLines } from './output.js';
import { repeatable } from './replay.js';

export function generateCommand(signal: AbortSignal): Command {
  const command = new Command('generate');
  for (const add of [
    addInputs,
    addModelOrEndpoint,
    addGeneration,
    addExecution,
    addOutput,
    addCache,
    addShard,
    addWatching,
  ])
    add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm generate --problems HumanEval.jsonl.gz --solutions candidates.jsonl --model CodeRM-8B.Q4_K_M.gguf --out unit_tests.jsonl
Each output line: {task_id, unit_tests, ut_ids, dropped, drops}; coderm execute --unit-tests reads it. drops says of each
response that yielded no unit test why.`,
  );
  return repeatable(command, (flags, given) => {
    const { problems, solutions, limit = null, candidates = null, shard = null } = flags;
    return writeLines({
      name: 'generate',
      flags,
      tasks: () => openTasks({ problems, solutions, limit, candidates, shard }),
      open: (work) => withRun(flags, given, signal, work),
      lines: (tasks: Tasks<Task>, run: Run) => generatedLines(tasks, flags.tests, run),
    });
  });
}

async function* generatedLines(
  tasks: Tasks<Task>,
  tests: number,
  run: Run,
): AsyncGenerator<Record<string, unknown>> {
  for await (const tested of generate(tasks, equal(tests), run)) {
    const { task, failure } = tested;
    run.tally.problems += 1;
    run.tally.candidates += task.candidates.length;
    if (failure !== null) {
      run.tally.failedProblems += 1;
      run.progress.say(`${task.problem.taskId} failed: ${failure}`);
    }
    yield unitTestsLine(tested);
  }
}
