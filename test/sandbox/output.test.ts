import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { TESTED_JAILS } from './jails.js';
import { testPython } from './python.js';

// What a cell writes is counted to the byte, however little of it the supervisor has read when the cell ends: more than the
// limit is `output`, each time, and no more is not, beside whichever other cells of the same process.

const TIMES = 20;
const KIB = 1024;

/** Texts that may share a process, and one that wants its own and leaves the writing to a process that it forks. */
const CANDIDATES = {
  'by print()': 'def write(n):\n    print("x" * n, end="", flush=True)\n    return n\n',
  'by many small writes':
    'def write(n):\n    while n > 0:\n        print("x" * min(n, 3000), end="", flush=True)\n        n -= 3000\n    return n\n',
  'by a forked child': `import os
def write(n):
    child = os.fork()
    if child == 0:
        while n > 0:
            n -= os.write(2, b"x" * n)
        os._exit(0)
    os.waitpid(child, 0)
    return n
`,
};

/** How much each cell of a job writes beyond `limit`, and the verdicts. */
const rows: [name: string, bytes: (limit: number) => number[], verdicts: string[]][] = [
  ['the limit', (limit) => [limit], ['pass']],
  ['a byte more', (limit) => [limit + 1], ['output']],
  ['1 KiB more', (limit) => [limit + KIB], ['output']],
  ['64 KiB more', (limit) => [limit + 64 * KIB], ['output']],
  ['more, behind a cell that writes less', (limit) => [1, limit + 1, 1], ['pass', 'output', 'pass']],
  ['the limit, more than once', (limit) => [limit, limit, 0], ['pass', 'pass', 'pass']],
  ['more only together', (limit) => [limit / 2, limit / 2, limit / 2], ['pass', 'pass', 'pass']],
];

/** The supervisor empties a pipe every 5 ms: the usual limit takes 80 ms to reach, so not every row has it. */
const limitsOf = (how: string, row: number) =>
  how === 'by print()' && row < 4 ? [DEFAULT_LIMITS.outputKiB, 64] : [64];

for (const jail of TESTED_JAILS) {
  const output = suite(`output: ${jail}`);
  let sandbox: Sandbox;
  output.before(async () => {
    sandbox = await Sandbox.open({ python: testPython(), workers: 4, jail });
  });
  output.after(() => sandbox?.close());

  async function execute(
    candidate: string,
    bytes: number[],
    outputKiB: number,
    isolation: Isolation,
  ): Promise<string[]> {
    const verdicts: string[] = [];
    const tests = bytes.map((n) => ({ code: `assert write(${n}) is not None`, cases: ['assert'] }));
    const limits = { ...DEFAULT_LIMITS, outputKiB };
    await sandbox.execute({ candidate, tests, limits, isolation }, (cells) => {
      for (const { index, result } of cells) verdicts[index] = result.verdict;
    });
    return verdicts;
  }

  for (const [how, candidate] of Object.entries(CANDIDATES)) {
    for (const [row, [name, bytes, verdicts]] of rows.entries()) {
      output(`${how}: ${name}: ${verdicts.join(', ')}`, async () => {
        for (const isolation of ISOLATIONS) {
          for (const outputKiB of limitsOf(how, row)) {
            const once = () => execute(candidate, bytes(outputKiB * KIB), outputKiB, isolation);
            const all = await Promise.all(Array.from({ length: TIMES }, once));
            for (const found of all) assert.equal(found, verdicts, `${isolation}, ${outputKiB} KiB`);
          }
        }
      });
    }
  }
  output.run();
}
