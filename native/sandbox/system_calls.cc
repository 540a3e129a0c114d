// Theory of operation. Every call that Linux has today is named here once: harmless, refused, or harmless with some
// arguments. What is not named (younger than this list, or never given a meaning) does not exist in the jail: ENOSYS
// is what an older kernel would say, and what libraries are prepared for. test/sandbox/system-calls.ts holds the same
// table with the reason for each call that reaches a file's inode, a name or another process.

#include "system_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <initializer_list>

// Calls younger than some kernel headers; their numbers are the same on every architecture.
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#define SYS_fspick 433
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif
#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_map_shadow_stack
#define SYS_map_shadow_stack 453
#endif
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#define SYS_futex_requeue 456
#endif
#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#ifndef SYS_lsm_get_self_attr
#define SYS_lsm_get_self_attr 459
#define SYS_lsm_set_self_attr 460
#define SYS_lsm_list_modules 461
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_getxattrat 464
#define SYS_listxattrat 465
#define SYS_removexattrat 466
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif
#ifndef SYS_file_getattr
#define SYS_file_getattr 468
#define SYS_file_setattr 469
#endif
#ifndef SYS_listns
#define SYS_listns 470
#endif
#ifdef __x86_64__
#ifndef SYS_uretprobe
#define SYS_uretprobe 335
#endif
#ifndef SYS_uprobe
#define SYS_uprobe 336
#endif
#endif
#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#endif

namespace coderm {
namespace {

constexpr uint32_t kNamespaceFlags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                     CLONE_NEWPID | CLONE_NEWNET;

// Reaches the caller's own memory, descriptors and threads, the files that the mounts or the Landlock rules show it,
// and the processes that the pid namespace or the domain leaves in its reach.
const long kHarmless[] = {
    SYS_read, SYS_write, SYS_openat, SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_lseek, SYS_mmap, SYS_mprotect,
    SYS_munmap, SYS_brk, SYS_mremap, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_pread64, SYS_pwrite64,
    SYS_readv, SYS_writev, SYS_preadv, SYS_pwritev, SYS_getdents64, SYS_futex, SYS_futex_waitv, SYS_futex_wake,
    SYS_futex_wait, SYS_futex_requeue, SYS_getrandom, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep,
    SYS_nanosleep, SYS_gettimeofday, SYS_times, SYS_getrusage, SYS_sysinfo, SYS_getcpu,
    // Descriptors.
    SYS_dup, SYS_dup3, SYS_pipe2, SYS_eventfd2, SYS_signalfd4, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait,
    SYS_epoll_pwait2, SYS_pselect6, SYS_ppoll, SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime,
    SYS_close_range, SYS_splice, SYS_tee, SYS_sendfile, SYS_copy_file_range, SYS_readahead, SYS_fsync, SYS_fdatasync,
    // Files by name, and what only a writable one lets happen to it.
    SYS_openat2, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_statfs, SYS_fstatfs, SYS_getcwd, SYS_chdir,
    SYS_fchdir, SYS_mkdirat, SYS_mknodat, SYS_unlinkat, SYS_symlinkat, SYS_linkat, SYS_renameat, SYS_renameat2,
    SYS_truncate, SYS_ftruncate, SYS_fallocate, SYS_umask, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr,
    SYS_llistxattr, SYS_flistxattr,
    // Its memory.
    SYS_msync, SYS_mlock, SYS_mlock2, SYS_munlock, SYS_mlockall, SYS_munlockall, SYS_remap_file_pages, SYS_mbind,
    SYS_get_mempolicy, SYS_set_mempolicy, SYS_set_mempolicy_home_node, SYS_membarrier, SYS_pkey_mprotect,
    SYS_pkey_alloc, SYS_pkey_free, SYS_mseal, SYS_map_shadow_stack, SYS_rseq,
    // Processes and threads.
    SYS_execve, SYS_execveat, SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid, SYS_set_tid_address,
    SYS_set_robust_list, SYS_get_robust_list, SYS_restart_syscall, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait, SYS_sigaltstack, SYS_getitimer, SYS_setitimer, SYS_timer_create, SYS_timer_settime,
    SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete, SYS_getpid, SYS_getppid, SYS_gettid, SYS_getpgid,
    SYS_setpgid, SYS_getsid, SYS_setsid, SYS_sched_yield, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_getattr,
    SYS_sched_getaffinity, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_sched_rr_get_interval,
    SYS_getpriority, SYS_ioprio_get, SYS_getrlimit, SYS_setrlimit,
    // Who it is; it has no capability and no second id to become.
    SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_setuid,
    SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid, SYS_setgroups,
    SYS_capget, SYS_capset,
    // Local socket pairs, and further Landlock domains, which only take rights away.
    SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg, SYS_sendmmsg, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg,
    SYS_shutdown, SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_landlock_create_ruleset, SYS_landlock_add_rule,
    SYS_landlock_restrict_self,
#ifdef __x86_64__
    // Older names of the same.
    SYS_open, SYS_creat, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_mkdir, SYS_rmdir, SYS_mknod,
    SYS_link, SYS_symlink, SYS_unlink, SYS_rename, SYS_dup2, SYS_pipe, SYS_eventfd, SYS_signalfd, SYS_epoll_create,
    SYS_epoll_wait, SYS_poll, SYS_select, SYS_fork, SYS_vfork, SYS_pause, SYS_alarm, SYS_time, SYS_getpgrp,
    SYS_arch_prctl, SYS_uretprobe, SYS_uprobe,  // the kernel's own traps in a program that somebody measures
#endif
};

// What could reach another process, the host's kernel or a wall of the jail, or takes what the host has one of.
const long kSystem[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd, SYS_perf_event_open, SYS_bpf,
    SYS_seccomp, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_keyctl,
    SYS_add_key, SYS_request_key, SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_open_tree, SYS_open_tree_attr, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick,
    SYS_mount_setattr, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_kexec_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_quotactl, SYS_quotactl_fd, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_syslog, SYS_vhangup, SYS_personality, SYS_lookup_dcookie,
    SYS_lsm_get_self_attr, SYS_lsm_set_self_attr, SYS_lsm_list_modules, SYS_ioprio_set, SYS_migrate_pages,
    SYS_move_pages, SYS_process_madvise, SYS_process_mrelease,
    // The host has one number of asynchronous requests for everybody.
    SYS_io_setup, SYS_io_destroy, SYS_io_submit, SYS_io_cancel, SYS_io_getevents, SYS_io_pgetevents,
    SYS_kexec_file_load,
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS__sysctl, SYS_sysfs,
#endif
};

// What takes hold of, watches or wears out a file that the jail only shows. It is the host's: a lock or a lease holds
// up whoever uses it there, a watch says when that happens, and a flush writes out all that others have written.
const long kInodes[] = {
    SYS_flock, SYS_inotify_init1, SYS_inotify_add_watch, SYS_inotify_rm_watch, SYS_fanotify_init, SYS_fanotify_mark,
    SYS_mincore, SYS_cachestat, SYS_sync, SYS_syncfs, SYS_sync_file_range,
#ifdef __x86_64__
    SYS_inotify_init,
#endif
};

// What tells paths and identities of the host's mounts.
const long kNames[] = {
    SYS_statmount, SYS_listmount, SYS_listns, SYS_name_to_handle_at, SYS_open_by_handle_at,
#ifdef __x86_64__
    SYS_ustat,
#endif
};

// What sets something of the process whose id is the first argument: only of the caller's own, as 0. The warm
// interpreter, and so every later candidate, has the same user.
const long kOwnOnly[] = {SYS_prlimit64, SYS_sched_setaffinity, SYS_sched_setscheduler, SYS_sched_setparam,
                         SYS_sched_setattr};

// What says something of the process whose id is the first argument: where there is no pid namespace, only of the
// caller, as 0. (sched_getaffinity is not among them: the C library asks it for every thread by its id.)
const long kOwnOnlyToRead[] = {SYS_sched_getscheduler, SYS_sched_getparam, SYS_sched_getattr, SYS_sched_rr_get_interval,
                               SYS_get_robust_list};

// Calls with a clock as their first argument. The clock of a process has the complement of its id above these bits; that
// of a thread, which has one more bit, is given of the caller's own only.
const long kClocks[] = {SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_timer_create};
constexpr uint32_t kClockKind = 0x80000007, kProcessClocks = 0x80000000;

// What changes files that may only be read: behind namespaces read-only mounts refuse it.
const long kAttributes[] = {
    SYS_fchmod, SYS_fchmodat, SYS_fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#ifdef __x86_64__
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

// What can be sent to sockets, other than the own pair, by their name.
const long kNamedSockets[] = {SYS_bind, SYS_connect, SYS_listen};

// Memory and queues that no address-space limit counts: pages in a pipe stay there when the caller gives them back.
const long kUncountedMemory[] = {
    SYS_memfd_create, SYS_memfd_secret, SYS_vmsplice, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt, SYS_semget,
    SYS_semctl, SYS_semop, SYS_semtimedop, SYS_msgget, SYS_msgctl, SYS_msgsnd, SYS_msgrcv, SYS_mq_open, SYS_mq_unlink,
    SYS_mq_timedsend, SYS_mq_timedreceive, SYS_mq_notify, SYS_mq_getsetattr,
};

const long kSignals[] = {SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal,
                         SYS_timer_create};

// Of fcntl: all that is not a lease, a watch, a hint to the disk, a signal to somebody or a larger pipe.
const std::vector<uint32_t> kFcntlCommands = {
    F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_DUPFD, F_GETLK, F_SETLK, F_SETLKW, 36, 37, 38,  // F_OFD_*
    F_GETOWN, F_GETSIG, 16,              // F_GETOWN_EX
    F_GETLEASE, 1027, 1028, F_GETPIPE_SZ,  // F_DUPFD_QUERY, F_CREATED_QUERY
    1033, 1034, 1035, 1037,              // F_ADD_SEALS, F_GET_SEALS, F_GET_RW_HINT, F_GET_FILE_RW_HINT
};

// Of madvise: what throws pages of shown files out of memory or looks for equal pages of others.
constexpr uint32_t kMergeable = 12, kCold = 20, kPageOut = 21, kPoison = 100, kSoftOffline = 101;
// Of preadv2: whether a page is in memory, and throwing it out after use.
constexpr uint32_t kNoWait = 0x8, kDoNotCache = 0x80;
constexpr uint32_t kAdviceDoNotNeed = 4;  // POSIX_FADV_DONTNEED

class Table {
 public:
  Table(JailKind jail, const Guards& guards) : landlock_(jail == JailKind::kLandlock), guards_(guards) {
    for (long number : kHarmless) calls_[number];
    Refuse("syscalls", kSystem);
    Refuse("syscalls", {SYS_clone3}, ENOSYS);  // glibc falls back to clone(), whose flags a filter can read
    Refuse("inodes", kInodes);
    Refuse("names", kNames);
    Refuse("memory", kUncountedMemory);
    Refuse("network", {SYS_socket});
    AddAttributes();
    AddProcesses();
    AddFiles();
    AddSockets();
    AddNames();
    AddSignals();
  }

  std::map<long, Treatment> Take() { return std::move(calls_); }

 private:
  template <typename Numbers>
  void Refuse(const char* guard, const Numbers& numbers, int error = EPERM) {
    for (long number : numbers) calls_[number].answer = guards_.On(guard) ? error : kLet;
  }
  void Refuse(const char* guard, std::initializer_list<long> numbers, int error = EPERM) {
    Refuse(guard, std::vector<long>(numbers), error);
  }

  // Adds a rule about an argument; the call is let through where none of its rules refuses it.
  void Check(const char* guard, long number, ArgumentRule rule) {
    Treatment& treatment = calls_[number];
    if (guards_.On(guard)) treatment.rules.push_back(std::move(rule));
  }

  void AddAttributes() {
    for (long number : kAttributes) calls_[number];
    if (landlock_) Refuse("landlock-calls", kAttributes);
    // Nobody needs these young ones yet.
    Refuse("syscalls", {SYS_setxattrat, SYS_getxattrat, SYS_listxattrat, SYS_removexattrat, SYS_file_getattr,
                        SYS_file_setattr}, ENOSYS);
  }

  void AddProcesses() {
    Check("syscalls", SYS_clone, {ArgumentRule::kNoneOf, 0, kNamespaceFlags, {}, EPERM});
    for (long number : kOwnOnly) Check("own-process-only", number, {ArgumentRule::kOnly, 0, ~0u, {0}, EPERM});
    for (int argument : {0, 1})
      Check("own-process-only", SYS_setpriority, {ArgumentRule::kOnly, argument, ~0u, {0}, EPERM});
    if (landlock_) AddForeignProcesses();
    // A filter of its own, and a core that is shared with nobody.
    for (uint32_t option : {PR_SET_SECCOMP, PR_SCHED_CORE})
      Check("syscalls", SYS_prctl, {ArgumentRule::kNot, 0, ~0u, {option}, EPERM});
    // One that the supervisor may not look into could hide its memory.
    if (landlock_) Check("memory", SYS_prctl, {ArgumentRule::kNot, 0, ~0u, {PR_SET_DUMPABLE}, EPERM});
    // The jail ends with the launcher: what says so may not be taken back. A child of a Landlock jail's interpreter
    // says it again, since a fork forgets it; so this comes last.
    ArgumentRule death = {ArgumentRule::kNot, 0, ~0u, {PR_SET_PDEATHSIG}, EPERM};
    if (landlock_) death.unless = SIGKILL;
    Check("launcher-death", SYS_prctl, death);
  }

  // Behind Landlock the processes of the host have ids in the jail.
  void AddForeignProcesses() {
    for (long number : kOwnOnlyToRead) Check("own-process-only", number, {ArgumentRule::kOnly, 0, ~0u, {0}, EPERM});
    constexpr uint32_t kIoPriorityOfProcess = 1;
    for (long number : {SYS_getpriority, SYS_ioprio_get}) {
      uint32_t process = number == SYS_getpriority ? PRIO_PROCESS : kIoPriorityOfProcess;
      Check("own-process-only", number, {ArgumentRule::kOnly, 0, ~0u, {process}, EPERM});
      Check("own-process-only", number, {ArgumentRule::kOnly, 1, ~0u, {0}, EPERM});
    }
    for (long number : kClocks)
      Check("own-process-only", number,
            {ArgumentRule::kNot, 0, kClockKind, {kProcessClocks, kProcessClocks + 1, kProcessClocks + 2}, EINVAL});
    // It says when a process ends. asyncio does without it.
    Refuse("own-process-only", {SYS_pidfd_open});
  }

  void AddFiles() {
    // Larger pipes are kernel memory that no limit of a process counts.
    constexpr uint32_t kSetPipeSize = 1031, kSetOwner = 8, kSetSignal = 10, kSetOwnerEx = 15;
    Check("memory", SYS_fcntl, {ArgumentRule::kNot, 1, ~0u, {kSetPipeSize}, EPERM});
    for (uint32_t command : {kSetOwner, kSetSignal, kSetOwnerEx})
      Check("own-process-only", SYS_fcntl, {ArgumentRule::kNot, 1, ~0u, {command}, EPERM});
    std::vector<uint32_t> commands = kFcntlCommands;
    commands.insert(commands.end(), {kSetPipeSize, kSetOwner, kSetSignal, kSetOwnerEx});  // as far as they come here
    Check("inodes", SYS_fcntl, {ArgumentRule::kOnly, 1, ~0u, commands, EPERM});
    // Requests of terminals come with those to pipes and sockets (FIONREAD). What asks a file system to clone a file
    // (0x94) is told that it cannot, and copies.
    Check("inodes", SYS_ioctl, {ArgumentRule::kNot, 1, 0xff00, {0x9400}, EOPNOTSUPP});
    Check("inodes", SYS_ioctl, {ArgumentRule::kOnly, 1, 0xff00, {0x5400}, EPERM});
    for (uint32_t advice : {kMergeable, kCold, kPageOut, kPoison, kSoftOffline})
      Check("inodes", SYS_madvise, {ArgumentRule::kNot, 2, ~0u, {advice}, EINVAL});
    // Advice may be ignored, so it is; and nothing of a jail outlives it, so there is nothing to write out: for a shown
    // file the kernel would have the host's disk flush what others wrote.
    Check("inodes", SYS_fadvise64, {ArgumentRule::kNot, 3, ~0u, {kAdviceDoNotNeed}, 0});
    Check("inodes", SYS_msync, {ArgumentRule::kNoneOf, 2, MS_SYNC, {}, 0});
    constexpr uint32_t kWhatever = 0;  // no bit of the argument counts
    for (long number : {SYS_fsync, SYS_fdatasync}) Check("inodes", number, {ArgumentRule::kNot, 0, kWhatever, {0}, 0});
    // Blocks beyond the end of a file are seen by no limit of its size, nor by who adds up sizes.
    Check("memory", SYS_fallocate, {ArgumentRule::kOnly, 1, ~0u, {0}, EOPNOTSUPP});
    for (long number : {SYS_preadv2, SYS_pwritev2})
      Check("inodes", number, {ArgumentRule::kNoneOf, 5, kNoWait | kDoNotCache, {}, EOPNOTSUPP});
  }

  void AddSockets() {
    Check("network", SYS_socketpair, {ArgumentRule::kOnly, 0, ~0u, {AF_UNIX}, EPERM});  // asyncio needs this family
    // Larger socket buffers are kernel memory that no limit of a process counts.
    for (uint32_t option : {SO_SNDBUF, SO_RCVBUF})
      Check("memory", SYS_setsockopt, {ArgumentRule::kNot, 2, ~0u, {option}, EPERM});
    for (long number : kNamedSockets) calls_[number];
    if (!landlock_) return;
    // A datagram can be sent to any local socket that has a path; connected pairs of the other types stay a pair.
    Check("network", SYS_socketpair, {ArgumentRule::kOnly, 1, 0xf, {SOCK_STREAM, SOCK_SEQPACKET}, EPERM});
    Refuse("network", kNamedSockets);
  }

  // The launcher is told of every way to a signal of one's choice: who is ended without one was killed from outside.
  // (Timers of setitimer and alarm send SIGALRM, SIGVTALRM and SIGPROF only; faults, pipes and file sizes have theirs.)
  void AddSignals() {
    if (guards_.On("signal-notices")) {
      for (long number : kSignals) calls_[number].answer = kTellLauncher;
    }
    Check("signal-notices", SYS_kill, {ArgumentRule::kOnly, 1, ~0u, {0}, kTellLauncher});  // which is none
    // What a child sends its parent at its end.
    Check("signal-notices", SYS_clone, {ArgumentRule::kOnly, 0, 0xff, {0, SIGCHLD}, kTellLauncher});
    // A limit of CPU time that a text sets for itself does nothing: the kernel would end it at about the time at which
    // the supervisor does, and which of the two is first is chance. Said to have worked, so that a text that only
    // wants to be careful goes on.
    Check("cpu-limit", SYS_setrlimit, {ArgumentRule::kNot, 0, ~0u, {RLIMIT_CPU}, 0});
    ArgumentRule limit = {ArgumentRule::kNot, 1, ~0u, {RLIMIT_CPU}, 0};
    limit.unless = 0;  // it only asks
    Check("cpu-limit", SYS_prlimit64, limit);
  }

  // Behind namespaces the name that it says is the jail's.
  void AddNames() {
    calls_[SYS_uname].answer = landlock_ && guards_.On("names") ? kAskLauncher : kLet;
  }

  const bool landlock_;
  const Guards& guards_;
  std::map<long, Treatment> calls_;
};

}  // namespace

std::map<long, Treatment> SystemCalls(JailKind jail, const Guards& guards) { return Table(jail, guards).Take(); }

}  // namespace coderm
