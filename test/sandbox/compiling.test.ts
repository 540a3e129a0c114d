import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellResult } from '../../src/sandbox/decide.js';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { copyHarness } from './edited-harness.js';
import { testPython } from './python.js';

// The warm interpreter keeps what was compiled before: a verdict must not depend on whether it had a text already.

const compiling = suite('compiling');

const FAST = 'assert double(2) == 4';

/** A test that takes some microseconds to execute and far longer to compile. */
const slowly = (lists: number) => `if 0:\n    x=[${'[1,2,3],'.repeat(lists)}]\n${FAST}`;

/** The limit of compiling is 0.2 s there. */
let folder: string;
let sandbox: Sandbox;
let hasty: Sandbox;

compiling.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coderm-compiling-'));
  chmodSync(folder, 0o755); // the jail's user reads it
  const limit = 'setitimer(signal.ITIMER_PROF, COMPILE_CPU_S * (2 if file == WARY else 1))';
  copyHarness(folder, [['prepare.py', limit, 'setitimer(signal.ITIMER_PROF, 0.2)']]);
  sandbox = await Sandbox.open({ python: testPython(), workers: 1 });
  hasty = await Sandbox.open({ python: testPython(), workers: 1, harness: folder });
});

compiling.after(async () => {
  await sandbox?.close();
  await hasty?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function execute(
  on: Sandbox,
  codes: string[],
  cpuMs: number,
  isolation: Isolation,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const job = {
    candidate: 'def double(n):\n    return n * 2\n',
    tests: codes.map((code) => ({ code, cases: ['assert'] })),
    limits: { ...DEFAULT_LIMITS, cpuMs },
    isolation,
  };
  await on.execute(job, (cells) => {
    for (const { index, result } of cells) results[index] = result;
  });
  return results;
}

for (const isolation of ISOLATIONS) {
  compiling(`is charged to no cell, whether a text was compiled before or not: ${isolation}`, async () => {
    // Equal ones are compiled once: the warm interpreter does it at the third time.
    for (let times = 1; times <= 4; times++) {
      const results = await execute(sandbox, [FAST, slowly(20_000), `${FAST}#`], 100, isolation);
      const verdicts = results.map(({ verdict }) => verdict);
      assert.equal(verdicts, ['pass', 'pass', 'pass'], `time ${times}`);
      assert.ok(results.every(({ cpuMs }) => cpuMs < 100));
    }
  });

  compiling(`has a limit of its own, which other cells do not feel: ${isolation}`, async () => {
    const results = await execute(hasty, [FAST, slowly(60_000), `${FAST}#`], 1000, isolation);
    const verdicts = results.map(({ verdict }) => verdict);
    assert.equal(verdicts, ['pass', 'error', 'pass']);
    assert.is(results[1]!.detail, 'takes too long to compile');
  });
}

for (const isolation of ISOLATIONS) {
  // Alone, the first cell asks for the others ahead: it is the child that prepares them which gives the slow text up.
  compiling(`takes its time once, where a text needs more than it may: ${isolation}`, async () => {
    const fresh = await Sandbox.open({ python: testPython(), workers: 1, harness: folder });
    try {
      const slow = slowly(60_000);
      const codes = [FAST, slow, `${FAST}#`, slow, `${FAST}##`, slow];
      const start = performance.now();
      for (const order of [codes, [...codes].reverse()]) {
        const results = await execute(fresh, order, 1000, isolation);
        for (const [at, { verdict, detail, cpuMs, wallMs }] of results.entries()) {
          if (order[at] !== slow) assert.is(verdict, 'pass', `${at}: ${detail}`);
          else assert.equal([verdict, detail, cpuMs, wallMs], ['error', 'takes too long to compile', 0, 0]);
        }
      }
      const first = performance.now() - start;
      await execute(fresh, [slow], 1000, isolation);
      const again = performance.now() - start - first;
      assert.ok(again < first / 2, `${again} ms after ${first} ms`);
    } finally {
      await fresh.close();
    }
  });
}

compiling('what needs more memory than a cell has', async () => {
  const results = await execute(sandbox, [slowly(500_000)], 1000, 'cell');
  assert.ok(['memory', 'error'].includes(results[0]!.verdict), results[0]!.verdict); // whichever limit is met first
});

compiling.run();
