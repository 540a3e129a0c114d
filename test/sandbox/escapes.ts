import { ATTACKS, type Attack, type Canary, MIB } from '../../src/doctor/attacks.js';
import type { Verdict } from '../../src/verdict.js';
import { HOST_ESCAPES } from './host-escapes.js';
import type { Mate } from './mate.js';
import { SESSION_ESCAPES } from './session-escapes.js';

/** An attack, and the wall that stops it. The doctor's attacks are all among them. */
export interface Escape extends Pick<Attack, 'name' | 'walled' | 'limits'> {
  /** The wall that stops it; without it the attack must work. Null: nothing does, and SECURITY.md says so. */
  guard: string | null;
  candidate: (canary: MarkedCanary) => string;
  /** Without the wall: the verdict (or a fault of ours) that shows that the attack worked, where it is not `pass`. */
  open?: Verdict | 'fault';
  /**
   * It attacks a process or a file of the very user that the jail runs as (canary.mate), or the file `owned` that the
   * jail shows.
   */
  onMate?: boolean;
}

/** What is planted outside the jail for an attack to reach. */
export interface MarkedCanary extends Canary {
  /** Appears in the command line of a process that an attack leaves behind. */
  marker: string;
  /** The number of the file system, and of the inode there, of /dev/null. */
  device: [number, number];
  /** Only for attacks on it. */
  mate?: Mate;
}

/** An attack that the doctor runs too. */
function attack(name: string): Attack {
  const found = ATTACKS.find((one) => one.name === name);
  if (!found) throw new Error(`the doctor has no attack that ${name}`);
  return found;
}

export const ESCAPES: Escape[] = [
  { ...attack('reads a file of the host'), guard: 'files' },
  { ...attack('reads a process in /proc'), guard: 'files' },
  { ...attack('writes outside its tmpfs'), guard: 'read-only' },
  { ...attack('opens a socket'), guard: 'network' },
  { ...attack('reads the name of the host'), guard: 'names' },
  { ...attack('watches what the jail shows'), guard: 'inodes' },
  {
    name: 'sees another process',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `
import os
def attack():
    try:
        os.kill(${pid}, 0)
    except PermissionError:
        pass  # not ours, but there
    return "worked"`,
    walled: { verdict: 'error', detail: /ProcessLookupError: \[Errno 3\]/ },
  },
  {
    name: 'signals every process',
    guard: 'pid-namespace',
    candidate: () => `
import os
def attack():
    try:
        os.kill(-1, 0)
    except PermissionError:
        pass  # not ours, but there
    return "worked"`,
    walled: { verdict: 'error', detail: /ProcessLookupError: \[Errno 3\]/ },
  },
  { ...attack('signals a process of the host'), guard: 'pid-namespace', onMate: true },
  { ...attack('kills the warm interpreter'), guard: 'pid-namespace', open: 'fault' },
  {
    name: 'lowers a limit of the warm interpreter',
    guard: 'own-process-only',
    candidate: () => `
import os, resource
def attack():
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (100, 128))
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'slows the warm interpreter down',
    guard: 'own-process-only',
    candidate: () => `
import os
def attack():
    os.setpriority(os.PRIO_PROCESS, os.getppid(), 10)
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'pins the warm interpreter to a core',
    guard: 'own-process-only',
    candidate: () => `
import os
def attack():
    os.sched_setaffinity(os.getppid(), list(os.sched_getaffinity(0))[:1])
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'leaves files for the next candidate',
    guard: 'clearing',
    candidate: () => `
import os
def attack():
    os.makedirs("a/b")
    open("a/b/c", "w").close()
    os.mkdir("d", 0o300)
    open("d/e", "w").close()
    try:
        os.chmod("a/b", 0)
        os.chmod("a", 0)
    except PermissionError:
        pass  # behind Landlock
    return "worked"`,
    // It may; the check after each row looks whether anything is left for the next one.
    walled: { verdict: 'pass', detail: /^$/ },
  },
  { ...attack('fork bomb'), guard: 'processes' },
  {
    name: 'endless threads',
    guard: 'processes',
    candidate: () => `
import threading
threading.stack_size(256 * 1024)
def attack():
    stop = threading.Event()
    threads = []
    try:
        for _ in range(100):
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            threads.append(thread)
        return "worked"
    finally:
        stop.set()`,
    walled: { verdict: 'error', detail: /RuntimeError: can't start new thread/ },
  },
  { ...attack('allocates too much: heap'), guard: 'memory' },
  { ...attack('allocates too much: shared pages of many processes'), guard: 'memory' },
  {
    name: 'allocates too much: memfd',
    guard: 'memory',
    candidate: () => `
import os
def attack():
    for _ in range(70):
        fd = os.memfd_create("more")
        for _ in range(10):
            os.write(fd, b"x" * ${MIB})
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'allocates too much: System V shared memory',
    guard: 'memory',
    candidate: () => `
import ctypes
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    segment = libc.shmget(0, ctypes.c_size_t(${MIB}), 0o1600)
    if segment < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    libc.shmctl(segment, 0, None)
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  { ...attack('fills the disk: tmpfs'), guard: 'tmp-size' },
  { ...attack('floods standard output'), guard: 'output' },
  { ...attack('endless loop'), guard: 'cpu' },
  {
    name: 'endless loop in C code',
    guard: 'cpu',
    candidate: () => `
import re
def attack():
    re.match("(a+)+$", "a" * 25 + "b")
    return "worked"`,
    walled: { verdict: 'timeout', detail: /CPU time/ },
    limits: { cpuMs: 300, wallMs: 60_000 },
  },
  {
    name: 'burns CPU in children that nobody waits for',
    guard: 'cpu',
    candidate: () => `
import os, signal, time
def attack():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(2):
        if os.fork() == 0:
            while time.process_time() < 1.5:
                pass
            os._exit(0)
    try:
        os.wait()
    except ChildProcessError:  # all have ended
        pass
    return "worked"`,
    walled: { verdict: 'timeout', detail: /CPU time/ },
    limits: { cpuMs: 500, wallMs: 60_000 },
  },
  {
    name: 'burns CPU in one short child after another',
    guard: 'cpu',
    candidate: () => `
import os, signal, time
def attack():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(8):
        child = os.fork()
        if child == 0:
            while time.process_time() < 0.25:
                pass
            os._exit(0)
        try:
            os.waitpid(child, 0)
        except ChildProcessError:
            pass
    return "worked"`,
    walled: { verdict: 'timeout', detail: /CPU time/ },
    limits: { cpuMs: 700, wallMs: 60_000 },
  },
  {
    name: 'signal handlers that ignore everything',
    guard: 'cpu',
    candidate: () => `
import signal, time
for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def attack():
    while time.process_time() < 2:
        pass
    return "worked"`,
    walled: { verdict: 'timeout', detail: /CPU time/ },
    limits: { cpuMs: 500, wallMs: 60_000 },
  },
  { ...attack('sleeps'), guard: 'wall' },
  {
    name: 'leaves a daemonised grandchild',
    guard: 'pid-namespace',
    candidate: ({ marker }) => `
import os, sys
def attack():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(60)", "${marker}"])
        os._exit(0)
    os.wait()
    return "worked"`,
    // It runs, but it does not outlive its cell: the check after each row looks for the marker.
    walled: { verdict: 'pass', detail: /^$/ },
  },
  {
    name: 'takes back its end with the launcher',
    guard: 'launcher-death',
    candidate: () => `
import ctypes
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(1, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'locks a file of the host',
    guard: 'inodes',
    candidate: ({ shown }) => `
import fcntl
def attack():
    fcntl.flock(open("${shown}/../runner/cell.py"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  {
    name: 'grows its socket buffers',
    guard: 'memory',
    candidate: () => `
import socket
def attack():
    a, b = socket.socketpair()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    return "worked"`,
    walled: { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ },
  },
  { ...attack('traces a process'), guard: 'syscalls' },
  { ...attack('makes a namespace of its own'), guard: 'syscalls' },
  {
    name: 'os._exit(0) under a failing test',
    guard: 'evidence',
    candidate: () => `
import os
def attack():
    os._exit(0)`,
    walled: { verdict: 'tampered', detail: /left with exit code 0/ },
  },
  {
    name: 'sys.exit(0) while loading',
    guard: 'evidence',
    candidate: () => `
import sys
sys.exit(0)`,
    walled: { verdict: 'error', detail: /candidate does not load: SystemExit/ },
  },
  {
    name: 'patches unittest.TestCase.assertEqual',
    guard: 'machinery',
    candidate: () => `
import unittest
unittest.TestCase.assertEqual = lambda *arguments, **named: None
def attack():
    return "nothing right"`,
    walled: { verdict: 'tampered', detail: /TestCase\.assertEqual/ },
  },
  {
    name: 'patches the machinery while a test runs',
    guard: 'machinery',
    candidate: () => `
import unittest
def attack():
    unittest.TestCase._getAssertEqualityFunc = lambda *arguments: lambda *values, **named: None
    return "nothing right"`,
    walled: { verdict: 'tampered', detail: /TestCase\._getAssertEqualityFunc/ },
  },
  {
    name: 'recursion without end',
    guard: 'recursion',
    candidate: () => `
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
def attack():
    return "worked" if depth(5000) == 5000 else "no"`,
    walled: { verdict: 'error', detail: /RecursionError/ },
  },
  {
    name: 'segfault by ctypes',
    guard: 'own-process',
    open: 'crash',
    candidate: () => `
import ctypes
def attack():
    ctypes.string_at(0)`,
    walled: { verdict: 'crash', detail: /signal 11/ },
  },
  ...HOST_ESCAPES,
  ...SESSION_ESCAPES,
];
