// Prints the folder of llama.cpp's headers, for CMakeLists.txt and binding.gyp. They are taken out of the source
// bundle that node-llama-cpp carries, so that they are those of the very library that its packages ship; release.h
// beside them has the bundle's release, which is checked against the library's own when that is loaded.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEADERS = [
  'include/llama.h',
  ...['ggml', 'ggml-alloc', 'ggml-backend', 'ggml-cpu', 'ggml-opt', 'gguf'].map(
    (name) => `ggml/include/${name}.h`,
  ),
];

function stop(sentence) {
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

function extract(bundle, release, folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const source = join(work, 'source.git');
    git(work, 'clone', '--quiet', '--bare', bundle, source);
    const include = join(work, 'include');
    mkdirSync(include);
    for (const header of HEADERS)
      writeFileSync(join(include, basename(header)), git(source, 'show', `HEAD:${header}`));
    writeFileSync(
      join(include, 'release.h'),
      `// The release of llama.cpp that these headers are of.\n#define CODERM_LLAMA_RELEASE "${release}"\n`,
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(include, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const source = sourceFolder();
const { tag } = JSON.parse(readFileSync(join(source, 'llama.cpp.info.json'), 'utf8'));
const { release } = JSON.parse(readFileSync(join(source, 'binariesGithubRelease.json'), 'utf8'));
if (tag !== release) {
  stop(
    `expected node-llama-cpp's libraries and its source to be of one llama.cpp, but they are ${release} and ${tag}. Run: npm install`,
  );
}
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'build', 'llama.cpp', tag);
if (!existsSync(join(folder, 'release.h'))) extract(join(source, 'gitRelease.bundle'), tag, folder);
console.log(folder);
