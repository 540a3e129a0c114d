import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOSTILE_FAMILIES } from './hostile-responses.js';
import { type ReadingCost, readingCosts } from './reading-costs.js';

// Reading a response, a given test or a candidate takes time in proportion to its length, whatever it is. Compared are two
// lengths on the same machine, by CPU time of the process that reads: how fast the machine is, and how busy, does not matter.

const time = suite('time of reading');

const SHORT = 8_000;
const TIMES = 4;
/** Twice what is in proportion; what grows with the square would be four times of it. */
const MOST_GROWTH = 2 * TIMES;
/** Below this many seconds a ratio says nothing. */
const NOISE_S = 0.1;

const found = new Map<string, ReadingCost[]>();

time.before(async () => {
  const families = Object.keys(HOSTILE_FAMILIES).length;
  for await (const { name, costs } of readingCosts([SHORT, SHORT * TIMES], /(?:)/, families))
    found.set(name, costs);
});

for (const name of Object.keys(HOSTILE_FAMILIES)) {
  time(name, () => {
    const costs = found.get(name)!;
    const short = costs.filter(({ characters }) => characters === SHORT);
    const long = costs.filter(({ characters }) => characters !== SHORT);
    assert.is(short.length, long.length);
    for (const [at, { reading, cpuS, parsed, characters }] of long.entries()) {
      const before = short[at]!;
      const growth = `${reading}: ${before.cpuS.toFixed(3)} s at ${SHORT}, ${cpuS.toFixed(3)} s at ${characters}`;
      assert.ok(cpuS <= MOST_GROWTH * before.cpuS + NOISE_S, growth);
      assert.ok(parsed <= Math.max(500_000, 13 * characters), `${reading}: ${parsed} characters parsed`);
    }
  });
}

time.run();
