import { Command } from 'commander';
import { ExitCode } from '../error.js';
import { openTasks } from '../open-tasks.js';
import type { Run } from '../run.js';
import type { Scaling } from '../scaling/scaling.js';
import { planRun } from '../stages/plan.js';
import type { Task, Tasks } from '../task.js';
import { inputFiles, withRun } from './engine.js';
import { addModelOrEndpoint } from './flags/endpoint.js';
import type { Flags } from './flags/flags.js';
import { addInputs } from './flags/inputs.js';
import { addReranking } from './flags/reranking.js';
import type { Given } from './option.js';
import { writeLines } from './output.js';
import { planText } from './plan-text.js';
import { printable } from './printable.js';
import { checkScoring, rankedLines } from './ranked-lines.js';
import { repeatable } from './replay.js';
import { pageRunOf, withReport } from './report.js';
import { checkSpending, scalingOf } from './spending.js';
import { printSummary } from './summary.js';

export function rerankCommand(signal: AbortSignal): Command {
  const command = new Command('rerank');
  addModelOrEndpoint(addInputs(command));
  addReranking(command, 'what the run would cost (tokens, cells, memory, time)');
  command.addHelpText(
    'after',
    `
Example:
  coderm rerank --problems HumanEval.jsonl.gz --solutions candidates.jsonl --model CodeRM-8B.Q4_K_M.gguf --out ranked.jsonl
Each output line: {task_id, selected, solution, ranking, tied, scorer, confidence, runner_up, decided_by, tests,
tokens}, with --budget also {scaling: {policy, why}}. With --scaling sequential, Ctrl-C ends the run early with the
ranking so far. Everything computed is kept in the cache: a second run, or a larger --tests or --candidates, computes only what is new.`,
  );
  return repeatable(command, (flags, given) => {
    const { problems, solutions, limit = null, candidates = null, shard = null } = flags;
    checkSpending(flags);
    checkScoring(flags); // before anything costly is opened
    if (flags.dryRun) return dryRun(flags, given, signal);
    let scaling: Scaling;
    return withReport(flags, inputFiles(flags), (page) =>
      writeLines({
        name: 'rerank',
        flags,
        tasks: async () => {
          const tasks = await openTasks({ problems, solutions, limit, candidates, shard });
          scaling = await scalingOf(flags, tasks); // it may find a problem without a pass rate: before the model is opened
          return tasks;
        },
        open: (work) => withRun(flags, given, signal, work),
        lines: (tasks: Tasks<Task>, run: Run) => rankedLines(tasks, scaling, flags, run, page),
        finish: (run) => page?.complete(pageRunOf(flags, run)),
      }),
    );
  });
}

/** Prints what the run would cost, and begins none of it. */
async function dryRun(flags: Flags, given: Given, signal: AbortSignal): Promise<number> {
  const { problems, solutions, limit = null, candidates = null, shard = null } = flags;
  const tasks = await openTasks({ problems, solutions, limit, candidates, shard });
  try {
    const scaling = await scalingOf(flags, tasks);
    const plan = await withRun(flags, given, signal, (run) => planRun(tasks, scaling, run));
    if (flags.json) printSummary({ ...plan });
    else process.stdout.write(printable(planText(plan, flags.budget !== undefined)));
    return ExitCode.done;
  } finally {
    tasks.close();
  }
}
