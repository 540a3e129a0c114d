import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { CACHE_PARTS, Cache, type CachePart } from '../cache/database.js';
import { ExitCode } from '../error.js';
import type { Flags } from './flags/flags.js';
import { addCache } from './flags/output.js';
import { jsonLine } from './printable.js';

export function cacheCommand(): Command {
  const info = addCache(
    new Command('info').description('say what the cache holds, and check the file'),
  ).option('--json', 'print JSON');
  info.action(() => {
    const { cache: file, json } = info.opts<Flags>();
    if (json && !existsSync(file)) {
      const counts = Object.fromEntries(CACHE_PARTS.map((part) => [part, 0]));
      process.stdout.write(jsonLine({ file, schema: null, bytes: 0, ...counts, integrity: [] }));
      return;
    }
    withCache(file, (cache) => {
      const found = { ...cache.info(), integrity: cache.integrityCheck() };
      if (found.integrity.length > 0) process.exitCode = ExitCode.badInput;
      if (json) process.stdout.write(jsonLine(found));
      else for (const [name, value] of Object.entries(found)) print(name, value);
    });
  });
  const clear = addCache(new Command('clear').description('delete what the cache holds'))
    .argument('[part]', 'models, prompts, samples, analyses, cells or rates (default: everything)', cachePart)
    .action((part: CachePart | undefined) => {
      withCache(clear.opts<Flags>().cache, (cache) => {
        for (const [name, count] of Object.entries(cache.clear(part)))
          if (count > 0) print(name, `${count} deleted`);
      });
    });
  return new Command('cache')
    .description('look at or clear what is kept of earlier runs')
    .addCommand(info)
    .addCommand(clear);
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
