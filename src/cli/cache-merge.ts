import { existsSync, rmSync } from 'node:fs';
import { Command } from 'commander';
import { Cache } from '../cache/database.js';
import { exportedLines, importLines } from '../cache/lines.js';
import { type Merged, mergeCaches } from '../cache/merge.js';
import { networkWarning } from '../cache/place.js';
import { InputError } from '../error.js';
import { addInto } from './flags/cache.js';
import type { Flags } from './flags/flags.js';
import { addCache } from './flags/output.js';
import { LinesFile } from './lines-file.js';
import { printable } from './printable.js';
import { printSummary } from './summary.js';

export function mergeCommand(signal: AbortSignal): Command {
  const command = addInto(
    new Command('merge').description('put what several caches hold into one: the shards of a run, say'),
  ).argument('<file...>', 'caches');
  command.addHelpText(
    'after',
    `
Example:
  coderm cache merge cache.shard-*-of-16.sqlite --into cache.sqlite
Rows are found by their content, so that the result is their union: merging again changes nothing, and the order does
not matter. Two files that answer one key differently are an error that names both; a new --into is then not made.`,
  );
  return command.action(async (files: string[]) => {
    const { into: file, json } = command.opts<Flags>();
    const fresh = !existsSync(file);
    const into = Cache.open(file);
    const warning = networkWarning(into.file);
    if (warning !== null) process.stderr.write(`coderm: ${printable(warning)}\n`);
    try {
      const merged = await mergeCaches(into, files, signal);
      if (json) printSummary({ merged, ...into.info() });
      else for (const one of merged) process.stdout.write(printable(mergedText(one)));
      into.close();
    } catch (error) {
      into.close();
      if (fresh) rmSync(file, { force: true }); // half a union looks like a whole one
      throw error;
    }
  });
}

export function exportCommand(): Command {
  const command = addCache(
    new Command('export').description('write prompts, samples, analyses and cells as JSON Lines'),
  ).option('--out <file>', 'write the lines here (default: stdout)');
  return command.action(() => {
    const { cache: file, out = null } = command.opts<Flags>();
    if (!existsSync(file))
      throw new InputError(`${file} does not exist: expected a cache; name it with --cache.`);
    const cache = Cache.open(file);
    try {
      const lines = new LinesFile(out, [file]);
      try {
        for (const line of exportedLines(cache)) lines.write(line);
        lines.finish();
      } finally {
        lines.abandon();
      }
    } finally {
      cache.close();
    }
  });
}

export function importCommand(): Command {
  const command = addInto(
    new Command('import').description('put the lines of coderm cache export into a cache'),
  ).argument('<file...>', 'JSON Lines; gzip accepted');
  return command.action(async (files: string[]) => {
    const { into: file, json } = command.opts<Flags>();
    const into = Cache.open(file);
    try {
      const merged: Merged[] = [];
      for (const one of files) {
        merged.push(await importLines(into, one));
        if (!json) process.stdout.write(printable(mergedText(merged.at(-1)!)));
      }
      if (json) printSummary({ merged, ...into.info() });
    } finally {
      into.close();
    }
  });
}

function mergedText({ file, added, known }: Merged): string {
  const sum = (rows: Record<string, number>) => Object.values(rows).reduce((total, one) => total + one, 0);
  const parts = Object.entries(added).filter(([, rows]) => rows > 0);
  const text = parts.map(([name, rows]) => `${rows} ${name}`).join(', ') || 'nothing new';
  return `${file}: ${text}${sum(known) > 0 ? `; ${sum(known)} rows were there` : ''}\n`;
}
