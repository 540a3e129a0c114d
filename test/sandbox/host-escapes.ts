import type { Escape } from './escapes.js';

const EPERM: Escape['walled'] = { verdict: 'error', detail: /PermissionError: \[Errno 1\]/ };

/** Calls the C library; a result below 0 is raised as Python would raise it. */
const LIBRARY = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def called(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result`;

/** Of a file of its own, which stays empty. */
export const takeBlocks = (mib: number) => () =>
  `${LIBRARY}
def attack():
    with open("empty", "wb") as file:
        called(libc.fallocate(file.fileno(), 1, ctypes.c_long(0), ctypes.c_long(${mib} << 20)))
        found = os.fstat(file.fileno())
        return "worked" if (found.st_size, found.st_blocks >> 11) == (0, ${mib}) else str(found)`;

const ESRCH: Escape['walled'] = { verdict: 'error', detail: /ProcessLookupError: \[Errno 3\]/ };
const NOT_ASKED: Escape['walled'] = { verdict: 'fail', detail: /the kernel was not asked/ };
/** Who starts a jail as root gives it devices of its own. */
const asRoot = process.getuid?.() === 0;

/** Attacks on the host by way of what the jail shows of it, and by what it has only one of. */
export const HOST_ESCAPES: Escape[] = [
  {
    name: 'takes a lease on a file that the jail shows',
    guard: 'inodes',
    onMate: true,
    candidate: ({ shown }) => `
import fcntl
def attack():
    fcntl.fcntl(open("${shown}/../owned"), fcntl.F_SETLEASE, fcntl.F_WRLCK)
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'asks for a signal on changes in a shown folder',
    guard: 'inodes',
    candidate: ({ shown }) => `
import fcntl, os
def attack():
    fcntl.fcntl(os.open("${shown}", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MULTISHOT)
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'asks which pages of a shown file are in memory',
    guard: 'inodes',
    candidate: ({ shown }) => `${LIBRARY}
import mmap
def attack():
    with open("${shown}/../runner/cell.py", "rb") as file:
        area = mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    called(libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(1), ctypes.create_string_buffer(1)))
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'sends a request to the file system of a shown file',
    guard: 'inodes',
    candidate: ({ shown }) => `
import fcntl
def attack():
    fcntl.ioctl(open("${shown}/../runner/cell.py"), 2, bytearray(4))
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'writes out all that others have written',
    guard: 'inodes',
    candidate: ({ shown }) => `${LIBRARY}
def attack():
    with open("${shown}/../runner/cell.py") as file:
        called(libc.syncfs(file.fileno()))
    return "worked"`,
    walled: EPERM,
  },
  {
    // Nothing is to be seen of a flush; that of a pipe fails, if anybody is asked.
    name: 'flushes a shown file',
    guard: 'inodes',
    candidate: ({ shown }) => `
import os
def attack():
    with open("${shown}/../runner/cell.py") as file:
        for flush in os.fsync, os.fdatasync:
            flush(file.fileno())
            try:
                flush(os.pipe()[0])
                return "the kernel was not asked"
            except OSError:
                pass
    return "worked"`,
    walled: NOT_ASKED,
  },
  {
    name: 'flushes the pages of a shown file',
    guard: 'inodes',
    candidate: ({ shown }) => `${LIBRARY}
import mmap
def attack():
    with open("${shown}/../runner/cell.py", "rb") as file:
        area = mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    called(libc.msync(ctypes.c_void_p(address), ctypes.c_size_t(1), 4))
    nowhere = libc.msync(ctypes.c_void_p(1 << 16), ctypes.c_size_t(1 << 12), 4)
    return "worked" if nowhere < 0 else "the kernel was not asked"`,
    walled: NOT_ASKED,
  },
  {
    name: 'takes blocks beyond the end of a file',
    guard: 'memory',
    candidate: takeBlocks(8),
    walled: { verdict: 'error', detail: /OSError: \[Errno 95\]/ },
  },
  {
    name: 'reads the CPU time of a process of the host',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `
import time
def attack():
    return "worked" if time.clock_gettime((~${pid} << 3) | 2) >= 0 else "no time"`,
    walled: { verdict: 'error', detail: /OSError: \[Errno 22\]/ },
  },
  {
    name: 'reads the priority of a process of the host',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `
import os
def attack():
    os.getpriority(os.PRIO_PROCESS, ${pid})
    return "worked"`,
    walled: ESRCH,
  },
  {
    name: 'reads how a process of the host is scheduled',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `
import os
def attack():
    os.sched_getscheduler(${pid})
    os.sched_getparam(${pid})
    os.sched_rr_get_interval(${pid})
    return "worked"`,
    walled: ESRCH,
  },
  {
    name: 'waits for the end of a process of the host',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `${LIBRARY}
import select
def attack():
    descriptor = called(libc.syscall(434, ${pid}, 0))
    return "worked" if select.select([descriptor], [], [], 0)[0] == [] else "it has ended"`,
    walled: ESRCH,
  },
  {
    name: 'reads session and cores of a process of the host',
    guard: 'pid-namespace',
    candidate: ({ pid }) => `
import os
def attack():
    os.sched_getaffinity(${pid})
    return "worked" if os.getsid(${pid}) >= 0 and os.getpgid(${pid}) >= 0 else "no"`,
    walled: ESRCH,
  },
  {
    // An ordinary user can make no device: there it is the host's.
    name: 'locks a device of the host',
    guard: asRoot ? 'devices' : null,
    candidate: ({ device }) => `
import fcntl, os
def attack():
    with open("/dev/null", "r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        found = os.fstat(file.fileno())
        return "worked" if [found.st_dev, found.st_ino] == ${JSON.stringify(device)} else "a device of its own"`,
    walled: asRoot ? { verdict: 'fail', detail: /a device of its own/ } : { verdict: 'pass', detail: /^$/ },
  },
  {
    // Where the kernel has no such call (before Linux 6.8), an older one gives at least the mount's number.
    name: "reads the paths of the host's mounts",
    guard: 'names',
    candidate: ({ shown }) => `${LIBRARY}
import errno, struct
def attack():
    mounts = (ctypes.c_uint64 * 64)()
    try:
        found = called(libc.syscall(458, struct.pack("IIQQ", 24, 0, 2**64 - 1, 0), mounts, 64, 0))
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
        called(libc.name_to_handle_at(-100, b"${shown}", handle, ctypes.byref(ctypes.c_int()), 0))
        return "worked"
    answer = ctypes.create_string_buffer(4096)
    called(libc.syscall(457, struct.pack("IIQQ", 24, 0, mounts[found - 1], 0x18), answer, 4096, 0))
    return "worked" if b"/" in answer.raw else "no path"`,
    walled: EPERM,
  },
  {
    name: "takes the host's asynchronous requests",
    guard: 'syscalls',
    candidate: () => `${LIBRARY}
def attack():
    number = 206 if os.uname().machine == "x86_64" else 0
    called(libc.syscall(number, 1024, ctypes.byref(ctypes.c_ulong())))
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'installs a system call filter',
    guard: 'syscalls',
    candidate: () => `${LIBRARY}
import struct
def attack():
    step = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7fff0000))
    called(libc.prctl(22, 2, struct.pack("HxxxxxxQ", 1, ctypes.addressof(step)), 0, 0))
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'has a pipe send its signals',
    guard: 'own-process-only',
    candidate: () => `
import fcntl, os
def attack():
    fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'grows its pipes',
    guard: 'memory',
    candidate: () => `
import fcntl, os
def attack():
    fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'leaves memory in a pipe',
    guard: 'memory',
    candidate: () => `${LIBRARY}
import mmap, struct
def attack():
    area = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    called(libc.vmsplice(os.pipe()[1], struct.pack("QQ", address, 4096), 1, 0))
    return "worked"`,
    walled: EPERM,
  },
  {
    // SQLite needs such locks on files of the candidate's own, and a filter does not see which file it is.
    name: 'holds a read lock on a file that the jail shows',
    guard: null,
    candidate: ({ shown }) => `
import fcntl
def attack():
    fcntl.lockf(open("${shown}/../runner/cell.py"), fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "worked"`,
    walled: { verdict: 'pass', detail: /^$/ },
  },
];
