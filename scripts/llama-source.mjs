// llama.cpp's source, out of the bundle that node-llama-cpp carries: that of the very libraries which its packages ship.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

export function stop(sentence) {
  console.error(`coderm: ${sentence}`);
  process.exit(1);
}

function git(folder, ...args) {
  const result = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.error?.code === 'ENOENT') {
    const install = process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install git';
    stop(
      `building the generator needs git, to open llama.cpp's source bundle, and it was not found. Install it with: ${install}`,
    );
  }
  if (result.status !== 0)
    stop(`git ${args[0]} failed on llama.cpp's source bundle: ${result.stderr.trim()}`);
  return result.stdout;
}

/** The folder llama/ of node-llama-cpp, which has the bundle. */
function sourceFolder() {
  let entry;
  try {
    entry = createRequire(import.meta.url).resolve('node-llama-cpp');
  } catch {
    stop('building the generator needs the package node-llama-cpp, which is not installed. Run: npm install');
  }
  const folder = join(dirname(entry), '..', 'llama');
  if (!existsSync(join(folder, 'gitRelease.bundle')))
    stop(
      `expected llama.cpp's source as ${join(folder, 'gitRelease.bundle')}, which is missing. Run: npm install`,
    );
  return folder;
}

/** The release that both the libraries and the source are of. */
export function llamaRelease() {
  const source = sourceFolder();
  const { tag } = JSON.parse(readFileSync(join(source, 'llama.cpp.info.json'), 'utf8'));
  const { release } = JSON.parse(readFileSync(join(source, 'binariesGithubRelease.json'), 'utf8'));
  if (tag !== release) {
    stop(
      `expected node-llama-cpp's libraries and its source to be of one llama.cpp, but they are ${release} and ${tag}. Run: npm install`,
    );
  }
  return tag;
}

/**
 * The folder build/NAME/RELEASE, made if it is not there: `fill` gets an empty folder to fill and a function that gives
 * git's answer from the source's repository.
 */
export function fromSource(name, fill) {
  const release = llamaRelease();
  const folder = join(root, 'build', name, release);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const source = join(work, 'source.git');
    git(work, 'clone', '--quiet', '--bare', join(sourceFolder(), 'gitRelease.bundle'), source);
    const made = join(work, 'made');
    mkdirSync(made);
    fill(made, (...args) => git(source, ...args), release);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}
