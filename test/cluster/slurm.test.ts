import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { demoInputs, demoModel } from '../../src/demo/demo.js';
import { coderm } from '../cli/coderm.js';
import { root, shared } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { noSlurm, Slurm, until } from './slurm.js';

// The scripts of examples/slurm on a real Slurm of two emulated nodes: arrays of four, merged, give the bytes of one
// machine, also when a node dies in the middle.
const cluster = suite('cluster: Slurm');
const temporary = temporaryFolder();
const cwd = temporary.path;
const missing = noSlurm();
if (missing !== null && process.env.CI)
  cluster(`this machine lacks ${missing}`, () => assert.unreachable('CI needs it'));
else if (missing !== null) process.stderr.write(`  skipped: needs ${missing}\n`);

const script = (name: string) => join(root, 'examples', 'slurm', name);
const MAIN = join(root, 'dist', 'src', 'cli', 'main.js');
/** What the emulated nodes have. */
const SMALL = ['--array=0-3', '--cpus-per-task=1', '--mem=0', '--gres=none'];

const NAMES = Array.from({ length: 10 }, (_, at) => `f${at}`);
const problems = temporary.write(
  'p.jsonl',
  lines(...NAMES.map((name) => ({ task_id: name, question: `Write ${name}(a, b).`, entry_point: name }))),
);
const solutions = temporary.write(
  's.jsonl',
  lines(
    ...NAMES.map((name) => ({
      task_id: name,
      // Each sleeps a little, so that the end of a node finds cells in flight.
      solutions: Array.from(
        { length: 5 },
        (_, at) => `import time\ndef ${name}(a, b):\n    time.sleep(0.15)\n    return a + b + ${at}\n`,
      ),
    })),
  ),
);
const unitTests = temporary.write(
  'u.jsonl',
  lines(
    ...NAMES.map((name) => ({
      task_id: name,
      unit_tests: [3, 4, 5].map(
        (sum) =>
          `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(${name}(1, 2), ${sum})\n`,
      ),
    })),
  ),
);
/** A run's folder and what its scripts read from the environment. */
function run(name: string, more: Record<string, string>): Record<string, string> {
  const RUN = join(cwd, name);
  mkdirSync(RUN, { recursive: true });
  return { RUN, CODERM: `${process.execPath} ${MAIN}`, ...more };
}
const given = { PROBLEMS: problems, SOLUTIONS: solutions, UNIT_TESTS: unitTests };

const read = (env: Record<string, string>, file: string) => readFileSync(join(env.RUN!, file), 'utf8');
/** Lines of a matrix without what a clock said: nobody can measure the same times twice. */
const untimed = (matrix: string) =>
  matrix
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { cpu_ms: _, wall_ms: __, ...cell } = JSON.parse(line);
      return JSON.stringify(cell);
    })
    .join('\n');

async function ok(args: readonly string[]): Promise<void> {
  const { code, stderr } = await coderm(args, { cwd });
  assert.is(code, 0, stderr);
}

/** `execute` and `score` of all tasks at once, by one process with a cache of its own. */
async function oneMachine(env: Record<string, string>): Promise<void> {
  const { RUN, PROBLEMS, SOLUTIONS, UNIT_TESTS, LIMIT, CANDIDATES } = env;
  const inputs = ['--problems', PROBLEMS!, '--solutions', SOLUTIONS!];
  const most = [...(LIMIT ? ['--limit', LIMIT] : []), ...(CANDIDATES ? ['--candidates', CANDIDATES] : [])];
  const files = ['--cache', `${RUN}/execute.sqlite`, '--out', `${RUN}/matrix.jsonl`];
  await ok(['execute', ...inputs, '--unit-tests', UNIT_TESTS!, ...most, ...files]);
  await ok(['score', '--matrix', `${RUN}/matrix.jsonl`, ...inputs, '--out', `${RUN}/ranked.jsonl`]);
}

/** The merged run of an array: nothing was executed again, and its bytes are those of one machine. */
function checkSame(env: Record<string, string>, single: Record<string, string>): void {
  const { cells } = JSON.parse(read(env, 'execute.json'));
  assert.is(cells.executed, 0);
  const shards = readdirSync(env.RUN!).filter((name) => /^matrix\.shard-\d-of-4\.jsonl$/.test(name));
  const sorted = (text: string) => text.trimEnd().split('\n').sort();
  const parts = shards.map((name) => read(env, name)).filter((text) => text !== '');
  assert.equal(
    sorted(read(env, 'matrix.jsonl')),
    parts.flatMap(sorted).sort(),
    'nothing lost, nothing twice',
  );
  assert.is(untimed(read(env, 'matrix.jsonl')), untimed(read(single, 'matrix.jsonl')));
  assert.is(read(env, 'ranked.jsonl'), read(single, 'ranked.jsonl'));
}

let slurm: Slurm | null = null;
const single = run('single', given);
const test = missing === null ? cluster : cluster.skip;
cluster.before(async () => {
  if (missing !== null) return;
  const folder = join(cwd, 'slurm');
  mkdirSync(folder, { mode: 0o755 });
  slurm = await Slurm.start(folder);
});
cluster.after(() => slurm?.stop());

test('execution as an array of four, merged: the bytes of one machine', async () => {
  await oneMachine(single);
  const env = run('array', given);
  await report(await slurm!.submit(script('execute.sbatch'), SMALL, env), env);
  checkSame(env, single);
});

const caches = ({ RUN }: Record<string, string>) =>
  readdirSync(RUN!).filter((name) => /^execute\.shard-\d-of-4\.sqlite$/.test(name));
const finished = (env: Record<string, string>) =>
  readdirSync(env.RUN!).filter((name) => /^matrix\.shard-\d-of-4\.jsonl$/.test(name)).length;

/** Submits the execution and waits until every shard has executed something. */
async function inTheMiddle(env: Record<string, string>): Promise<string> {
  await slurm!.idle();
  const job = await slurm!.submit(script('execute.sbatch'), SMALL, env);
  const matrixOf = (name: string) => name.replace('execute', 'matrix').replace('sqlite', 'jsonl');
  await until('cells of four shards', async () => {
    const found = caches(env);
    const begun = found.filter(
      (name) => existsSync(join(env.RUN!, matrixOf(name))) || cellsOf(env, name) > 0,
    );
    return begun.length === 4;
  });
  assert.ok(finished(env) < 4, 'it is in the middle');
  return job;
}

async function report(job: string, env: Record<string, string>): Promise<void> {
  const args = ['--mem=0', `--dependency=afterok:${job}`];
  await slurm!.done(await slurm!.submit(script('report.sbatch'), args, env));
}

test('a node dies in the middle: its tasks run again, and the bytes are the same', async () => {
  const env = run('dead', given);
  const job = await inTheMiddle(env);
  await slurm!.cutPower('n2');
  await until('the controller to notice', async () => (await slurm!.states(job)).includes('PENDING'));
  slurm!.startNode('n2');
  await report(job, env);
  checkSame(env, single);
});

test("Slurm's signal ahead of the end: exit 75, requeued by the script, and the bytes are the same", async () => {
  const env = run('signalled', given);
  const job = await inTheMiddle(env);
  await slurm!.call('scancel', ['--signal=USR1', job]);
  await until('requeued tasks', async () =>
    (await slurm!.call('scontrol', ['-o', 'show', 'job', job])).includes('Restarts=1'),
  );
  await report(job, env);
  checkSame(env, single);
});

/** Cells that a cache holds while its run goes on. */
function cellsOf(env: Record<string, string>, name: string): number {
  if (!existsSync(join(env.RUN!, `${name}-shm`))) return 0; // not yet a whole cache
  const cache = Cache.open(join(env.RUN!, name));
  try {
    return cache.info().cells;
  } finally {
    cache.close();
  }
}

test("the demo's problems reranked as an array of four, merged: the bytes of one machine", async () => {
  await slurm!.idle();
  const [problems, solutions] = [demoInputs.problems[0]!, demoInputs.solutions[0]!];
  const flags = ['--threads', '1', '--max-tokens', '256'];
  const env = run('rerank', {
    ...{ PROBLEMS: problems, SOLUTIONS: solutions, MODEL: demoModel, GPU: 'cpu', TESTS: '4' },
    EXTRA: flags.join(' '),
  });
  const job = await slurm!.submit(script('rerank.sbatch'), SMALL, env);
  const args = ['--mem=0', '--gres=none', `--dependency=afterok:${job}`];
  await slurm!.done(await slurm!.submit(script('rerank-report.sbatch'), args, env));
  const { problems: ranked, samples, cells } = JSON.parse(read(env, 'rerank.json'));
  assert.equal([ranked, samples.cached, samples.generated, cells.executed], [12, 48, 0, 0]);
  const inputs = ['--problems', problems, '--solutions', solutions, '--model', demoModel, '--gpu', 'cpu'];
  const out = ['--cache', `${single.RUN}/rerank.sqlite`, '--out', `${single.RUN}/reranked.jsonl`];
  await ok(['rerank', ...inputs, '--tests', '4', ...flags, ...out]);
  assert.is(read(env, 'ranked.jsonl'), read(single, 'reranked.jsonl'));
});

const codet = missing === null ? shared('data', 'codet_codegen16b') : null;
(codet === null ? cluster.skip : cluster)("CodeT's first 40 problems as an array of four", async () => {
  await slurm!.idle();
  const file = (name: string) => join(codet!, `HumanEval_${name}.jsonl`);
  const inputs = {
    PROBLEMS: file('for_code_generation'),
    SOLUTIONS: file('codegen16B_temp0.8_topp0.95_num100_max300_code_solution'),
    UNIT_TESTS: file('codegen16B_temp0.8_topp0.95_num100_max300_test_case'),
    ...{ LIMIT: '40', CANDIDATES: process.env.CODERM_TEST_CANDIDATES ?? '3' },
  };
  const whole = run('codet-single', inputs);
  const env = run('codet', inputs);
  await report(await slurm!.submit(script('execute.sbatch'), SMALL, env), env);
  await oneMachine(whole);
  checkSame(env, whole);
});

cluster.run();
