import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { neededGlibc, type Target, targetDifference, thisTarget } from '../../src/bundle/target.js';

const target = suite('bundle: target');
const NEEDS: Target = { platform: 'linux-x64', node: '20.20.2', abi: '115', glibc: '2.34' };

target('what runs where', () => {
  const table: [here: Partial<Target>, says: RegExp | null][] = [
    [{}, null],
    [{ node: '20.17.0', glibc: '2.34' }, null],
    [{ glibc: '2.100' }, null],
    [{ glibc: '3.0' }, null],
    [{ glibc: '2.4' }, /needs glibc 2\.34 or newer, and this system has 2\.4;/],
    [{ glibc: '2.33' }, /needs glibc 2\.34 or newer, and this system has 2\.33;/],
    [{ glibc: null }, /this system has another C library/],
    [{ platform: 'linux-arm64' }, /is for linux-x64, and this machine is linux-arm64/],
    [{ platform: 'darwin-x64', glibc: null }, /is for linux-x64, and this machine is darwin-x64/],
    [
      { node: '22.1.0', abi: '127' },
      /compiled for Node 20, and this is Node 22\.1\.0; use Node 20, or make one with Node 22$/,
    ],
  ];
  for (const [here, says] of table) {
    const found = targetDifference(NEEDS, { ...NEEDS, ...here });
    if (says === null) assert.is(found, null);
    else assert.match(found ?? '', says);
  }
  const mac = { ...NEEDS, platform: 'darwin-arm64', glibc: null };
  assert.is(targetDifference(mac, mac), null);
});

target('the newest symbol version counts', () => {
  assert.is(neededGlibc(Buffer.from('\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0GLIBCXX_3.4.30\0')), '2.34');
  assert.is(neededGlibc(Buffer.from('\0GLIBC_PRIVATE\0')), null);
});

target('this machine', () => {
  const here = thisTarget();
  assert.is(here.platform, `${process.platform}-${process.arch}`);
  assert.is(targetDifference({ ...here, glibc: here.glibc === null ? null : '2.2' }, here), null);
});

target.run();
