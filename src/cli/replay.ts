import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ExitCode, InputError } from '../error.js';
import { type Manifest, manifestDifferences } from '../manifest.js';
import type { Flags } from './options.js';

/** Adds `--replay`, which stands for all flags of the run that it repeats. */
export function addReplay(command: Command): Command {
  return command.addOption(
    new Option('--replay <manifest>', 'run again what FILE.manifest.json describes, and say what differs'),
  );
}

/** Runs a manifest again, into a temporary file. @returns 0 if nothing differs, else 3 */
export async function replay(path: string, run: (flags: Flags) => Promise<number>): Promise<number> {
  const before = readManifest(path);
  const out = join(tmpdir(), `coderm-replay-${process.pid}.jsonl`);
  try {
    const { json: _, ...flags } = before.flags as unknown as Flags;
    await run({ ...flags, out });
    const now = readManifest(`${out}.manifest.json`);
    const differences = manifestDifferences(before, now);
    for (const difference of differences) process.stdout.write(`${difference}\n`);
    if (differences.length === 0) process.stdout.write('nothing differs\n');
    return differences.length === 0 ? ExitCode.done : ExitCode.partial;
  } finally {
    for (const file of [out, `${out}.manifest.json`]) rmSync(file, { force: true });
  }
}

function readManifest(path: string): Manifest {
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (manifest?.flags && manifest.inputs && manifest.output) return manifest;
  } catch (error) {
    throw new InputError(
      `--replay: expected the manifest of a run, got ${path} (${(error as Error).message}).`,
    );
  }
  throw new InputError(`--replay: expected the manifest of a run, and ${path} is another JSON file.`);
}
