import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../error.js';
import { makeManifest } from '../manifest.js';
import type { OpenModel } from '../model/open-model.js';
import { solve } from '../pipeline.js';
import type { Problem } from '../problem.js';
import { rememberRates } from '../rates.js';
import { solutionsLine, unsolvedLine } from '../report.js';
import type { Run } from '../run.js';
import { policyGeneration } from '../stages/solve.js';
import { emptyTally } from '../tally.js';
import { openProblems, openTasks, type Tasks } from '../task.js';
import { inputFiles, prefixText, withRun } from './engine.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addGeneration } from './flags/generation.js';
import { addCache, addOutput } from './flags/output.js';
import { addPolicy } from './flags/policy.js';
import { addAbstain, addScorer } from './flags/scoring.js';
import { LinesFile } from './lines-file.js';
import { checkEndpoint, openModel } from './model.js';
import type { Given } from './option.js';
import { writeLines } from './output.js';
import { repeatable } from './replay.js';
import { checkScoring, rankedLines } from './rerank.js';

export function solveCommand(signal: AbortSignal): Command {
  const command = new Command('solve').description(
    'let a policy model write candidates for each problem, then rerank them: best of N on one machine',
  );
  for (const add of [addPolicy, addGeneration, addExecution, addScorer, addAbstain, addOutput, addCache])
    add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm solve --problems HumanEval.jsonl.gz --policy policy.gguf --model CodeRM-8B.Q4_K_M.gguf --candidates 20 --out ranked.jsonl
Each output line is one of coderm rerank. The models are in memory one after the other; every sample is in the cache.`,
  );
  return repeatable(command, (given, isGiven) => {
    const flags: Flags = { ...given, solutions: [] };
    checkScoring(flags);
    checkSolutionsOut(flags);
    return writeLines({
      name: 'solve',
      flags,
      tasks: () => openProblems(flags.problems, flags.limit ?? null),
      open: (work) => withSolveRun(flags, isGiven, signal, work),
      lines: (problems: Tasks<Problem>, run: SolveRun) => solvedLines(problems, flags, run),
    });
  });
}

/** A run with the model that writes candidates; it may be the reward model itself. */
interface SolveRun extends Run {
  policy: OpenModel;
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

async function* solvedLines(
  problems: Tasks<Problem>,
  flags: Flags,
  run: SolveRun,
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
        for await (const line of rankedLines(tasks, flags, run)) {
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

/** Lets the policy model write the candidates into the file. @returns why some problems have none */
async function writeSolutions(
  problems: Tasks<Problem>,
  file: string,
  flags: Flags,
  run: SolveRun,
): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  const prefix = flags.policyPrefix === undefined ? '' : prefixText('--policy-prefix', flags.policyPrefix);
  const generation = policyGeneration(run.generation, prefix);
  const policyRun: Run = { ...run, model: run.policy, generation, tally: emptyTally() };
  const inputs = inputFiles(flags);
  const out = new LinesFile(file, inputs.filter(existsSync));
  try {
    for await (const solved of solve(problems, flags.candidates!, policyRun)) {
      const { problem, failure } = solved;
      if (failure !== null) {
        failures.set(problem.taskId, failure);
        run.tally.problems += 1;
        run.tally.failedProblems += 1;
        run.progress.say(`${problem.taskId} failed: ${failure}`);
      }
      out.write(solutionsLine(solved));
    }
    rememberRates(policyRun);
    const { samples, tokensGenerated, seconds } = policyRun.tally;
    run.tally.policy = { samples, tokensGenerated, seconds };
    await out.complete((output) => makeManifest('solve', { ...flags }, inputs, policyRun, output));
  } finally {
    out.abandon();
  }
  return failures;
}

/** @throws InputError where both outputs are one file. */
function checkSolutionsOut({ solutionsOut, out }: Flags): void {
  if (solutionsOut === undefined || out === undefined || resolve(solutionsOut) !== resolve(out)) return;
  throw new InputError(
    `--solutions-out: expected another file than --out, got ${solutionsOut} for both; name one of them otherwise.`,
  );
}
