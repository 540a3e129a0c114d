import type { Jail } from '../sandbox/jail.js';
import { ATTACKS, type Attack } from './attacks.js';

/** How an attack differs behind a jail that is not made of namespaces. */
type Difference = Partial<Pick<Attack, 'carrier' | 'walled'>>;

/** The kernel refuses by a Landlock rule; `what` it is about, in a word. */
const landlock =
  (what: string): Attack['carrier'] =>
  ({ landlockAbi }) =>
    `Landlock ABI ${landlockAbi}, ${what}`;

const seatbelt = () => 'Seatbelt profile';
const EPERM = { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ } as const;
const EACCES = { verdict: 'error', detail: /PermissionError: \[Errno 13\]/ } as const;

/** By the attack's name; all others meet the same as behind namespaces. SECURITY.md says the same in a table. */
export const LANDLOCK: Readonly<Record<string, Difference>> = {
  'reads a file of the host': { carrier: landlock('files'), walled: EACCES },
  'reads a process in /proc': { carrier: landlock('files'), walled: EACCES },
  'writes outside its tmpfs': { carrier: landlock('files'), walled: EACCES },
  'fills the disk: tmpfs': {
    carrier: () => 'rlimits, supervisor',
    walled: { verdict: 'error', detail: /OSError: \[Errno 27\]/ },
  },
  'reads the name of the host': { carrier: () => 'seccomp, launcher' },
  'opens a socket': { carrier: ({ landlockAbi }) => `seccomp, Landlock ABI ${landlockAbi}` },
  'signals a process of the host': { carrier: landlock('signals'), walled: EPERM },
  'kills the warm interpreter': { carrier: landlock('signals'), walled: EPERM },
};

/** Written from the documents of macOS: nobody has seen these answers yet. */
export const SEATBELT: Readonly<Record<string, Difference>> = {
  'reads a file of the host': { carrier: seatbelt, walled: EPERM },
  'writes outside its tmpfs': { carrier: seatbelt, walled: EPERM },
  'fills the disk: tmpfs': {
    carrier: () => 'rlimits, supervisor',
    walled: { verdict: 'error', detail: /OSError: \[Errno 27\]/ },
  },
  'opens a socket': { carrier: seatbelt },
  'signals a process of the host': { carrier: seatbelt, walled: EPERM },
  'kills the warm interpreter': { carrier: seatbelt, walled: EPERM },
  'fork bomb': {
    carrier: () => 'rlimits',
    walled: { verdict: 'error', detail: /BlockingIOError: \[Errno 35\]/ },
  },
  'allocates too much: heap': {
    carrier: () => 'supervisor',
    walled: { verdict: 'memory', detail: /used up its memory/ },
  },
};

/**
 * macOS has no /proc, no namespaces and no inotify, lets a process ask to be traced by its parent, and says its name.
 */
export const NOT_OF_MACOS = [
  'reads a process in /proc',
  'reads the name of the host',
  'watches what the jail shows',
  'traces a process',
  'makes a namespace of its own',
];

/** The attacks on a jail of this kind: what carries each wall there, and what an attack on it meets. */
export function attacksOn(jail: Jail): readonly Attack[] {
  switch (jail) {
    case 'namespaces':
      return ATTACKS;
    case 'landlock':
      return ATTACKS.map((attack) => ({ ...attack, ...LANDLOCK[attack.name] }));
    case 'seatbelt':
      return ATTACKS.filter(({ name }) => !NOT_OF_MACOS.includes(name)).map((attack) => ({
        ...attack,
        ...SEATBELT[attack.name],
      }));
    default:
      return jail satisfies never;
  }
}
