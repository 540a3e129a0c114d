// Runs the built tests: each file in a process of its own, as many at a time as there are cores.
//     npm test                            all of them
//     npm test -- sandbox 'cache/merge'   files whose path below dist/test matches one of these patterns
// It begins with how long it is to take and what it skips. A file's output is shown when it has ended; the totals of all
// come last, and which files took longest. The exit code is 1 where a file failed, ended without a total, ran fewer tests
// than it has (a hook that throws takes its suite along, and uvu says nothing of it) or nothing matched.
// Tests on Mesa's software Vulkan share the shaders that they compile in a folder of this run; MESA_SHADER_CACHE_DIR names
// one that stays, which saves half a minute of CPU.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { announce, conclude, readTotals, wrongWith } from './test-report.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'dist', 'test');
/** More would only wait for each other: many tests start threads of their own. */
const MOST_LANES = 8;

const patterns = process.argv.slice(2).map((pattern) => new RegExp(pattern));
const files = readdirSync(folder, { recursive: true })
  .filter(
    (file) => file.endsWith('.test.js') && (patterns.length === 0 || patterns.some((one) => one.test(file))),
  )
  .sort();

const shaders = process.env.MESA_SHADER_CACHE_DIR ?? mkdtempSync(join(tmpdir(), 'coderm-shaders-'));
process.on('exit', () => {
  if (shaders !== process.env.MESA_SHADER_CACHE_DIR) rmSync(shaders, { recursive: true, force: true });
});

const start = Date.now();
const totals = { Total: 0, Passed: 0, Skipped: 0 };
const took = {}; // seconds, by file
const wrong = [];
const waiting = [];
const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(130);
  });
}

/** Takes one file after the other until none is left. */
async function lane() {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const begun = Date.now();
    const { code, output } = await runFile(file);
    took[file] = (Date.now() - begun) / 1000;
    const { shown, totals: found } = readTotals(output);
    process.stdout.write(shown);
    for (const name in found) totals[name] += found[name];
    const problem = wrongWith(code, found);
    if (problem !== null) wrong.push(`${file}: ${problem}`);
  }
}

function runFile(file) {
  const whole = `^${file.replaceAll('.', '\\.')}$`;
  const child = spawn(process.execPath, [join(root, 'node_modules', 'uvu', 'bin.js'), folder, whole], {
    cwd: root,
    env: { ...process.env, MESA_SHADER_CACHE_DIR: shaders },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((done) => {
    child.once('close', (code) => {
      running.delete(child);
      done({ code, output });
    });
  });
}

const lanes = Math.min(MOST_LANES, availableParallelism());
const { skips } = await import('../dist/test/skips.js');
announce(files, lanes, root, skips());
// The kernel counts an ordinary user's processes all together: while other files start and end some, a wall that counts
// them has no firm place.
const counts = (file) => process.getuid?.() !== 0 && file === join('sandbox', 'escape.test.js');
const [alone, others] = [files.filter(counts), files.filter((file) => !counts(file))];
waiting.push(...alone);
await lane();
waiting.push(...others);
await Promise.all(Array.from({ length: lanes }, lane));

const seconds = Math.round((Date.now() - start) / 1000);
console.log(`\n  Total:     ${totals.Total}\n  Passed:    ${totals.Passed}\n  Skipped:   ${totals.Skipped}`);
console.log(`  Duration:  ${seconds} s, ${files.length} files, ${lanes} at a time`);
conclude(took, root);
if (files.length === 0) console.log(`no test file matches ${process.argv.slice(2).join(' ')}`);
for (const what of wrong) console.log(`failed: ${what}`);
process.exitCode = wrong.length > 0 || files.length === 0 ? 1 : 0;
