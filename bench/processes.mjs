// What the scripts of this folder share: running `coderm execute`, and looking at its processes in /proc.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));

/** Every process: {pid, parent, name}. */
export function processes() {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
      const [, name, rest] = /\((.*)\) (.*)/s.exec(stat) ?? [];
      return rest ? [{ pid: Number(pid), name, parent: Number(rest.split(' ')[1]) }] : [];
    } catch {
      return []; // it has just ended
    }
  });
}

/** Every process below one. */
export function descendants(root) {
  const all = processes();
  const below = (parent) =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}

/** One run of `coderm execute` to its end; `look` is called with its process id after every `pause()` milliseconds. */
export async function execute(flags, pause, look) {
  const child = spawn(process.execPath, [MAIN, 'execute', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, error, over] = ['', '', false];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    error = String(data);
  });
  const code = new Promise((resolve) => child.once('close', resolve)).finally(() => {
    over = true;
  });
  while (look && !over) {
    await new Promise((resolve) => setTimeout(resolve, pause()));
    if (!over) look(child.pid);
  }
  return { code: await code, out, error };
}
