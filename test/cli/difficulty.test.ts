import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// The probe from hidden states to budgets, on the model with random weights: its states are real, if meaningless.
const difficultyTest = suite('cli: difficulty');
const temporary = temporaryFolder();
const folder = temporary.path;

const TASKS = Array.from({ length: 18 }, (_, at) => `t${at}`); // more than one batch
temporary.write('p.jsonl', lines(...TASKS.map((name) => ({ task_id: name, question: `Write ${name}(n).` }))));
const solutions = (name: string) => [`def ${name}(n):\n    return n\n`, `def ${name}(n):\n    return 0\n`];
temporary.write('s.jsonl', lines(...TASKS.map((name) => ({ task_id: name, solutions: solutions(name) }))));
temporary.write(
  'labels.jsonl',
  lines(
    ...TASKS.flatMap((name, at) =>
      [0, 1].map((solId) => ({ task_id: name, sol_id: solId, passed: (at >> solId) % 2 === 0 })),
    ),
  ),
);
const inputs = ['--problems', 'p.jsonl', '--solutions', 's.jsonl', '--gpu', 'cpu', '--cache', 'c.sqlite'];
const model = ['--model', fixture('random.gguf')];
const train = ['difficulty', 'train', ...inputs, ...model, '--width', '4', '--folds', '3'];

async function done(args: readonly string[]) {
  const ended = await coderm(args, { cwd: folder });
  assert.is(ended.code, 0, ended.stderr);
  return ended;
}
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const ratesOf = (name: string): { task_id: string; rate: number }[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

difficultyTest('train writes a probe and what it says of problems that it did not meet', async () => {
  const labels = ['--labels', 'labels.jsonl', '--held-out', 'held.jsonl', '--json'];
  const { stdout } = await done([...train, ...labels, '--out', 'probe.json']);
  const found = JSON.parse(stdout);
  assert.equal([found.problems, found.held_out.problems, found.held_out.bins.length], [18, 18, 5]);
  assert.ok(found.held_out.loss > 0 && found.held_out.least_loss <= found.held_out.loss_of_mean);
  assert.equal(
    ratesOf('held.jsonl').map(({ task_id }) => task_id),
    TASKS,
  );
  assert.is(JSON.parse(read('probe.json')).probe.inner.length, 4);
  const page = ['--report', 'probe.html'];
  const again = await done([...train, '--labels', 'labels.jsonl', '--out', 'again.json', ...page]);
  assert.match(read('probe.html'), /<h2 id="calibration">[\s\S]*<dt>Rank correlation<\/dt>/);
  assert.is(read('again.json'), read('probe.json'), 'the states come from the cache, the rest from the seed');
  assert.match(again.stdout, /^probe +trained on 18 problems: \d+ epochs/);
  assert.match(
    again.stdout,
    /rank correlation -?[01]\.\d\d\n( +\d problems: predicted 0\.\d\d, actual [01]\.\d\d\n){5}$/,
  );
});

difficultyTest('predict gives every problem a rate, by which rerank shares out a budget', async () => {
  await done(['difficulty', 'predict', ...inputs, ...model, '--probe', 'probe.json', '--out', 'rates.jsonl']);
  const rates = ratesOf('rates.jsonl');
  assert.equal(
    rates.map(({ task_id }) => task_id),
    TASKS,
  );
  // All alike, maybe: states that mean nothing teach no more than the mean rate.
  assert.ok(rates.every(({ rate }) => rate > 0 && rate < 1));
  const budget = [
    '--budget',
    '3',
    '--scaling',
    'difficulty',
    '--rates',
    'rates.jsonl',
    '--dry-run',
    '--json',
  ];
  const { budgets } = JSON.parse((await done(['rerank', ...inputs, ...model, ...budget])).stdout);
  assert.is(
    budgets.reduce((sum: number, { tests }: { tests: number }) => sum + tests, 0),
    3 * TASKS.length,
  );
});

difficultyTest('what cannot be learnt from is refused in one sentence', async () => {
  temporary.write('other.json', JSON.stringify({ ...JSON.parse(read('probe.json')), model: 'f'.repeat(64) }));
  const predict = ['difficulty', 'predict', ...inputs, ...model, '--out', 'x.jsonl', '--probe'];
  for (const [args, message] of [
    [[...train, '--out', 'x.json'], /expected --labels or --matrix, got neither/],
    [
      [...train, '--labels', 'labels.jsonl', '--limit', '5', '--out', 'x.json'],
      /5 problems .* expected at least 6 for --folds 3/,
    ],
    [[...predict, 'labels.jsonl'], /expected what coderm difficulty train wrote/],
    [[...predict, 'other.json'], /another model \(sha256 ffffffffffff…/],
  ] as [string[], RegExp][]) {
    const { code, stderr } = await coderm(args, { cwd: folder });
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  }
});

difficultyTest.run();
