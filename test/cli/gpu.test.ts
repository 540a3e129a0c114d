import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TokenRow } from '../../src/bench/tokens.js';
import { Cache } from '../../src/cache/database.js';
import { softwareVulkan } from '../model/gpu/vulkan.js';
import { descendants, leftOf } from '../processes.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, start } from './coderm.js';

// Whole runs on a GPU's path, on a device that computes in software.
const gpu = suite('cli: a GPU');
const temporary = temporaryFolder();
const cwd = temporary.path;
const MODEL = fixture('random.gguf');
const CANDIDATES = 8;
/** Two problems; and a batch of 16, of which only these two fit the model's context, before three more. */
const FEW = ['add0', 'add1'];
const TOO_LONG = Array.from({ length: 14 }, (_, at) => `long${at}`);
const MANY = [...FEW, ...TOO_LONG, 'add2', 'add3', 'add4'];

temporary.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_a(self):\n' +
    '        self.assertGreater({entry_point}(2, 1) % 5, 1)\n```\n',
);
for (const [file, names] of [
  ['few.jsonl', FEW],
  ['many.jsonl', MANY],
] as const) {
  const words = (name: string) => (TOO_LONG.includes(name) ? 300 : 0);
  const problem = (name: string) => ({
    task_id: name,
    question: `Write ${'and write '.repeat(words(name))}${name}(a, b).`,
    entry_point: name,
  });
  temporary.write(file, lines(...names.map(problem)));
}
// Each sleeps a little, so that samples find cells in flight.
const program = (name: string, at: number) =>
  `import time\ndef ${name}(a, b):\n    time.sleep(0.4)\n    return a + b + ${at}\n`;
const solutions = (name: string) => Array.from({ length: CANDIDATES }, (_, at) => program(name, at));
temporary.write('s.jsonl', lines(...MANY.map((name) => ({ task_id: name, solutions: solutions(name) }))));

const rerank = (run: string, problems: string, flags: string[]) => [
  ...['rerank', '--problems', problems, '--solutions', 's.jsonl', '--response-prefix', 'prefix.txt'],
  ...['--model', MODEL, '--gpu', 'vulkan', '--workers', '1', '--cache', `${run}.sqlite`],
  ...['--out', `${run}.jsonl`, '--json', ...flags],
];

const vulkan = softwareVulkan();
if (vulkan !== null) {
  const surroundings = { cwd, env: vulkan };
  const run = (args: string[]) => coderm(args, surroundings);

  gpu('batches are executed while others are generated', async () => {
    const flags = ['--parallel', '1', '--tests', '1', '--max-tokens', '12', '--json-log'];
    const { code, stderr } = await run(rerank('overlap', 'many.jsonl', flags));
    assert.is(code, 3, stderr); // the long ones failed
    let awaited = 0; // samples that the generator still works on
    let both = 0;
    for (const line of stderr.trim().split('\n')) {
      const { event, phase, total, done } = JSON.parse(line);
      if (event === 'phase_begun' && phase === 'generate') awaited += total;
      if (event === 'samples_done') awaited -= done;
      if (event === 'cells_done' && awaited > 0) both += done;
    }
    assert.is(awaited, 0);
    assert.ok(both >= 1, `${both} cells were executed while samples were awaited`);
  });

  const DETERMINISTIC = [
    '--parallel',
    '2',
    '--limit',
    '2',
    '--tests',
    '4',
    '--max-tokens',
    '6',
    '--deterministic',
  ];
  gpu('kill -9 of the whole, and the next run goes on from the cache to the same bytes', async () => {
    const whole = await run(rerank('whole', 'few.jsonl', DETERMINISTIC));
    assert.is(whole.code, 0, whole.stderr);
    const started = start(rerank('killed', 'few.jsonl', DETERMINISTIC), surroundings);
    const file = join(cwd, 'killed.sqlite');
    let cache: Cache | null = null;
    while ((cache?.info().samples ?? 0) < 3) {
      if (started.child.exitCode !== null) throw new Error('the run ended before it had 3 samples');
      if (cache === null && existsSync(`${file}-shm`)) cache = Cache.open(file);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    cache?.close();
    const processes = descendants(started.child.pid!);
    started.child.kill('SIGKILL');
    assert.is((await started.ended).signal, 'SIGKILL');
    assert.ok(processes.length > 0);
    assert.equal(await leftOf(processes), []);
    assert.not.ok(existsSync(join(cwd, 'killed.jsonl')));
    const again = await run(rerank('killed', 'few.jsonl', DETERMINISTIC));
    assert.is(again.code, 0, again.stderr);
    const { samples } = JSON.parse(again.stdout);
    assert.is(samples.generated + samples.cached, 8);
    assert.ok(samples.cached >= 3 && samples.generated > 0, JSON.stringify(samples));
    const text = (name: string) => readFileSync(join(cwd, `${name}.jsonl`), 'utf8');
    assert.is(text('killed'), text('whole'));
  });

  gpu('bench tokens names the device, its kind and its memory', async () => {
    const shape = ['--lanes', '2', '--prompt', '20', '--tokens', '4', '--rounds', '1'];
    const flags = ['bench', 'tokens', '--model', MODEL, '--gpu', 'vulkan', ...shape];
    const { code, stdout, stderr } = await run([...flags, '--json']);
    assert.is(code, 0, stderr);
    const [row] = (JSON.parse(stdout) as { rows: (TokenRow & Record<string, unknown>)[] }).rows;
    assert.equal([row!.backend, row!.device_kind], ['vulkan', 'software']);
    assert.match(String(row!.device), /^vulkan:llvmpipe/);
    const [total, free] = [Number(row!.memory_total_mib), Number(row!.memory_free_mib)];
    assert.ok(free > 0 && free <= total, `${free} of ${total}`);
    assert.ok(row!.speed_pp > 0 && row!.speed_tg > 0);
    const table = await run(flags);
    assert.match(table.stdout, /^device: vulkan:llvmpipe.*\ndevice_kind: software\nmemory_total_mib: \d+$/m);
  });

  gpu('models info and --dry-run name the device and its memory', async () => {
    const info = ['models', 'info', MODEL, '--gpu', 'vulkan', '--lanes', '8'];
    const told = await run(info);
    assert.is(told.code, 0, told.stderr);
    assert.match(told.stdout, /^memory +on vulkan:llvmpipe/m);
    assert.match(told.stdout, /8 lanes: .* GiB weights .*, of [\d.]+ GiB free \([\d.]+ GiB in all\)$/m);
    const { memory } = JSON.parse((await run([...info, '--json'])).stdout);
    const [{ gpu: need, device }] = memory.lanes;
    assert.match(device, /^vulkan:llvmpipe/);
    assert.ok(need.weights > 0 && need.context > 0 && need.free > 0 && need.free <= need.total);
    const dry = rerank('plan', 'few.jsonl', ['--parallel', '2', '--tests', '1', '--dry-run', '--limit', '1']);
    const plan = await run(dry);
    assert.is(plan.code, 0, plan.stderr);
    assert.match(plan.stdout, /"device": ?"vulkan:llvmpipe/);
    const readable = await run(dry.filter((flag) => flag !== '--json'));
    assert.match(
      readable.stdout,
      /^memory .* for 2 lanes, of [\d.]+ GiB free \([\d.]+ GiB in all\) on vulkan:llvmpipe/m,
    );
  });

  gpu('--gpu auto does not choose it', async () => {
    const { stdout, code } = await run(['models', 'info', MODEL, '--gpu', 'auto', '--json']);
    assert.is(code, 0);
    assert.is(JSON.parse(stdout).memory.backend, 'cpu');
  });
}

gpu.run();
