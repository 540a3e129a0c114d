// Fuzzes the reader of frames, which stands between Node and the launcher: node scripts/fuzz.mjs [SECONDS].
// The corpus is kept in build/fuzz, so that a later run goes on where this one ended.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const build = join(root, 'build', 'fuzz');
const [corpus, seeds, findings] = ['corpus', 'seeds', 'findings'].map((name) => join(build, name));

function stop(message) {
  console.error(`coderm: ${message}`);
  process.exit(1);
}

function run(what, command, ...args) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) stop(`${what} failed${result.error ? `: ${result.error.message}` : ''}.`);
}

const seconds = Number(process.argv[2] ?? 600);
if (!Number.isInteger(seconds) || seconds < 1) {
  stop(`expected a whole number of seconds to fuzz for, got '${process.argv[2]}'. Try: npm run fuzz -- 60`);
}
for (const [tool, debian] of [
  ['clang++', 'clang'],
  ['cmake', 'cmake'],
]) {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0) {
    stop(`fuzzing needs ${tool}, and it does not run. Install it with: sudo apt-get install ${debian}`);
  }
}

for (const folder of [corpus, seeds, findings]) mkdirSync(folder, { recursive: true });
run(
  'configuring the fuzzer',
  'cmake',
  '-S',
  root,
  '-B',
  build,
  '-DCMAKE_CXX_COMPILER=clang++',
  '-DCODERM_FUZZ=ON',
);
run(
  'building the fuzzer',
  'cmake',
  '--build',
  build,
  '--target',
  'coderm-frames-fuzz',
  'coderm-frames-seeds',
);
run('writing the seeds', join(build, 'Release', 'coderm-frames-seeds'), seeds);

// libFuzzer stops at its first finding, prints it and leaves the input that shows it.
const result = spawnSync(
  join(build, 'Release', 'coderm-frames-fuzz'),
  [
    `-max_total_time=${seconds}`,
    '-timeout=10',
    '-max_len=65536',
    '-print_final_stats=1',
    `-artifact_prefix=${findings}/`,
    corpus,
    seeds,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (result.status !== 0)
  stop(`the fuzzer found something: read its report above; the input is in ${findings}.`);
console.log(`coderm: ${seconds} s of fuzzing without a finding.`);
