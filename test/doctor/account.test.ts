import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { account } from '../../src/doctor/account.js';
import type { Diagnosis } from '../../src/doctor/doctor.js';
import { userNamespaces } from '../../src/doctor/host.js';
import type { BackendReport } from '../../src/model/devices/backends.js';

const text = suite("the doctor's account");

const SOUND: Diagnosis = {
  holds: true,
  asked: 'namespaces',
  host: {
    kernel: 'Linux 6.8.0-45-generic',
    arch: 'x64',
    cpu: 'AMD Ryzen Threadripper PRO 7995WX 96-Cores with Radeon Graphics and a long name',
    cores: 1,
    memoryMiB: 1024,
    node: 'v20.17.0',
    user: 'user',
    container: null,
    userNamespaces: { allowed: true, most: 100 },
    cgroup: 'v2',
    landlockAbi: 6,
  },
  python: { executable: '/usr/bin/python3.12', version: '3.12.3' },
  jail: { jail: 'namespaces', resources: 'rlimits', user: 'user', landlockAbi: null },
  problem: null,
  refusal: null,
  walls: [
    {
      wall: 'network',
      attack: 'opens a socket',
      carriedBy: 'seccomp, network namespace',
      holds: true,
      verdict: 'error',
      detail: 'PermissionError: [Errno 1] Operation not permitted',
    },
    {
      wall: 'CPU time',
      attack: 'endless loop',
      carriedBy: 'supervisor',
      holds: true,
      verdict: 'timeout',
      detail: 'used up its CPU time',
    },
  ],
  speed: { cellsPerSecond: 1234, workers: 8, loopCpuMs: 60, slowness: 0.5, forkMs: 0.4 },
  models: { backends: [], auto: { backend: 'cpu', device: 'cpu' }, problem: null },
};

const backend = (
  name: BackendReport['backend'],
  devices: BackendReport['devices'],
  problem: string | null = null,
): BackendReport => ({
  backend: name,
  package: `@node-llama-cpp/${name}`,
  installed: true,
  loads: problem === null,
  devices,
  problem,
  advice: problem === null ? null : 'do this',
});
const device = (name: string, gib: number, software = false, driver: string | null = null) => ({
  name,
  software,
  memoryBytes: { total: gib * 2 ** 30, free: (gib / 2) * 2 ** 30 },
  driver,
});
const PROCESSOR = backend('cpu', [device('AMD EPYC', 64)]);
const SOFTWARE = device('llvmpipe (LLVM 15.0.6, 256 bits)', 2, true, 'llvmpipe');
const ON_CPU = { backend: 'cpu', device: 'cpu' } as const;

const rows: [name: string, change: Partial<Diagnosis>, says: RegExp, last: RegExp][] = [
  ['all walls hold', {}, /All 2 walls hold/, /^Next: coderm rerank --help$/],
  [
    'a slow host',
    { speed: { ...SOUND.speed!, slowness: 3.34 } },
    /This Python is slow here/,
    /^Next: run with --cpu-ms 3400$/,
  ],
  [
    'a wall that does not hold',
    { holds: false, walls: [{ ...SOUND.walls[0]!, holds: false, verdict: 'pass', detail: '' }] },
    /^NO {5}network[\s\S]*"opens a socket" met pass: nothing in its way\./m,
    /^Next: execute nothing here/,
  ],
  [
    'no jail',
    {
      holds: false,
      jail: null,
      walls: [],
      speed: null,
      problem: 'never shown',
      refusal: {
        failed: 'create namespaces: EPERM',
        cause: 'one',
        fix: 'Allow them with: sudo sysctl a=1',
        orLandlock: true,
      },
    },
    /create namespaces: EPERM\.\nCause: one\.\nFix: Allow them with: sudo sysctl a=1\nOr: .*--jail landlock/,
    /^Next: do that, and run coderm doctor again\.$/,
  ],
  [
    'a jail made of Landlock',
    { asked: 'landlock', jail: { jail: 'landlock', resources: 'rlimits', user: 'user', landlockAbi: 6 } },
    /^Landlock +ABI 6: files, TCP; scopes: signals, abstract sockets$/m,
    /^Next: run with --jail landlock$/,
  ],
  [
    'two GPUs and a driver',
    {
      models: {
        backends: [
          backend('cuda', [device('NVIDIA H100', 80, false, '580.1'), device('Tesla T4', 16)]),
          PROCESSOR,
        ],
        auto: { backend: 'cuda', device: 'cuda:NVIDIA H100+Tesla T4' },
        problem: null,
      },
    },
    /^cuda +NVIDIA H100; 40960 of 81920 MiB free; driver 580\.1\n +Tesla T4; 8192 of 16384 MiB free\ncpu +AMD EPYC; 32768 .*\n--gpu auto +cuda:NVIDIA H100\+Tesla T4$/m,
    /^Next: coderm rerank --help$/,
  ],
  [
    'a software device alone',
    { models: { backends: [backend('vulkan', [SOFTWARE]), PROCESSOR], auto: ON_CPU, problem: null } },
    /^vulkan +llvmpipe \(LLVM 15\.0\.6, 256 bits\) \(software, not a GPU\);[\s\S]*driver llvmpipe[\s\S]*^--gpu auto the CPU, since no device is a real GPU/m,
    /^Next: coderm rerank --help$/,
  ],
  [
    'no GPU',
    {
      models: {
        backends: [backend('cuda', [], 'its library does not load: libcudart.so.13'), PROCESSOR],
        auto: ON_CPU,
        problem: null,
      },
    },
    /^cuda +not usable: its library does not load: libcudart\.so\.13; to use it, do\s+this\n[\s\S]*^--gpu auto the CPU, since no backend finds a GPU$/m,
    /^Next: coderm rerank --help$/,
  ],
  [
    'a real GPU beside software',
    { models: { backends: [PROCESSOR], auto: null, problem: 'both are named' } },
    /^--gpu auto finds nothing: both are named$/m,
    /^Next: coderm rerank --help$/,
  ],
  [
    'no Python',
    {
      holds: false,
      jail: null,
      python: null,
      walls: [],
      speed: null,
      problem: 'executing tests needs Python.',
    },
    /none that can be used[\s\S]*: executing tests needs Python\./,
    /^Next: do that/,
  ],
];

for (const [name, change, says, last] of rows) {
  text(name, () => {
    const written = account({ ...SOUND, ...change }, '0.1.0');
    assert.match(written, says);
    const lines = written.trimEnd().split('\n');
    assert.match(lines.at(-1)!, last);
    assert.equal(
      lines.filter((line) => line.length > 80),
      [],
    );
  });
}

text('the kernel’s answer is named, or the verdict', () => {
  const written = account(SOUND, '0.1.0');
  assert.match(written, /^yes +network +seccomp, network namespace +EPERM$/m);
  assert.match(written, /^yes +CPU time +supervisor +verdict timeout$/m);
});

text('user namespaces, as the settings say', () => {
  const host = { mayMount: false, filtered: false, profile: null, container: null, chrooted: false };
  const most = '/proc/sys/user/max_user_namespaces';
  const restricts = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  const state = (settings: Record<string, string>, root = false) =>
    userNamespaces({ ...host, root, settings });
  assert.equal(state({ [most]: '9' }), { allowed: true, most: 9 });
  assert.equal(state({ [most]: '0' }, true), { allowed: false, most: 0 });
  assert.equal(state({ [most]: '9', [restricts]: '1' }), { allowed: false, most: 9 });
  assert.equal(state({ [most]: '9', [restricts]: '1' }, true), { allowed: true, most: 9 });
  assert.equal(state({}), { allowed: false, most: null });
});

text.run();
