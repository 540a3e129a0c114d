import { existsSync } from 'node:fs';
import { ExitCode } from '../error.js';
import { makeManifest } from '../manifest.js';
import { rememberRates } from '../rates.js';
import type { ExecutionRun } from '../run.js';
import { skipSentences, type Tasks } from '../task.js';
import { inputFiles } from './engine.js';
import type { Flags } from './flags/flags.js';
import { checkSummary } from './flags/output.js';
import { LinesFile } from './lines-file.js';
import { printSummary } from './summary.js';

/** A command that reads tasks and writes one or more lines for each. */
export interface LinesCommand<T, R extends ExecutionRun> {
  name: string;
  flags: Flags;
  tasks: () => Promise<Tasks<T>>;
  /** Opens what the run needs, gives it to `work`, and closes it. */
  open: (work: (run: R) => Promise<number>) => Promise<number>;
  lines: (tasks: Tasks<T>, run: R) => AsyncIterable<Record<string, unknown>>;
  /** What is left to do when all lines are written and the tally is whole. */
  finish?: (run: R) => void;
}

/** Writes the lines, the manifest and the summary. @returns the exit code */
export async function writeLines<T, R extends ExecutionRun>(command: LinesCommand<T, R>): Promise<number> {
  const { flags } = command;
  checkSummary(flags);
  const tasks = await command.tasks();
  try {
    // Before anything costly is opened: a slip in --out must show at once.
    const used = [...inputFiles(flags), flags.model, flags.policy, flags.cache];
    const read = used.filter((file): file is string => file !== undefined && existsSync(file));
    const out = new LinesFile(flags.out ?? null, read);
    try {
      return await command.open((run) => writeTo(out, tasks, command, run));
    } finally {
      out.abandon();
    }
  } finally {
    tasks.close();
  }
}

async function writeTo<T, R extends ExecutionRun>(
  out: LinesFile,
  tasks: Tasks<T>,
  { name, flags, lines, finish }: LinesCommand<T, R>,
  run: R,
): Promise<number> {
  const { tally, limits } = run;
  for (const sentence of skipSentences(tasks.counts)) run.progress.say(`${sentence} (skipped)`);
  const start = performance.now();
  for await (const line of lines(tasks, run)) out.write(line);
  tally.seconds.total = (performance.now() - start) / 1000;
  // The limits in force, not the set that they came from: a replay takes every flag as given.
  const flagsInForce = { ...flags, cpuMs: limits.cpuMs, wallMs: limits.wallMs };
  rememberRates(run);
  await out.complete((output) => makeManifest(name, flagsInForce, inputFiles(flags), run, output));
  finish?.(run);
  run.progress.finish(tally);
  if (flags.json) printSummary({ skipped: tasks.counts, ...tally });
  return tally.failedProblems > 0 ? ExitCode.partial : ExitCode.done;
}
