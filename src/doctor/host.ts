import { existsSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { loadAddon } from '../sandbox/addon.js';
import { APPARMOR_RESTRICTS, type JailHost, readJailHost, USERNS_CLONE } from '../sandbox/jail-host.js';

/** The machine, as far as execution depends on it. */
export interface Host {
  /** Such as `Linux 6.8.0`. */
  kernel: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryMiB: number;
  /** Such as `v20.17.0`. */
  node: string;
  user: 'root' | 'user';
  container: JailHost['container'];
  userNamespaces: { allowed: boolean; most: number | null };
  /** Which control groups are mounted; whether the jail may use them shows when it is built. */
  cgroup: 'v1' | 'v2' | 'none';
  /** 0: this kernel has none, or started without it; null: the addon that asks is not built. */
  landlockAbi: number | null;
}

export function readHost(): Host {
  const jailHost = readJailHost();
  const [cpu] = cpus();
  return {
    kernel: `${type()} ${release()}`,
    arch: arch(),
    cpu: cpu?.model.trim() || 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    node: process.version,
    user: jailHost.root ? 'root' : 'user',
    container: jailHost.container,
    userNamespaces: userNamespaces(jailHost),
    cgroup: readCgroup(),
    landlockAbi: readLandlockAbi(),
  };
}

/** What the kernel's settings say of them; a container may refuse them all the same. */
export function userNamespaces({ settings, root }: JailHost): Host['userNamespaces'] {
  const most = settings['/proc/sys/user/max_user_namespaces'];
  const refused =
    most === '0' || (!root && (settings[APPARMOR_RESTRICTS] === '1' || settings[USERNS_CLONE] === '0'));
  return { allowed: most !== undefined && !refused, most: most === undefined ? null : Number(most) };
}

function readCgroup(): Host['cgroup'] {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return 'v2';
  return existsSync('/sys/fs/cgroup/memory') ? 'v1' : 'none';
}

function readLandlockAbi(): number | null {
  try {
    return loadAddon().landlockAbi;
  } catch {
    return null; // opening the sandbox says why
  }
}
