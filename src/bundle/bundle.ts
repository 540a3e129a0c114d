import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { create } from 'tar';
import { InputError } from '../error.js';
import { stagingFolder } from '../folder.js';
import { packageVersion } from '../manifest.js';
import { checkContents } from '../model/files/import.js';
import { ModelsFolder } from '../model/files/models-folder.js';
import { findModel } from '../model/files/registry.js';
import { checksum } from '../model/gguf/checksum.js';
import { readGguf } from '../model/gguf/gguf.js';
import { packageRoot } from '../package-root.js';
import type { Progress } from '../progress.js';
import { type BundleManifest, type BundleMember, MANIFEST } from './manifest.js';
import { filesOf, installedPackages } from './packages.js';
import { neededGlibc, older, thisTarget } from './target.js';

/**
 * A bundle is one tar file for a machine without a network: a manifest, the script that opens it there, the engine as
 * an npm tarball, the packages that it needs with what was compiled for this platform and Node, and models. The same
 * install and models give the same bytes.
 */

/** The same in every bundle, so that a time does not tell two apart. */
const FIXED = { portable: true, noPax: true, mtime: new Date(0) } as const;

/** Two names of one file would be stored as a link, and links are not taken out of a bundle. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override get(): undefined {
    return undefined;
  }
}

/**
 * Writes the bundle of this installed engine and of models (paths or names). `gpu` keeps llama.cpp's GPU libraries.
 * @throws InputError when the engine is not installed whole; ModelError for a model that is not sound.
 */
export async function makeBundle(
  file: string,
  models: readonly string[],
  { gpu }: { gpu: boolean },
  progress: Progress,
): Promise<BundleManifest> {
  const out = resolve(file);
  if (existsSync(out))
    throw new InputError(`Expected to write ${out}, but it exists; remove it, or choose another name.`);
  const staging = stagingFolder(out);
  try {
    const phase = progress.phase('pack', 2, 'archives');
    const packed = await packEngine(staging, gpu);
    phase.advance(2);
    phase.end();
    mkdirSync(join(staging, 'models'));
    const expected = new Map<string, string>();
    for (const model of models) await addModel(staging, model, expected);
    return await writeBundle(out, staging, packed, progress, expected);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Writes `engine.tgz`, `modules.tgz` and the script into the staging folder. */
async function packEngine(staging: string, gpu: boolean): Promise<Pick<BundleManifest, 'engine' | 'target'>> {
  const { base, packages } = installedPackages(packageRoot, gpu);
  const json = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  const engine = relative(base, packageRoot);
  const own = ['package.json', 'README.md', 'LICENSE', ...json.files]
    .filter((name) => existsSync(join(packageRoot, name)))
    .flatMap((name) => (statSync(join(packageRoot, name)).isFile() ? [name] : filesOf(packageRoot, name)));
  const compiled = filesOf(base, join(engine, 'build', 'Release'));
  const modules = [...packages.flatMap((folder) => filesOf(base, folder)), ...compiled];
  const fixed = { ...FIXED, gzip: true as const, linkCache: new NoLinks() };
  await create(
    { ...fixed, noPax: false, cwd: packageRoot, prefix: 'package', file: join(staging, 'engine.tgz') },
    own,
  );
  await create({ ...fixed, noPax: false, cwd: base, file: join(staging, 'modules.tgz') }, modules);
  writeFileSync(join(staging, 'unbundle.mjs'), readFileSync(join(packageRoot, 'scripts', 'unbundle.mjs')));
  return { engine, target: { ...thisTarget(), glibc: glibcOf(base, modules) } };
}

/** The oldest glibc on which all the compiled files run. */
function glibcOf(base: string, files: readonly string[]): string | null {
  let newest: string | null = null;
  for (const file of files) {
    if (!/\.node$|\.so(\.\d+)*$|\/coderm-launcher[^/]*$/.test(file)) continue;
    const needed = neededGlibc(readFileSync(join(base, file)));
    if (needed !== null && (newest === null || older(newest, needed))) newest = needed;
  }
  return newest;
}

/** Links the model into the staging folder, and notes what its contents should be. */
async function addModel(staging: string, model: string, expected: Map<string, string>): Promise<void> {
  const { path } = await readGguf(resolve(findModel(model)));
  const member = `models/${basename(path)}`;
  if (existsSync(join(staging, member)))
    throw new InputError(`Expected models of different names, but two are ${basename(path)}; rename one.`);
  symlinkSync(path, join(staging, member));
  const sha256 = new ModelsFolder(dirname(path)).expected(basename(path));
  if (sha256 !== null) expected.set(member, sha256);
}

/** Writes what lies in the staging folder, with its manifest in front, under the name that it will have. */
export async function writeBundle(
  out: string,
  staging: string,
  packed: Pick<BundleManifest, 'engine' | 'target'>,
  progress: Progress,
  expected: ReadonlyMap<string, string> = new Map(),
): Promise<BundleManifest> {
  const models = existsSync(join(staging, 'models')) ? new ModelsFolder(join(staging, 'models')).files() : [];
  const paths = ['unbundle.mjs', 'engine.tgz', 'modules.tgz', ...models.map((name) => `models/${name}`)];
  const members: BundleMember[] = [];
  for (const path of paths) {
    const source = join(staging, path);
    if (!existsSync(source)) continue;
    const sha256 = await checksum(source, progress);
    checkContents(realpathSync(source), sha256, expected.get(path) ?? null);
    members.push({ path, bytes: statSync(source).size, sha256 });
  }
  const manifest: BundleManifest = { format: 1, version: packageVersion(), ...packed, members };
  writeFileSync(join(staging, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  const partial = join(staging, 'bundle.tar');
  const options = { ...FIXED, linkCache: new NoLinks(), follow: true, cwd: staging, file: partial };
  await create(options, [MANIFEST, ...members.map(({ path }) => path)]);
  renameSync(partial, out);
  return manifest;
}
