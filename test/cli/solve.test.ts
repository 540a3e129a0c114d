import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pythonBlocks } from '../../src/markdown.js';
import { withImports } from '../../src/stages/solve.js';
import { fixture } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Best of N as a user runs it. The model has random weights, so every answer is started with all that matters; what it
// writes then makes the programs differ only where a block is left open.
const solveTest = suite('cli: solve');
const temporary = temporaryFolder();
const folder = temporary.path;
const MODEL = fixture('random.gguf');

temporary.write(
  'tests.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_positive(self):\n' +
    '        self.assertGreater({entry_point}(2, 1), 0)\n```\n',
);
const EXAMPLE = 'For example:\n```python\nprint({entry_point}(1, 2))\n```\n';
const PROGRAM = 'def {entry_point}(a, b):\n    return a - b\n';
temporary.write('policy.txt', `${EXAMPLE}The program:\n\`\`\`python\n${PROGRAM}\`\`\`\n`);
temporary.write(
  'p.jsonl',
  lines(
    { task_id: 'long', question: 'Write long(a, b). '.repeat(60), entry_point: 'long' },
    { task_id: 't/sub', question: 'Write sub(a, b).', entry_point: 'sub' },
    { task_id: 7, question: 'Write minus(a, b).', entry_point: 'minus' },
  ),
);

const FLAGS = [
  ...['--problems', 'p.jsonl', '--gpu', 'cpu', '--threads', '1', '--max-tokens', '16', '--tests', '2'],
  ...['--response-prefix', 'tests.txt', '--cache', 'c.sqlite', '--json'],
];
const SOLVE = ['solve', ...FLAGS, '--policy', MODEL, '--policy-prefix', 'policy.txt', '--candidates', '3'];

/** Runs to an end with this code. */
async function run(out: string, args: readonly string[], code: 0 | 3 = 0) {
  const ended = await coderm([...args, '--out', out], { cwd: folder });
  assert.is(ended.code, code, ended.stderr);
  return { summary: JSON.parse(ended.stdout), stderr: ended.stderr, bytes: readFileSync(join(folder, out)) };
}

// biome-ignore lint/suspicious/noExplicitAny: lines of two forms, compared field by field
function read(file: string): any[] {
  return readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

let first: Awaited<ReturnType<typeof run>>;

solveTest('candidates are written and ranked, and the program is found among the blocks', async () => {
  first = await run('r.jsonl', [...SOLVE, '--solutions-out', 's.jsonl', '--metrics', 'm.prom']);
  const program = (name: string) => PROGRAM.replace('{entry_point}', name);
  assert.equal(read('s.jsonl'), [
    { task_id: 'long', solutions: Array(3).fill(program('long')) },
    { task_id: 't/sub', solutions: Array(3).fill(program('sub')) },
    { task_id: '7', solutions: Array(3).fill(program('minus')) },
  ]);
  assert.equal(
    read('r.jsonl').map(({ task_id, selected, solution, tied }) => [task_id, selected, solution, tied]),
    [
      ['long', 0, program('long'), [0, 1, 2]],
      ['t/sub', 0, program('sub'), [0, 1, 2]],
      ['7', 0, program('minus'), [0, 1, 2]],
    ],
  );
  const { policy, samples, candidates } = first.summary;
  assert.equal(policy.samples, { requested: 9, generated: 9, cached: 0, failed: 0 });
  assert.equal([samples.generated, candidates], [6, 9]);
  assert.ok(policy.tokens_generated > 0);
});

solveTest('--metrics: what the policy model wrote is counted beside what the reward model did', () => {
  const metrics = readFileSync(join(folder, 'm.prom'), 'utf8').split('\n');
  const { policy, tokens_generated: tokensGenerated } = first.summary;
  for (const line of [
    'coderm_samples_total{model="policy",source="generated"} 9',
    'coderm_samples_total{model="reward",source="generated"} 6',
    `coderm_tokens_generated_total{model="policy"} ${policy.tokens_generated}`,
    `coderm_tokens_generated_total{model="reward"} ${tokensGenerated}`,
    'coderm_queue{of="samples"} 0',
  ])
    assert.ok(metrics.includes(line), `${line} is missing`);
});

solveTest('rerank reads the candidates, generates nothing and says the same', async () => {
  const args = ['rerank', ...FLAGS, '--solutions', 's.jsonl', '--model', MODEL];
  const { summary, bytes } = await run('again.jsonl', args);
  assert.ok(bytes.equals(first.bytes));
  assert.equal([summary.samples.generated, summary.cells.executed, summary.policy], [0, 0, null]);
});

solveTest('a second run computes nothing; more candidates are only the new ones', async () => {
  const again = await run('r2.jsonl', SOLVE);
  assert.ok(again.bytes.equals(first.bytes));
  assert.equal(again.summary.policy.samples, { requested: 9, generated: 0, cached: 9, failed: 0 });
  const more = await run('r5.jsonl', [...SOLVE, '--candidates', '5', '--solutions-out', 's5.jsonl']);
  assert.equal(more.summary.policy.samples, { requested: 15, generated: 6, cached: 9, failed: 0 });
  assert.is(more.summary.samples.generated, 0); // the prompt of the tests shows the first candidate still
});

solveTest('two models, one after the other, and a replay of their manifest', async () => {
  temporary.write('reward.gguf', readFileSync(MODEL));
  const two = [...SOLVE, '--model', 'reward.gguf', '--limit', '2', '--cache', 'two.sqlite'];
  const { summary } = await run('two.jsonl', two);
  assert.equal([summary.policy.samples.generated, summary.samples.generated], [6, 4]);
  const { code, stdout } = await coderm(['solve', '--replay', 'two.jsonl.manifest.json'], { cwd: folder });
  assert.equal([code, stdout], [0, 'nothing differs\n']);
});

solveTest('a problem that the policy cannot write for has a line that says so, in its place', async () => {
  const { summary, stderr } = await run('part.jsonl', [...SOLVE, '--context', '600'], 3);
  assert.match(stderr, /long failed: expected a prompt that leaves room in a context of 600 tokens/);
  const [long, sub, minus] = read('part.jsonl');
  assert.match(long.error, /expected a prompt/);
  assert.equal([long.task_id, long.selected, long.tests.generated], ['long', null, 0]);
  assert.equal([sub.task_id, minus.task_id, sub.selected], ['t/sub', '7', 0]);
  assert.equal([summary.problems, summary.failed_problems], [3, 1]);
  assert.equal(summary.policy.samples.failed, 3);
});

solveTest('--dry-run counts what would be written, and writes nothing', async () => {
  const args = [...SOLVE, '--cache', 'dry.sqlite', '--candidates', '5', '--dry-run'];
  const { code, stdout, stderr } = await coderm(args, { cwd: folder });
  assert.is(code, 0, stderr);
  const plan = JSON.parse(stdout);
  assert.equal([plan.problems, plan.candidates, plan.cells], [3, 15, 30]);
  assert.equal([plan.samples, plan.tokens.most], [{ requested: 15, cached: 0 }, 15 * 16]);
  assert.equal(plan.budgets[0], {
    task_id: plan.budgets[0].task_id,
    tests: 2,
    why: 'the same for every problem',
  });
  const shared = await coderm([...args, '--budget', '4', '--tests', '9', '--scaling', 'sequential'], {
    cwd: folder,
  });
  const { budgets, cells } = JSON.parse(shared.stdout);
  assert.equal([budgets.length, budgets[0].tests, cells], [3, 1, 3 * 5 * 4]);
  assert.match(budgets[0].why, /^first of all problems/);
});

solveTest('both outputs cannot be one file', async () => {
  const { code, stderr } = await coderm([...SOLVE, '--out', 'x', '--solutions-out', './x'], { cwd: folder });
  assert.is(code, 2);
  assert.match(stderr, /--solutions-out: expected another file than --out/);
});

solveTest('imports that the prompt showed are put before a program that lacks them', () => {
  const prompt = 'from typing import List\nimport math\n\n\ndef f(x: List[int]):\n    """from here"""\n';
  assert.is(
    withImports('def f(x: List[int]):\n    pass\n', prompt),
    'from typing import List\nimport math\n\n\ndef f(x: List[int]):\n    pass\n',
  );
  assert.is(withImports('import math\nx = 1\n', prompt), 'from typing import List\n\n\nimport math\nx = 1\n');
  const whole = 'from typing import List\nimport math\nx = 1\n';
  assert.is(withImports(whole, prompt), whole);
  assert.is(
    withImports('from __future__ import annotations\n', prompt),
    'from __future__ import annotations\n',
  );
  assert.is(withImports('x = 1\n', null), 'x = 1\n');
});

solveTest('blocks of Python come first, bare ones where there are none', () => {
  assert.equal(pythonBlocks('a\n```python\nx\n```\n```\ny\n```\n```py\nz'), ['x\n', 'z']);
  assert.equal(pythonBlocks('```\ny\n```'), ['y\n']);
  assert.equal(pythonBlocks('x = 1'), []);
});

solveTest.run();
