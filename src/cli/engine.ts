import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Cache } from '../cache/database.js';
import { currentMarks } from '../cache/keys.js';
import { defaultCachePath, networkWarning } from '../cache/place.js';
import { unusedRows, unusedWarning } from '../cache/unused.js';
import { InputError } from '../error.js';
import { Parser } from '../parser.js';
import type { Progress } from '../progress.js';
import type { ExecutionRun, GenerationOptions, Run } from '../run.js';
import type { HarnessHashes } from '../sandbox/harness.js';
import type { ProbeMemory } from '../sandbox/remembered-probe.js';
import { Sandbox } from '../sandbox/sandbox.js';
import { emptyTally, type Tally } from '../tally.js';
import { limitsOf } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { jsonProgress } from './json-log.js';
import { withMetrics } from './metrics.js';
import { checkEndpoint, openModel } from './model.js';
import type { Given } from './option.js';
import { printable } from './printable.js';
import { stderrProgress } from './progress-bar.js';

/** Opens what the flags ask for, gives it to `work`, and closes it in every case. */
export async function withParser<T>(
  flags: Pick<Flags, 'cache' | 'python' | 'workers'> & Partial<Pick<Flags, 'jail'>>,
  signal: AbortSignal,
  work: (run: Pick<ExecutionRun, 'cache' | 'sandbox' | 'parser'>) => Promise<T>,
): Promise<T> {
  const cache = Cache.open(flags.cache);
  const warning = networkWarning(cache.file);
  if (warning !== null) process.stderr.write(`coderm: ${printable(warning)}\n`);
  try {
    const { python, workers, jail } = flags;
    const sandbox = await Sandbox.open({ python, workers, jail, memory: probeMemory(process.env) });
    try {
      warnOfUnused(cache, sandbox.harness);
      return await work({ cache, sandbox, parser: new Parser(sandbox, cache, signal) });
    } finally {
      await sandbox.close();
    }
  } finally {
    cache.close();
  }
}

/** Beside the default cache, wherever this run's is: it is about the machine. */
function probeMemory(env: NodeJS.ProcessEnv): ProbeMemory {
  return { file: join(dirname(defaultCachePath(env)), 'interpreters.json'), path: env.PATH ?? '' };
}

function warnOfUnused(cache: Cache, harness: HarnessHashes): void {
  const warning = unusedWarning(cache.file, unusedRows(cache, currentMarks(harness)));
  if (warning !== null) process.stderr.write(`coderm: ${printable(warning)}\n`);
}

/** The same, and what executes. */
export function withExecutionRun<T>(
  flags: Flags,
  given: Given,
  signal: AbortSignal,
  work: (run: ExecutionRun) => Promise<T>,
): Promise<T> {
  const tally = emptyTally();
  return withParser(flags, signal, (opened) =>
    work({
      ...opened,
      limits: limitsOf(flags, given),
      isolation: flags.isolation ?? 'cell', // a manifest of an older version does not say
      jail: flags.jail ?? 'namespaces',
      dedup: flags.dedup !== false,
      recheck: flags.recheck ?? 0,
      progress: progressOf(flags, tally),
      tally,
      stub: flags.stub === true,
      signal,
    }),
  );
}

/** Who is told how far the run is. */
function progressOf({ jsonLog, metrics, shard }: Flags, tally: Tally): Progress {
  const shown = jsonLog ? jsonProgress(shard, (line) => process.stderr.write(line)) : stderrProgress();
  if (metrics === undefined) return shown;
  const labels = shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` };
  return withMetrics(shown, metrics, labels as Record<string, string>, tally);
}

/** The same, with the reward model. */
export function withRun<T>(
  flags: Flags,
  given: Given,
  signal: AbortSignal,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  checkEndpoint(flags); // before anything is opened
  return withExecutionRun(flags, given, signal, async (run) => {
    const model = await openModel(flags, run);
    try {
      return await work({ ...run, model, generation: generationOf(flags), prune: flags.prune === true });
    } finally {
      await model.close();
    }
  });
}

function generationOf(flags: Flags): GenerationOptions {
  const { seed, temperature, topP, topK, minP, maxTokens, promptCompat, extract } = flags;
  return {
    seed,
    sampler: { temperature, topP, topK, minP, maxTokens: maxTokens ?? null },
    responsePrefix:
      flags.responsePrefix === undefined ? null : prefixText('--response-prefix', flags.responsePrefix),
    promptCompat,
    extract,
  };
}

/** The contents, if this is the path of a file; else the text itself, with \n read as a line end. */
export function prefixText(flag: string, value: string): string {
  const file = prefixFile(value);
  if (file === null) return value.replaceAll('\\n', '\n');
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${flag}: expected a text or a file, and ${value} cannot be read (${code}).`);
  }
}

function prefixFile(value: string): string | null {
  return value !== '' && value.length < 4096 && !value.includes('\n') && existsSync(value) ? value : null;
}

/** The files that a run reads: its manifest has their hashes, and its output may not overwrite them. */
export function inputFiles(flags: Flags): string[] {
  const {
    problems = [],
    solutions,
    unitTests = [],
    responsePrefix,
    policyPrefix,
    chatTemplate,
    rates,
  } = flags;
  const prefixes = [responsePrefix, policyPrefix].flatMap((prefix) => {
    const file = prefix === undefined ? null : prefixFile(prefix);
    return file === null ? [] : [file];
  });
  const others = [chatTemplate, rates].filter((file) => file !== undefined);
  return [...problems, ...solutions, ...unitTests, ...prefixes, ...others];
}
