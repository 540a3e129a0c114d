// Theory of operation. The namespaces already hide the host; this filter takes away the kernel's own
// attack surface (namespaces, mounts, keyrings, bpf, io_uring, tracing) and the ways around the limits
// (memfd, System V memory: neither counts against a process's address space). It is a list of refusals,
// not of permissions: Python and its packages use too many harmless calls to name. A call of a foreign
// architecture (i386, x32) is refused whole, since its numbers mean other things. Where Landlock takes the place of
// the namespaces, the host's files and queues can be named: what Landlock does not cover of them is refused here too.

#include "syscall_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#define CODERM_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CODERM_ARCH AUDIT_ARCH_AARCH64
#else
#error "the sandbox knows x86-64 and arm64"
#endif

// Calls younger than some kernel headers; their numbers are the same on every architecture.
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#define SYS_fspick 433
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif

namespace coderm {
namespace {

constexpr uint32_t kNamespaceFlags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                     CLONE_NEWPID | CLONE_NEWNET;

// What could reach another process, the host's kernel or a wall of the jail.
const long kSystem[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd, SYS_perf_event_open,
    SYS_bpf, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_keyctl, SYS_add_key, SYS_request_key, SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root,
    SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick,
    SYS_mount_setattr, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_kexec_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_quotactl, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_name_to_handle_at, SYS_open_by_handle_at,
    SYS_fanotify_init, SYS_syslog, SYS_vhangup, SYS_personality, SYS_lookup_dcookie,
    SYS_flock,  // the files that the jail shows are the host's: a lock on them would be felt there
    SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages, SYS_process_madvise, SYS_process_mrelease,
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_kexec_file_load, SYS_uselib, SYS_ustat, SYS__sysctl,
#endif
};

// What sets something of the process whose id is the first argument: only of the caller's own, as 0. The warm
// interpreter, and so every later candidate, has the same user.
const long kOwnOnly[] = {SYS_prlimit64, SYS_sched_setaffinity, SYS_sched_setscheduler, SYS_sched_setparam,
                         SYS_sched_setattr, SYS_setpriority};

// What changes or watches files that may only be read, and what reaches queues of the host by their number or name.
const long kPastLandlock[] = {
    SYS_fchmod, SYS_fchmodat, SYS_fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_setxattrat, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_removexattrat,
    SYS_file_setattr, SYS_inotify_init1, SYS_inotify_add_watch, SYS_quotactl_fd, SYS_statmount, SYS_listmount,
    SYS_semctl, SYS_semop, SYS_semtimedop, SYS_msgctl, SYS_msgsnd, SYS_msgrcv, SYS_mq_unlink,
#ifdef __x86_64__
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_inotify_init,
#endif
};

// Memory and queues that no address-space limit counts.
const long kUncountedMemory[] = {
    SYS_memfd_create, SYS_memfd_secret, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget,
    SYS_msgget, SYS_mq_open,
};

void Deny(std::vector<sock_filter>* program, long number, uint16_t error = EPERM) {
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 1));
  program->push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

// Refuses a call when the low half of one argument has (or, with `equal` false, has not) this value.
void DenyArgument(std::vector<sock_filter>* program, long number, int argument, uint32_t value, bool equal) {
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 4));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                              static_cast<uint32_t>(offsetof(seccomp_data, args[0]) + 8 * argument)));
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, static_cast<uint8_t>(equal ? 0 : 1),
                              static_cast<uint8_t>(equal ? 1 : 0)));
  program->push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
}

// Refuses a call unless one argument, under the mask, is one of these values.
void AllowOnly(std::vector<sock_filter>* program, long number, int argument, uint32_t mask,
               const std::vector<uint32_t>& values) {
  uint8_t count = static_cast<uint8_t>(values.size());
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0,
                              static_cast<uint8_t>(count + 4)));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                              static_cast<uint32_t>(offsetof(seccomp_data, args[0]) + 8 * argument)));
  program->push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
  for (uint8_t i = 0; i < count; ++i)
    program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, values[i], static_cast<uint8_t>(count - i), 0));
  program->push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
}

// Refuses prctl(option, value) for all values but one.
void DenyOtherOption(std::vector<sock_filter>* program, uint32_t option, uint32_t value) {
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 6));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])));
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, option, 0, 3));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1])));
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
  program->push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
}

// What the namespaces make harmless.
void DenyPastLandlock(std::vector<sock_filter>* program, const Guards& guards) {
  if (guards.On("landlock-calls")) {
    for (long number : kPastLandlock) Deny(program, number);
    // Flags and seals of a file are set by requests to it. Terminals' come with those to pipes and sockets (FIONREAD).
    AllowOnly(program, SYS_ioctl, 1, 0xff00, {0x5400});
    for (int command : {F_SETLEASE, F_NOTIFY}) DenyArgument(program, SYS_fcntl, 1, static_cast<uint32_t>(command), true);
  }
  // One that the supervisor may not look into could hide its memory.
  if (guards.On("memory")) DenyArgument(program, SYS_prctl, 0, PR_SET_DUMPABLE, true);
  if (guards.On("network")) {
    // A datagram can be sent to any local socket that has a path; connected pairs of the other types stay a pair.
    AllowOnly(program, SYS_socketpair, 1, 0xf, {SOCK_STREAM, SOCK_SEQPACKET});
    for (long number : {SYS_bind, SYS_connect, SYS_listen}) Deny(program, number);
  }
}

}  // namespace

bool InstallSyscallFilter(JailKind jail, const Guards& guards) {
  std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CODERM_ARCH, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
#ifdef __x86_64__
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),  // the x32 numbers
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
#endif
  };
  if (guards.On("syscalls")) {
    for (long number : kSystem) Deny(&program, number);
    // glibc falls back to clone(), whose flags a filter can read.
    Deny(&program, SYS_clone3, ENOSYS);
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNamespaceFlags, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  }
  if (guards.On("own-process-only")) {
    for (long number : kOwnOnly) DenyArgument(&program, number, 0, 0, false);
    DenyArgument(&program, SYS_setpriority, 1, 0, false);
  }
  // The jail ends with the launcher: what says so may not be taken back.
  // (A child of a Landlock jail's interpreter says it again, since a fork forgets it.)
  bool landlock = jail == JailKind::kLandlock;
  if (guards.On("launcher-death")) {
    if (landlock) DenyOtherOption(&program, PR_SET_PDEATHSIG, SIGKILL);
    else DenyArgument(&program, SYS_prctl, 0, PR_SET_PDEATHSIG, true);
  }
  if (landlock) DenyPastLandlock(&program, guards);
  if (guards.On("memory")) {
    for (long number : kUncountedMemory) Deny(&program, number);
    // Larger socket buffers are kernel memory that no limit of a process counts.
    for (int option : {SO_SNDBUF, SO_RCVBUF}) DenyArgument(&program, SYS_setsockopt, 2, option, true);
  }
  if (guards.On("network")) {
    Deny(&program, SYS_socket);
    DenyArgument(&program, SYS_socketpair, 0, AF_UNIX, false);  // asyncio needs this one family
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));

  sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace coderm
