import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { autoChoice, isSoftwareDevice } from '../../../src/model/devices/device.js';

const device = suite('devices');

const SOFTWARE = [
  'llvmpipe (LLVM 15.0.6, 256 bits)',
  'lavapipe',
  'SwiftShader Device (LLVM 10.0.0)',
  'SwiftShader Device (Subzero)',
  'softpipe',
  'Microsoft Basic Render Driver',
  'Microsoft Direct3D12 (Microsoft Basic Render Driver)',
  'Virtio-GPU Venus (llvmpipe (LLVM 17.0.6, 256 bits))',
  'Mesa Software Rasterizer',
  'Apple Software Renderer',
  'Google SwiftShader',
];
const REAL = [
  'NVIDIA H100 80GB HBM3',
  'NVIDIA GeForce RTX 4090',
  'Tesla T4',
  'AMD Radeon RX 7900 XTX (RADV NAVI31)',
  'AMD Ryzen 9 7950X 16-Core Processor (RADV RAPHAEL_MENDOCINO)',
  'AMD Custom GPU 0405 (RADV VANGOGH)',
  'Intel(R) UHD Graphics 620 (KBL GT2)',
  'Intel(R) Arc(tm) A770 Graphics (DG2)',
  'Microsoft Direct3D12 (NVIDIA GeForce RTX 3080)',
  'Virtio-GPU Venus (AMD Radeon Graphics (RADV GFX1103_R1))',
  'Apple M2 Max',
  'Mali-G710',
  'Adreno (TM) 740',
  'V3D 7.1.7',
  'Moore Threads MTT S80',
];

for (const [names, software] of [
  [SOFTWARE, true],
  [REAL, false],
] as const) {
  for (const name of names) {
    device(`${name} is ${software ? 'software' : 'real'}`, () => {
      assert.is(isSoftwareDevice(name), software);
    });
  }
}

const [real, other, software] = [REAL[0]!, REAL[3]!, SOFTWARE[0]!];
for (const [what, names, choice] of [
  ['leaves a backend without a device', [], 'leave'],
  ['leaves software alone', [software], 'leave'],
  ['leaves two kinds of software', [software, SOFTWARE[2]!], 'leave'],
  ['takes a GPU', [real], 'take'],
  ['takes two', [real, other], 'take'],
  ['refuses a GPU that would share its layers with software', [real, software], 'refuse'],
  ['and in the other order', [software, other], 'refuse'],
] as const) {
  device(`--gpu auto ${what}`, () => {
    assert.is(autoChoice(names), choice);
  });
}

device.run();
