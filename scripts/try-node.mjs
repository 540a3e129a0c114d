// Installs, builds and tests a clean copy of this checkout under another Node, whose binary and headers come from npm:
//     node scripts/try-node.mjs 24                      a few test files of every kind
//     node scripts/try-node.mjs 24 '\.test\.js$'         all of them
// What git tracks is copied, as it is in the working tree. It ends with the exit code of the tests.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FEW =
  '(invariants|cache|jsonl|cli/score|model/(gguf/gguf|chat|native/native-generator)|sandbox/(sandbox|escape))\\.test\\.js$';

const [major, pattern = FEW] = process.argv.slice(2);
if (!/^\d+(\.\d+)*$/.test(major ?? '')) {
  console.error('coderm: expected a version of Node, such as 24: node scripts/try-node.mjs 24 [PATTERN]');
  process.exit(2);
}
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const work = mkdtempSync(join(tmpdir(), `coderm-node-${major}-`));
const copy = join(work, 'checkout');
const npmNode = `node-${process.platform}-${process.arch}`;
const prefix = join(work, 'node_modules', npmNode);
const env = {
  ...process.env,
  PATH: `${join(prefix, 'bin')}${delimiter}${process.env.PATH}`,
  npm_config_nodedir: prefix,
};

/** Runs a step; a failure ends everything. */
function step(cwd, command, ...args) {
  console.log(`== ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (status === 0) return;
  console.error(
    `coderm: Node ${major}: ${command} ${args[0]} failed (${error?.message ?? `exit ${status}`}).`,
  );
  rmSync(work, { recursive: true, force: true });
  process.exit(status ?? 1);
}

step(work, 'npm', 'install', '--no-save', '--prefix', work, `${npmNode}@${major}`);
const tracked = spawnSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8' }).stdout.split('\0');
for (const file of tracked.filter((name) => name !== '')) {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  copyFileSync(join(root, file), join(copy, file));
}
step(copy, 'node', '--version');
step(copy, 'node', 'scripts/install-cpu-only.mjs');
step(copy, 'node', 'node_modules/uvu/bin.js', 'dist/test', pattern);
console.log(`coderm: Node ${major} passes.`);
rmSync(work, { recursive: true, force: true });
