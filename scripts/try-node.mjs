// README's two commands on a clean copy of this checkout, under this Node or under another, whose binary and headers come
// from npm. After the install the network is cut.
//     node scripts/try-node.mjs                                    the Node that runs this
//     node scripts/try-node.mjs 24                                 Node 24
//     node scripts/try-node.mjs 24 --tests 'cache\.test\.js$'      these test files instead of all
//     node scripts/try-node.mjs --cpu-only                         the install without the GPU libraries
// What git tracks is copied, as it is in the working tree, into a new folder in which nothing else lies; npm's cache and
// the engine's own folders are new and empty. It ends with the exit code of the step that failed, or 0.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = 'node scripts/try-node.mjs [MAJOR] [--tests PATTERN] [--cpu-only]';

/** Raises the loopback interface of a new network namespace, then becomes the command; needs no iproute2. */
const LOOPBACK_THEN = `import fcntl, os, socket, struct, sys
request = struct.pack("16sH14x", b"lo", 1)  # SIOCSIFFLAGS with IFF_UP
fcntl.ioctl(socket.socket(), 0x8914, request)
os.execvp(sys.argv[1], sys.argv[1:])`;

const { major, tests, cpuOnly } = commandLine();
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const work = mkdtempSync(join(tmpdir(), 'coderm-node-'));
chmodSync(work, 0o755); // the Landlock jail of root runs as another user
const copy = join(work, 'checkout');
const env = {
  ...process.env,
  npm_config_cache: join(work, 'npm-cache'),
  XDG_CACHE_HOME: join(work, 'cache'),
  XDG_DATA_HOME: join(work, 'data'),
};

/** What every command is given before it. */
let before = [];
let status = 1;
try {
  if (major) useNode(major);
  step('node', '--version');
  copyTracked();
  if (cpuOnly) step('node', 'scripts/install-cpu-only.mjs');
  else step('npm', 'install');
  step('du', '-sh', 'node_modules', 'build', 'dist');
  before = networkCut();
  step('npm', 'run', 'demo');
  step('npm', 'test', ...(tests ? ['--', tests] : []));
  console.log(`coderm: ${tests ? 'what was asked for passes' : 'both commands pass'}.`);
  status = 0;
} catch (error) {
  console.error(`coderm: ${error.message}`);
  status = error.status ?? 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(status);

function commandLine() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { tests: { type: 'string' }, 'cpu-only': { type: 'boolean' } },
    });
    const [version, ...rest] = positionals;
    if (rest.length > 0 || (version !== undefined && !/^\d+(\.\d+)*$/.test(version)))
      throw new Error(`expected a version of Node, such as 24, got '${positionals.join(' ')}'`);
    return { major: version, tests: values.tests, cpuOnly: values['cpu-only'] };
  } catch (error) {
    console.error(`coderm: ${error.message}; use: ${USAGE}`);
    process.exit(2);
  }
}

/** Runs a command in the copy. */
function step(...words) {
  const shown = words.join(' ');
  console.log(`== ${shown}`);
  const start = Date.now();
  mkdirSync(copy, { recursive: true });
  const [command, ...args] = [...before, ...words];
  const result = spawnSync(command, args, { cwd: copy, env, stdio: 'inherit' });
  if (result.status !== 0) {
    const why = result.error?.message ?? result.signal ?? `exit ${result.status}`;
    throw Object.assign(new Error(`${shown} failed (${why}).`), { status: result.status });
  }
  console.log(`   ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

/** Puts another Node before this one, with its headers. */
function useNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  step('npm', 'install', '--no-save', '--prefix', work, `${name}@${version}`);
  const prefix = join(work, 'node_modules', name);
  env.PATH = `${join(prefix, 'bin')}${delimiter}${env.PATH}`;
  env.npm_config_nodedir = prefix;
}

function copyTracked() {
  const { stdout } = spawnSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8' });
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
}

/** What a command is given before it, so that it has no network but loopback. */
function networkCut() {
  const loopback = ['python3', '-c', LOOPBACK_THEN];
  const user = [`--map-user=${process.getuid()}`, `--map-group=${process.getgid()}`];
  // An ordinary user is root for a moment, to raise the interface, and then himself again.
  const ways = [
    ['unshare', '-n', ...loopback],
    ['unshare', '-r', '-n', ...loopback, 'unshare', '-U', ...user],
  ];
  const way = ways.find(([command, ...args]) => spawnSync(command, [...args, 'true'], { env }).status === 0);
  if (way) {
    console.log('== the network is cut from here on');
    return way;
  }
  console.log('coderm: this machine gives no network namespace, so what follows runs with the network on.');
  return [];
}
