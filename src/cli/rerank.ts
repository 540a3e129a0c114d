import { Command } from 'commander';
import { ExitCode, InputError } from '../error.js';
import { rerank } from '../pipeline.js';
import { checkPrunable, scorerNamed } from '../rank/scorer.js';
import { rankingLine } from '../report.js';
import type { Run } from '../run.js';
import type { Scaling } from '../scaling/scaling.js';
import { planRun } from '../stages/plan.js';
import type { RankedTask } from '../stages/rank.js';
import { openTasks, type Task, type Tasks } from '../task.js';
import { inputFiles, withRun } from './engine.js';
import { addModelOrEndpoint } from './flags/endpoint.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addGeneration } from './flags/generation.js';
import { addInputs } from './flags/inputs.js';
import { addCache, addOutput, addReport } from './flags/output.js';
import { addScaling } from './flags/scaling.js';
import { addAbstain, addScorer } from './flags/scoring.js';
import { addShard } from './flags/shard.js';
import { addWatching } from './flags/watching.js';
import type { Given } from './option.js';
import { writeLines } from './output.js';
import { planText } from './plan-text.js';
import { printable } from './printable.js';
import { repeatable } from './replay.js';
import { pageRunOf, withReport } from './report.js';
import type { ReportFile } from './report-file.js';
import { checkSpending, scalingOf } from './spending.js';
import { printSummary } from './summary.js';

export function rerankCommand(signal: AbortSignal): Command {
  const command = new Command('rerank').description(
    'generate unit tests for each problem, execute every candidate against them, and rank the candidates',
  );
  for (const add of [
    addInputs,
    addModelOrEndpoint,
    addGeneration,
    addScaling,
    addExecution,
    addScorer,
    addAbstain,
    addOutput,
    addReport,
    addCache,
    addShard,
    addWatching,
  ])
    add(command);
  command.option(
    '--dry-run',
    'print what the run would cost (tokens, cells, memory, time) and do nothing of it',
  );
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

/** @throws InputError for flags that do not go together. */
export function checkScoring({ prune, recheck, scorer }: Flags): void {
  if (prune) checkPrunable(scorerNamed(scorer));
  if (prune && recheck) {
    throw new InputError(
      '--recheck needs the whole execution matrix, and --prune leaves cells out: expected one of the two, got both.',
    );
  }
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

export async function* rankedLines(
  tasks: Tasks<Task>,
  scaling: Scaling,
  flags: Flags,
  run: Run,
  page: ReportFile | null,
): AsyncGenerator<Record<string, unknown>> {
  const { scorer, abstainBelow = 0, budget } = flags;
  const options = { scorer: scorerNamed(scorer), abstainBelow };
  for await (const ranked of rerank(tasks, scaling, options, run)) {
    const { taskId, failure } = ranked.voted;
    if (failure !== null) run.progress.say(`${taskId} failed: ${failure}`);
    page?.add(ranked);
    yield { ...rankingLine(ranked), ...(budget === undefined ? {} : spentOn(ranked, scaling)) };
  }
}

/** What a problem was given, and why; the number is `tests.requested`. */
function spentOn({ voted }: RankedTask, scaling: Scaling): Record<string, unknown> {
  const { taskId, failure, tests, standing } = voted;
  if (failure !== null) return { scaling: { policy: scaling.name, why: 'the problem failed' } };
  const why = scaling.reason({ taskId, requested: tests.requested, most: scaling.most, standing });
  return { scaling: { policy: scaling.name, why } };
}
