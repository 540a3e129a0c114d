// Builds native/ into build/Release: with cmake-js where CMake is installed, else with node-gyp, offline.
// Every missing tool is one sentence with the command that installs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const mac = process.platform === 'darwin';

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function stop(what, debian, macos) {
  console.error(`coderm: ${what} Install it with: ${mac ? macos : debian}`);
  process.exit(1);
}

/** The folder that holds include/node/node_api.h of this very Node, or null. */
function nodePrefix() {
  const candidates = [process.env.npm_config_nodedir, resolve(dirname(process.execPath), '..')];
  return (
    candidates.find((folder) => folder && existsSync(join(folder, 'include', 'node', 'node_api.h'))) ?? null
  );
}

const compiler = process.env.CXX ?? 'c++';
if (!runs(compiler, '--version')) {
  stop(
    `building the sandbox needs a C++17 compiler, and '${compiler}' does not run.`,
    'sudo apt-get install g++',
    'xcode-select --install',
  );
}
if (!runs('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))')) {
  stop(
    'executing tests needs Python 3.9 or newer as python3, and it was not found.',
    'sudo apt-get install python3',
    'brew install python3',
  );
}

if (!runs('git', '--version')) {
  stop(
    "building the generator needs git, to take llama.cpp's headers out of node-llama-cpp's source bundle, and it was not found.",
    'sudo apt-get install git',
    'xcode-select --install',
  );
}

const cmake = runs('cmake', '--version');
const make = runs('make', '--version');
if (!make && !(cmake && runs('ninja', '--version'))) {
  stop(
    'building the sandbox needs make, and it was not found.',
    'sudo apt-get install make',
    'xcode-select --install',
  );
}

let command;
if (cmake && process.env.CODERM_BUILD !== 'node-gyp') {
  command = [
    require.resolve('cmake-js/bin/cmake-js'),
    'build',
    '--log-level',
    'error',
    '--config',
    'Release',
  ];
} else {
  const prefix = nodePrefix();
  if (!prefix) {
    stop(
      `building without CMake needs Node's headers beside ${process.execPath}, and include/node was not found there.`,
      'sudo apt-get install cmake',
      'brew install cmake',
    );
  }
  let nodeGyp;
  try {
    nodeGyp = require.resolve('node-gyp/bin/node-gyp.js', {
      paths: [root, join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm')],
    });
  } catch {
    stop(
      'building without CMake needs node-gyp, which comes with npm, and it was not found.',
      'sudo apt-get install cmake',
      'brew install cmake',
    );
  }
  command = [nodeGyp, 'rebuild', '--silent', '--release', `--nodedir=${prefix}`];
}

// Quiet when it works; all that the tools said when it does not.
const result = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}${result.stderr}`);
  console.error(
    'coderm: the native build failed; the compiler says above why. `npm run build:native` tries it again.',
  );
  process.exit(1);
}
