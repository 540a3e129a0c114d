import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { metricsText } from '../../src/cli/metrics-text.js';
import { inShard } from '../../src/shard.js';
import { emptyTally } from '../../src/tally.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// A run in shards, put together, is the run of one machine; and what whoever watches it can see.
const shards = suite('cli: shards');
const temporary = temporaryFolder();
const cwd = temporary.path;

const NAMES = Array.from({ length: 7 }, (_, at) => `f${at}`);
temporary.write(
  'p.jsonl',
  lines(...NAMES.map((name) => ({ task_id: name, question: `Write ${name}(a, b).`, entry_point: name }))),
);
temporary.write(
  's.jsonl',
  lines(
    ...NAMES.map((name, nth) => ({
      task_id: name,
      solutions: [0, 1, nth].map((more) => `def ${name}(a, b):\n    return a + b + ${more}\n`),
    })),
  ),
);
temporary.write(
  'labels.jsonl',
  lines(
    ...NAMES.flatMap((task_id) => [0, 1, 2].map((sol_id) => ({ task_id, sol_id, passed: sol_id === 0 }))),
  ),
);
temporary.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_a(self):\n' +
    '        self.assertEqual({entry_point}(2, 1), 3)\n```\n',
);
const FLAGS = [
  ...['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--response-prefix', 'prefix.txt', '--workers', '1'],
  ...['--model', fixture('random.gguf'), '--gpu', 'cpu', '--max-tokens', '16', '--tests', '2', '--json'],
];
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');

async function ok(args: readonly string[], env: Record<string, string> = {}) {
  const ended = await coderm(args, { cwd, env });
  assert.is(ended.code, 0, ended.stderr);
  return ended;
}

shards(
  'reranked in three shards and merged: nothing is run again, and the bytes are those of one machine',
  async () => {
    await ok(['rerank', ...FLAGS, '--cache', 'one.sqlite', '--out', 'one.jsonl']);
    for (const index of ['0', '1', '2']) {
      const array = { SLURM_ARRAY_TASK_ID: index, SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_COUNT: '3' };
      await ok(['rerank', ...FLAGS, '--shard', 'auto', '--cache', 'run.sqlite', '--out', 'run.jsonl'], array);
    }
    const parts = [0, 1, 2].map((index) => `run.shard-${index}-of-3`);
    const idsOf = (name: string) => [...read(name).matchAll(/"task_id": ?"(\w+)"/g)].map(([, id]) => id!);
    assert.equal(parts.flatMap((part) => idsOf(`${part}.jsonl`)).sort(), NAMES);
    await ok(['cache', 'merge', ...parts.map((part) => `${part}.sqlite`), '--into', 'run.sqlite']);
    const { stdout } = await ok(['rerank', ...FLAGS, '--cache', 'run.sqlite', '--out', 'run.jsonl']);
    const { samples, cells, validity } = JSON.parse(stdout);
    assert.equal([samples.generated, cells.executed], [0, 0]);
    assert.ok(validity !== null, 'it learnt over the whole run');
    assert.is(read('run.jsonl'), read('one.jsonl'));
    const again = await ok(['rerank', '--replay', `${parts[0]}.jsonl.manifest.json`]);
    assert.is(again.stdout, 'nothing differs\n');
  },
);

shards('evaluate takes the same shards', async () => {
  const evaluated = async (...more: string[]) =>
    JSON.parse(
      (await ok(['evaluate', '--ranking', 'one.jsonl', '--labels', 'labels.jsonl', '--json', ...more]))
        .stdout,
    );
  const parts = await Promise.all([0, 1].map((index) => evaluated('--shard', `${index}/2`)));
  const whole = await evaluated();
  assert.is(whole.problems, NAMES.length);
  assert.is(parts[0].problems + parts[1].problems, NAMES.length);
});

shards('evaluate judges the candidates of its shard only, with a cache and labels of its own', async () => {
  const test = (name: string) => `def check(candidate):\n    assert candidate(1, 2) == 3, "${name}"\n`;
  const hidden = NAMES.map((name) => ({
    ...{ task_id: name, prompt: `def ${name}(a, b):\n`, entry_point: name, test: test(name) },
  }));
  temporary.write('hidden.jsonl', lines(...hidden));
  const judge = (...more: string[]) =>
    ok([
      ...['evaluate', '--ground-truth', 'hidden.jsonl', '--solutions', 's.jsonl', '--workers', '1'],
      ...['--cache', 'truth.sqlite', '--labels-out', 'truth.jsonl', ...more],
    ]);
  const labels = (name: string) => read(name).split('\n').filter(Boolean).sort();
  for (const index of [0, 1, 2]) await judge('--shard', `${index}/3`);
  const parts = [0, 1, 2].map((index) => labels(`truth.shard-${index}-of-3.jsonl`));
  assert.not.ok(existsSync(join(cwd, 'truth.sqlite')));
  await judge();
  assert.equal(parts.flat().sort(), labels('truth.jsonl'));
  assert.is(labels('truth.jsonl').length, 3 * NAMES.length);
  const empty = Array.from({ length: 40 }, (_, index) => index).find((index) =>
    NAMES.every((name) => !inShard(name, { index, count: 40 })),
  )!;
  await judge('--shard', `${empty}/40`);
  assert.is(read(`truth.shard-${String(empty).padStart(2, '0')}-of-40.jsonl`), '');
});

shards('an empty shard is an empty result; another shard than there is, is refused', async () => {
  const inputs = ['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--limit', '1'];
  const unitTests = [
    '--unit-tests',
    temporary.write('u.jsonl', lines({ task_id: 'f0', unit_tests: ['assert f0(1, 2) == 3'] })),
  ];
  const execute = (shard: string) =>
    coderm(
      ['execute', ...inputs, ...unitTests, '--shard', shard, '--cache', 'e.sqlite', '--out', 'e.jsonl'],
      { cwd },
    );
  const ended = await Promise.all(['0/2', '1/2'].map(execute));
  assert.equal(
    ended.map(({ code }) => code),
    [0, 0],
    ended.map(({ stderr }) => stderr).join(),
  );
  const counts = [0, 1].map((index) => read(`e.shard-${index}-of-2.jsonl`).split('\n').length - 1);
  assert.ok(counts.includes(0) && counts.includes(3), counts.join());
  const refused = await execute('2/2');
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /--shard.*Expected I\/N with I from 0 to N - 1/);
});

shards('--json-log: an event a line; --metrics: Prometheus text of the same counts', async () => {
  const { stderr, stdout } = await ok([
    ...['rerank', ...FLAGS, '--shard', '0/1', '--json-log', '--metrics', 'm.prom'],
    ...['--cache', 'watched.sqlite', '--out', 'watched.jsonl'],
  ]);
  const events = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const sum = (event: string) =>
    events.filter((one) => one.event === event).reduce((total, { done }) => total + done, 0);
  const summary = JSON.parse(stdout);
  assert.is(sum('samples_done'), summary.samples.generated);
  assert.is(sum('cells_done'), summary.cells.executed);
  assert.ok(summary.samples.generated > 0 && summary.cells.executed > 0);
  assert.ok(events.every(({ time, shard }) => shard === '0/1' && !Number.isNaN(Date.parse(time))));
  assert.equal(events.filter(({ event }) => event === 'shard_finished').length, 1);
  assert.is(events.at(-1).cells.executed, summary.cells.executed);
  const metrics = new Map(
    read('m.shard-0-of-1.prom')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, string]),
  );
  assert.is(
    metrics.get('coderm_samples_total{shard="0/1",model="reward",source="generated"}'),
    String(summary.samples.generated),
  );
  assert.is(metrics.get('coderm_cells_total{shard="0/1",source="executed"}'), String(summary.cells.executed));
  assert.is(metrics.get('coderm_queue{shard="0/1",of="cells"}'), '0');
  assert.is(metrics.get('coderm_finished{shard="0/1"}'), '1');
  assert.ok(Number(metrics.get('coderm_tokens_per_second{shard="0/1"}')) > 0);
});

shards('metrics: a help and a type for each family, labels escaped', () => {
  const text = metricsText(
    {
      ...{ tally: emptyTally(), cellsUnderWay: 3, queue: { samples: 0, cells: 2 } },
      ...{ seconds: { samples: 0, cells: 2 }, finished: false, now: 5 },
    },
    { run: 'a"b\\' },
  );
  assert.match(text, '# HELP coderm_cells_total Cells of the execution matrix');
  assert.match(
    text,
    '# TYPE coderm_cells_total counter\ncoderm_cells_total{run="a\\"b\\\\",source="executed"} 3\n',
  );
  assert.match(text, 'coderm_cells_per_second{run="a\\"b\\\\"} 1.5\n');
  const names = [...text.matchAll(/^# TYPE (\S+) (counter|gauge)$/gm)].map(([, name]) => name);
  assert.is(new Set(names).size, names.length);
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    assert.match(line, /^coderm_[a-z_]+\{[^}]+\} \d+(\.\d+)?$/);
  }
});

shards('cache commands as a user gives them', async () => {
  const cache = (...args: string[]) => coderm(['cache', ...args], { cwd });
  assert.match((await cache('verify', '--cache', 'run.sqlite')).stdout, /^\d+ rows, all sound\n$/);
  assert.is((await cache('stat', '--cache', 'run.sqlite')).code, 0);
  assert.is((await cache('export', '--cache', 'run.sqlite', '--out', 'rows.jsonl')).code, 0);
  const imported = JSON.parse(
    (await cache('import', 'rows.jsonl', '--into', 'again.sqlite', '--json')).stdout,
  );
  assert.is(
    imported.cells,
    JSON.parse((await cache('stat', '--cache', 'run.sqlite', '--json')).stdout).cells,
  );
  const rows: [string[], RegExp][] = [
    [['merge', 'none.sqlite', '--into', 'x.sqlite'], /none\.sqlite does not exist/],
    [['merge', 'run.sqlite'], /needs --into <file>/],
    [['prune', '--cache', 'run.sqlite'], /expected --older-than, --max-size or --unused/],
    [['prune', '--cache', 'run.sqlite', '--older-than', 'a month'], /Expected a number with s, m, h or d/],
    [['export', '--cache', 'none.sqlite'], /none\.sqlite does not exist/],
  ];
  const damaged = readFileSync(join(cwd, 'run.sqlite'));
  damaged.fill(0xff, damaged.length / 2, damaged.length / 2 + 8192);
  temporary.write('damaged.sqlite', damaged);
  rows.push([['verify', '--cache', 'damaged.sqlite'], /damaged\.sqlite is damaged/]);
  for (const [args, says] of rows) {
    const { code, stderr } = await cache(...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, says);
  }
  assert.match(
    (await cache('prune', '--cache', 'again.sqlite', '--max-size', '1K')).stdout,
    /cells +\d+ deleted/,
  );
});

shards.run();
