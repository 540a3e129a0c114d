import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { fitOf } from '../difficulty/fit.js';
import { hiddenStates } from '../difficulty/hidden.js';
import { ratesOfLabels, ratesOfMatrices } from '../difficulty/pass-rates.js';
import { predictRate } from '../difficulty/probe.js';
import { type ProbeFile, readProbe } from '../difficulty/probe-file.js';
import { crossValidated, type Example, trainProbe } from '../difficulty/training.js';
import { InputError } from '../error.js';
import { readLabels } from '../evaluate/labels.js';
import { openTasks } from '../open-tasks.js';
import type { Run } from '../run.js';
import { openStoredMatrices } from '../stored-matrix.js';
import { skipSentences, type Task, type Tasks } from '../task.js';
import { trainedText, trainingFacts } from './difficulty-text.js';
import { withRun } from './engine.js';
import { addProbe, addTraining } from './flags/difficulty.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addGeneration } from './flags/generation.js';
import { addInputs } from './flags/inputs.js';
import { addModel } from './flags/model.js';
import { addCache, addOutput, addReport } from './flags/output.js';
import { LinesFile } from './lines-file.js';
import { type Given, givenFlags } from './option.js';
import { writeLines } from './output.js';
import { printable } from './printable.js';
import { repeatable } from './replay.js';
import { endedNow, withPage } from './report.js';
import { printSummary } from './summary.js';

export function difficultyCommand(signal: AbortSignal): Command {
  return new Command('difficulty').addCommand(trainCommand(signal)).addCommand(predictCommand(signal));
}

function trainCommand(signal: AbortSignal): Command {
  const command = new Command('train').description(
    'train a probe on the hidden state of each prompt, and cross-validate it',
  );
  for (const add of [addInputs, addModel, addGeneration, addExecution, addTraining, addReport, addCache]) {
    add(command);
  }
  command.addHelpText(
    'after',
    `
Example:
  coderm difficulty train --problems HumanEval.jsonl.gz --solutions candidates.jsonl --model CodeRM-8B.Q4_K_M.gguf \\
    --labels labels.jsonl --held-out rates.jsonl --out probe.json
Two layers, soft-label cross-entropy, early stopping on a fifth of the problems; the same problems and --seed give the
same probe. Hidden states are kept in the cache. The calibration printed, and plotted with
--report FILE.html, is of the held-out predictions.`,
  );
  return command.action(async () => {
    await train(command.opts<Flags>(), givenFlags(command), signal);
  });
}

function predictCommand(signal: AbortSignal): Command {
  const command = new Command('predict').description('the pass rate of each problem, by a trained probe');
  for (const add of [addInputs, addModel, addProbe, addGeneration, addExecution, addOutput, addCache]) {
    add(command);
  }
  command.addHelpText(
    'after',
    `
Example:
  coderm difficulty predict --problems problems.jsonl --solutions candidates.jsonl --model CodeRM-8B.Q4_K_M.gguf \\
    --probe probe.json --out rates.jsonl
Each output line: {task_id, rate}, which --rates reads.`,
  );
  return repeatable(command, (flags, given) => {
    const { problems, solutions, limit = null, candidates = null } = flags;
    return writeLines({
      name: 'predict',
      flags,
      tasks: () => openTasks({ problems, solutions, limit, candidates }),
      open: (work) => withRun(flags, given, signal, work),
      lines: (tasks: Tasks<Task>, run: Run) => predictedLines(tasks, flags.probe, run),
    });
  });
}

async function* predictedLines(
  tasks: Tasks<Task>,
  file: string,
  run: Run,
): AsyncGenerator<Record<string, unknown>> {
  const probe = readProbe(file, run.model.identity);
  for await (const state of hiddenStates(tasks, run)) {
    run.tally.problems += 1;
    if ('hidden' in state) yield { task_id: state.taskId, rate: rounded(predictRate(probe, state.hidden)) };
    else {
      run.tally.failedProblems += 1;
      run.progress.say(`${state.taskId} failed: ${state.failure}`);
    }
  }
}

async function train(flags: Flags, given: Given, signal: AbortSignal): Promise<void> {
  const { problems, solutions, limit = null, candidates = null, width, seed, folds } = flags;
  const rates = await knownRates(flags);
  const tasks = await openTasks({ problems, solutions, limit, candidates });
  const inputs = [...problems, ...solutions, flags.model!].filter(existsSync);
  const out = new LinesFile(flags.out!, inputs);
  const heldOut = flags.heldOut === undefined ? null : new LinesFile(flags.heldOut, inputs);
  const outputs = { '--out': flags.out, '--held-out': flags.heldOut };
  try {
    await withPage(flags.report, { inputs, outputs }, (page) =>
      withRun(flags, given, signal, async (run) => {
        const examples = await examplesOf(tasks, rates, folds, run);
        const found = folds > 1 ? crossValidated(examples, folds, { seed, width }) : [];
        const trained = trainProbe(examples, { seed, width });
        const file: ProbeFile = {
          model: run.model.identity,
          inputs: trained.probe.mean.length,
          probe: trained.probe,
        };
        out.write({ ...file });
        out.finish();
        for (const { taskId, predicted } of found) {
          heldOut?.write({ task_id: taskId, rate: rounded(predicted) });
        }
        heldOut?.finish();
        const fit = found.length > 0 ? fitOf(found) : null;
        const { epochs, loss } = trained;
        if (flags.json) printSummary({ problems: examples.length, epochs, loss, held_out: fit });
        else process.stdout.write(printable(trainedText(examples.length, trained, fit)));
        if (page === null) return;
        const report = { problems: examples.length, epochs, loss, fit, heldOut: found };
        const facts = trainingFacts(flags, run);
        const { probePage } = await import('../page/difficulty.js');
        page.write(probePage({ ...endedNow('coderm difficulty train'), facts }, report));
        page.complete();
      }),
    );
  } finally {
    for (const file of [out, heldOut]) file?.abandon();
    tasks.close();
  }
}

/** The problems whose pass rate is known, with their hidden states. */
async function examplesOf(
  tasks: Tasks<Task>,
  rates: ReadonlyMap<string, number>,
  folds: number,
  run: Run,
): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const state of hiddenStates(tasks, run)) {
    const rate = rates.get(state.taskId);
    if ('failure' in state) run.progress.say(`${state.taskId} failed: ${state.failure}`);
    else if (rate !== undefined) examples.push({ ...state, rate });
  }
  const least = Math.max(2, 2 * folds);
  if (examples.length >= least) return examples;
  const why = [`expected at least ${least} for --folds ${folds}`, ...skipSentences(tasks.counts)];
  throw new InputError(
    `${examples.length} problems have candidates, a pass rate and a prompt that fits: ${why.join('; ')}.`,
  );
}

/** Pass rates by task: of labels, or of an earlier run's matrix. */
async function knownRates({ labels, label, matrix }: Flags): Promise<Map<string, number>> {
  if ((labels === undefined) === (matrix === undefined)) {
    throw new InputError(
      `a probe learns pass rates: expected --labels or --matrix, got ${labels === undefined ? 'neither' : 'both'}.`,
    );
  }
  if (labels !== undefined) return ratesOfLabels(await readLabels(labels, label[0]!));
  const stored = await openStoredMatrices(matrix);
  try {
    return ratesOfMatrices(stored);
  } finally {
    stored.close();
  }
}

function rounded(rate: number): number {
  return Number(rate.toFixed(6));
}
