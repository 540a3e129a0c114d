import type { Escape } from './escapes.js';

/** How a row differs where the jail is made of Landlock. `guard` null: not promised there, and SECURITY.md says so. */
interface Difference extends Partial<Pick<Escape, 'walled' | 'open'>> {
  guard?: string | null;
}

const EPERM: Escape['walled'] = { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ };
const EACCES: Escape['walled'] = { verdict: 'error', detail: /PermissionError: \[Errno 13\]/ };
const MEMORY: Escape['walled'] = { verdict: 'memory', detail: /used up its memory/ };

/** By the name of the row; all others are the same behind both jails. */
export const BEHIND_LANDLOCK: Record<string, Difference> = {
  'reads a file of the host': { guard: 'landlock-files', walled: EACCES },
  'writes outside its tmpfs': { guard: 'landlock-files', walled: EACCES },
  // The host's /proc is in nobody's mount namespace here: without the rules another user's process stays closed.
  'reads a process in /proc': { guard: null, walled: EACCES },
  'signals every process': { guard: null, walled: { verdict: 'pass', detail: /^$/ } },
  'sees another process': { guard: null, walled: { verdict: 'pass', detail: /^$/ } },
  'kills the warm interpreter': { guard: 'landlock-scope', walled: EPERM },
  'fills the disk: tmpfs': { walled: { verdict: 'error', detail: /OSError: \[Errno 27\]/ } },
  'fills the disk: many files': { walled: MEMORY },
  'fills the disk: files without a name': { walled: MEMORY },
  'leaves a daemonised grandchild': { guard: 'landlock-scope' },
  "signals the user's session by kill(-1)": {
    guard: 'landlock-scope',
    walled: { verdict: 'fail', detail: /it is out of reach/ },
  },
  'changes the mode of a file of the user': { guard: 'landlock-calls', walled: EPERM },
  'watches a file of the user': { guard: 'landlock-calls', walled: EPERM },
  'sends to a local socket of the user': { guard: 'network', walled: EPERM },
  'sends to an abstract socket of the user': { guard: 'network', walled: EPERM },
};
