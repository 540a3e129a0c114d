import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sampleSeed } from '../src/seed.js';

const seed = suite('seed');

seed('is the documented number', () => {
  // sha256("0\0HumanEval/0\0" + "0"), first four bytes, little-endian.
  assert.is(sampleSeed(0, 'HumanEval/0', 0), 1408702928);
  assert.is(sampleSeed(42, 'HumanEval/7', 99), 3926998336);
});

seed('depends on each part, and parts do not run together', () => {
  const seeds = [
    sampleSeed(1, 'a', 0),
    sampleSeed(2, 'a', 0),
    sampleSeed(1, 'b', 0),
    sampleSeed(1, 'a', 1),
    sampleSeed(1, 'a1', 0),
    sampleSeed(11, 'a', 0),
    sampleSeed(1, 'a', 10),
  ];
  assert.is(new Set(seeds).size, seeds.length);
});

seed('is an unsigned 32-bit number and never llama.cpp’s random one', () => {
  for (let i = 0; i < 20_000; i++) {
    const value = sampleSeed(7, 'task', i);
    assert.ok(Number.isInteger(value) && value >= 0 && value < 0xffffffff, String(value));
  }
});

seed.run();
