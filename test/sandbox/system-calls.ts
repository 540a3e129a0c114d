import type { TestedJail } from './jails.js';

/**
 * What becomes of a call: let through, an errno, success without anything done (`nothing`), a question to the
 * launcher, let through once the launcher was told (`told`), or what `ARGUMENTS` says of its arguments (`rules`).
 */
export type Answer =
  | 'let'
  | 'rules'
  | 'launcher'
  | 'told'
  | 'nothing'
  | 'EPERM'
  | 'ENOSYS'
  | 'EINVAL'
  | 'EOPNOTSUPP';

export interface CallGroup {
  /**
   * What the calls reach beside the caller's own memory, descriptors and threads: the inodes of files, names of the
   * host, other processes, the kernel itself, memory that is not counted. `none`: the kernel has no such call.
   */
  reach: 'own' | 'inode' | 'name' | 'process' | 'kernel' | 'memory' | 'none';
  behind: Record<TestedJail, Answer>;
  /** Why they are let through, or not. */
  why: string;
  /** `name:number on x86-64:number on arm64`, a dash where there is none. */
  calls: string;
}

/** Every system call of Linux up to 6.19, with what the filter does at it. */
export const CALL_GROUPS: readonly CallGroup[] = [
  {
    reach: 'own',
    behind: { namespaces: 'let', landlock: 'let' },
    why: '',
    calls: `
      brk:12:214 mmap:9:222 mprotect:10:226 munmap:11:215 mremap:25:216 mlock:149:228 mlock2:325:284
      munlock:150:229 mlockall:151:230 munlockall:152:231 mbind:237:235 get_mempolicy:239:236
      set_mempolicy:238:237 set_mempolicy_home_node:450:450 membarrier:324:283 pkey_mprotect:329:288
      pkey_alloc:330:289 pkey_free:331:290 mseal:462:462 map_shadow_stack:453:453 rseq:334:293
      arch_prctl:158:- uretprobe:335:- uprobe:336:- getrandom:318:278 getcpu:309:168 restart_syscall:219:128
      exit:60:93 exit_group:231:94 set_tid_address:218:96 set_robust_list:273:99 dup:32:23 dup2:33:-
      dup3:292:24 pipe:22:- pipe2:293:59 eventfd:284:- eventfd2:290:19 epoll_create:213:- epoll_create1:291:20
      epoll_ctl:233:21 epoll_wait:232:- epoll_pwait:281:22 epoll_pwait2:441:441 poll:7:- ppoll:271:73
      select:23:- pselect6:270:72 timerfd_create:283:85 timerfd_settime:286:86 timerfd_gettime:287:87
      close:3:57 close_range:436:436 tee:276:77 umask:95:166 getrlimit:97:163
      getrusage:98:165 times:100:153 time:201:- gettimeofday:96:169
      nanosleep:35:101 pause:34:- sched_yield:24:124 sched_get_priority_max:146:125
      sched_get_priority_min:147:126 rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139
      rt_sigpending:127:136 rt_sigsuspend:130:133 rt_sigtimedwait:128:137 sigaltstack:131:132 signalfd:282:-
      signalfd4:289:74 getpid:39:172 getppid:110:173 gettid:186:178 getuid:102:174 geteuid:107:175
      getgid:104:176 getegid:108:177 getresuid:118:148 getresgid:120:150 getgroups:115:158 capget:125:90
      getcwd:79:17 wait4:61:260 waitid:247:95 recvfrom:45:207 recvmsg:47:212 recvmmsg:299:243 shutdown:48:210
      getsockname:51:204 getpeername:52:205 getsockopt:55:209 accept:43:202 accept4:288:242
      landlock_create_ruleset:444:444 landlock_add_rule:445:445 landlock_restrict_self:446:446`,
  },
  {
    reach: 'own',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'it has one id and no capability to gain',
    calls: `
      setuid:105:146 setgid:106:144 setreuid:113:145 setregid:114:143 setresuid:117:147 setresgid:119:149
      setfsuid:122:151 setfsgid:123:152 setgroups:116:159 capset:126:91`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'what may be opened is for the mounts or the Landlock rules to say',
    calls: `
      open:2:- openat:257:56 openat2:437:437 creat:85:- execve:59:221 execveat:322:281 chdir:80:49
      fchdir:81:50 access:21:- faccessat:269:48 faccessat2:439:439`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'reads what was opened; a read-only mount keeps no access times',
    calls: `
      read:0:63 pread64:17:67 readv:19:65 preadv:295:69 getdents:78:- getdents64:217:61 lseek:8:62
      sendfile:40:71 splice:275:76 copy_file_range:326:285`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'needs a descriptor for writing, and shown files give none',
    calls: `
      write:1:64 pwrite64:18:68 writev:20:66 pwritev:296:70 ftruncate:77:46`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'changes only which pages a mapping shows, and shown files are mapped for reading',
    calls: `
      remap_file_pages:216:234`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'needs a descriptor for writing, and may take no blocks beyond the end, which no limit would see',
    calls: `
      fallocate:285:47`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'flushes the disk below a shown file, so it does nothing; what is in the jail ends with it',
    calls: `
      fsync:74:82 fdatasync:75:83 msync:26:227`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'brings pages of a file into memory, as reading does',
    calls: `
      readahead:187:213`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'a read-only mount refuses it (EROFS), behind Landlock a rule (EACCES)',
    calls: `
      truncate:76:45 mkdir:83:- mkdirat:258:34 mknod:133:- mknodat:259:33 unlink:87:- unlinkat:263:35
      rmdir:84:- symlink:88:- symlinkat:266:36 link:86:- linkat:265:37 rename:82:- renameat:264:38
      renameat2:316:276`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'owners, sizes and times of what is shown are no secret; SECURITY.md says what Landlock leaves',
    calls: `
      stat:4:- lstat:6:- fstat:5:80 newfstatat:262:79 statx:332:291 readlink:89:- readlinkat:267:78
      getxattr:191:8 lgetxattr:192:9 fgetxattr:193:10 listxattr:194:11 llistxattr:195:12 flistxattr:196:13`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'size and free space of the file system of a shown file; shutil.disk_usage asks for it',
    calls: `
      statfs:137:43 fstatfs:138:44`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'a futex in a shown file could only wake who waits there, and nobody does',
    calls: `
      futex:202:98 futex_waitv:449:449 futex_wake:454:454 futex_wait:455:455 futex_requeue:456:456`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'EPERM' },
    why: 'reaches only its pid namespace; behind Landlock it would say when a process of the host ends',
    calls: `
      pidfd_open:434:434`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: "behind Landlock no clock of another process; a thread's clock is of the caller's own anyway",
    calls: `
      clock_gettime:228:113 clock_getres:229:114 clock_nanosleep:230:115 timer_create:222:107`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'told', landlock: 'told' },
    why: 'reaches only its pid namespace, or its Landlock domain; who is ended without such a call was killed from outside',
    calls: `
      tkill:200:130 tgkill:234:131 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240
      pidfd_send_signal:424:424`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'the same, where it is a signal; a limit of CPU time would end the caller at about the time of its cell',
    calls: `
      kill:62:129 setrlimit:160:164`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'signals the caller',
    calls: `
      alarm:37:- setitimer:38:103 getitimer:36:102 timer_settime:223:110
      timer_gettime:224:108 timer_getoverrun:225:109 timer_delete:226:111`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'sees its pid namespace; behind Landlock SECURITY.md says what is left: a thread asks for its own by its id, too',
    calls: `
      getpgid:121:155 getpgrp:111:- getsid:124:156 sched_getaffinity:204:123`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'sees its pid namespace; behind Landlock only of the caller itself',
    calls: `
      sched_getparam:143:121 sched_getscheduler:145:120 sched_getattr:315:275
      sched_rr_get_interval:148:127 getpriority:140:141 ioprio_get:252:31 get_robust_list:274:100`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'moves itself and its children',
    calls: `
      setpgid:109:154 setsid:112:157 fork:57:- vfork:58:-`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'local pairs; to abstract names there is another namespace or domain, and none to paths',
    calls: `
      sendto:44:206 sendmsg:46:211 sendmmsg:307:269`,
  },
  {
    reach: 'name',
    behind: { namespaces: 'let', landlock: 'let' },
    why: 'load and uptime of the host, which are not hidden; the C library asks for the memory',
    calls: `
      sysinfo:99:179`,
  },
  {
    reach: 'name',
    behind: { namespaces: 'let', landlock: 'launcher' },
    why: "behind namespaces the name is the jail's; behind Landlock the launcher answers",
    calls: `
      uname:63:160`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'no lease, watch or hint; no signal to others; no larger pipe',
    calls: `
      fcntl:72:25`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'terminals, pipes and sockets; no request to a file system',
    calls: `
      ioctl:16:29`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'does not throw shown pages out of memory, nor look for equal pages',
    calls: `
      madvise:28:233`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'advice to drop pages of a shown file is ignored',
    calls: `
      fadvise64:221:223`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'does not say whether a page is in memory, nor drop it',
    calls: `
      preadv2:327:286 pwritev2:328:287`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'no new namespaces',
    calls: `
      clone:56:220`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'ENOSYS', landlock: 'ENOSYS' },
    why: "its flags are out of a filter's sight; the C library then uses clone",
    calls: `
      clone3:435:435`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'only of the caller itself',
    calls: `
      prlimit64:302:261 sched_setaffinity:203:122 sched_setscheduler:144:119 sched_setparam:142:118
      sched_setattr:314:274 setpriority:141:140`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'keeps its end with the launcher, its filter, and the cores shared',
    calls: `
      prctl:157:167`,
  },
  {
    reach: 'own',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'local ones; behind Landlock no datagrams',
    calls: `
      socketpair:53:199`,
  },
  {
    reach: 'own',
    behind: { namespaces: 'rules', landlock: 'rules' },
    why: 'no larger buffers',
    calls: `
      setsockopt:54:208`,
  },
  {
    reach: 'own',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'no network',
    calls: `
      socket:41:198`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'let', landlock: 'EPERM' },
    why: 'would give a pair another end; behind namespaces nobody is in reach',
    calls: `
      bind:49:200 connect:42:203 listen:50:201`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'a lock on a shown file would hold up the host',
    calls: `
      flock:73:32`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'says what the host does with shown files',
    calls: `
      inotify_init:253:- inotify_init1:294:26 inotify_add_watch:254:27 inotify_rm_watch:255:28
      fanotify_init:300:262 fanotify_mark:301:263 mincore:27:232 cachestat:451:451`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'writes out what others have written, and holds them up',
    calls: `
      sync:162:81 syncfs:306:267 sync_file_range:277:84`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'let', landlock: 'EPERM' },
    why: 'a read-only mount refuses it (EROFS); Landlock knows no such right',
    calls: `
      chmod:90:- fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 chown:92:- fchown:93:55 fchownat:260:54
      lchown:94:- utime:132:- utimes:235:- futimesat:261:- utimensat:280:88 setxattr:188:5 lsetxattr:189:6
      fsetxattr:190:7 removexattr:197:14 lremovexattr:198:15 fremovexattr:199:16`,
  },
  {
    reach: 'inode',
    behind: { namespaces: 'ENOSYS', landlock: 'ENOSYS' },
    why: 'too young to be needed',
    calls: `
      setxattrat:463:463 getxattrat:464:464 listxattrat:465:465 removexattrat:466:466 file_getattr:468:468
      file_setattr:469:469`,
  },
  {
    reach: 'name',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: "paths, numbers or identities of the host's mounts and namespaces",
    calls: `
      statmount:457:457 listmount:458:458 listns:470:470 name_to_handle_at:303:264 open_by_handle_at:304:265
      ustat:136:-`,
  },
  {
    reach: 'name',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'names the jail, not the candidate',
    calls: `
      sethostname:170:161 setdomainname:171:162`,
  },
  {
    reach: 'process',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'reaches into another process',
    calls: `
      ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 kcmp:312:272 pidfd_getfd:438:438
      process_madvise:440:440 process_mrelease:448:448 migrate_pages:256:238 move_pages:279:239
      ioprio_set:251:30 perf_event_open:298:241`,
  },
  {
    reach: 'kernel',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: '',
    calls: `
      bpf:321:280 seccomp:317:277 userfaultfd:323:282 io_uring_setup:425:425 io_uring_enter:426:426
      io_uring_register:427:427 keyctl:250:219 add_key:248:217 request_key:249:218 unshare:272:97
      setns:308:268 mount:165:40 umount2:166:39 pivot_root:155:41 chroot:161:51 open_tree:428:428
      open_tree_attr:467:467 move_mount:429:429 fsopen:430:430 fsconfig:431:431 fsmount:432:432 fspick:433:433
      mount_setattr:442:442 swapon:167:224 swapoff:168:225 reboot:169:142 kexec_load:246:104
      kexec_file_load:320:294 init_module:175:105 finit_module:313:273 delete_module:176:106 quotactl:179:60
      quotactl_fd:443:443 acct:163:89 settimeofday:164:170 clock_settime:227:112 adjtimex:159:171
      clock_adjtime:305:266 syslog:103:116 vhangup:153:58 personality:135:92 lookup_dcookie:212:18 iopl:172:-
      ioperm:173:- modify_ldt:154:- uselib:134:- _sysctl:156:- sysfs:139:- lsm_get_self_attr:459:459
      lsm_set_self_attr:460:460 lsm_list_modules:461:461`,
  },
  {
    reach: 'kernel',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'the host has one number of requests for everybody',
    calls: `
      io_setup:206:0 io_destroy:207:1 io_submit:209:2 io_cancel:210:3 io_getevents:208:4 io_pgetevents:333:292`,
  },
  {
    reach: 'memory',
    behind: { namespaces: 'EPERM', landlock: 'EPERM' },
    why: 'memory and queues that no limit of a process counts',
    calls: `
      memfd_create:319:279 memfd_secret:447:447 vmsplice:278:75 shmget:29:194 shmat:30:196 shmctl:31:195
      shmdt:67:197 semget:64:190 semctl:66:191 semop:65:193 semtimedop:220:192 msgget:68:186 msgctl:71:187
      msgsnd:69:189 msgrcv:70:188 mq_open:240:180 mq_unlink:241:181 mq_timedsend:242:182
      mq_timedreceive:243:183 mq_notify:244:184 mq_getsetattr:245:185`,
  },
  {
    reach: 'none',
    behind: { namespaces: 'ENOSYS', landlock: 'ENOSYS' },
    why: 'the kernel gives the number no meaning (any more)',
    calls: `
      create_module:174:- get_kernel_syms:177:- query_module:178:- nfsservctl:180:42 getpmsg:181:-
      putpmsg:182:- afs_syscall:183:- tuxcall:184:- security:185:- set_thread_area:205:- get_thread_area:211:-
      epoll_ctl_old:214:- epoll_wait_old:215:- vserver:236:-`,
  },
];

export interface SystemCall extends Omit<CallGroup, 'calls'> {
  name: string;
  x64: number | null;
  arm64: number | null;
}

export const SYSTEM_CALLS: readonly SystemCall[] = CALL_GROUPS.flatMap(({ calls, ...group }) =>
  calls
    .trim()
    .split(/\s+/)
    .map((call) => {
      const [name, x64, arm64] = call.split(':');
      const number = (text: string | undefined) => (text === '-' ? null : Number(text));
      return { ...group, name: name!, x64: number(x64), arm64: number(arm64) };
    }),
);

/** Commands of fcntl that are let through; all others, and those that are not yet invented, are refused. */
export const FCNTL_LET: readonly number[] = [
  ...[0, 1, 2, 3, 4], // F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL
  ...[5, 6, 7, 36, 37, 38], // locks of ranges: SECURITY.md says what stays possible
  ...[9, 11, 16, 1025], // F_GETOWN, F_GETSIG, F_GETOWN_EX, F_GETLEASE only ask
  ...[1027, 1028, 1030, 1032], // F_DUPFD_QUERY, F_CREATED_QUERY, F_DUPFD_CLOEXEC, F_GETPIPE_SZ
  ...[1033, 1034, 1035, 1037], // seals of files that the jail has none of; F_GET_RW_HINT, F_GET_FILE_RW_HINT
];

/** The clock of a process or a thread, as the kernel numbers it. */
const clockOf = (pid: number, kind: number) => ((~pid << 3) | kind) >>> 0;

type ArgumentRow = [call: string, args: number[], namespaces: Answer, landlock: Answer];

/** Calls that depend on their arguments, with one that is let through and one of each kind that is not. */
export const ARGUMENTS: readonly ArgumentRow[] = [
  ...Array.from({ length: 2048 }, (_, command): ArgumentRow => {
    const answer = FCNTL_LET.includes(command) ? 'let' : 'EPERM';
    return ['fcntl', [1, command], answer, answer];
  }),
  ...[0x5401, 0x5413, 0x541b, 0x5421, 0x5451].map(
    (request): ArgumentRow => ['ioctl', [1, request], 'let', 'let'],
  ),
  // FIGETBSZ, FS_IOC_FIEMAP, FS_IOC_SETFLAGS, FS_IOC_GETFSUUID, FS_IOC_ENABLE_VERITY, FIOSETOWN, SIOCGIFCONF,
  // RNDGETENTCNT, PIDFD_GET_INFO
  ...[2, 0xc020660b, 0x40086602, 0x80111500, 0x40806685, 0x8901, 0x8912, 0x80045200, 0xc040ff0b].map(
    (request): ArgumentRow => ['ioctl', [1, request], 'EPERM', 'EPERM'],
  ),
  // FICLONE, FICLONERANGE, FS_IOC_GETFSLABEL, BTRFS_IOC_SYNC
  ...[0x40049409, 0x4020940d, 0x81009431, 0x9408].map(
    (request): ArgumentRow => ['ioctl', [1, request], 'EOPNOTSUPP', 'EOPNOTSUPP'],
  ),
  ...[0, 1, 2, 3, 4, 8, 14, 22].map((advice): ArgumentRow => ['madvise', [0, 4096, advice], 'let', 'let']),
  // MADV_MERGEABLE, MADV_COLD, MADV_PAGEOUT, MADV_HWPOISON, MADV_SOFT_OFFLINE
  ...[12, 20, 21, 100, 101].map((advice): ArgumentRow => ['madvise', [0, 4096, advice], 'EINVAL', 'EINVAL']),
  ...['fsync', 'fdatasync'].flatMap((call): ArgumentRow[] =>
    [0, 1, 2 ** 31].map((descriptor) => [call, [descriptor], 'nothing', 'nothing']),
  ),
  // MS_ASYNC, MS_INVALIDATE, MS_SYNC, and both
  ['msync', [0, 4096, 1], 'let', 'let'],
  ['msync', [0, 4096, 2], 'let', 'let'],
  ['msync', [0, 4096, 4], 'nothing', 'nothing'],
  ['msync', [0, 4096, 6], 'nothing', 'nothing'],
  // FALLOC_FL_KEEP_SIZE, PUNCH_HOLE with it, ZERO_RANGE, UNSHARE_RANGE
  ['fallocate', [3, 0, 0, 1], 'let', 'let'],
  ...[1, 3, 0x10, 0x40].map(
    (mode): ArgumentRow => ['fallocate', [3, mode, 0, 1], 'EOPNOTSUPP', 'EOPNOTSUPP'],
  ),
  ['fadvise64', [1, 0, 0, 3], 'let', 'let'],
  ['fadvise64', [1, 0, 0, 4], 'nothing', 'nothing'],
  ...['preadv2', 'pwritev2'].flatMap((call): ArgumentRow[] => [
    [call, [1, 0, 0, 0, 0, 0], 'let', 'let'],
    [call, [1, 0, 0, 0, 0, 8], 'EOPNOTSUPP', 'EOPNOTSUPP'],
    [call, [1, 0, 0, 0, 0, 0x80], 'EOPNOTSUPP', 'EOPNOTSUPP'],
  ]),
  ['kill', [1, 0], 'let', 'let'],
  ['kill', [1, 15], 'told', 'told'],
  ['setrlimit', [7], 'let', 'let'], // RLIMIT_NOFILE
  ['setrlimit', [0], 'nothing', 'nothing'], // RLIMIT_CPU
  ['prlimit64', [0, 0, 0], 'let', 'let'],
  ['prlimit64', [0, 0, 4096], 'nothing', 'nothing'],
  ['prlimit64', [0, 0, 2 ** 32], 'nothing', 'nothing'],
  ['prlimit64', [0, 7, 4096], 'let', 'let'],
  ['clone', [9], 'told', 'told'], // a child whose end is SIGKILL to its parent
  ['clone', [17], 'let', 'let'],
  ['clone', [0x3d0f00], 'let', 'let'], // what starts a thread
  // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
  ...[0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000].map(
    (flag): ArgumentRow => ['clone', [flag + 17], 'EPERM', 'EPERM'],
  ),
  ...['prlimit64', 'sched_setaffinity', 'sched_setscheduler', 'sched_setparam', 'sched_setattr'].flatMap(
    (call): ArgumentRow[] => [
      [call, [0], 'let', 'let'],
      [call, [1], 'EPERM', 'EPERM'],
    ],
  ),
  ...[
    'sched_getparam',
    'sched_getscheduler',
    'sched_getattr',
    'sched_rr_get_interval',
    'get_robust_list',
  ].flatMap((call): ArgumentRow[] => [
    [call, [0], 'let', 'let'],
    [call, [1], 'let', 'EPERM'],
  ]),
  ['getpriority', [0, 0], 'let', 'let'],
  ['getpriority', [0, 1], 'let', 'EPERM'],
  ['getpriority', [1, 0], 'let', 'EPERM'],
  ['getpriority', [2, 0], 'let', 'EPERM'], // of all of the user's
  ['ioprio_get', [1, 0], 'let', 'let'],
  ['ioprio_get', [1, 1], 'let', 'EPERM'],
  ['ioprio_get', [2, 0], 'let', 'EPERM'],
  // CLOCK_REALTIME, PROCESS_CPUTIME_ID, THREAD_CPUTIME_ID; of a thread (the complement of its id, 6); of a descriptor (3)
  ...['clock_gettime', 'clock_getres', 'clock_nanosleep', 'timer_create'].flatMap((call): ArgumentRow[] => {
    const through = call === 'timer_create' ? 'told' : 'let';
    const own = [0, 2, 3, 11, clockOf(1234, 6), clockOf(1, 3)];
    return [
      ...own.map((clock): ArgumentRow => [call, [clock], through, through]),
      ...[0, 1, 2].map((kind): ArgumentRow => [call, [clockOf(1234, kind)], through, 'EINVAL']),
    ];
  }),
  ['setpriority', [0, 0], 'let', 'let'],
  ['setpriority', [0, 1], 'EPERM', 'EPERM'],
  ['setpriority', [1, 0], 'EPERM', 'EPERM'],
  ['prctl', [15], 'let', 'let'], // PR_SET_NAME
  ['prctl', [1, 0], 'EPERM', 'EPERM'], // PR_SET_PDEATHSIG: none, SIGKILL
  ['prctl', [1, 9], 'EPERM', 'let'],
  ['prctl', [4, 0], 'let', 'EPERM'], // PR_SET_DUMPABLE
  ['prctl', [22, 2], 'EPERM', 'EPERM'], // PR_SET_SECCOMP
  ['prctl', [62, 1], 'EPERM', 'EPERM'], // PR_SCHED_CORE
  ['socketpair', [1, 1], 'let', 'let'],
  ['socketpair', [1, 5], 'let', 'let'],
  ['socketpair', [1, 2], 'let', 'EPERM'],
  ['socketpair', [2, 1], 'EPERM', 'EPERM'],
  ['setsockopt', [1, 1, 9], 'let', 'let'], // SO_KEEPALIVE
  ['setsockopt', [1, 1, 7], 'EPERM', 'EPERM'], // SO_SNDBUF, SO_RCVBUF
  ['setsockopt', [1, 1, 8], 'EPERM', 'EPERM'],
];
