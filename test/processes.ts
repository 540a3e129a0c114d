import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine, as /proc shows it: a small system has no `ps`. */
export interface Listed {
  pid: number;
  parent: number;
  /** Effective. */
  user: number;
  /** At most 15 bytes. */
  name: string;
  /** One letter, `Z` for a zombie. */
  state: string;
}

export function listProcesses(): Listed[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []));
}

/** Null for a process that is gone. */
export function processOf(pid: number): Listed | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (key: string) => new RegExp(`^${key}:\\t(.*)$`, 'm').exec(status)![1]!;
    return {
      pid,
      parent: Number(field('PPid')),
      user: Number(field('Uid').split('\t')[1]),
      name: field('Name'),
      state: field('State')[0]!,
    };
  } catch {
    return null;
  }
}

/** Every process below this one, as `pid:start time`, which no other process ever has. */
export function descendants(root: number): string[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (processStat(Number(name)) ?? []) : [],
  );
  const found: string[] = [];
  const below = [root];
  for (let parent = below.pop(); parent !== undefined; parent = below.pop()) {
    for (const one of all.filter(({ ppid }) => ppid === parent)) {
      below.push(one.pid);
      found.push(`${one.pid}:${one.started}`);
    }
  }
  return found;
}

function processStat(pid: number): { pid: number; ppid: number; started: string; state: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, ppid: Number(fields[1]), started: fields[19]!, state: fields[0]! };
  } catch {
    return null; // it has ended meanwhile
  }
}

/** Those of the processes that still run after a moment (a zombie does not). */
export async function leftOf(processes: string[]): Promise<string[]> {
  let left = processes;
  for (let tries = 0; tries < 3000 && left.length > 0; tries++) {
    left = left.filter((one) => {
      const stat = processStat(Number(one.split(':')[0]));
      return stat !== null && stat.state !== 'Z' && `${stat.pid}:${stat.started}` === one;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return left;
}
