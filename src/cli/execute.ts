import { Command } from 'commander';
import { openExecutionTasks } from '../open-tasks.js';
import { execute } from '../pipeline.js';
import { resultLines } from '../report.js';
import type { ExecutionRun } from '../run.js';
import type { ExecutionTask, Tasks } from '../task.js';
import { withExecutionRun } from './engine.js';
import { addExecution } from './flags/execution.js';
import { addUnitTests } from './flags/inputs.js';
import { addCache, addOutput } from './flags/output.js';
import { addShard } from './flags/shard.js';
import { addWatching } from './flags/watching.js';
import { writeLines } from './output.js';
import { repeatable } from './replay.js';

export function executeCommand(signal: AbortSignal): Command {
  const command = new Command('execute');
  for (const add of [addUnitTests, addExecution, addOutput, addCache, addShard, addWatching]) add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
Each output line: {task_id, sol_id, ut_id, result, details, verdict, detail, cpu_ms, wall_ms, cases, ...}, or
{task_id, error} for a task that failed (exit code 3).`,
  );
  return repeatable(command, (flags, given) => {
    const { problems = [], solutions, unitTests, limit = null, candidates = null, shard = null } = flags;
    return writeLines({
      name: 'execute',
      flags,
      tasks: () => openExecutionTasks({ problems, solutions, unitTests, limit, candidates, shard }),
      open: (work) => withExecutionRun(flags, given, signal, work),
      lines: executedLines,
    });
  });
}

async function* executedLines(
  tasks: Tasks<ExecutionTask>,
  run: ExecutionRun,
): AsyncGenerator<Record<string, unknown>> {
  for await (const task of execute(tasks, run)) {
    run.tally.problems += 1;
    run.tally.candidates += task.candidates.length;
    if (task.failure !== null) {
      run.tally.failedProblems += 1;
      run.progress.say(`${task.taskId} failed: ${task.failure}`);
    }
    yield* resultLines(task, run);
  }
}
