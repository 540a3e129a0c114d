import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture, root } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// A task whose cells, or whose texts, always meet a fault of ours, among tasks that do not. The fault is built into a copy of
// the package: its warm interpreter leaves when a job of that kind has the word in it.
const faults = suite('cli: faults of ours');
const folder = temporaryFolder();
const FAULTY = { cells: 'leaves_at_cells', analysis: 'leaves_at_parsing' };

const copy = join(folder.path, 'package');
for (const part of ['package.json', 'dist/src', 'native/sandbox', 'build/Release', 'models/registry.json']) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
const warm = join(copy, 'native', 'sandbox', 'harness', 'runner', 'warm.py');
const text = readFileSync(warm, 'utf8');
const place = '    if job is not None and job["kind"] == "cells":\n';
assert.ok(text.includes(place));
const words = JSON.stringify(FAULTY);
writeFileSync(
  warm,
  text.replace(
    place,
    `    if ${words}.get(job["kind"], "\\0") in json.dumps(job):\n        os._exit(1)\n${place}`,
  ),
);

const task = (name: string, comment = '') => ({
  task_id: name,
  solutions: [
    `def ${name}(n):\n    return n${comment && `  # ${comment}`}\n`,
    `def ${name}(n):\n    return -n\n`,
  ],
});
const TASKS = [
  task('first'),
  task('second', FAULTY.cells),
  task('third'),
  task('fourth', FAULTY.analysis),
  task('fifth'),
];
const GOOD = ['first', 'third', 'fifth'];
const BAD = ['second', 'fourth'];

folder.write('s.jsonl', lines(...TASKS));
folder.write(
  'p.jsonl',
  lines(...TASKS.map(({ task_id }) => ({ task_id, question: `Write ${task_id}(n).`, entry_point: task_id }))),
);
folder.write(
  'u.jsonl',
  lines(...TASKS.map(({ task_id }) => ({ task_id, unit_tests: [`assert ${task_id}(3) == 3`] }))),
);
folder.write(
  'h.jsonl',
  lines(
    ...TASKS.map(({ task_id }) => ({
      task_id,
      prompt: `def ${task_id}(n):\n`,
      entry_point: task_id,
      test: `def check(f):\n    assert f(3) == 3\n`,
    })),
  ),
);
folder.write(
  'prefix.txt',
  '```python\nimport unittest\n\nclass Test{EntryPoint}(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual({entry_point}(3), 3)\n```\n',
);

interface Line {
  task_id: string;
  error?: string;
  selected?: number;
  sol_id?: number;
  passed?: boolean;
  result?: string;
}

async function run(args: readonly string[], out: string): Promise<{ found: Line[]; error: string }> {
  const ended = await coderm(args, { cwd: folder.path, main: join(copy, 'dist', 'src', 'cli', 'main.js') });
  assert.is(ended.code, 3, ended.stderr);
  const found = readFileSync(join(folder.path, out), 'utf8').trim().split('\n');
  return { found: found.map((line) => JSON.parse(line) as Line), error: ended.stderr };
}

function assertFaults(found: readonly Line[]): void {
  const failed = found.filter(({ error }) => error !== undefined);
  assert.equal(
    failed.map(({ task_id }) => task_id),
    BAD,
  );
  for (const { error } of failed) assert.match(error!, /the sandbox failed twice at one run/);
}

faults('execute: the others have their cells', async () => {
  const args = ['execute', '--solutions', 's.jsonl', '--unit-tests', 'u.jsonl', '--out', 'm.jsonl'];
  const { found, error } = await run(args, 'm.jsonl');
  assertFaults(found);
  assert.match(error, /second failed: the sandbox failed twice/);
  const cells = found.filter((line) => line.error === undefined);
  assert.equal(
    cells.map(({ task_id, sol_id, result }) => `${task_id} ${sol_id} ${result}`),
    GOOD.flatMap((name) => [`${name} 0 pass`, `${name} 1 fail`]),
  );
});

faults('score reads what was written', async () => {
  const { code, stderr } = await coderm(['score', '--matrix', 'm.jsonl', '--out', 'scored.jsonl'], {
    cwd: folder.path,
  });
  assert.is(code, 0, stderr);
  const scored = readFileSync(join(folder.path, 'scored.jsonl'), 'utf8').trim().split('\n');
  assert.equal(
    scored.map((line) => (JSON.parse(line) as Line).task_id),
    GOOD,
  );
});

for (const prune of [[], ['--prune', '--scorer', 'majority']]) {
  faults(`rerank: the others are ranked${prune.length > 0 ? ', with --prune' : ''}`, async () => {
    const { found } = await run(
      [
        ...['rerank', '--problems', 'p.jsonl', '--solutions', 's.jsonl', '--out', 'r.jsonl', ...prune],
        ...['--model', fixture('random.gguf'), '--gpu', 'cpu', '--tests', '2', '--max-tokens', '8'],
        ...['--response-prefix', 'prefix.txt'],
      ],
      'r.jsonl',
    );
    assert.equal(
      found.map(({ task_id }) => task_id),
      TASKS.map(({ task_id }) => task_id),
    );
    assertFaults(found);
    for (const { error, selected } of found) assert.is(selected, error === undefined ? 0 : null);
  });
}

faults('evaluate --ground-truth: the others are judged', async () => {
  const { found } = await run(
    ['evaluate', '--ground-truth', 'h.jsonl', '--solutions', 's.jsonl', '--labels-out', 'l.jsonl'],
    'l.jsonl',
  );
  assertFaults(found);
  const labels = found.filter((line) => line.error === undefined);
  assert.equal(
    labels.map(({ task_id, sol_id, passed }) => `${task_id} ${sol_id} ${passed}`),
    GOOD.flatMap((name) => [`${name} 0 true`, `${name} 1 false`]),
  );
  // They are read again, the failed ones passed over.
  const again = ['evaluate', '--matrix', 'm.jsonl', '--labels', 'l.jsonl'];
  assert.is((await coderm(again, { cwd: folder.path })).code, 0);
});

faults.run();
