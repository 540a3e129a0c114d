import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../error.js';
import { makeManifest } from '../manifest.js';
import type { OpenModel } from '../model/open-model.js';
import { solve } from '../pipeline.js';
import type { Problem } from '../problem.js';
import { rememberRates } from '../rates.js';
import { solutionsLine } from '../report.js';
import type { Run } from '../run.js';
import { policyGeneration } from '../stages/solve.js';
import { emptyTally } from '../tally.js';
import type { Tasks } from '../task.js';
import { inputFiles, prefixText } from './engine.js';
import type { Flags } from './flags/flags.js';
import { LinesFile } from './lines-file.js';

/** A run with the model that writes candidates; it may be the reward model itself. */
export interface SolveRun extends Run {
  policy: OpenModel;
}

/** The run as the stage that writes candidates sees it, with counts of its own. */
export function policyRunOf({ policyPrefix }: Flags, run: SolveRun): Run {
  const prefix = policyPrefix === undefined ? '' : prefixText('--policy-prefix', policyPrefix);
  const generation = policyGeneration(run.generation, prefix);
  return { ...run, model: run.policy, generation, tally: emptyTally() };
}

/** Lets the policy model write the candidates into the file. @returns why some problems have none */
export async function writeSolutions(
  problems: Tasks<Problem>,
  file: string,
  flags: Flags,
  run: SolveRun,
): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  const policyRun = policyRunOf(flags, run);
  run.tally.policy = policyRun.tally; // for who watches, as it grows
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
export function checkSolutionsOut({ solutionsOut, out }: Flags): void {
  if (solutionsOut === undefined || out === undefined || resolve(solutionsOut) !== resolve(out)) return;
  throw new InputError(
    `--solutions-out: expected another file than --out, got ${solutionsOut} for both; name one of them otherwise.`,
  );
}
