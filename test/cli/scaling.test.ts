import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm, start } from './coderm.js';

// Budgets in a real run, on the model with random weights: all its tests are equal, so the votes are known beforehand.
const scalingTest = suite('cli: scaling');
const temporary = temporaryFolder();
const folder = temporary.path;

const TASKS = Array.from({ length: 20 }, (_, at) => `t${at}`); // more than one batch
temporary.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_a(self):\n' +
    '        self.assertEqual({entry_point}(2), 2)\n```\n',
);
temporary.write(
  'p.jsonl',
  lines(...TASKS.map((name) => ({ task_id: name, question: `Write ${name}(n).`, entry_point: name }))),
);
// One program in t0: nothing can change there. In the others two right programs, which no test tells apart, and a wrong one.
const programs = (name: string, at: number) =>
  at === 0
    ? [`def ${name}(n):\n    return n\n`, `def ${name}(n):\n    return n  # the same\n`]
    : [
        `def ${name}(n):\n    return n\n`,
        `def ${name}(n):\n    return 2 * n - n\n`,
        `def ${name}(n):\n    return 0\n`,
      ];
temporary.write(
  's.jsonl',
  lines(...TASKS.map((name, at) => ({ task_id: name, solutions: programs(name, at) }))),
);
temporary.write('rates.jsonl', lines(...TASKS.map((name, at) => ({ task_id: name, rate: at / 19 }))));

const rerank = (run: string, ...more: string[]) => [
  ...['rerank', '--problems', 'p.jsonl', '--solutions', 's.jsonl', '--response-prefix', 'prefix.txt'],
  ...['--model', fixture('random.gguf'), '--gpu', 'cpu', '--max-tokens', '8', '--parallel', '4'],
  ...['--cache', `${run}.sqlite`, ...more],
];
const sequential = ['--budget', '4', '--tests', '9', '--scaling', 'sequential', '--scorer', 'majority'];

async function done(args: readonly string[]) {
  const ended = await coderm(args, { cwd: folder });
  assert.is(ended.code, 0, ended.stderr);
  return ended;
}

interface Line {
  task_id: string;
  selected: number;
  tests: { requested: number; kept: number };
  ranking: { passed: number; total: number }[];
  scaling: { policy: string; why: string };
}
const text = (name: string) => readFileSync(join(folder, name), 'utf8');
const linesOf = (name: string): Line[] =>
  text(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const spent = (found: readonly Line[]) => found.reduce((sum, { tests }) => sum + tests.requested, 0);

scalingTest('sequential spends the budget where a winner can still change, and says on what', async () => {
  const { stdout } = await done(rerank('a', ...sequential, '--out', 'a.jsonl', '--json'));
  const found = linesOf('a.jsonl');
  assert.equal(
    found.map(({ task_id }) => task_id),
    TASKS,
  );
  assert.is(spent(found), 4 * TASKS.length);
  assert.ok(found.every(({ tests, ranking }) => tests.requested >= 1 && ranking[0]!.total === tests.kept));
  assert.is(found[0]!.tests.requested, 1, 'one program: one test, which is b_min');
  assert.equal(found[0]!.scaling, { policy: 'sequential', why: 'no further test can change who wins' });
  assert.match(
    found[1]!.scaling.why,
    /^2 of 3 candidates kept with (\d) of \1 votes, \1 tests since|kept with/,
  );
  const { samples, cells, problems, stopped } = JSON.parse(stdout);
  assert.equal([problems, stopped], [TASKS.length, false]);
  assert.equal([samples.requested, samples.generated, samples.cached], [80, 80, 0]);
  assert.ok(cells.cached >= 0 && cells.executed > 0);
});

scalingTest(
  'the next run finds everything in the cache and gives the same bytes; a larger budget writes the rest',
  async () => {
    const again = JSON.parse((await done(rerank('a', ...sequential, '--out', 'b.jsonl', '--json'))).stdout);
    assert.equal([again.samples.generated, again.samples.cached, again.cells.executed], [0, 80, 0]);
    assert.is(text('b.jsonl'), text('a.jsonl'));
    const more = rerank('a', ...sequential, '--budget', '5', '--out', 'c.jsonl', '--json');
    assert.ok(JSON.parse((await done(more)).stdout).samples.generated <= 40);
    assert.is(spent(linesOf('c.jsonl')), 100);
  },
);

scalingTest('Ctrl-C ends it with the ranking so far, and the next run goes on', async () => {
  const args = rerank('d', ...sequential, '--out', 'd.jsonl');
  const { child, ended } = start(args, { cwd: folder });
  const file = join(folder, 'd.sqlite');
  let cache: Cache | null = null;
  while ((cache?.info().samples ?? 0) < 30) {
    assert.is(child.exitCode, null, 'the run ended before it was stopped');
    if (cache === null && existsSync(`${file}-shm`)) cache = Cache.open(file);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  cache!.close();
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.is(code, 130, stderr);
  assert.match(stderr, /stopped +before the budget was spent/);
  const found = linesOf('d.jsonl');
  assert.is(found.length, TASKS.length);
  assert.ok(spent(found) >= TASKS.length && spent(found) < 80, `${spent(found)} tests`);
  assert.ok(found.every(({ tests, selected }) => tests.kept >= 1 && selected === 0));
  await done(args);
  assert.is(text('d.jsonl'), text('a.jsonl'));
});

scalingTest('difficulty gives each problem its share, and --dry-run says how much and why', async () => {
  const flags = [
    '--budget',
    '2',
    '--tests',
    '6',
    '--b-min',
    '0',
    '--scaling',
    'difficulty',
    '--rates',
    'rates.jsonl',
  ];
  const plan = (await done(rerank('e', ...flags, '--dry-run'))).stdout;
  const budgets = [...plan.matchAll(/^t\d+ {2}(\d+) unit tests: pass rate ([\d.]+), /gm)].map(([, n]) =>
    Number(n),
  );
  assert.is(budgets.length, TASKS.length);
  assert.is(
    budgets.reduce((a, b) => a + b, 0),
    40,
  );
  assert.match(plan, /^responses +40 /m);
  assert.equal([budgets[0], budgets[19]], [0, 1], 'hopeless and certain');
  await done(rerank('e', ...flags, '--out', 'e.jsonl'));
  const found = linesOf('e.jsonl');
  assert.equal(
    found.map(({ tests }) => tests.requested),
    budgets,
  );
  assert.equal([found[0]!.selected, found[0]!.ranking[0]!.total], [0, 0], 'without a test the first of all');
});

scalingTest('flags that contradict each other are refused in one sentence', async () => {
  for (const [flags, message] of [
    [['--scaling', 'sequential'], /expected --budget N/],
    [['--budget', '2.5'], /expected a whole number, got 2\.5/],
    [
      ['--budget', '2', '--b-min', '3', '--scaling', 'sequential'],
      /expected --budget to be at least that, got 2/,
    ],
    [['--budget', '2', '--scaling', 'difficulty'], /expected --rates FILE/],
    [
      ['--budget', '2', '--scaling', 'sequential', '--rates', 'rates.jsonl'],
      /expected that policy, got sequential/,
    ],
    [['--budget', '2', '--scaling', 'difficulty', '--rates', 'p.jsonl'], /p\.jsonl:1/],
  ] as [string[], RegExp][]) {
    const { code, stderr } = await coderm(rerank('f', ...flags), { cwd: folder });
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
    assert.is(stderr.trim().split('\n').length, 1);
  }
  temporary.write('some.jsonl', lines({ task_id: 't0', rate: 0.5 }));
  const some = ['--budget', '2', '--scaling', 'difficulty', '--rates', 'some.jsonl'];
  const { code, stderr } = await coderm(rerank('f', ...some), { cwd: folder });
  assert.is(code, 2, stderr);
  assert.match(stderr, /some\.jsonl has no pass rate of task "t1"/);
});

scalingTest.run();
