import { Command } from 'commander';
import { InputError } from '../error.js';
import { openTasks } from '../open-tasks.js';
import { promptTasks } from '../stages/prompt.js';
import { withRun } from './engine.js';
import { addModelOrEndpoint } from './flags/endpoint.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addGeneration } from './flags/generation.js';
import { addInputs } from './flags/inputs.js';
import { addCache } from './flags/output.js';
import { givenFlags } from './option.js';
import { printable } from './printable.js';
import { printSummary } from './summary.js';

export function promptCommand(signal: AbortSignal): Command {
  const command = new Command('prompt')
    .argument('<task>', 'task id')
    .option('--json', 'print {task_id, text, tokens, prefix} as JSON');
  for (const add of [addInputs, addModelOrEndpoint, addGeneration, addExecution, addCache]) add(command);
  return command.action(async (taskId: string) => {
    const flags = command.opts<Flags>();
    const { problems, solutions } = flags;
    const tasks = await openTasks({ problems, solutions });
    try {
      const task = [...tasks].find(({ problem }) => problem.taskId === taskId);
      if (!task) {
        throw new InputError(
          `no problem with candidates has the task id ${JSON.stringify(taskId)}; expected one of ${problems.join(', ')}.`,
        );
      }
      await withRun(flags, givenFlags(command), signal, async (run) => {
        const [prompted] = await promptTasks([task], run);
        const { text, tokens, prefix, asked } = prompted!.prompt;
        if (flags.json) printSummary({ task_id: taskId, text, tokens, prefix });
        else if (asked !== undefined) process.stdout.write(`${printable(text)}\n`);
        else process.stdout.write(`${printable(text)}\n\n${tokens.length} tokens: ${tokens.join(' ')}\n`);
      });
    } finally {
      tasks.close();
    }
  });
}
