import { SandboxError } from '../error.js';
import { APPARMOR_RESTRICTS, type JailHost, MAX_NAMESPACES, USERNS_CLONE } from './jail-host.js';

/** Why a machine gives no jail, and what to do about it: a sentence each. */
export interface Refusal {
  cause: string;
  fix: string;
}

/** Where the set-up of a jail ended: a step of the launcher's checklist, and the kernel's answer. */
export interface FailedStep {
  step: string;
  /** Such as `EPERM`; empty where the kernel gave none. */
  error: string;
  detail: string;
}

/** No jail can be built on this machine. */
export class JailError extends SandboxError {
  constructor(
    /** The step that failed, and the kernel's answer. */
    readonly failed: string,
    readonly refusal: Refusal,
    /** Whether this kernel has the other jail. */
    readonly orLandlock = false,
  ) {
    const other = orLandlock ? '; or use the jail that this kernel has without them: --jail landlock' : '';
    super(
      `candidates only run in a jail, and this machine did not give one (${failed}). ${refusal.cause}. ` +
        `${refusal.fix}${other}`,
    );
  }
}

/** The oldest Landlock that keeps signals and abstract sockets in (the launcher knows it too). */
export const LEAST_LANDLOCK_ABI = 6;

/** Why there is no Landlock jail. `abi`: of the kernel, 0 for none; `uid`: who started it. */
export function explainNoLandlock(abi: number, uid: number): Refusal {
  if (abi < LEAST_LANDLOCK_ABI) {
    return {
      cause: `--jail landlock needs Landlock ABI ${LEAST_LANDLOCK_ABI} (Linux 6.12 or newer), and this kernel has ${abi || 'none'}`,
      fix: 'Run with --jail namespaces',
    };
  }
  if (uid !== 0) return { cause: '--jail landlock could not be built', fix: 'Run with --jail namespaces' };
  return {
    cause:
      '--jail landlock runs as another user when root starts it, who must be able to read this package and its Python',
    fix: 'Start it as an ordinary user, open the folders for reading, or run with --jail namespaces',
  };
}

/** Why there is no Seatbelt jail; `uid`: who started it. */
export function explainNoSeatbelt(uid: number): Refusal {
  return uid === 0
    ? { cause: 'macOS sets root no limit of processes', fix: 'Start it as an ordinary user' }
    : {
        cause: '--jail seatbelt tries its walls before anything runs behind them, and one did not stand',
        fix: 'Run coderm on a Linux machine',
      };
}

/** The first rule that fits a machine and the step that it refused explains both. */
interface Rule {
  fits(host: JailHost, failed: FailedStep): boolean;
  explain(host: JailHost, failed: FailedStep): Refusal;
}

const denied = ({ error }: FailedStep) => error === 'EPERM' || error === 'EACCES';
const namespaces = ({ step }: FailedStep) => /namespace/.test(step);
const userMap = ({ step }: FailedStep) => /user map|map the user|open \/proc/.test(step);
const mounts = ({ step }: FailedStep) => /mount|bind|pivot|root|read-only/.test(step);

/** A setting that has to be another one before an ordinary user, or anybody, may make namespaces. */
function setting(path: string, refuses: string, allows: string, fits: Rule['fits']): Rule {
  const kind = /max_(\w+)_namespaces/.exec(path)?.[1] ?? 'user';
  const name = path.replace('/proc/sys/', '').replaceAll('/', '.');
  return {
    fits: (host, failed) => host.settings[path] === refuses && fits(host, failed),
    explain: () => ({
      cause: `${path} refuses ${kind} namespaces`,
      fix: `Allow them with: sudo sysctl ${name}=${allows}`,
    }),
  };
}

const RULES: readonly Rule[] = [
  // The jail needs one of each, whichever step failed first.
  ...MAX_NAMESPACES.map((path) => setting(path, '0', '10000', () => true)),
  setting(APPARMOR_RESTRICTS, '1', '0', (host, failed) => !host.root && denied(failed)),
  setting(USERNS_CLONE, '0', '1', (host, failed) => !host.root && denied(failed)),
  {
    fits: (_, failed) => failed.error === 'ENOSPC' && namespaces(failed),
    explain: () => ({
      cause: 'the limits of namespaces are used up, or they are nested 32 deep already',
      fix: 'Raise the limits, such as with: sudo sysctl user.max_user_namespaces=10000',
    }),
  },
  {
    // An ordinary user may make no namespace there; for root the mount that is to be private is not there.
    fits: ({ chrooted }, failed) =>
      chrooted && (['EPERM', 'EINVAL'].includes(failed.error) || /pivot/.test(failed.step)),
    explain: () => ({
      cause: 'this is a chroot, and the kernel makes no jail inside of one',
      fix: 'Run coderm outside of it, or in a container instead',
    }),
  },
  {
    fits: ({ root }, { step }) => root && /drop groups|change (user|group)/.test(step),
    explain: () => ({
      cause: 'this is root of a user namespace without other users, and the jail has to become one',
      fix: 'Run coderm as the user that you are outside of it, or map more users (unshare --map-users=auto)',
    }),
  },
  {
    fits: ({ root, mayMount }, failed) => root && !mayMount && denied(failed),
    explain: (host) => ({
      cause: 'root of this container has no right to mount or to make namespaces (CAP_SYS_ADMIN)',
      fix: allowed(host, true),
    }),
  },
  {
    fits: ({ filtered }, failed) =>
      filtered && failed.error === 'EPERM' && (namespaces(failed) || mounts(failed)),
    explain: (host) => ({
      cause:
        'a system call filter refuses namespaces or mounts: the default of most container runtimes does, ' +
        'and so does RestrictNamespaces= of a systemd unit',
      fix: allowed(host, false),
    }),
  },
  {
    fits: ({ profile }, failed) => profile !== null && denied(failed),
    explain: (host) => ({
      cause: `the AppArmor profile ${host.profile} refuses namespaces or mounts`,
      fix: allowed(host, false),
    }),
  },
  {
    fits: (_, failed) => userMap(failed) && ['EACCES', 'ENOENT', 'EROFS'].includes(failed.error),
    explain: () => ({
      cause: '/proc is missing, masked or read-only, and the jail maps its user through it',
      fix: 'Mount it with: mount -t proc proc /proc (Docker: --security-opt systempaths=unconfined)',
    }),
  },
  {
    fits: (_, failed) => namespaces(failed) && ['EINVAL', 'ENOSYS'].includes(failed.error),
    explain: () => ({
      cause:
        'this kernel lacks one of the namespaces user, pid, mount, network, ipc and uts (as gVisor does)',
      fix: 'Run coderm on an ordinary Linux kernel, 5.14 or newer',
    }),
  },
  {
    fits: (_, { error }) => error === 'EAGAIN',
    explain: () => ({
      cause: 'this user, or this container, may not start another process now',
      fix: 'End some, or raise the limit (ulimit -u; Docker: --pids-limit)',
    }),
  },
  {
    fits: (_, { step }) => /system call filter/.test(step),
    explain: () => ({
      cause: 'this kernel takes no system call filter (CONFIG_SECCOMP_FILTER)',
      fix: 'Run coderm on an ordinary Linux kernel, 5.14 or newer',
    }),
  },
  {
    fits: (host, { step, error }) => !host.root && /bind/.test(step) && error === 'EINVAL',
    explain: (_, { detail }) => ({
      cause: `another mount lies inside ${detail || 'a folder of the interpreter'}, and the kernel shows an ordinary user only both`,
      fix: 'Take a Python that lies elsewhere with --python PATH, or run coderm as root',
    }),
  },
  {
    fits: (_, failed) => /path that the jail shows/.test(failed.step) && denied(failed),
    explain: (_, { detail }) => ({
      cause: `this user may not read ${detail || 'the interpreter'}`,
      fix: 'Take a Python that everybody may run with --python PATH, such as /usr/bin/python3',
    }),
  },
];

/** Says why this host refused this step, as far as it is known. */
export function explainRefusal(host: JailHost, failed: FailedStep): Refusal {
  return (
    RULES.find((rule) => rule.fits(host, failed))?.explain(host, failed) ?? {
      cause: 'no setting that coderm knows explains it; a chroot does, or a security module (see dmesg)',
      fix: allowed(host, host.root && !host.mayMount),
    }
  );
}

/** How to start what surrounds coderm so that a jail can be built in it. */
function allowed({ container, profile }: JailHost, capability: boolean): string {
  switch (container) {
    case 'Docker':
    case 'Podman': {
      const options = ['--security-opt seccomp=unconfined'];
      if (profile !== null) options.push('--security-opt apparmor=unconfined');
      if (capability) options.push('--cap-add SYS_ADMIN');
      return `Start the container with: ${container.toLowerCase()} run ${options.join(' ')}`;
    }
    case 'Kubernetes':
      return (
        "Give the container's securityContext seccompProfile {type: Unconfined}" +
        `${profile === null ? '' : ', appArmorProfile {type: Unconfined}'}` +
        `${capability ? ' and capabilities {add: [SYS_ADMIN]}' : ''}, or run coderm on the host`
      );
    case 'other':
    case null:
      return (
        'In a container, allow user namespaces and mounts (Docker: --security-opt seccomp=unconfined' +
        `${capability ? ' --cap-add SYS_ADMIN' : ''}), or run coderm on the host`
      );
    default:
      return container satisfies never;
  }
}
