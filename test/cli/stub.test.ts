import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Unit tests that pass on a program that does nothing: found by execute, told by score.
const stub = suite('cli/stub');
const folder = temporaryFolder();

const solutions = folder.write(
  's.jsonl',
  lines({
    task_id: 'a',
    solutions: ['syntax error(', 'def f(n):\n    return n\n', 'def f(n):\n    return -n\n'],
  }),
);
const unitTest = (name: string, body: string) =>
  `import unittest\n\nclass ${name}(unittest.TestCase):\n    def test_it(self):\n        ${body}\n`;
const unitTests = folder.write(
  'u.jsonl',
  lines({
    task_id: 'a',
    unit_tests: [
      unitTest('Right', 'self.assertEqual(f(2), 2)'),
      unitTest('Nothing', 'self.assertTrue(f(2) or True)'),
      unitTest('Callable', 'self.assertTrue(callable(f))'),
      unitTest('Small', 'self.assertLess(f(1), 5)'), // None is less than nothing: an error
    ],
  }),
);
const cache = join(folder.path, 'c.sqlite');
const executed = (out: string, ...more: string[]) =>
  coderm(
    ['execute', '--solutions', solutions, '--unit-tests', unitTests, '--cache', cache, '--out', out, ...more],
    { cwd: folder.path },
  );
const vacuous = async (matrix: string) => {
  const { stdout, stderr } = await coderm(['score', '--matrix', matrix, '--scorer', 'majority'], {
    cwd: folder.path,
  });
  assert.ok(stdout, stderr);
  const { tests, ranking } = JSON.parse(stdout) as {
    tests: { vacuous: unknown };
    ranking: { sol_id: number; passed: number; total: number }[];
  };
  return {
    vacuous: tests.vacuous,
    ranking: ranking.map(({ sol_id, passed, total }) => [sol_id, passed, total]),
  };
};

stub('what passes on a stub is reported, and keeps its vote', async () => {
  const [plain, looked] = [join(folder.path, 'm.jsonl'), join(folder.path, 'stub.jsonl')];
  const ended = await executed(looked, '--stub', '--json');
  assert.is(ended.code, 0, ended.stderr);
  assert.is(JSON.parse(ended.stdout).cells.total, 12, 'a stub is no candidate');
  await executed(plain);
  const ranking = [
    [1, 4, 4],
    [2, 3, 4],
    [0, 0, 4],
  ];
  assert.equal(await vacuous(looked), { vacuous: { all_pass: 0, all_fail: 0, pass_on_stub: 2 }, ranking });
  assert.equal(await vacuous(plain), { vacuous: { all_pass: 0, all_fail: 0 }, ranking });
});

stub.run();
