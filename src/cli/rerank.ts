import { Command } from 'commander';
import { ExitCode, InputError } from '../error.js';
import { makeManifest } from '../manifest.js';
import { rerank } from '../pipeline.js';
import { scorerNamed } from '../rank/scorer.js';
import { rankingLine } from '../report.js';
import type { Run } from '../run.js';
import { equal } from '../scaling/equal.js';
import { openTasks, skipSentences, type TaskCounts } from '../task.js';
import { withRun } from './engine.js';
import { LinesFile } from './lines-file.js';
import {
  addCache,
  addExecution,
  addGeneration,
  addInputs,
  addModel,
  addOutput,
  addScorer,
  type Flags,
} from './options.js';
import { addReplay, replay } from './replay.js';
import { printSummary, summaryText } from './summary.js';

export function rerankCommand(signal: AbortSignal): Command {
  const command = new Command('rerank').description(
    'generate unit tests for each problem, execute every candidate against them, and rank the candidates',
  );
  for (const add of [addInputs, addModel, addGeneration, addExecution, addScorer, addOutput, addCache])
    add(command);
  addReplay(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm rerank --problems HumanEval.jsonl.gz --solutions candidates.jsonl --model CodeRM-8B.Q4_K_M.gguf --out ranked.jsonl
Each output line: {task_id, selected, solution, ranking, tied, scorer, tests, tokens}. Everything computed is kept in
the cache: a second run, or a larger --tests or --candidates, computes only what is new.`,
  );
  return command.action(async () => {
    const given = (name: string) => !['default', undefined].includes(command.getOptionValueSource(name));
    const flags = command.opts<Flags & { replay?: string }>();
    if (flags.replay === undefined) process.exitCode = await run(flags, given, signal);
    else process.exitCode = await replay(flags.replay, (again) => run(again, () => true, signal));
  });
}

async function run(flags: Flags, given: (name: string) => boolean, signal: AbortSignal): Promise<number> {
  if (flags.json && flags.out === undefined) {
    throw new InputError(
      '--json prints the summary on stdout, where the lines would go: expected --out FILE with it.',
    );
  }
  const { problems, solutions, limit, candidates } = flags;
  const tasks = await openTasks({
    problems,
    solutions,
    limit: limit ?? null,
    candidates: candidates ?? null,
  });
  try {
    return await withRun(flags, given, signal, (ready) => rerankTo(flags, tasks, ready));
  } finally {
    tasks.close();
  }
}

async function rerankTo(
  flags: Flags,
  tasks: Awaited<ReturnType<typeof openTasks>>,
  run: Run,
): Promise<number> {
  const start = performance.now();
  for (const sentence of skipSentences(tasks.counts)) run.progress.say(`${sentence} (skipped)`);
  const out = new LinesFile(flags.out ?? null);
  let sha256: string;
  try {
    for await (const ranked of rerank(tasks, equal(flags.tests), scorerNamed(flags.scorer), run)) {
      out.write(rankingLine(ranked));
      if (ranked.tested.failure !== null) {
        run.progress.say(`${ranked.tested.task.problem.taskId} failed: ${ranked.tested.failure}`);
      }
    }
    sha256 = out.complete();
  } catch (error) {
    out.abandon();
    throw error;
  }
  run.tally.seconds.total = (performance.now() - start) / 1000;
  if (flags.out !== undefined) await writeManifest(flags, run, { path: flags.out, bytes: out.bytes, sha256 });
  report(flags, tasks.counts, run);
  return run.tally.failedProblems > 0 ? ExitCode.partial : ExitCode.done;
}

async function writeManifest(
  flags: Flags,
  run: Run,
  output: { path: string; bytes: number; sha256: string },
): Promise<void> {
  const inputs = [...flags.problems, ...flags.solutions];
  const manifest = await makeManifest('rerank', { ...flags }, inputs, run, output);
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${output.path}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

function report(flags: Flags, counts: Readonly<TaskCounts>, run: Run): void {
  process.stderr.write(summaryText(run.tally));
  if (flags.json) printSummary({ skipped: counts, ...run.tally });
}
