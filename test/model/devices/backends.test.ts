import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportOf } from '../../../src/model/devices/backends.js';
import { type ProbeAnswer, probe } from '../../../src/model/devices/probe.js';

const backends = suite('backends');

const GIB = 2 ** 30;
const listed = (names: string[], log = '', unloaded = ''): ProbeAnswer => ({
  kind: 'devices',
  devices: names.map((name) => ({ name, totalBytes: 2 * GIB, freeBytes: GIB })),
  log,
  unloaded,
});
const TWO = `ggml_vulkan: Found 2 Vulkan devices:
ggml_vulkan: 0 = NVIDIA GeForce RTX 4090 (NVIDIA) | uma: 0 | fp16: 1
ggml_vulkan: 1 = llvmpipe (LLVM 15.0.6, 256 bits) (llvmpipe) | uma: 0 | fp16: 1
`;

const problems: [what: string, answer: ProbeAnswer | null, problem: RegExp, advice: RegExp][] = [
  ['no package', null, /^its package p is not installed$/, /npm install --include=optional/],
  [
    'a library that does not load',
    listed([], '', 'libcudart.so.13: cannot open'),
    /does not load: libcudart\.so\.13/,
    /driver/,
  ],
  ['no device', listed([]), /loads but finds no device/, /driver/],
  ['a crash', { kind: 'failed', reason: 'it ends its process by SIGSEGV' }, /SIGSEGV/, /driver/],
];
for (const [what, answer, problem, advice] of problems) {
  backends(`${what}: why, and what to do`, () => {
    const found = reportOf('cuda', 'p', answer, null);
    assert.match(found.problem!, problem);
    assert.match(found.advice!, advice);
    assert.equal(
      [found.installed, found.loads, found.devices],
      [answer !== null, /finds no device/.test(found.problem!), []],
    );
  });
}

backends('devices have their kind, their memory and their driver', () => {
  const names = ['NVIDIA GeForce RTX 4090', 'llvmpipe (LLVM 15.0.6, 256 bits)'];
  const { devices, problem, loads } = reportOf('vulkan', 'p', listed(names, TWO), null);
  assert.equal([problem, loads], [null, true]);
  const memoryBytes = { total: 2 * GIB, free: GIB };
  assert.equal(devices, [
    { name: names[0], software: false, memoryBytes, driver: 'NVIDIA' },
    { name: names[1], software: true, memoryBytes, driver: 'llvmpipe' },
  ]);
  assert.is(reportOf('vulkan', 'p', listed(names), null).devices[0]!.driver, null, 'the log does not say');
  assert.is(reportOf('cuda', 'p', listed(['Tesla T4']), '580.1').devices[0]!.driver, '580.1');
});

backends('the CPU is never software, and its memory is the machine’s', () => {
  const [cpu] = reportOf('cpu', 'p', listed(['llvmpipe by name']), null).devices;
  assert.is(cpu!.software, false);
  assert.ok(cpu!.memoryBytes.free <= cpu!.memoryBytes.total && cpu!.memoryBytes.total !== 2 * GIB);
});

backends('a probe that is not wanted any more ends', async () => {
  const answer = await probe('auto', AbortSignal.abort());
  assert.is(answer.kind, 'failed');
});

backends.run();
