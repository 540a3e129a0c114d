import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../src/sandbox/addon.js';
import { type RunChild, runCells } from '../../src/sandbox/children.js';
import { type CellAnswer, ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { SlowTexts } from '../../src/sandbox/slow-texts.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';

// Children that are only said to have run: what a child of the warm interpreter answers is a table's row.

const children = suite('children of one job');

const outcome = (change: Partial<Outcome>, events = ''): Outcome => ({
  kind: 'outcome',
  id: 1,
  limit: 'none',
  cells: 1,
  exitCode: 0,
  signal: 0,
  mayHaveSignalled: false,
  cpuUs: 1000,
  wallUs: 1000,
  outputBytes: 0,
  output: Buffer.alloc(0),
  events: Buffer.from(events),
  ...change,
});

const started = (secret: string) => `${JSON.stringify([secret, 'cell', '0'])}\n`;
const KILLED = (secret: string) => outcome({ exitCode: -1, signal: 9 }, started(secret));
const TERMINATED = (secret: string) => outcome({ exitCode: -1, signal: 15 }, started(secret));
const WARNED = (secret: string) => outcome({ exitCode: -1, signal: 10 }, started(secret));
const OUT_OF_TIME = (secret: string) => outcome({ limit: 'cpu', exitCode: -1, signal: 9 }, started(secret));
const SIGNALLED = (signal: number, wallMs: number) => (secret: string) =>
  outcome({ exitCode: -1, signal, mayHaveSignalled: true, wallUs: wallMs * 1000 }, started(secret));
const UNCOMPILED = () => outcome({ cells: 0, exitCode: -1, signal: 27 });
const compiles = (secret: string, at: number) => `${JSON.stringify([secret, 'compiles', `${at}`])}\n`;
const TEST_UNCOMPILED = (secret: string) =>
  outcome({ cells: 0, exitCode: -1, signal: 27 }, compiles(secret, 0));
const ENDED = (secret: string) => outcome({ exitCode: -1, signal: 27 }, started(secret));
const PASSES = (secret: string) => {
  const events = [
    ['cell', '0'],
    ['start', 'assert'],
    ['end', 'assert', 'pass', ''],
    ['done', '1', '1'],
  ];
  return outcome({}, events.map((fields) => `${JSON.stringify([secret, ...fields])}\n`).join(''));
};

type Child = (secret: string) => Outcome;

/** Runs a job of one cell whose children end as listed, the last of them again and again. */
async function verdictOf(isolation: Isolation, ends: Child[]): Promise<{ verdict?: string; ran: number }> {
  let ran = 0;
  const run: RunChild = async (_level, _tests, secret) => {
    const end = ends[Math.min(ran, ends.length - 1)]!;
    ran += 1;
    return end(secret);
  };
  const answers: CellAnswer[] = [];
  const tests = [{ code: 'assert 1', cases: ['assert'] }];
  await runCells({ candidate: '', tests, limits: DEFAULT_LIMITS, isolation }, run, (cells) =>
    answers.push(...cells),
  );
  assert.is(answers.length, 1);
  return { verdict: answers[0]!.result.verdict, ran };
}

const rows: [name: string, isolation: Isolation, ends: Child[], verdict: string, ran: number][] = [
  ['nobody disturbs it', 'cell', [PASSES], 'pass', 1],
  ['killed once from outside', 'cell', [KILLED, PASSES], 'pass', 2],
  ['a scheduler signals the whole job', 'cell', [TERMINATED, WARNED, PASSES], 'pass', 3],
  ['it ends itself like that, every time', 'cell', [SIGNALLED(10, 1)], 'crash', 5],
  ['late in its time on the clock', 'cell', [SIGNALLED(15, 4500)], 'crash', 2],
  ['late, first in a shared process', 'candidate', [SIGNALLED(15, 4500)], 'crash', 2],
  ['in the middle of it', 'cell', [SIGNALLED(9, 2000)], 'crash', 3],
  ['killed four times from outside', 'cell', [KILLED, KILLED, KILLED, KILLED, OUT_OF_TIME], 'timeout', 5],
  ['killed often, and not by itself', 'cell', [...Array(20).fill(KILLED), OUT_OF_TIME], 'timeout', 21],
  ['killed every time, and not by itself', 'cell', [KILLED], 'crash', 25],
  ['killed in a shared process, then alone', 'candidate', [KILLED, KILLED, PASSES], 'pass', 3],
  ['the compiler took too long', 'cell', [UNCOMPILED], 'error', 1],
  ['the compiler took too long in a shared process', 'candidate', [UNCOMPILED, PASSES], 'error', 1],
  ['too long for its unit test', 'cell', [TEST_UNCOMPILED, PASSES], 'error', 1],
  ['too long for its unit test in a shared process', 'candidate', [TEST_UNCOMPILED, PASSES], 'error', 1],
  ['it sends itself the same signal', 'cell', [ENDED], 'crash', 1],
  ['a time-out is final, also one that ended by a signal', 'cell', [OUT_OF_TIME], 'timeout', 1],
];
for (const [name, isolation, ends, verdict, ran] of rows) {
  children(name, async () => assert.equal(await verdictOf(isolation, ends), { verdict, ran }));
}

/** Runs a job of unit tests whose children are those of `end`. @returns how many children there were, and the verdicts */
async function runJob(
  isolation: Isolation,
  codes: string[],
  end: (tests: readonly number[], secret: string) => Outcome,
  slow: SlowTexts,
): Promise<[ran: number, verdicts: string[]]> {
  let abandoned = false;
  let ran = 0;
  const run: RunChild = async (_level, tests, secret) => {
    await new Promise(setImmediate); // those asked for ahead have been asked for by then
    if (abandoned) return outcome({ limit: 'cancelled', cells: 0 });
    ran += 1;
    return end(tests, secret);
  };
  const verdicts: string[] = [];
  const tests = codes.map((code) => ({ code, cases: ['assert'] }));
  const job = { candidate: 'x = 1', tests, limits: DEFAULT_LIMITS, isolation };
  const answer = (cells: CellAnswer[]) => {
    for (const { index, result } of cells) {
      assert.is(verdicts[index], undefined, 'a cell is answered once');
      assert.equal([result.cpuMs, result.wallMs], result.verdict === 'error' ? [0, 0] : [1, 1]);
      verdicts[index] = result.verdict;
    }
  };
  await runCells(job, run, answer, slow, () => {
    abandoned = true;
  });
  return [ran, verdicts];
}

const SLOW = 'a slow one';

/** `SLOW` alone takes too long. */
const slowTest =
  (codes: string[]) =>
  (tests: readonly number[], secret: string): Outcome => {
    const at = tests.findIndex((place) => codes[place] === SLOW);
    if (at >= 0) return outcome({ cells: 0, exitCode: -1, signal: 27 }, compiles(secret, at));
    const lines = tests.flatMap((_, place) => [
      ['cell', `${place}`],
      ['start', 'assert'],
      ['end', 'assert', 'pass', ''],
      ['done', '1000000', '1000000'],
    ]);
    const events = lines.map((fields) => `${JSON.stringify([secret, ...fields])}\n`).join('');
    return outcome({ cells: tests.length }, events);
  };

for (const isolation of ISOLATIONS) {
  children(`a candidate that takes too long is compiled once for all its cells: ${isolation}`, async () => {
    const slow = new SlowTexts();
    const codes = Array.from({ length: 40 }, (_, at) => `assert ${at}`);
    assert.equal(await runJob(isolation, codes, UNCOMPILED, slow), [1, codes.map(() => 'error')]);
    assert.equal(await runJob(isolation, ['assert 1'], UNCOMPILED, slow), [0, ['error']], 'another job');
  });

  children(`a unit test that takes too long is compiled once, wherever it stands: ${isolation}`, async () => {
    for (let place = 0; place < 4; place += 1) {
      const slow = new SlowTexts();
      const codes = ['a', 'b', 'c', 'd'].map((code, at) => (at === place ? SLOW : code));
      const verdicts = codes.map((code) => (code === SLOW ? 'error' : 'pass'));
      const ran = isolation === 'cell' ? 4 : 2;
      assert.equal(await runJob(isolation, codes, slowTest(codes), slow), [ran, verdicts]);
      const again = [SLOW, ...codes, SLOW];
      const found = await runJob(isolation, again, slowTest(again), slow);
      assert.equal(found, [isolation === 'cell' ? 3 : 1, ['error', ...verdicts, 'error']], 'another job');
    }
    const codes = [SLOW, 'a', SLOW, SLOW];
    const [ran, verdicts] = await runJob(isolation, codes, slowTest(codes), new SlowTexts());
    assert.equal([ran, verdicts], [2, ['error', 'pass', 'error', 'error']]);
  });
}

children.run();
