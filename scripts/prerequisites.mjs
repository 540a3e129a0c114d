// What an install needs from the machine. All that is missing is said in one sentence, with the command that installs
// it. `node scripts/prerequisites.mjs` looks before `npm install` does: npm compiles better-sqlite3 before it runs any
// script of ours, and where that fails its own pages of output come first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAC = process.platform === 'darwin';

/** What package.json's `engines` says: the oldest release of each line, and the line from which on all do. */
const OLDEST_NODE = { 20: 17, 22: 14 };
const FROM_NODE = 24;
/** For Node 20 npm takes better-sqlite3 12 and compiles it, with node-gyp, which knows no ninja. */
const COMPILES_SQLITE = process.versions.node.startsWith('20.');

/** Names of the packages by the tool that installs them; on a Mac all but Python and CMake come with one command. */
const PACKAGES = {
  'apt-get install': { compiler: 'g++', python: 'python3', git: 'git', make: 'make', cmake: 'cmake' },
  'dnf install': { compiler: 'gcc-c++', python: 'python3', git: 'git', make: 'make', cmake: 'cmake' },
  'zypper install': { compiler: 'gcc-c++', python: 'python3', git: 'git', make: 'make', cmake: 'cmake' },
  'pacman -S': { compiler: 'gcc', python: 'python', git: 'git', make: 'make', cmake: 'cmake' },
  'brew install': { compiler: 'gcc', python: 'python3', git: 'git', make: 'make', cmake: 'cmake' },
};

export function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The folder that holds include/node/node_api.h of this very Node, or null. */
export function nodePrefix() {
  const candidates = [process.env.npm_config_nodedir, resolve(dirname(process.execPath), '..')];
  return (
    candidates.find((folder) => folder && existsSync(join(folder, 'include', 'node', 'node_api.h'))) ?? null
  );
}

/** The command that installs packages here. */
function installer() {
  if (MAC) return 'brew install';
  let release = '';
  try {
    release = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // A system that does not say what it is gets Debian's names.
  }
  const like = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)/gm)].map(([, ids]) => ids).join(' ');
  if (/fedora|rhel|centos/.test(like)) return 'dnf install';
  if (/suse/.test(like)) return 'zypper install';
  return /arch/.test(like) ? 'pacman -S' : 'apt-get install';
}

/** Everything that is missing: what it is, and the package that has it. */
function missing() {
  const found = [];
  const compiler = process.env.CXX ?? 'c++';
  if (!runs(compiler, '--version')) found.push([`a C++17 compiler ('${compiler}' does not run)`, 'compiler']);
  if (!runs('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))'))
    found.push(['Python 3.9 or newer as python3', 'python']);
  if (!runs('git', '--version')) found.push(['git', 'git']);
  const cmake = runs('cmake', '--version');
  const ninja = cmake && !COMPILES_SQLITE && runs('ninja', '--version');
  if (!ninja && !runs('make', '--version')) found.push(['make', 'make']);
  if (!cmake && nodePrefix() === null)
    found.push([`CMake (or Node's headers beside ${process.execPath})`, 'cmake']);
  return found;
}

/** @param version such as 20.17.0 */
export function nodeServes(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= FROM_NODE || minor >= (OLDEST_NODE[major] ?? Number.POSITIVE_INFINITY);
}

/** Ends the process with one sentence where something is missing. */
export function checkPrerequisites() {
  if (!nodeServes(process.versions.node))
    stop(
      `the engine needs Node.js ${FROM_NODE} or newer, or of the lines before it 20.17 or 22.14 or newer, and this is ${process.versions.node}; install such a one from your system's packages or https://nodejs.org.`,
    );
  const found = missing();
  if (found.length === 0) return;
  const names = found.map(([name]) => name);
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const tool = installer();
  const packages = [...new Set(found.map(([, part]) => PACKAGES[tool][part]))].join(' ');
  const command =
    MAC && found.every(([, part]) => !/python|cmake/.test(part))
      ? 'xcode-select --install'
      : `${MAC || process.getuid() === 0 ? '' : 'sudo '}${tool} ${packages}`;
  stop(`an install needs ${list}, which this machine lacks. Install with: ${command}`);
}

export function stop(sentence) {
  console.error(`coderm: ${sentence}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkPrerequisites();
  console.log('coderm: everything that an install needs is here.');
}
