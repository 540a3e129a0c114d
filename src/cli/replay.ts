import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { ExitCode, InputError } from '../error.js';
import { type Manifest, manifestDifferences } from '../manifest.js';
import type { Flags } from './flags/flags.js';
import { withOwnFiles } from './flags/shard.js';
import { type Given, givenFlags } from './option.js';
import { printable } from './printable.js';
import { camelCase } from './snake-case.js';

/** Runs the command, or with `--replay`, which stands for all flags, what a manifest describes. */
export function repeatable(command: Command, run: (flags: Flags, given: Given) => Promise<number>): Command {
  const cached = command.options.some(({ long }) => long === '--cache');
  command.addOption(
    new Option(
      '--replay <manifest>',
      `run again what FILE.manifest.json describes${cached ? ' (with --cache FILE: from nothing)' : ''}, and say what ` +
        'differs; exit 3 where anything does',
    ),
  );
  return command.action(async () => {
    const flags = command.opts<Flags & { replay?: string }>();
    const given = givenFlags(command);
    if (flags.replay === undefined) {
      process.exitCode = await run(withOwnFiles(flags), given);
      return;
    }
    const before = readManifest(flags.replay, command.name());
    const cache = given('cache') ? { cache: flags.cache } : {};
    process.exitCode = await replay(before, cache, (again) => run(again, () => true));
  });
}

/** Runs a manifest again, into a temporary file. @returns 0 if nothing differs, else 3 */
async function replay(
  before: Manifest,
  cache: { cache?: string },
  run: (flags: Flags) => Promise<number>,
): Promise<number> {
  const out = join(tmpdir(), `coderm-replay-${process.pid}.jsonl`);
  const manifest = `${out}.manifest.json`;
  try {
    // A replay is compared, not shown: no summary, no page.
    const { json: _, report: __, jsonLog: ___, metrics: ____, ...flags } = before.flags as unknown as Flags;
    await run({ ...flags, ...cache, out });
    const now = camelCase(JSON.parse(readFileSync(manifest, 'utf8'))) as Manifest;
    const differences = manifestDifferences(before, now);
    for (const difference of differences) process.stdout.write(`${printable(difference)}\n`);
    if (differences.length === 0) process.stdout.write('nothing differs\n');
    return differences.length === 0 ? ExitCode.done : ExitCode.partial;
  } finally {
    for (const file of [out, manifest]) rmSync(file, { force: true });
  }
}

/** What a replay reads of a manifest; its flags were checked when they were written. */
const manifestSchema = z.object({
  command: z.string(),
  versions: z.looseObject({}),
  flags: z.looseObject({ out: z.string() }),
  inputs: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
  sandbox: z.looseObject({}).nullable(),
  host: z.looseObject({}),
  output: z.looseObject({ sha256: z.string() }),
});

function readManifest(path: string, command: string): Manifest {
  let value: unknown;
  try {
    value = camelCase(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new InputError(
      `--replay: expected the manifest of a run, got ${path} (${(error as Error).message}).`,
    );
  }
  const found = manifestSchema.safeParse(value);
  if (!found.success) {
    throw new InputError(`--replay: expected the manifest of a run, and ${path} is another JSON file.`);
  }
  if (found.data.command !== command) {
    throw new InputError(
      `--replay: ${path} is the manifest of another command: expected coderm ${found.data.command} --replay.`,
    );
  }
  return value as Manifest;
}
