/** What a text can do to end, stop or starve its own process, as the body of `def f(n)` or of a unit test's function. */
export interface SelfMadeEnd {
  name: string;
  body: string;
  verdict: string;
  /** The unit test that calls `f`, if not `assert f(1) == 1`. */
  test?: string;
  /** CPU time of its cell, if not 300. */
  cpuMs?: number;
}

export const PRELUDE = 'import ctypes, fcntl, os, resource, signal, sys, threading, time\n';

/** Numbers of system calls that Python has no name for. */
const CALLS: Record<string, { tgkill: number; timer_create: number; timer_settime: number; clone: number }> =
  {
    x64: { tgkill: 234, timer_create: 222, timer_settime: 223, clone: 56 },
    arm64: { tgkill: 131, timer_create: 107, timer_settime: 110, clone: 220 },
  };
const { tgkill, timer_create, timer_settime, clone } = CALLS[process.arch]!;

/** Waits for what was asked for; who is not ended runs into its time. */
const WAIT = 'time.sleep(60)';
const LIBC = 'libc = ctypes.CDLL(None)\n';
const TRIES = 'try:\n    os.kill(os.getppid(), signal.SIGKILL)\nexcept OSError:\n    pass\n';
/** The mark of this run's events, as a candidate that knows this harness finds it. */
const SECRET =
  'at = sys._getframe()\nwhile "secret" not in at.f_globals:\n    at = at.f_back\nsecret = at.f_globals["secret"]\n';

const NAMES =
  'HUP INT QUIT ILL ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM PROF IO SYS RTMAX';

const signals = NAMES.split(' ').map((name): SelfMadeEnd => {
  const reset = name === 'KILL' ? '' : `signal.signal(signal.SIG${name}, signal.SIG_DFL)\n`;
  return {
    name: `SIG${name} to itself`,
    body: `${reset}os.kill(os.getpid(), signal.SIG${name})\n${WAIT}`,
    verdict: 'crash',
  };
});

const ways: SelfMadeEnd[] = [
  { name: 'SIGTERM to its group', body: `os.killpg(0, signal.SIGTERM)\n${WAIT}`, verdict: 'crash' },
  {
    name: 'SIGKILL by tgkill',
    body: `${LIBC}libc.syscall(${tgkill}, os.getpid(), os.getpid(), 9)\n${WAIT}`,
    verdict: 'crash',
  },
  {
    name: 'SIGINT from a thread',
    body: `signal.signal(2, signal.SIG_DFL)\nthreading.Thread(target=os.kill, args=(os.getpid(), 2)).start()\n${WAIT}`,
    verdict: 'crash',
  },
  {
    name: 'SIGKILL from a child',
    body: `own = os.getpid()\nif os.fork() == 0:\n    os.kill(own, 9)\n    os._exit(0)\n${WAIT}`,
    verdict: 'crash',
  },
  {
    name: 'SIGKILL by a timer',
    body: `${LIBC}event = (ctypes.c_int * 16)(0, 0, 9, 0)\ntimer = ctypes.c_int()
libc.syscall(${timer_create}, 0, event, ctypes.byref(timer))
libc.syscall(${timer_settime}, timer, 0, (ctypes.c_long * 4)(0, 0, 0, 1000000), None)\n${WAIT}`,
    verdict: 'crash',
  },
  {
    name: 'SIGKILL as the end signal of a child',
    body: `${LIBC}if libc.syscall(${clone}, 9, 0, 0, 0, 0) == 0:\n    os._exit(0)\n${WAIT}`,
    verdict: 'crash',
  },
  {
    name: 'SIGKILL as the signal of a ready pipe',
    body: `ends = os.pipe()
fcntl.fcntl(ends[0], 10, 9)
fcntl.fcntl(ends[0], fcntl.F_SETOWN, os.getpid())
fcntl.fcntl(ends[0], fcntl.F_SETFL, os.O_ASYNC)
os.write(ends[1], b"x")\n${WAIT}`,
    verdict: 'error', // the call is refused
  },
  { name: 'SIGALRM by alarm', body: `signal.setitimer(signal.ITIMER_REAL, 0.01)\n${WAIT}`, verdict: 'crash' },
  { name: 'SIGSTOP to itself', body: 'os.kill(os.getpid(), signal.SIGSTOP)', verdict: 'timeout' },
  { name: 'SIGKILL to its parent', body: `${TRIES}os._exit(3)`, verdict: 'crash' },
  { name: 'a segmentation fault', body: 'ctypes.string_at(0)', verdict: 'crash' },
  {
    name: 'a lower limit of CPU time',
    body: 'resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True:\n    pass',
    verdict: 'timeout',
    cpuMs: 1500,
  },
  {
    name: 'all limits as low as they go',
    body: 'for kind in range(16):\n    try:\n        resource.setrlimit(kind, (0, 0))\n    except (OSError, ValueError):\n        pass\nwhile True:\n    pass',
    verdict: 'timeout',
  },
  {
    name: 'another program that cannot start',
    body: 'resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))\nos.execv(sys.executable, [sys.executable])',
    verdict: 'crash',
  },
  { name: 'os._exit', body: 'os._exit(7)', verdict: 'crash' },
];

const channel: SelfMadeEnd[] = [
  { name: 'the event channel closed', body: 'os.close(4)', verdict: 'crash' },
  { name: 'all descriptors closed', body: 'os.closerange(0, 256)', verdict: 'crash' },
  { name: 'garbage on the event channel', body: 'os.write(4, b"\\xff\\x00[[[\\n")', verdict: 'tampered' },
  { name: 'half a line on the event channel', body: 'os.write(4, b"[")\nos._exit(0)', verdict: 'tampered' },
  {
    name: 'the event channel filled',
    body: 'while True:\n    os.write(4, b"x" * 65536)',
    verdict: 'tampered',
  },
  {
    name: 'one cell begun after another',
    body: `${SECRET}while True:\n    os.write(4, (secret + '"cell","0"]\\n').encode())\n    time.sleep(0.05)`,
    verdict: 'tampered',
  },
  {
    name: 'times that are no numbers',
    body: `${SECRET}os.write(4, (secret + '"end","assert","pass",""]\\n' + secret + '"done","x","NaN"]\\n').encode())\nos._exit(0)`,
    verdict: 'tampered',
  },
];

/** An object whose method ends the process when the harness or the assertion asks for it. */
const lethal = (method: string, verdict: string, test?: string): SelfMadeEnd => ({
  name: `SIGTERM in ${method}`,
  body: `class Lethal:\n    def ${method}(self, *others):\n        os.kill(os.getpid(), signal.SIGTERM)\n        ${WAIT}\nreturn Lethal()`,
  verdict,
  ...(test ? { test } : {}),
});

export const SELF_MADE_ENDS: readonly SelfMadeEnd[] = [
  ...signals,
  ...ways,
  ...channel,
  lethal('__eq__', 'crash'),
  lethal('__bool__', 'crash', 'assert f(1)'),
  lethal('__str__', 'crash', 'assert False, f(1)'),
];
