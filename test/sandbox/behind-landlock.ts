import { attacksOn } from '../../src/doctor/other-jails.js';
import type { Escape } from './escapes.js';
import { takeBlocks } from './host-escapes.js';

/** How a row differs where the jail is made of Landlock. `guard` null: not promised there, and SECURITY.md says so. */
interface Difference extends Partial<Pick<Escape, 'walled' | 'open' | 'candidate'>> {
  guard?: string | null;
}

const EPERM: Escape['walled'] = { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ };
const MEMORY: Escape['walled'] = { verdict: 'memory', detail: /used up its memory/ };

/** What the doctor expects of its own attacks. */
const WALLED = Object.fromEntries(attacksOn('landlock').map(({ name, walled }) => [name, { walled }]));

/** By the name of the row; all others are the same behind both jails. */
export const BEHIND_LANDLOCK: Record<string, Difference> = {
  ...WALLED,
  'reads a file of the host': { ...WALLED['reads a file of the host'], guard: 'landlock-files' },
  'writes outside its tmpfs': { ...WALLED['writes outside its tmpfs'], guard: 'landlock-files' },
  // The host's /proc is in nobody's mount namespace here: without the rules another user's process stays closed.
  'reads a process in /proc': { ...WALLED['reads a process in /proc'], guard: null },
  'signals every process': { guard: null, walled: { verdict: 'pass', detail: /^$/ } },
  'sees another process': { guard: null, walled: { verdict: 'pass', detail: /^$/ } },
  'signals a process of the host': { ...WALLED['signals a process of the host'], guard: 'landlock-scope' },
  'kills the warm interpreter': { ...WALLED['kills the warm interpreter'], guard: 'landlock-scope' },
  'reads the CPU time of a process of the host': { guard: 'own-process-only' },
  'reads the priority of a process of the host': { guard: 'own-process-only', walled: EPERM },
  'reads how a process of the host is scheduled': { guard: 'own-process-only', walled: EPERM },
  'waits for the end of a process of the host': { guard: 'own-process-only', walled: EPERM },
  'reads session and cores of a process of the host': {
    guard: null,
    walled: { verdict: 'pass', detail: /^$/ },
  },
  'locks a device of the host': { guard: null, walled: { verdict: 'pass', detail: /^$/ } },
  // More than its folder may hold: nobody would see them.
  'takes blocks beyond the end of a file': { candidate: takeBlocks(64) },
  'fills the disk: many files': { walled: MEMORY },
  'fills the disk: files without a name': { walled: MEMORY },
  'leaves a daemonised grandchild': { guard: 'landlock-scope' },
  "signals the user's session by kill(-1)": {
    guard: 'landlock-scope',
    walled: { verdict: 'fail', detail: /it is out of reach/ },
  },
  'changes the mode of a file of the user': { guard: 'landlock-calls', walled: EPERM },
  'sends to a local socket of the user': { guard: 'network', walled: EPERM },
  'sends to an abstract socket of the user': { guard: 'network', walled: EPERM },
};
