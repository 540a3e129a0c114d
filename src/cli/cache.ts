import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { CACHE_PARTS, Cache, type CachePart } from '../cache/database.js';
import { currentMarks } from '../cache/keys.js';
import { pruneCache } from '../cache/prune.js';
import { deleteUnused, unusedRows } from '../cache/unused.js';
import { verifyCache } from '../cache/verify.js';
import { ExitCode, InputError } from '../error.js';
import { HARNESS, harnessHashes } from '../sandbox/harness.js';
import { exportCommand, importCommand, mergeCommand } from './cache-merge.js';
import { addPrune } from './flags/cache.js';
import type { Flags } from './flags/flags.js';
import { addCache } from './flags/output.js';
import { printable } from './printable.js';
import { printSummary } from './summary.js';

export function cacheCommand(signal: AbortSignal): Command {
  const command = new Command('cache');
  for (const make of [
    infoCommand,
    mergeCommand,
    verifyCommand,
    pruneCommand,
    exportCommand,
    importCommand,
    clearCommand,
  ])
    command.addCommand(make(signal));
  return command;
}

function infoCommand(): Command {
  const command = addCache(
    new Command('info').alias('stat').description('say what the cache holds, and check the file'),
  ).option('--json', 'print JSON');
  return command.action(() => {
    const { cache: file, json } = command.opts<Flags>();
    if (json && !existsSync(file)) {
      const counts = Object.fromEntries(CACHE_PARTS.map((part) => [part, 0]));
      printSummary({ file, schema: null, bytes: 0, ...counts, unused: 0, integrity: [] });
      return;
    }
    withCache(file, (cache) => {
      const unused = Object.values(unusedRows(cache, thisVersion())).reduce((sum, rows) => sum + rows, 0);
      const found = { ...cache.info(), unused, integrity: cache.integrityCheck() };
      if (found.integrity.length > 0) process.exitCode = ExitCode.badInput;
      if (json) printSummary(found);
      else for (const [name, value] of Object.entries(found)) print(name, value);
    });
  });
}

function verifyCommand(): Command {
  const command = addCache(
    new Command('verify').description('check the file, and read every row of it as a run would'),
  );
  return command.action(() => {
    withCache(command.opts<Flags>().cache, (cache) => {
      const { rows, faults } = verifyCache(cache);
      for (const fault of faults) process.stdout.write(printable(`${fault}\n`));
      if (faults.length > 0) process.exitCode = ExitCode.badInput;
      else process.stdout.write(`${rows} rows, all sound\n`);
    });
  });
}

function pruneCommand(): Command {
  const command = addPrune(
    addCache(
      new Command('prune').description(
        'delete rows: by age, until the file is small enough, or those that are no longer used',
      ),
    ),
  );
  return command.action(() => {
    const { cache: file, olderThan, maxSize = null, unused = false } = command.opts<Flags>();
    if (olderThan === undefined && maxSize === null && !unused) {
      throw new InputError(
        'coderm cache prune: expected --older-than, --max-size or --unused, got none of them.',
      );
    }
    const before = olderThan === undefined ? null : Date.now() / 1000 - olderThan;
    withCache(file, (cache) => {
      if (unused) printDeleted(deleteUnused(cache, thisVersion()));
      if (before !== null || maxSize !== null)
        printDeleted(pruneCache(cache, { before, mostBytes: maxSize }));
    });
  });
}

function clearCommand(): Command {
  const command = addCache(new Command('clear').description('delete what the cache holds')).argument(
    '[part]',
    'models, prompts, samples, analyses, cells or rates (default: everything)',
    cachePart,
  );
  return command.action((part: CachePart | undefined) => {
    withCache(command.opts<Flags>().cache, (cache) => printDeleted(cache.clear(part)));
  });
}

/** The marks of what this version makes. */
const thisVersion = () => currentMarks(harnessHashes(HARNESS));

function printDeleted(rows: Record<string, number>): void {
  for (const [name, count] of Object.entries(rows)) if (count > 0) print(name, `${count} deleted`);
}

function withCache(file: string, work: (cache: Cache) => void): void {
  if (!existsSync(file)) {
    process.stdout.write(`${file} does not exist: nothing is cached\n`);
    return;
  }
  const cache = Cache.open(file);
  try {
    work(cache);
  } finally {
    cache.close();
  }
}

function print(name: string, value: unknown): void {
  const text = Array.isArray(value) ? value.join('; ') || 'sound' : String(value);
  process.stdout.write(`${name.padEnd(11)}${text}\n`);
}

function cachePart(text: string): string {
  if ((CACHE_PARTS as string[]).includes(text)) return text;
  throw new InvalidArgumentError(`Expected one of ${CACHE_PARTS.join(', ')}, got ${JSON.stringify(text)}.`);
}
