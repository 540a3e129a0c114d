import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { ExitCode } from '../error.js';
import { openProblems, openTasks } from '../open-tasks.js';
import type { Problem } from '../problem.js';
import { unsolvedLine } from '../report.js';
import type { Scaling } from '../scaling/scaling.js';
import { planSolutions } from '../stages/plan.js';
import type { Tasks } from '../task.js';
import { inputFiles, withRun } from './engine.js';
import type { Flags } from './flags/flags.js';
import { addPolicy } from './flags/policy.js';
import { addReranking } from './flags/reranking.js';
import { checkEndpoint, openModel } from './model.js';
import type { Given } from './option.js';
import { writeLines } from './output.js';
import { planText } from './plan-text.js';
import { printable } from './printable.js';
import { checkScoring, rankedLines } from './ranked-lines.js';
import { repeatable } from './replay.js';
import { pageRunOf, withReport } from './report.js';
import type { ReportFile } from './report-file.js';
import { checkSolutionsOut, policyRunOf, type SolveRun, writeSolutions } from './solutions.js';
import { checkSpending, scalingOf } from './spending.js';
import { printSummary } from './summary.js';

export function solveCommand(signal: AbortSignal): Command {
  const command = new Command('solve');
  addReranking(
    addPolicy(command),
    'what writing the candidates would cost (tokens, memory, time), and their cells',
  );
  command.addHelpText(
    'after',
    `
Example:
  coderm solve --problems HumanEval.jsonl.gz --policy policy.gguf --model CodeRM-8B.Q4_K_M.gguf --candidates 20 --out ranked.jsonl
Each output line is one of coderm rerank. The models are in memory one after the other; every sample is in the cache.`,
  );
  return repeatable(command, (given, isGiven) => {
    const flags: Flags = { ...given, solutions: [] };
    checkSpending(flags);
    checkScoring(flags);
    checkSolutionsOut(flags);
    if (flags.dryRun) return dryRun(flags, isGiven, signal);
    return withReport(flags, inputFiles(flags), (page) =>
      writeLines({
        name: 'solve',
        flags,
        tasks: async () => {
          const problems = await openProblems(flags);
          // It may find a problem without a pass rate: before anything is written.
          await scalingOfProblems(flags, problems);
          return problems;
        },
        open: (work) => withSolveRun(flags, isGiven, signal, work),
        lines: (problems: Tasks<Problem>, run: SolveRun) => solvedLines(problems, flags, run, page),
        finish: (run) => page?.complete(pageRunOf(flags, run, 'coderm solve')),
      }),
    );
  });
}

/** Both models are identified at once; the weights of each are loaded when it has to write something. */
function withSolveRun<T>(
  flags: Flags,
  given: Given,
  signal: AbortSignal,
  work: (run: SolveRun) => Promise<T>,
): Promise<T> {
  const policyFlags = policyFlagsOf(flags);
  checkEndpoint(policyFlags, 'policy-');
  const same = flags.model === undefined && flags.endpoint === undefined;
  return withRun(same ? policyFlags : flags, given, signal, async (run) => {
    const policy = same ? run.model : await openModel(policyFlags, run);
    try {
      return await work({ ...run, policy });
    } finally {
      if (!same) await policy.close();
    }
  });
}

/** The flags as if the policy model were the one to open. */
function policyFlagsOf(flags: Flags): Flags {
  const { model: _, endpoint: _u, endpointModel: _n, ...rest } = flags;
  const { policy, policyEndpoint, policyEndpointModel } = flags;
  return {
    ...rest,
    ...(policy === undefined ? {} : { model: policy }),
    ...(policyEndpoint === undefined ? {} : { endpoint: policyEndpoint }),
    ...(policyEndpointModel === undefined ? {} : { endpointModel: policyEndpointModel }),
  };
}

/** Prints what writing the candidates would cost, and begins none of it. */
async function dryRun(flags: Flags, given: Given, signal: AbortSignal): Promise<number> {
  const problems = await openProblems(flags);
  try {
    const scaling = await scalingOfProblems(flags, problems);
    const plan = await withSolveRun(flags, given, signal, (run) =>
      planSolutions(problems, { candidates: flags.candidates!, scaling }, policyRunOf(flags, run)),
    );
    if (flags.json) printSummary({ ...plan });
    else process.stdout.write(printable(planText(plan, flags.budget !== undefined, 'solutions')));
    return ExitCode.done;
  } finally {
    problems.close();
  }
}

function scalingOfProblems(flags: Flags, problems: Iterable<Problem>): Promise<Scaling> {
  return scalingOf(
    flags,
    Array.from(problems, (problem) => ({ problem })),
  );
}

async function* solvedLines(
  problems: Tasks<Problem>,
  flags: Flags,
  run: SolveRun,
  page: ReportFile | null,
): AsyncGenerator<Record<string, unknown>> {
  const folder = flags.solutionsOut === undefined ? mkdtempSync(join(tmpdir(), 'coderm-solve-')) : null;
  const file = folder === null ? flags.solutionsOut! : join(folder, 'solutions.jsonl');
  try {
    const failures = await writeSolutions(problems, file, flags, run);
    // Its memory is the reward model's now.
    if (run.policy !== run.model) await run.policy.close();
    const order = problems[Symbol.iterator]();
    const unsolved = (taskId: string) => unsolvedLine(taskId, failures.get(taskId)!, flags.scorer);
    if (failures.size < problems.counts.tasks) {
      const tasks = await openTasks({ problems: flags.problems, solutions: [file] });
      try {
        const scaling = await scalingOf(flags, tasks);
        for await (const line of rankedLines(tasks, scaling, flags, run, page)) {
          for (let at = order.next(); at.value.taskId !== line.task_id; at = order.next())
            yield unsolved(at.value.taskId);
          yield line;
        }
      } finally {
        tasks.close();
      }
    }
    for (let at = order.next(); !at.done; at = order.next()) yield unsolved(at.value.taskId);
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
