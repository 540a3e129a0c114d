import { CodermError, ExitCode, InputError } from '../error.js';
import type { LabelAgreement } from '../evaluate/label-agreement.js';
import type { Labels } from '../evaluate/labels.js';
import { groundTruth, type JudgedTask } from '../ground-truth.js';
import { HIDDEN_TEST_LIMITS, openHiddenTests } from '../hidden-test.js';
import { makeManifest } from '../manifest.js';
import { openCandidates } from '../open-tasks.js';
import type { ExecutionRun } from '../run.js';
import { skipSentences } from '../task.js';
import { withExecutionRun } from './engine.js';
import type { Flags } from './flags/flags.js';
import { LinesFile } from './lines-file.js';
import type { Given } from './option.js';
import { summaryText } from './summary.js';

/** Judges the candidates of --solutions by the hidden tests of --ground-truth, and keeps the labels in --labels-out. */
export async function computedTruth(flags: Flags, given: Given, signal: AbortSignal): Promise<JudgedTask[]> {
  const { groundTruth: files = [], solutions, limit = null, candidates = null, shard = null } = flags;
  if (solutions === undefined) {
    throw new InputError('--ground-truth judges candidates: expected --solutions FILE with it, got none.');
  }
  // The problems with the tests also have the prompts that completions continue.
  const problems = flags.problems ?? files.slice(0, 1);
  const inputs = [...files, ...problems, ...solutions];
  const hidden = await openHiddenTests(files);
  try {
    const tasks = await openCandidates({ solutions, problems, limit, candidates, shard });
    try {
      const out = flags.labelsOut === undefined ? null : new LinesFile(flags.labelsOut, inputs);
      try {
        const limited = withHiddenLimits(flags, given);
        return await withExecutionRun(limited, given, signal, async (run) => {
          for (const sentence of skipSentences(tasks.counts)) run.progress.say(`${sentence} (skipped)`);
          const judged = await judge(groundTruth(tasks, hidden, run), out, run);
          await out?.complete((output) => makeManifest('evaluate', { ...limited }, inputs, run, output));
          const failed = judged.filter(({ failure }) => failure !== null);
          for (const { taskId, failure } of failed) run.progress.say(`${taskId} failed: ${failure}`);
          if (judged.length === 0 && shard === null) throw noneJudged(files, solutions);
          if (failed.length > 0) process.exitCode = ExitCode.partial;
          if (failed.length > 0 && failed.length === judged.length) throw allFailed(failed[0]!);
          return judged.filter(({ failure }) => failure === null);
        });
      } finally {
        out?.abandon();
      }
    } finally {
      tasks.close();
    }
  } finally {
    hidden.close();
  }
}

/** A hidden test may take longer than a unit test, unless a limit was asked for. */
function withHiddenLimits(flags: Flags, given: Given): Flags {
  if (flags.limits === 'paper') return flags;
  const { cpuMs, wallMs } = HIDDEN_TEST_LIMITS;
  return {
    ...flags,
    cpuMs: given('cpuMs') ? flags.cpuMs : cpuMs,
    wallMs: given('wallMs') ? flags.wallMs : wallMs,
  };
}

async function judge(
  tasks: AsyncIterable<JudgedTask>,
  out: LinesFile | null,
  { tally }: ExecutionRun,
): Promise<JudgedTask[]> {
  const judged: JudgedTask[] = [];
  const start = performance.now();
  for await (const task of tasks) {
    judged.push(task);
    if (task.failure !== null) out?.write({ task_id: task.taskId, error: task.failure });
    for (const { solId, passed, verdict, detail } of task.truths) {
      out?.write({ task_id: task.taskId, sol_id: solId, passed, verdict, detail });
    }
  }
  tally.seconds.total = (performance.now() - start) / 1000;
  process.stderr.write(summaryText(tally));
  return judged;
}

function allFailed({ taskId, failure }: JudgedTask): CodermError {
  return new CodermError(`no task could be judged; of ${taskId}: ${failure}`, ExitCode.partial);
}

function noneJudged(files: readonly string[], solutions: readonly string[]): InputError {
  return new InputError(
    `${files.join(', ')} has no hidden test of a task of ${solutions.join(', ')}: expected equal task ids.`,
  );
}

/** The computed labels as `evaluate` takes them. */
export function labelsOf(judged: readonly JudgedTask[]): Labels {
  return new Map(
    judged.map(({ taskId, truths }) => [taskId, new Map(truths.map(({ solId, passed }) => [solId, passed]))]),
  );
}

const DIFFERENCES_SHOWN = 20;

/** How far given and computed labels agree, and where and why not. */
export function agreementText({ compared, equal, unlabelled, differences }: LabelAgreement): string {
  const sign = (right: boolean) => (right ? 'right' : 'wrong');
  const more = differences.length - DIFFERENCES_SHOWN;
  return [
    `labels     ${equal} of ${compared} as given${unlabelled > 0 ? `, ${unlabelled} more without a given label` : ''}`,
    ...differences
      .slice(0, DIFFERENCES_SHOWN)
      .map(
        ({ task_id, sol_id, given, computed, verdict, detail }) =>
          `           ${task_id} ${sol_id}: given ${sign(given)}, computed ${sign(computed)} (${detail ?? verdict})`,
      ),
    ...(more > 0 ? [`           and ${more} more (--json has all)`] : []),
    '',
  ].join('\n');
}
