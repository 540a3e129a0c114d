// Runs the sandbox's tests with an addon and launchers under AddressSanitizer and UndefinedBehaviorSanitizer.
// They run in a copy of the package in build/sanitized: the product has no switch that picks another launcher,
// and so none that could pick a worse one. Node itself is not sanitised: it gets the runtime by LD_PRELOAD.
// The launcher's environment is empty, so it has the runtime linked in and neither it nor a jail inherits that.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTotals, wrongWith } from './test-report.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const copy = join(root, 'build', 'sanitized');

function stop(message) {
  console.error(`coderm: ${message}`);
  process.exit(1);
}

function output(command, ...args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : null;
}

function build() {
  const configure = [
    '-S',
    root,
    '-B',
    join(copy, 'build'),
    '-DCMAKE_CXX_COMPILER=g++',
    '-DCODERM_SANITIZE=ON',
  ];
  for (const args of [configure, ['--build', join(copy, 'build')]]) {
    const result = spawnSync('cmake', args, { stdio: 'inherit' });
    if (result.status !== 0) stop('the sanitised build failed; the compiler says above why.');
  }
}

/** All of the package that the tests need, beside the sanitised build; Node finds node_modules above it. */
function copyPackage() {
  for (const part of ['package.json', 'dist', 'native', join('test', 'fixtures')]) {
    rmSync(join(copy, part), { recursive: true, force: true });
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
}

/** A `ps` in front of the real one: it waits for ever for a lock of its own where the runtime is preloaded. */
function unsanitisedPs() {
  const folder = join(copy, 'bin');
  const ps = output('sh', '-c', 'command -v ps');
  if (!ps) stop('the tests need ps, and it was not found. Install it with: sudo apt-get install procps');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ps'), `#!/bin/sh\nunset LD_PRELOAD\nexec '${ps}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/** Runs the tests; resolves to their exit code and how many reports the sanitisers wrote. */
function runTests(pattern, runtime) {
  const child = spawn(process.execPath, [join(root, 'node_modules', 'uvu', 'bin.js'), 'dist/test', pattern], {
    cwd: copy,
    env: {
      ...process.env,
      PATH: `${unsanitisedPs()}:${process.env.PATH}`,
      LD_PRELOAD: runtime,
      // Node keeps what it has until it ends, and says so to nobody: its leaks are not ours.
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let shown = '';
  child.stdout.on('data', (bytes) => {
    process.stdout.write(bytes);
    shown += bytes;
  });
  child.stderr.on('data', (bytes) => {
    process.stderr.write(bytes);
    said += bytes;
  });
  return new Promise((done) => {
    child.on('close', (code) => {
      // A launcher that ends with a report is started again by the engine, so a test may pass all the same.
      const problem = wrongWith(code, readTotals(shown).totals);
      if (problem !== null) console.log(`failed: ${problem}`);
      done({
        code: problem === null ? 0 : code || 1,
        reports: said.match(/ERROR: \w+Sanitizer|runtime error:/g)?.length ?? 0,
      });
    });
  });
}

if (process.platform !== 'linux') stop(`the sandbox runs on Linux, and this is ${process.platform}.`);
for (const [tool, debian] of [
  ['g++', 'g++'],
  ['cmake', 'cmake'],
]) {
  if (output(tool, '--version') === null) {
    stop(
      `the sanitised build needs ${tool}, and it does not run. Install it with: sudo apt-get install ${debian}`,
    );
  }
}
const runtime = output('g++', '-print-file-name=libasan.so');
if (!runtime?.startsWith('/')) {
  stop(
    "the sanitised build needs g++'s libasan, and it was not found. Install it with: sudo apt-get install gcc",
  );
}

mkdirSync(copy, { recursive: true });
build();
copyPackage();
const { code, reports } = await runTests(process.argv[2] ?? 'sandbox/.*\\.test\\.js$', realpathSync(runtime));
if (reports > 0) stop(`the sanitisers reported ${reports} times: read the reports above.`);
if (code !== 0) stop(`the tests failed under the sanitisers (exit ${code}), without a report.`);
console.log('coderm: the tests passed under the sanitisers, without a report.');
