import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  APPARMOR_RESTRICTS,
  isChrooted,
  type JailHost,
  readJailHost,
  USERNS_CLONE,
} from '../../src/sandbox/jail-host.js';
import { explainNoLandlock, explainRefusal, type FailedStep, JailError } from '../../src/sandbox/refusal.js';

// Most of these machines cannot be had here: each is described instead.

const refusal = suite('why a machine gives no jail');

const MAX_USER = '/proc/sys/user/max_user_namespaces';
const open: JailHost = {
  root: false,
  mayMount: false,
  settings: { [MAX_USER]: '96343' },
  filtered: false,
  profile: null,
  container: null,
  chrooted: false,
};

interface Row {
  name: string;
  host: Partial<JailHost>;
  failed: [step: string, error: string, detail?: string];
  cause: RegExp;
  fix: RegExp;
}

const withSetting = (path: string, value: string) => ({ settings: { ...open.settings, [path]: value } });

const rows: Row[] = [
  {
    name: "Ubuntu 24.04's AppArmor restriction, refused at the namespaces",
    host: withSetting(APPARMOR_RESTRICTS, '1'),
    failed: ['create namespaces', 'EPERM'],
    cause: /apparmor_restrict_unprivileged_userns refuses user namespaces/,
    fix: /^Allow them with: sudo sysctl kernel\.apparmor_restrict_unprivileged_userns=0$/,
  },
  {
    name: "Ubuntu 24.04's AppArmor restriction, refused at the user map",
    host: withSetting(APPARMOR_RESTRICTS, '1'),
    failed: ['map the user', 'EPERM', 'self/uid_map'],
    cause: /apparmor_restrict_unprivileged_userns/,
    fix: /sudo sysctl/,
  },
  {
    name: 'the same setting does not explain what root meets',
    host: { ...withSetting(APPARMOR_RESTRICTS, '1'), root: true, container: 'Docker' },
    failed: ['create namespaces', 'EPERM'],
    cause: /CAP_SYS_ADMIN/,
    fix: /docker run --security-opt seccomp=unconfined --cap-add SYS_ADMIN$/,
  },
  {
    name: "Debian's older switch",
    host: withSetting(USERNS_CLONE, '0'),
    failed: ['create namespaces', 'EPERM'],
    cause: /unprivileged_userns_clone refuses user namespaces/,
    fix: /sudo sysctl kernel\.unprivileged_userns_clone=1$/,
  },
  {
    name: 'no user namespaces at all',
    host: withSetting(MAX_USER, '0'),
    failed: ['create namespaces', 'ENOSPC'],
    cause: /max_user_namespaces refuses user namespaces/,
    fix: /sudo sysctl user\.max_user_namespaces=10000$/,
  },
  {
    name: 'no network namespaces, met by root',
    host: { ...withSetting('/proc/sys/user/max_net_namespaces', '0'), root: true, mayMount: true },
    failed: ['create namespaces', 'ENOSPC'],
    cause: /max_net_namespaces refuses net namespaces/,
    fix: /sudo sysctl user\.max_net_namespaces=10000$/,
  },
  {
    name: 'all namespaces in use',
    host: {},
    failed: ['create namespaces', 'ENOSPC'],
    cause: /used up, or they are nested 32 deep/,
    fix: /max_user_namespaces/,
  },
  {
    name: "Docker's default system call filter, for an ordinary user",
    host: { filtered: true, container: 'Docker' },
    failed: ['create namespaces', 'EPERM'],
    cause: /a system call filter refuses/,
    fix: /^Start the container with: docker run --security-opt seccomp=unconfined$/,
  },
  {
    name: 'the same with an AppArmor profile, in Podman',
    host: { filtered: true, container: 'Podman', profile: 'containers-default-0.50.1' },
    failed: ['create namespaces', 'EPERM'],
    cause: /a system call filter refuses/,
    fix: /podman run --security-opt seccomp=unconfined --security-opt apparmor=unconfined$/,
  },
  {
    name: 'a systemd unit with RestrictNamespaces=',
    host: { filtered: true },
    failed: ['create namespaces', 'EPERM'],
    cause: /RestrictNamespaces= of a systemd unit/,
    fix: /run coderm on the host/,
  },
  {
    name: "Docker's AppArmor profile refuses mounts when the filter is off",
    host: { container: 'Docker', profile: 'docker-default' },
    failed: ["mount the jail's root", 'EACCES', '/tmp'],
    cause: /the AppArmor profile docker-default refuses/,
    fix: /apparmor=unconfined/,
  },
  {
    name: 'root without CAP_SYS_ADMIN, in a pod',
    host: { root: true, filtered: true, container: 'Kubernetes' },
    failed: ['create namespaces', 'EPERM'],
    cause: /root of this container has no right to mount/,
    fix: /seccompProfile \{type: Unconfined\} and capabilities \{add: \[SYS_ADMIN\]\}/,
  },
  {
    name: 'root of a user namespace with one user',
    host: { root: true, mayMount: true },
    failed: ['drop groups', 'EPERM'],
    cause: /root of a user namespace without other users/,
    fix: /the user that you are outside/,
  },
  {
    name: 'a chroot',
    host: { chrooted: true },
    failed: ['create namespaces', 'EPERM'],
    cause: /this is a chroot/,
    fix: /outside of it/,
  },
  {
    name: 'a chroot, as root',
    host: { root: true, mayMount: true, chrooted: true },
    failed: ['make mounts private', 'EINVAL'],
    cause: /this is a chroot/,
    fix: /outside of it/,
  },
  {
    name: 'a read-only /proc',
    host: { container: 'Docker' },
    failed: ['open a user map', 'EROFS', 'self/uid_map'],
    cause: /\/proc is missing, masked or read-only/,
    fix: /systempaths=unconfined/,
  },
  {
    name: 'a kernel without namespaces',
    host: { settings: {} },
    failed: ['create namespaces', 'EINVAL'],
    cause: /this kernel lacks one of the namespaces/,
    fix: /5\.14 or newer/,
  },
  {
    name: 'a kernel without system call filters',
    host: {},
    failed: ['install the system call filter', 'EINVAL'],
    cause: /CONFIG_SECCOMP_FILTER/,
    fix: /5\.14 or newer/,
  },
  {
    name: 'no process left to start',
    host: {},
    failed: ['create namespaces', 'EAGAIN'],
    cause: /may not start another process/,
    fix: /ulimit -u/,
  },
  {
    name: 'a mount inside the folder of the interpreter',
    host: {},
    failed: ['bind a path', 'EINVAL', '/usr/lib/x86_64-linux-gnu'],
    cause: /another mount lies inside \/usr\/lib\/x86_64-linux-gnu/,
    fix: /--python PATH, or run coderm as root/,
  },
  {
    name: 'an interpreter in a closed home',
    host: {},
    failed: ['open a path that the jail shows', 'EACCES', '/root/.pyenv/bin/python3'],
    cause: /this user may not read \/root\/\.pyenv\/bin\/python3/,
    fix: /\/usr\/bin\/python3/,
  },
  {
    name: 'what nobody foresaw',
    host: {},
    failed: ['create namespaces', 'EPERM'],
    cause: /no setting that coderm knows explains it/,
    fix: /run coderm on the host/,
  },
];

for (const { name, host, failed, cause, fix } of rows) {
  refusal(name, () => {
    const [step, error, detail = ''] = failed;
    const met: FailedStep = { step, error, detail };
    const found = explainRefusal({ ...open, ...host }, met);
    assert.match(found.cause, cause);
    assert.match(found.fix, fix);
    for (const sentence of Object.values(found)) assert.not.match(sentence, /undefined|\.$/);
    const { message, exitCode } = new JailError(`${step}: ${error}`, found);
    assert.is(exitCode, 4);
    assert.ok(message.includes(found.cause) && message.includes(found.fix));
  });
}

const withoutLandlock: [name: string, abi: number, uid: number, cause: RegExp, fix: RegExp][] = [
  ['no Landlock', 0, 1000, /needs Landlock ABI 6 .* and this kernel has none$/, /--jail namespaces$/],
  ['an older Landlock', 4, 0, /needs Landlock ABI 6 .* and this kernel has 4$/, /--jail namespaces$/],
  ['an ordinary user', 7, 1000, /could not be built/, /--jail namespaces$/],
  ['root, whose files nobody else may read', 7, 0, /runs as another user/, /as an ordinary user/],
];
for (const [name, abi, uid, cause, fix] of withoutLandlock) {
  refusal(`--jail landlock: ${name}`, () => {
    const found = explainNoLandlock(abi, uid);
    assert.match(found.cause, cause);
    assert.match(found.fix, fix);
  });
}

refusal('a chroot sees no mount at its own root', () => {
  assert.is(isChrooted('22 1 254:0 / / rw - ext4 /dev/vda rw\n23 22 0:5 / /proc rw - proc proc rw\n'), false);
  assert.is(isChrooted('23 22 0:5 / /proc rw - proc proc rw\n'), true);
  assert.is(isChrooted(null), false);
});

refusal('this machine is described', () => {
  const host = readJailHost();
  assert.is(host.root, process.geteuid?.() === 0);
  assert.match(host.settings[MAX_USER] ?? '', /^\d+$/);
  assert.is(host.chrooted, false);
});

refusal.run();
