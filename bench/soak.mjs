// One long run of `coderm execute`, looked at every second: memory and descriptors of Node, of the launchers and of the
// warm interpreters over time, and what is left behind at its end (processes, folders, cgroups).
//
//   node bench/soak.mjs --solutions S --unit-tests U --no-dedup     (flags of `coderm execute`)
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descendants, execute, processes } from './processes.mjs';

const folder = mkdtempSync(join(tmpdir(), 'coderm-soak-'));
const samples = [];
const seen = new Set();

/** Resident memory in MiB and open descriptors, summed over processes. */
function usage(pids) {
  let [mib, descriptors] = [0, 0];
  for (const pid of pids) {
    try {
      mib += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
      descriptors += readdirSync(`/proc/${pid}/fd`).length;
    } catch {} // it has just ended
  }
  return { mib: Math.round(mib), descriptors };
}

function look(root) {
  const all = descendants(root);
  for (const { pid } of all) seen.add(pid);
  const launchers = all.filter(({ name }) => name.startsWith('coderm-launcher')).map(({ pid }) => pid);
  const warm = all.filter(({ parent }) => launchers.includes(parent)).map(({ pid }) => pid);
  samples.push({ node: usage([root]), launchers: usage(launchers), interpreters: usage(warm) });
}

/** cgroups and folders of this engine. */
function leftovers() {
  const roots = ['', '/memory', '/pids', '/cpuacct']
    .map((name) => `/sys/fs/cgroup${name}`)
    .filter(existsSync);
  const below = (path, depth) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [
        ...(/^coderm-\d+$/.test(name) ? [`${path}/${name}`] : []),
        ...(depth > 0 ? below(`${path}/${name}`, depth - 1) : []),
      ]);
  const folders = readdirSync(tmpdir()).filter(
    (name) => name.startsWith('coderm-') && join(tmpdir(), name) !== folder,
  );
  return [...roots.flatMap((path) => below(path, 2)), ...folders];
}

try {
  const before = new Set(leftovers());
  const kept = ['--cache', join(folder, 'cache.sqlite'), '--out', join(folder, 'out.jsonl'), '--json'];
  const { code, out, error } = await execute([...process.argv.slice(2), ...kept], () => 1000, look);
  if (code !== 0) throw new Error(`the run ended with ${code}: ${error}`);
  const { cells, seconds } = JSON.parse(out);
  process.stdout.write(`cells ${cells.executed} executed in ${Math.round(seconds.total)} s\n`);
  process.stdout.write('of the run   node MiB, fds   launchers MiB, fds   interpreters MiB, fds\n');
  for (const part of [0.05, 0.25, 0.5, 0.75, 0.95]) {
    const { node, launchers, interpreters } = samples[Math.floor(part * samples.length)];
    const cell = ({ mib, descriptors }, width) => `${mib}, ${descriptors}`.padStart(width);
    const line =
      `${Math.round(part * 100)}%`.padEnd(13) + cell(node, 13) + cell(launchers, 21) + cell(interpreters, 24);
    process.stdout.write(`${line}\n`);
  }
  const alive = processes().filter(({ pid, name }) => seen.has(pid) && /^coderm|python/.test(name));
  const left = [
    ...alive.map(({ pid, name }) => `process ${pid} ${name}`),
    ...leftovers().filter((one) => !before.has(one)),
  ];
  process.stdout.write(`left behind  ${left.join(', ') || 'nothing'}\n`);
  process.exitCode = left.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
