import type { Ready } from '../sandbox/addon.js';
import type { Limits, Verdict } from '../verdict.js';

/** What is planted outside the jail for an attack to reach. */
export interface Canary {
  /** A file that everybody may read. */
  secretFile: string;
  secret: string;
  /** A folder that the jail shows. */
  shown: string;
  /** A TCP port of the host. */
  port: number;
  /** What the host is called. */
  hostName: string;
  /** A process of the host that is not the candidate's. */
  pid: number;
}

/** The walls that this machine gives, as the launcher names them. */
export interface Walls extends Pick<Ready, 'jail' | 'resources' | 'user'> {
  /** Of the kernel, where the jail is made of Landlock; null elsewhere. */
  landlockAbi: number | null;
}

/** One attack on the jail. Its candidate defines `attack()`, which returns 'worked' if it got what it wanted. */
export interface Attack {
  /** What it does; SECURITY.md and the escape tests know it by this name. */
  name: string;
  /** What the wall keeps, in a few words. */
  wall: string;
  /** The part of the kernel, or of the engine, that is the wall. */
  carrier: (walls: Walls) => string;
  candidate: (canary: Canary) => string;
  /** With all walls: the verdict, and what the candidate saw (an errno, an exception). */
  walled: { verdict: Verdict; detail: RegExp };
  limits?: Partial<Limits>;
}

export const MIB = 2 ** 20;

const EPERM = { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ } as const;
const ENOENT = { verdict: 'error', detail: /FileNotFoundError: \[Errno 2\]/ } as const;

const mounts = () => 'mount namespace';
const filter = () => 'seccomp';
/** Counted by the kernel for the whole cell where it can be, else sampled. */
const counted = ({ resources }: Walls) => (resources === 'rlimits' ? 'supervisor' : resources);

/** A call of the C library that Python has no name for. */
const libraryCall = (name: string, call: string) => `
import ctypes
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.${call} != 0:
        raise OSError(ctypes.get_errno(), "${name}")
    return "worked"`;

/**
 * An attack on every wall, as it ends behind namespaces (other-jails.ts says what differs elsewhere). `coderm doctor`
 * runs them; the escape tests do too, and more of them.
 */
export const ATTACKS: readonly Attack[] = [
  {
    name: 'reads a file of the host',
    wall: 'files of the host',
    carrier: mounts,
    candidate: ({ secretFile, secret }) => `
def attack():
    return "worked" if open(${JSON.stringify(secretFile)}).read() == "${secret}" else "another file"`,
    walled: ENOENT,
  },
  {
    name: 'reads a process in /proc',
    wall: '/proc of the host',
    carrier: mounts,
    candidate: ({ pid }) => `
def attack():
    return "worked" if open("/proc/${pid}/cmdline").read() else "nothing to read"`,
    walled: ENOENT,
  },
  {
    name: 'writes outside its tmpfs',
    wall: 'files of the jail',
    carrier: mounts,
    candidate: ({ shown }) => `
def attack():
    open("${shown}/written", "w").write("x")
    return "worked"`,
    walled: { verdict: 'error', detail: /OSError: \[Errno 30\]/ },
  },
  {
    name: 'fills the disk: tmpfs',
    wall: 'space in /tmp',
    carrier: () => 'mount namespace (tmpfs)',
    candidate: () => `
def attack():
    with open("full", "wb") as file:
        for _ in range(64):
            file.write(b"x" * ${MIB})
    return "worked"`,
    walled: { verdict: 'error', detail: /OSError: \[Errno 28\]/ },
  },
  {
    name: 'opens a socket',
    wall: 'network',
    carrier: () => 'seccomp, network namespace',
    candidate: ({ port }) => `
import socket
def attack():
    with socket.create_connection(("127.0.0.1", ${port}), timeout=2) as connection:
        connection.sendall(b"hello")
        return "worked" if connection.recv(5) == b"hello" else "no answer"`,
    walled: EPERM,
  },
  {
    name: 'reads the name of the host',
    wall: 'name of the host',
    carrier: () => 'uts namespace',
    candidate: ({ hostName }) => `
import os, platform, socket
def attack():
    try:
        names = [os.uname().nodename, socket.gethostname(), platform.node()]
    except PermissionError:
        return "another name, or none"
    return "worked" if ${JSON.stringify(hostName)} in names else "another name"`,
    walled: { verdict: 'fail', detail: /another name/ },
  },
  {
    name: 'watches what the jail shows',
    wall: 'activity of the host',
    carrier: filter,
    candidate: ({ shown }) => `
import ctypes, os
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.inotify_add_watch(libc.inotify_init1(0), os.fsencode(${JSON.stringify(shown)}), 0xfff) < 0:
        raise OSError(ctypes.get_errno(), "inotify_add_watch")
    return "worked"`,
    walled: EPERM,
  },
  {
    // Signal 0 asks whether it is in reach, and hurts nobody.
    name: 'signals a process of the host',
    wall: 'processes of the host',
    carrier: () => 'pid namespace',
    candidate: ({ pid }) => `
import os
def attack():
    os.kill(${pid}, 0)
    return "worked"`,
    walled: { verdict: 'error', detail: /ProcessLookupError: \[Errno 3\]/ },
  },
  {
    name: 'kills the warm interpreter',
    wall: 'the warm interpreter',
    carrier: () => 'pid namespace',
    candidate: () => `
import os, signal, time
def attack():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(0.2)
    return "the warm interpreter lives"`,
    walled: { verdict: 'fail', detail: /the warm interpreter lives/ },
  },
  {
    name: 'traces a process',
    wall: 'tracing (ptrace)',
    carrier: filter,
    candidate: () => libraryCall('ptrace', 'ptrace(0, 0, 0, 0)'),
    walled: EPERM,
  },
  {
    name: 'makes a namespace of its own',
    wall: 'namespaces of its own',
    carrier: filter,
    candidate: () => libraryCall('unshare', 'unshare(0x10000000)'),
    walled: EPERM,
  },
  {
    name: 'fork bomb',
    wall: 'number of processes',
    carrier: ({ resources }) => (resources === 'rlimits' ? 'rlimits' : `rlimits, ${resources}`),
    candidate: () => `
import os, signal, time
def attack():
    children = []
    try:
        for _ in range(100):
            child = os.fork()
            if child == 0:
                time.sleep(30)
                os._exit(0)
            children.append(child)
        return "worked"
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)`,
    walled: { verdict: 'error', detail: /BlockingIOError: \[Errno 11\]/ },
  },
  {
    name: 'allocates too much: heap',
    wall: 'memory of a process',
    carrier: () => 'rlimits',
    candidate: () => `
def attack():
    text = "a" * ${800 * MIB}
    return "worked" if len(text) == ${800 * MIB} else "shorter"`,
    walled: { verdict: 'memory', detail: /refused/ },
  },
  {
    name: 'allocates too much: shared pages of many processes',
    wall: 'memory of the cell',
    carrier: counted,
    candidate: () => `
import mmap, os, time
def attack():
    areas = [mmap.mmap(-1, ${100 * MIB}) for _ in range(7)]
    for area in areas:
        for page in range(0, len(area), 4096):
            area[page] = 1
    return "worked"`,
    walled: { verdict: 'memory', detail: /used up its memory/ },
    limits: { cpuMs: 5000, wallMs: 60_000 },
  },
  {
    name: 'floods standard output',
    wall: 'output',
    carrier: () => 'supervisor',
    candidate: () => `
import os
def attack():
    for _ in range(8):
        left = b"x" * ${MIB}
        while left:
            left = left[os.write(1, left):]
    return "worked"`,
    walled: { verdict: 'output', detail: /wrote more than it may/ },
  },
  {
    name: 'endless loop',
    wall: 'CPU time',
    carrier: ({ resources }) => (resources === 'rlimits' ? 'supervisor' : `supervisor, ${resources}`),
    candidate: () => `
import time
def attack():
    while time.process_time() < 2:
        pass
    return "worked"`,
    walled: { verdict: 'timeout', detail: /CPU time/ },
    limits: { cpuMs: 500, wallMs: 60_000 },
  },
  {
    name: 'sleeps',
    wall: 'time on the clock',
    carrier: () => 'supervisor',
    candidate: () => `
import time
def attack():
    time.sleep(3)
    return "worked"`,
    walled: { verdict: 'timeout', detail: /time on the clock/ },
    limits: { wallMs: 700 },
  },
];

/** What `attack()` is asked for, by every attack. */
export const ATTACK_TEST = {
  code: `
import unittest
class TestAttack(unittest.TestCase):
    def test_attack(self):
        self.assertEqual(attack(), "worked")`,
  cases: ['TestAttack.test_attack'],
};
