import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { extract, list } from 'tar';
import { InputError } from '../error.js';
import { stagingFolder } from '../folder.js';
import { ModelsFolder } from '../model/files/models-folder.js';
import type { Progress } from '../progress.js';
import { ArchiveReader } from './archive.js';
import { type BundleManifest, MANIFEST, MANIFEST_BYTES, parseManifest } from './manifest.js';
import { type Target, targetDifference, thisTarget } from './target.js';

const MIB = 2 ** 20;

/** Starts the engine with its own models, wherever the folder is and through whatever link it is called. */
const LAUNCHER = (engine: string) => `#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
export CODERM_MODELS="\${CODERM_MODELS:-$here/models}"
exec node "$here/lib/${engine === '' ? '' : `${engine}/`}dist/src/cli/main.js" "$@"
`;

/**
 * Opens a bundle into a new folder: `bin/coderm`, `lib/` with engine and packages, `models/`. The platform, Node and
 * glibc are compared before anything is written, every checksum before anything gets its name.
 * @throws InputError when the bundle is not for this machine, not whole, or holds what a bundle does not hold.
 */
export async function openBundle(
  file: string,
  to: string,
  progress: Progress,
  here: Target = thisTarget(),
): Promise<BundleManifest> {
  const folder = resolve(to);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new InputError(`Expected ${folder} to be new or empty, but it is not; choose another folder.`);
  const archive = new ArchiveReader(file);
  try {
    const manifest = parseManifest(archive.text(MANIFEST, MANIFEST_BYTES), file);
    const difference = targetDifference(manifest.target, here);
    if (difference !== null)
      throw new InputError(`Expected a bundle for this machine, but ${file} is not: ${difference}.`);
    const staging = stagingFolder(folder);
    try {
      copyMembers(archive, manifest, staging, progress);
      await build(manifest, staging, file);
      if (existsSync(folder)) rmdirSync(folder);
      chmodSync(staging, 0o755); // mkdtemp's is for its owner alone
      renameSync(staging, folder);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    return manifest;
  } finally {
    archive.close();
  }
}

function copyMembers(
  archive: ArchiveReader,
  { members }: BundleManifest,
  staging: string,
  progress: Progress,
): void {
  mkdirSync(join(staging, 'models'));
  const total = members.reduce((sum, { bytes }) => sum + bytes, 0);
  const phase = progress.phase('unbundle', Math.ceil(total / MIB), 'MiB');
  let [done, shown] = [0, 0];
  for (const { path, bytes, sha256 } of members)
    archive.copy(path, bytes, sha256, join(staging, path), (more) => {
      done += more;
      const now = Math.ceil(done / MIB);
      if (now > shown) phase.advance(now - shown);
      shown = now;
    });
  archive.end();
  phase.end();
}

async function build({ engine, members }: BundleManifest, staging: string, file: string): Promise<void> {
  const lib = join(staging, 'lib');
  const home = join(lib, engine);
  mkdirSync(home, { recursive: true });
  const compiled = `${engine === '' ? '' : `${engine}/`}build/Release/`;
  await unpack(join(staging, 'engine.tgz'), home, ['package/'], 1, file);
  await unpack(join(staging, 'modules.tgz'), lib, ['node_modules/', compiled], 0, file);
  for (const used of ['engine.tgz', 'modules.tgz', 'unbundle.mjs'])
    rmSync(join(staging, used), { force: true });
  const models = new ModelsFolder(join(staging, 'models'));
  for (const { path, bytes, sha256 } of members)
    if (path.startsWith('models/'))
      models.keep({ file: basename(path), sha256, bytes, source: `bundle:${basename(file)}` });
  mkdirSync(join(staging, 'bin'));
  writeFileSync(join(staging, 'bin', 'coderm'), LAUNCHER(engine), { mode: 0o755 });
}

/** Takes regular files below the given folders out of an archive; with anything else in it, takes nothing. */
async function unpack(
  archive: string,
  to: string,
  below: string[],
  strip: number,
  file: string,
): Promise<void> {
  let odd: string | null = null;
  const plain = (path: string, type: string) =>
    type === 'File' &&
    !/\\|(^|\/)\.{1,2}(\/|$)|^\/|\0/.test(path) &&
    below.some((folder) => path.startsWith(folder));
  await list({
    file: archive,
    strict: true,
    onReadEntry: ({ path, type }) => {
      if (!plain(path, type)) odd ??= `${type} ${path}`;
    },
  });
  if (odd !== null)
    throw new InputError(
      `Expected only files of the engine in ${file}, but ${basename(archive)} holds ${odd}; do not use this bundle.`,
    );
  await extract({ file: archive, cwd: to, strip, strict: true, preserveOwner: false });
}
