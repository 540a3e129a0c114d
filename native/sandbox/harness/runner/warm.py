"""The warm interpreter: first process of its jail. It never runs a line of a candidate or a test.

It waits at descriptor 3 for jobs, each "<bytes of memory> <CPU seconds>" with three descriptors: the job (a sealed file
of JSON), where its output and where its events go. For each it forks a child (cell.py), waits for its end, ends whatever the child has
left running, empties its folder (/tmp), and says so: "ready <CPU ns>" comes from the child itself, as the last thing before
anything untrusted, "done <exit code> <signal> <CPU us> <clean>" from here.
A job: {kind: "cells", secret, isolation, candidate, tests: [{code, cases}], ahead: [code, ...]}, {kind: "analysis", request} or
{kind: "script", script: a path in the jail, which gets the job at descriptor 3}, each with paths (sys.path).
"""
import _sitebuiltins
import builtins
import gc
import json
import marshal
import os
import resource
import signal
import socket
import stat
import sys
import time
import warnings

HARNESS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[1:1] = [HARNESS + "/reader", HARNESS + "/syntax"]

# What candidates import most. `random` would give every child another state; each cell gets the same one instead.
register_at_fork, os.register_at_fork = os.register_at_fork, lambda **hooks: None
import random  # noqa: E402, F401

os.register_at_fork = register_at_fork
import abc, array, base64, binascii, bisect, cmath, contextlib, copy, dataclasses, datetime, decimal, difflib  # noqa: E401, E402, F401
import enum, fractions, functools, heapq, html, io, itertools, keyword, math, numbers, operator, pprint, re  # noqa: E401, E402, F401
import statistics, string, struct, textwrap, typing, unicodedata, unittest, zlib  # noqa: E401, E402, F401
import collections, collections.abc  # noqa: E401, E402, F401

import analyze
import cell
import checks
import parts
from prepare import CANDIDATE, COMPILE_CPU_S, TOO_SLOW, UNIT_TEST, WARY, Prepared, prepare

CONTROL = 3
KEPT_TEXTS = 1000
KEPT_BYTES = 6 << 20  # of texts and their encoded code, which takes a few times as much in memory
KEPT_BYTES_OF_ONE = 1 << 20  # 1 KB of nested `finally` is some megabytes of code
PREPARE_CPU_S = COMPILE_CPU_S + 1  # of all together: more than of one, so that it is known which one took too long
PREPARE_WALL_S = 10
LARGE_JOB_BYTES = 16 << 20  # a larger one is read in its child
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
PT_DENY_ATTACH = 31
TMP = os.environ.get("TMPDIR", "/tmp")
# "landlock" where no pid namespace, but a Landlock domain keeps this process's signals in the jail; "seatbelt" on macOS.
JAIL = os.environ.pop("CODERM_JAIL", None)
END = b"\n" if JAIL == "seatbelt" else b""  # where the socket does not keep messages apart
CREATE_RULESET, RESTRICT_SELF = 444, 446  # system calls; the same numbers on every architecture
SCOPES = struct.pack("QQQ", 0, 0, 2)  # no rights on files or ports; signals


class Kept:
    """Prepared texts by (file, text); all are forgotten when they become too many or too large."""

    def __init__(self):
        self.known = {}
        self.seen = {}  # how often the others have come, by their hash: a text can be long
        self.given_up = set()  # hashes of what is too much for the child that prepares, or to be kept
        self.bytes = 0

    def missing(self, parts, often):
        """Those that pay. Handing a prepared text over costs as much as compiling it among others in two children;
        in a child of its own (`often`: this is the first of several) it pays at once."""
        parts = [part for part in dict.fromkeys(parts) if part not in self.known and hash(part) not in self.given_up]
        if len(self.seen) + len(self.given_up) > KEPT_TEXTS:
            self.seen.clear()
            self.given_up.clear()
        for part in parts:
            self.seen[hash(part)] = self.seen.get(hash(part), 0) + 1
        return [part for part in parts if often or self.seen[hash(part)] > 2]

    def add(self, parts, encoded, too_slow):
        """`encoded`: of each part in turn what encode() gave, or nothing where it is too large. Those behind them were given
        up; `too_slow`: because the first of these took longer than it may."""
        for part, data in zip(parts, encoded):
            if data:
                self.keep(part, Prepared(*marshal.loads(data)), len(data))
            else:
                self.given_up.add(hash(part))
        rest = parts[len(encoded):]
        self.given_up.update(map(hash, rest))
        if too_slow and rest:
            self.keep(rest[0], TOO_SLOW, 0)
        gc.freeze()  # as in settle()

    def keep(self, part, prepared, size):
        size += sys.getsizeof(part[1])
        if size > KEPT_BYTES_OF_ONE:
            return
        if len(self.known) >= KEPT_TEXTS or self.bytes + size > KEPT_BYTES:
            self.known.clear()
            self.seen.clear()
            self.bytes = 0
        self.known[part] = prepared
        self.bytes += size


def encode(file, text):
    data = marshal.dumps(tuple(prepare(file, text)))
    return data if len(data) + sys.getsizeof(text) <= KEPT_BYTES_OF_ONE else b""


def main():
    control = socket.socket(fileno=CONTROL)
    settle()
    kept = Kept()
    control.send(b"warm" + END)
    while True:
        asked, descriptors, _, _ = socket.recv_fds(control, 64, 3)
        if not asked:
            return
        memory_bytes, cpu_s = map(int, asked.split())
        serve(control, kept, Limits(memory_bytes, cpu_s), *descriptors)


# Our own text, the only one that ever runs here.
WARM_UP = {
    # Only compiled: what most candidates have, so that the rule's own code is adapted too.
    "compiled": "from typing import List, Optional\nimport math\nfrom collections import Counter\n\n\n"
    "def f(a: List[int], b: Optional[str] = None) -> List[int]:\n    \"\"\"Text.\"\"\"\n    found, n = [], 0\n"
    "    for x in sorted(a, key=lambda y: -y):\n        if x % 2 == 0 and not isinstance(x, str):\n"
    "            found.append(math.sqrt(x)); n += 1\n    words = [w.lower() for w in b.split() if w not in found]\n"
    "    while n > 0:\n        n -= 1\n    try:\n        return words[0:2] + [Counter(a).get(1), max(x for x in a)]\n"
    "    except ValueError as error:\n        raise TypeError(str(error)) from None\n\n\nclass K:\n"
    "    def __init__(self, x):\n        self.x = {x: set()}\n\n    def g(self):\n        return self.x or type(self).__name__\n",
    "candidate": "def double(n):\n    return n * 2\n",
    "tests": {
        "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(double(2), 4)\n"
        "        self.assertTrue(double(2))\n": ["T.test_a"],
        "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual([double(2)], [5])\n":
            ["T.test_a"],
        "assert double([1]) == [1, 1]": ["assert"],
    },
}


def settle():
    """Makes this process what every child is to start from."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 hears no signal that it has no handler for
    sys.argv[:] = ["solution.py"]
    warnings.simplefilter("ignore")
    for name in ("exit", "quit"):  # what `site` would define
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D"))
    parts.install()
    checks.watch()
    cell.settle(WARM_UP)
    # The harness's own modules are nobody's to import: a candidate's `import cell` means another one.
    for name, module in list(sys.modules.items()):
        if name != "__main__" and str(getattr(module, "__file__", "")).startswith(HARNESS + "/"):
            _OWN_MODULES.append(sys.modules.pop(name))
    become_unreachable()
    gc.collect()
    gc.freeze()  # what is here now is never looked at, and so never copied, by a child's collector


_OWN_MODULES = []  # kept alive


_DOMAIN = None  # of a child of its own, where there is no pid namespace: (libc, ruleset)


def become_unreachable():
    """Makes this process one that no child can reach."""
    global _DOMAIN
    try:
        import ctypes
    except ImportError:
        if JAIL is not None:
            sys.exit("a %s jail needs a Python with ctypes; name another one with --python PATH" % JAIL.capitalize())
        return  # the system call filter refuses what this would
    libc = ctypes.CDLL(None)
    if JAIL == "seatbelt":
        if libc.ptrace(PT_DENY_ATTACH, 0, None, 0) != 0:
            sys.exit("macOS does not keep tracers off this process")
        return
    if JAIL != "landlock":
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        return
    # The supervisor looks into children, so they, and this process, stay dumpable: their domains keep them off.
    ruleset = libc.syscall(CREATE_RULESET, SCOPES, len(SCOPES), 0)
    if ruleset < 0:
        sys.exit("the kernel gives no Landlock domain for a child")
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        _DOMAIN = libc, ruleset
    else:
        sys.exit("signals leave the jail")


def enter_own_domain():
    """In a child: what it signals from here on, it has started itself. It ends with the warm interpreter."""
    if JAIL == "seatbelt":
        # It starts nothing, so nothing can outlive it or be left behind; hard, and for whatever it executes.
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if _DOMAIN is None:
        return
    libc, ruleset = _DOMAIN
    if libc.syscall(RESTRICT_SELF, ruleset, 0) != 0 or libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        os._exit(1)
    os.close(ruleset)


class Limits:
    """Of one child, on top of the walls. Its memory does not depend on what this process has taken on for others."""

    # "unlimited" where the supervisor alone looks at memory.
    data, address_space = (resource.getrlimit(kind)[1] for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS))

    def __init__(self, memory_bytes, cpu_s):
        self.memory_bytes = memory_bytes
        self.cpu_s = cpu_s

    def enter(self):
        if self.data != resource.RLIM_INFINITY:
            less = self.data - self.memory_bytes
            resource.setrlimit(resource.RLIMIT_DATA, (self.memory_bytes, self.memory_bytes))
            resource.setrlimit(resource.RLIMIT_AS, (self.address_space - less, self.address_space - less))
        if JAIL == "seatbelt":  # on Linux the supervisor sets it
            resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_s, self.cpu_s))


def read_job(job_file):
    with open(job_file, "rb", closefd=False) as file:
        job = json.loads(file.read())
    sys.path[:] = job["paths"]
    return job


def serve(control, kept, limits, job_file, output, events):
    job = read_job(job_file) if os.fstat(job_file).st_size <= LARGE_JOB_BYTES else None
    if job is not None and job["kind"] == "cells":
        prepare_missing(kept, limits, job)
    pid = os.fork()
    if pid == 0:
        enter_own_domain()
        limits.enter()
        while job_file < 5:  # the number that it has may be one of these
            job_file = os.dup(job_file)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)  # of its own: flags that it sets there are nobody else's
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(events, 4)
        sender = b" %d" % os.getpid() if JAIL == "seatbelt" else b""  # Linux tells the supervisor
        control.send(b"ready %d" % time.process_time_ns() + sender + END)
        os.close(CONTROL)
        control.detach()
        job = job or read_job(job_file)
        if job["kind"] == "script":
            os.lseek(job_file, 0, os.SEEK_SET)
            os.dup2(job_file, 3)
        os.closerange(5, 64)
        if job["kind"] == "cells":
            cell.run(job, kept.known)
        elif job["kind"] == "analysis":
            analyze.run(job)
        os.execv(sys.executable, [sys.executable, "-B", "-s", "-S", job["script"]])
    status, used = os.wait4(pid, 0)[1:]  # first of all: what is touched while the child lives is copied for it
    for descriptor in (job_file, output, events):
        os.close(descriptor)
    clean = clear_away()
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    cpu_us = round((used.ru_utime + used.ru_stime) * 1e6)
    control.send(b"done %d %d %d %d" % (code, number, cpu_us, clean) + END)


def prepare_missing(kept, limits, job):
    """Compiles in a child what comes again and again. What ends that child is left to the cell itself."""
    codes = [test["code"] for test in job["tests"]] + job["ahead"]
    candidate = CANDIDATE, job["candidate"]
    # Where it is not known yet which form of its unit tests it meets: the commonest reason for the second one.
    wary = kept.known[candidate].wary if candidate in kept.known else "class " in job["candidate"]
    parts = [(WARY if wary else UNIT_TEST, code) for code in codes] + [candidate]
    parts = kept.missing(parts, often=len(job["ahead"]) > 2)
    if not parts:
        return
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        enter_own_domain()
        try:
            limits.enter()
            os.close(CONTROL)
            signal.setitimer(signal.ITIMER_VIRTUAL, PREPARE_CPU_S)  # of all: the run waits
            signal.setitimer(signal.ITIMER_REAL, PREPARE_WALL_S)
            for file, text in parts:
                data = encode(file, text)
                data = len(data).to_bytes(8, "little") + data
                while data:
                    data = data[os.write(write_end, data):]
            os._exit(0)
        except BaseException:  # nobody is to read a report of it
            os._exit(1)
    os.close(write_end)
    with open(read_end, "rb") as pipe:
        data = pipe.read()
    status = os.waitpid(pid, 0)[1]
    kept.add(parts, encoded_in(data), os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF)


def encoded_in(data):
    """What the child that prepares came to: the last one may be cut off."""
    found, at = [], 8
    while at <= len(data):
        end = at + int.from_bytes(data[at - 8:at], "little")
        if end <= len(data):
            found.append(data[at:end])
        at = end + 8
    return found


def clear_away():
    """Ends what a child left running and empties /tmp. False: this jail is not as it was."""
    try:
        # What has lost its parent is this process's child: without one, nobody else is there, and nobody need be told
        # of a signal.
        os.waitpid(-1, os.WNOHANG)
        if os.getpid() == 1 or _DOMAIN is not None:
            try:
                os.kill(-1, signal.SIGKILL)  # everything in the namespace, or the domain, but this process
            except ProcessLookupError:
                pass
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    try:
        for name in os.listdir(TMP):
            remove(TMP + "/" + name)
        return TMP_STATE == tmp_state()
    except (OSError, RecursionError, MemoryError):
        return False


def remove(path):
    mode = os.lstat(path).st_mode
    if not stat.S_ISDIR(mode):
        os.unlink(path)
        return
    if mode & 0o700 != 0o700:
        os.chmod(path, 0o700)  # behind Landlock refused: such a jail is not used again
    for name in os.listdir(path):
        remove(path + "/" + name)
    os.rmdir(path)


def tmp_state():
    now = os.stat(TMP)
    attributes = os.listxattr(TMP) if hasattr(os, "listxattr") else []  # behind Seatbelt nobody may set one
    return now.st_mode, now.st_uid, now.st_gid, attributes


TMP_STATE = tmp_state()

if __name__ == "__main__":
    main()
