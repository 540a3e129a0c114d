// Kills launchers, warm interpreters and their children at random while `coderm execute` runs, and compares the lines
// with those of a run that nobody disturbed. A run in which a task failed (exit 3: the sandbox failed twice) is started
// again, as its line says; what is done is kept.
//
//   node bench/faults.mjs --solutions S --unit-tests U --candidates 13 --no-dedup     (flags of `coderm execute`)
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descendants, execute } from './processes.mjs';

const PAUSE_MS = 1000; // between two kills, on average
const folder = mkdtempSync(join(tmpdir(), 'coderm-faults-'));

function run(name, disturb) {
  const kept = ['--cache', join(folder, `${name}.sqlite`), '--out', join(folder, `${name}.jsonl`)];
  return execute([...process.argv.slice(2), ...kept], () => 2 * PAUSE_MS * Math.random(), disturb);
}

/** Lines without what the clock says. */
function linesOf(name) {
  const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.stringify({ ...JSON.parse(line), cpu_ms: 0, wall_ms: 0 }));
}

const killed = {};
function disturb(root) {
  const launchers = descendants(root).filter(({ name }) => name.startsWith('coderm-launcher'));
  const victims = launchers.flatMap((launcher) => [launcher, ...descendants(launcher.pid)]);
  const victim = victims[Math.floor(Math.random() * victims.length)];
  if (!victim) return;
  try {
    process.kill(victim.pid, 'SIGKILL');
    killed[victim.name] = (killed[victim.name] ?? 0) + 1;
  } catch {} // it was faster
}

try {
  const quiet = await run('quiet', null);
  if (quiet.code !== 0) throw new Error(`the undisturbed run ended with ${quiet.code}: ${quiet.error}`);
  let [runs, code, error] = [0, 3, ''];
  for (; code === 3 && runs < 100; runs++) ({ code, error } = await run('disturbed', disturb));
  if (code !== 0) throw new Error(`the disturbed run ended with ${code}: ${error}`);
  const [expected, found] = [linesOf('quiet'), linesOf('disturbed')];
  const different = expected.flatMap((line, at) => (line === found[at] ? [] : [`${line}\n${found[at]}`]));
  const kills = Object.entries(killed).map(([name, times]) => `${times} ${name}`);
  process.stdout.write(
    `cells      ${expected.length}\nkilled     ${kills.join(', ')}\nruns       ${runs}\ndifferent  ${different.length}\n` +
      different
        .slice(0, 10)
        .map((line) => `${line}\n`)
        .join(''),
  );
  process.exitCode = different.length === 0 && expected.length === found.length ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
