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
    with open("${shown}/../cell.py", "rb") as file:
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
    fcntl.ioctl(open("${shown}/../cell.py"), 2, bytearray(4))
    return "worked"`,
    walled: EPERM,
  },
  {
    name: 'writes out all that others have written',
    guard: 'inodes',
    candidate: ({ shown }) => `${LIBRARY}
def attack():
    with open("${shown}/../cell.py") as file:
        called(libc.syncfs(file.fileno()))
    return "worked"`,
    walled: EPERM,
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
    fcntl.lockf(open("${shown}/../cell.py"), fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "worked"`,
    walled: { verdict: 'pass', detail: /^$/ },
  },
];
