import { existsSync, readFileSync } from 'node:fs';

/** What of a machine decides whether it gives a jail. */
export interface JailHost {
  root: boolean;
  /** Has CAP_SYS_ADMIN: the right to mount and to make namespaces without a user namespace. */
  mayMount: boolean;
  /** Kernel settings by the path of their file, as they read; one that this kernel lacks is absent. */
  settings: Readonly<Record<string, string>>;
  /** A system call filter is in force already, such as a container runtime's. */
  filtered: boolean;
  /** AppArmor's profile of this process, such as `docker-default`; null where nothing confines it. */
  profile: string | null;
  /** Whose container this is, as far as it shows. */
  container: 'Docker' | 'Podman' | 'Kubernetes' | 'other' | null;
  chrooted: boolean;
}

export const APPARMOR_RESTRICTS = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
export const USERNS_CLONE = '/proc/sys/kernel/unprivileged_userns_clone';
export const MAX_NAMESPACES = ['user', 'pid', 'mnt', 'net', 'ipc', 'uts'].map(
  (kind) => `/proc/sys/user/max_${kind}_namespaces`,
);

const CAP_SYS_ADMIN = 21n;

export function readJailHost(): JailHost {
  const status = read('/proc/self/status') ?? '';
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
  const settings = [APPARMOR_RESTRICTS, USERNS_CLONE, ...MAX_NAMESPACES].flatMap((path) => {
    const value = read(path);
    return value === null ? [] : [[path, value]];
  });
  return {
    root: process.geteuid?.() === 0,
    mayMount: ((BigInt(`0x${field('CapEff') ?? '0'}`) >> CAP_SYS_ADMIN) & 1n) === 1n,
    settings: Object.fromEntries(settings),
    filtered: field('Seccomp') === '2',
    profile: readProfile(),
    container: findContainer(),
    chrooted: isChrooted(read('/proc/self/mountinfo')),
  };
}

function findContainer(): JailHost['container'] {
  if (existsSync('/var/run/secrets/kubernetes.io')) return 'Kubernetes';
  if (existsSync('/.dockerenv')) return 'Docker';
  if (existsSync('/run/.containerenv')) return 'Podman';
  return existsSync('/run/systemd/container') ? 'other' : null;
}

function readProfile(): string | null {
  const text = read('/proc/self/attr/apparmor/current');
  return text === null || text === '' || text === 'unconfined' ? null : text.replace(/ \(\w+\)$/, '');
}

/** A process in a chroot sees no mount at its own root. */
export function isChrooted(mountinfo: string | null): boolean {
  return mountinfo !== null && !mountinfo.split('\n').some((line) => line.split(' ')[4] === '/');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null; // absent, or not for this user: it then says nothing
  }
}
