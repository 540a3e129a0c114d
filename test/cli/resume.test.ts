import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { descendants, leftOf } from '../processes.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, type Started, start } from './coderm.js';

// A run that is ended at any moment loses at most what was in flight: the next one gives the same bytes.
const resumeTest = suite('cli: resume');
const temporary = temporaryFolder();
const folder = temporary.path;

const NAMES = ['add', 'sub'];
const CANDIDATES = 6;
const TESTS = 12;
const CELLS = NAMES.length * CANDIDATES;
const SAMPLES = NAMES.length * TESTS;
temporary.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_a(self):\n' +
    '        self.assertGreater({entry_point}(2, 1) % 5, 1)\n```\n',
);
temporary.write(
  'p.jsonl',
  lines(...NAMES.map((name) => ({ task_id: name, question: `Write ${name}(a, b).`, entry_point: name }))),
);
// Each sleeps a little, so that a kill finds cells in flight.
const program = (name: string, at: number) =>
  `import time\ndef ${name}(a, b):\n    time.sleep(0.1)\n    return a + b + ${at}\n`;
temporary.write(
  's.jsonl',
  lines(
    ...NAMES.map((name) => ({
      task_id: name,
      solutions: Array.from({ length: CANDIDATES }, (_, at) => program(name, at)),
    })),
  ),
);

const rerank = (run: string, out = `${run}.jsonl`) => [
  ...['rerank', '--problems', 'p.jsonl', '--solutions', 's.jsonl', '--response-prefix', 'prefix.txt'],
  ...['--model', fixture('random.gguf'), '--gpu', 'cpu', '--max-tokens', '48', '--tests', String(TESTS)],
  ...['--parallel', '2', '--workers', '2', '--cache', `${run}.sqlite`, '--out', out, '--json'],
];
const output = (name: string) => readFileSync(join(folder, `${name}.jsonl`), 'utf8');

/** Waits until the run's cache has that many of `part`. */
async function reached(
  run: string,
  part: 'samples' | 'cells',
  least: number,
  { child }: Started,
): Promise<void> {
  const file = join(folder, `${run}.sqlite`);
  let cache: Cache | null = null;
  try {
    while ((cache?.info()[part] ?? 0) < least) {
      if (child.exitCode !== null) throw new Error(`the run ended before it had ${least} ${part}`);
      if (cache === null && existsSync(`${file}-shm`)) cache = Cache.open(file);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    cache?.close();
  }
}

async function cached(run: string): Promise<{ samples: number; cells: number; integrity: string[] }> {
  const info = await coderm(['cache', 'info', '--json', '--cache', `${run}.sqlite`], { cwd: folder });
  return JSON.parse(info.stdout);
}

async function checkContinues(run: string, part: 'samples' | 'cells', least: number): Promise<void> {
  assert.equal((await cached(run)).integrity, []);
  const { code, stdout, stderr } = await coderm(rerank(run), { cwd: folder });
  assert.is(code, 0, stderr);
  const { samples, cells } = JSON.parse(stdout);
  assert.is(samples.generated + samples.cached, SAMPLES);
  assert.is(cells.executed + cells.cached, CELLS);
  assert.ok({ samples, cells }[part].cached >= least);
  assert.is(output(run), output('whole'));
  const cache = Cache.open(join(folder, `${run}.sqlite`));
  const after = cache.info();
  assert.equal([cache.integrityCheck(), after.samples, after.cells], [[], SAMPLES, CELLS]);
  cache.close();
}

resumeTest('an uninterrupted run, to compare with', async () => {
  const { code, stdout, stderr } = await coderm(rerank('whole'), { cwd: folder });
  assert.is(code, 0, stderr);
  const { samples, cells, separated } = JSON.parse(stdout);
  assert.equal([samples.generated, cells.executed, separated], [SAMPLES, CELLS, 2]);
});

const kills: [part: 'samples' | 'cells', least: number][] = [
  ['samples', 1],
  ['samples', 11],
  ['cells', 1],
  ['cells', 5],
];
const linux = process.platform === 'linux'; // for /proc
for (const [part, least] of kills) {
  resumeTest(`kill -9 after ${least} ${part}`, async () => {
    const run = `kill-${part}-${least}`;
    const started = start(rerank(run), { cwd: folder });
    await reached(run, part, least, started);
    const processes = linux ? descendants(started.child.pid!) : [];
    started.child.kill('SIGKILL');
    assert.is((await started.ended).signal, 'SIGKILL');
    assert.ok(!linux || processes.length > 0, 'the sandbox runs as processes below the run');
    assert.equal(await leftOf(processes), []);
    assert.not.ok(existsSync(join(folder, `${run}.jsonl`)));
    await checkContinues(run, part, least);
  });
}

type Stop = [
  signal: NodeJS.Signals,
  code: number,
  part: 'samples' | 'cells',
  least: number,
  to: 'the run' | 'every process of the job',
];
const stops: Stop[] = [
  ['SIGINT', 130, 'samples', 5, 'the run'],
  ['SIGINT', 130, 'cells', 3, 'the run'],
  ['SIGTERM', 143, 'cells', 2, 'the run'],
  // As a scheduler does it; cells that run are ended by it, and may not count as crashed.
  ['SIGUSR1', 75, 'samples', 3, 'every process of the job'],
  ['SIGUSR1', 75, 'cells', 2, 'every process of the job'],
  ['SIGTERM', 143, 'cells', 3, 'every process of the job'],
];
for (const [signal, code, part, least, to] of stops) {
  resumeTest(
    `${signal} to ${to} after ${least} ${part}: exit ${code}, and the next run continues`,
    async () => {
      const run = `${signal}-${part}-${to.replaceAll(' ', '-')}`;
      const started = start(rerank(run), { cwd: folder });
      await reached(run, part, least, started);
      const processes = linux ? descendants(started.child.pid!) : [];
      if (to !== 'the run') {
        // First the others: the run does not know yet that it is to stop, and must not believe what it sees.
        for (const one of processes) tryKill(Number(one.split(':')[0]), signal);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      started.child.kill(signal);
      const ended = await started.ended;
      assert.is(ended.code, code, ended.stderr);
      assert.is(ended.stdout, '');
      assert.match(ended.stderr, /coderm: stopping; what is done is kept/);
      assert.not.match(ended.stderr, /^\s+at |defect/m);
      assert.equal(await leftOf(processes), []);
      const done = await cached(run);
      assert.ok(done.samples + done.cells < SAMPLES + CELLS, 'it has not done the rest first');
      assert.not.ok(existsSync(join(folder, `${run}.jsonl`)));
      assert.not.ok(existsSync(join(folder, `${run}.jsonl.partial`)));
      await checkContinues(run, part, least);
    },
  );
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {} // it has ended meanwhile
}

resumeTest('two runs at once share one cache and give the same bytes', async () => {
  const both = await Promise.all(
    ['one', 'two'].map((name) => coderm(rerank('both', `${name}.jsonl`), { cwd: folder })),
  );
  for (const { code, stderr } of both) assert.is(code, 0, stderr);
  assert.is(output('one'), output('whole'));
  assert.is(output('two'), output('whole'));
});

resumeTest.run();
