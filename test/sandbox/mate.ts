import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Listed } from '../processes.js';
import { testPython } from './python.js';

/** A process and its files, of the very user that a jail runs as: what only the jail keeps apart from it. */
export interface Mate {
  pid: number;
  user: number;
  /** Path of a local datagram socket; an abstract one has the same name. */
  socket: string;
  /** A file of that user's. */
  file: string;
  child: ChildProcess;
}

/** Waits for SIGURG, which everybody else ignores, and ends. */
const WAITING = `
import signal, socket, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGURG])
ends = [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
ends[0].bind(sys.argv[1])
ends[1].bind("\\0" + sys.argv[1])
print("ready", flush=True)
signal.sigwait([signal.SIGURG])`;

export async function startMate(folder: string, user: number): Promise<Mate> {
  mkdirSync(folder);
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  const identity = process.getuid?.() === 0 ? { uid: user, gid: user } : {};
  if (identity.uid !== undefined) for (const path of [folder, file]) chownSync(path, user, user);
  const socket = join(folder, 'socket');
  const child = spawn(testPython(), ['-c', WAITING, socket], {
    ...identity,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { pid: child.pid!, user, socket, file, child };
}

/** The launchers of this process, in the order in which they were started (process ids begin again at some time). */
export function listLaunchers(listed: readonly Listed[]): Listed[] {
  return listed
    .filter(({ parent, name }) => parent === process.pid && name.startsWith('coderm-l'))
    .map((launcher) => ({ launcher, started: startedAt(launcher.pid) }))
    .sort((a, b) => a.started - b.started)
    .map(({ launcher }) => launcher);
}

/** In clock ticks since the machine started; 0 for a process that is gone. */
function startedAt(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return 0;
  }
}

/** The warm interpreters below some launchers; a Landlock jail's keeper is none. */
export function listWarm(listed: readonly Listed[], launchers: readonly Listed[]): Listed[] {
  const ids = new Set(launchers.map(({ pid }) => pid));
  return listed.filter(({ parent, name }) => ids.has(parent) && name !== 'coderm-keeper');
}
