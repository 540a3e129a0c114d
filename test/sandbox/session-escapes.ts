import type { Escape } from './escapes.js';

const MIB = 2 ** 20;

/** Attacks on what the user of the jail has outside of it, and on the space that they share. */
export const SESSION_ESCAPES: Escape[] = [
  {
    name: "signals the user's session by kill(-1)",
    guard: 'pid-namespace',
    onMate: true,
    // SIGURG: without its wall the attack must not end whoever runs the tests.
    candidate: ({ mate }) => `
import os, signal, time
def attack():
    os.kill(-1, signal.SIGURG)
    for _ in range(1000):
        try:
            os.kill(${mate!.pid}, 0)
        except ProcessLookupError:
            return "worked"
        except PermissionError:
            return "it is out of reach"
        time.sleep(0.02)
    return "it lives"`,
    walled: { verdict: 'error', detail: /ProcessLookupError: \[Errno 3\]/ },
  },
  {
    name: 'changes the mode of a file of the user',
    guard: 'files',
    onMate: true,
    candidate: ({ mate }) => `
import os
def attack():
    os.chmod("${mate!.file}", 0o600)
    return "worked"`,
    walled: { verdict: 'error', detail: /FileNotFoundError: \[Errno 2\]/ },
  },
  {
    name: 'sends to a local socket of the user',
    guard: 'files',
    onMate: true,
    candidate: ({ mate }) => `
import socket
def attack():
    socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"hello", "${mate!.socket}")
    return "worked"`,
    walled: { verdict: 'error', detail: /FileNotFoundError: \[Errno 2\]/ },
  },
  {
    name: 'sends to an abstract socket of the user',
    guard: 'network',
    onMate: true,
    candidate: ({ mate }) => `
import socket
def attack():
    socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"hello", "\\0${mate!.socket}")
    return "worked"`,
    walled: { verdict: 'error', detail: /ConnectionRefusedError: \[Errno 111\]/ },
  },
  {
    name: 'fills the disk: many files',
    guard: 'tmp-size',
    candidate: () => `
import time
def attack():
    for name in range(64):
        with open(str(name), "wb") as file:
            file.write(b"x" * ${MIB})
    time.sleep(1)
    return "worked"`,
    walled: { verdict: 'error', detail: /OSError: \[Errno 28\]/ },
  },
  {
    name: 'fills the disk: files without a name',
    guard: 'tmp-size',
    candidate: () => `
import os, time
def attack():
    files = []
    for name in range(64):
        files.append(open(str(name), "wb", buffering=0))
        os.unlink(str(name))
        files[-1].write(b"x" * ${MIB})
    time.sleep(1)
    return "worked"`,
    walled: { verdict: 'error', detail: /OSError: \[Errno 28\]/ },
  },
];
