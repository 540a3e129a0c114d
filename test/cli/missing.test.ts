import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Packages that --python lacks are summed up at the end of a run.
const missing = suite('cli: missing modules');
const folder = temporaryFolder();

const right = 'def f(n):\n    return n\n';
const unitTest = (name: string, imports: string, body: string) =>
  `${imports}\nimport unittest\n\nclass ${name}(unittest.TestCase):\n    def test_it(self):\n        ${body}\n`;
const solutions = folder.write(
  's.jsonl',
  lines({ task_id: 'a', solutions: [right, `import nopack\n${right}`] }),
);
const unitTests = folder.write(
  'u.jsonl',
  lines({
    task_id: 'a',
    unit_tests: [
      unitTest('A', 'import nopack as np', 'self.assertTrue(np.allclose(f(2), 2))'),
      unitTest('B', 'import nopack as np', 'self.assertTrue(np.isclose(f(3), 3))'),
      unitTest('C', 'from otherpack import x', 'self.assertEqual(f(x), x)'),
      unitTest('D', 'try:\n    import nopack\nexcept ImportError:\n    pass', 'self.assertEqual(f(2), 2)'),
      unitTest('E', 'import made_up', 'self.assertEqual(made_up.f(2), 2)'),
    ],
  }),
);
const execute = (...more: string[]) =>
  coderm(
    [
      ...['execute', '--solutions', solutions, '--unit-tests', unitTests],
      ...['--cache', join(folder.path, 'c.sqlite'), '--out', join(folder.path, 'm.jsonl'), ...more],
    ],
    { cwd: folder.path },
  );

missing('text and --json say how many import what; from the cache too', async () => {
  for (const from of ['executed', 'cached']) {
    const { code, stdout, stderr } = await execute('--json');
    assert.is(code, 0, stderr);
    const { cells, missing_modules: missingModules } = JSON.parse(stdout);
    assert.is(cells[from], 10);
    assert.equal(missingModules, {
      nopack: { unitTests: 2, candidates: 1 },
      otherpack: { unitTests: 1, candidates: 0 },
    });
  }
  const { stderr } = await execute();
  assert.match(stderr, /^missing +2 unit tests and 1 candidate import nopack, which --python lacks$/m);
  assert.match(stderr, /^missing +1 unit test imports otherpack, which --python lacks$/m);
});

missing.run();
