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
