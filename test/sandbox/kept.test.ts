import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { listProcesses } from '../processes.js';
import { TESTED_JAILS } from './jails.js';
import { listLaunchers, listWarm } from './mate.js';
import { testPython } from './python.js';

// What the warm interpreter keeps of one candidate takes nothing from the next: how much memory a candidate may use does not
// change.

const HONEST = 'def f(n):\n    return n\n';
const HOSTILE_TEXTS = 300;
/** Each `finally` is compiled twice: half a kilobyte of them is a tenth of a megabyte of code, and some are eight times that. */
const DEPTH = 11;
const DEEPER = 14;
const DEEPER_EACH = 20;

function hostile(at: number): string {
  const depth = at % DEEPER_EACH === 0 ? DEEPER : DEPTH;
  const level = (margin: number) =>
    `${' '.repeat(margin)}try:\n${' '.repeat(margin + 1)}pass\n${' '.repeat(margin)}finally:\n`;
  const levels = Array.from({ length: depth }, (_, margin) => level(margin)).join('');
  return `assert f(1) == 1\n${levels}${' '.repeat(depth)}x = ${at}\n`;
}

/** An honest test with a table, whose code takes a few times as much memory as its text. */
function large(at: number): string {
  const rows = Array.from({ length: 4000 }, (_, row) => `[${at}, ${row + 1000}, ${row}.5, "${row}"],`);
  return `def table():\n return [\n${rows.join('\n')}\n]\nassert f(1) == 1`;
}

for (const jail of TESTED_JAILS) {
  const kept = suite(`what the warm interpreter keeps: ${jail}`);
  let sandbox: Sandbox;
  let startKiB: number;
  kept.before(async () => {
    sandbox = await Sandbox.open({ python: testPython(), workers: 1, jail });
    await verdictsOf(HONEST, ['assert f(1) == 1'], 'cell');
    startKiB = dataKiB(interpreter());
  });
  kept.after(() => sandbox?.close());

  const interpreter = () => {
    const listed = listProcesses();
    return listWarm(listed, listLaunchers(listed).slice(-1))[0]!.pid;
  };

  async function verdictsOf(candidate: string, tests: string[], isolation: Isolation): Promise<string[]> {
    const verdicts: string[] = [];
    const limits = { ...DEFAULT_LIMITS, cpuMs: 5000, wallMs: 20_000 };
    const job = { candidate, tests: tests.map((code) => ({ code, cases: ['assert'] })), limits, isolation };
    await sandbox.execute(job, (cells) => {
      for (const { index, result } of cells) verdicts[index] = result.verdict;
    });
    return verdicts;
  }

  const using = async (mebibytes: number, isolation: Isolation) =>
    (
      await verdictsOf(
        `def f(n):\n    return len(bytearray(${mebibytes} << 20)) and n\n`,
        ['assert f(1) == 1'],
        isolation,
      )
    )[0]!;

  /** The most that a candidate may use, to 2 MiB; an honest one uses 400. */
  async function mostOf(isolation: Isolation): Promise<number> {
    let [less, more] = [400, 520];
    assert.is(await using(less, isolation), 'pass');
    while (more - less > 2) {
      const middle = Math.round((less + more) / 2);
      if ((await using(middle, isolation)) === 'pass') less = middle;
      else more = middle;
    }
    return less;
  }

  for (const isolation of ISOLATIONS) {
    kept(`${HOSTILE_TEXTS} hostile texts: ${isolation}`, async () => {
      const most = await mostOf(isolation);
      let grownKiB = 0;
      for (let at = 0; at < HOSTILE_TEXTS; at += 20) {
        const texts = Array.from({ length: 20 }, (_, place) => hostile(at + place));
        // In a shared process, only what came twice before is kept.
        for (let time = isolation === 'candidate' ? 3 : 1; time > 0; time -= 1) {
          const candidate = `def f(n):\n    return n + ${time} - ${time}\n`;
          const found = await verdictsOf(candidate, texts, isolation);
          assert.equal(
            found,
            texts.map(() => 'pass'),
          );
        }
        grownKiB = Math.max(grownKiB, dataKiB(interpreter()) - startKiB);
      }
      assert.ok(grownKiB < 64 << 10, `it keeps ${grownKiB} KiB`);
      for (let at = 0; at < 16; at += 4) {
        const texts = [at, at + 1, at + 2, at + 3].map((one) =>
          large(one + (isolation === 'cell' ? 0 : 100)),
        );
        assert.equal(await verdictsOf(HONEST, texts, 'cell'), ['pass', 'pass', 'pass', 'pass']);
      }
      const keptKiB = dataKiB(interpreter()) - startKiB;
      assert.ok(keptKiB > 8 << 10 && keptKiB < 64 << 10, `it keeps ${keptKiB} KiB`);
      const after = await mostOf(isolation);
      // Some MiB are what the rest of a child takes; one hostile text alone is 6 to 22.
      assert.ok(Math.abs(after - most) <= 12, `${most} MiB before, ${after} MiB after`);
    });
  }

  kept.run();
}

function dataKiB(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmData:\s*(\d+)/)![1]);
}
