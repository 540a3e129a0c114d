import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMissing, type MissingCounts, missingOf, missingSentences } from '../../src/missing-module.js';
import type { Extraction, FoundTest } from '../../src/parser.js';
import type { CellResult } from '../../src/sandbox/decide.js';
import { ISOLATIONS } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS, type Verdict } from '../../src/verdict.js';
import { TESTED_JAILS } from './jails.js';
import { testPython } from './python.js';

// A package that --python lacks is named, whoever imports it, unless the text can do without it.

const missing = suite('missing modules');

const RIGHT = 'def f(n):\n    return n * 2\n';
const inClass = (imports: string, body: string) =>
  `${imports}\nimport unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n${body.replace(/^(?=.)/gm, '        ')}\n`;
const equal = 'self.assertEqual(f(2), 4)';

type Row = [candidate: string, test: string, verdict: Verdict, module: string | null, importer?: 'candidate'];

const rows: Record<string, Row> = {
  // Unit tests
  'a module that is used': [
    RIGHT,
    inClass('import nopack as np', 'self.assertTrue(np.allclose(f(2), 4))'),
    'error',
    'nopack',
  ],
  'a name of a module': [
    RIGHT,
    inClass('from nopack import allclose', 'self.assertTrue(allclose(f(2), 4))'),
    'error',
    'nopack',
  ],
  'a part of a module': [
    RIGHT,
    inClass('from nopack.testing import close', `close(f(2))\n${equal}`),
    'error',
    'nopack',
  ],
  'a module with its parts': [
    RIGHT,
    inClass('import nopack.linalg', `nopack.linalg.norm(f(2))\n${equal}`),
    'error',
    'nopack',
  ],
  'an import in a method': [
    RIGHT,
    inClass('', `import nopack\n${equal}\nnopack.allclose(1, 1)`),
    'error',
    'nopack',
  ],
  'an import by name': [RIGHT, inClass('', `__import__("nopack")\n${equal}`), 'error', 'nopack'],
  'an import in plain asserts': [RIGHT, 'import nopack\nassert nopack.allclose(f(2), 4)', 'error', 'nopack'],
  'an import in setUpClass': [
    RIGHT,
    'import unittest\nclass T(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        import nopack\n        nopack.start()\n    def test_a(self):\n        self.assertEqual(f(2), 4)',
    'error',
    'nopack',
  ],
  'a part that a module lacks': [RIGHT, inClass('import json.nopart', equal), 'error', 'json.nopart'],
  'an import that may fail': [
    RIGHT,
    inClass(
      'try:\n    import nopack as np\nexcept ImportError:\n    np = None',
      `if np is not None:\n    np.allclose(1, 1)\n${equal}`,
    ),
    'pass',
    null,
  ],
  'an import that may fail, and is asked for': [
    RIGHT,
    inClass(
      'try:\n    import nopack\n    FOUND = True\nexcept ModuleNotFoundError:\n    FOUND = False',
      `self.assertFalse(FOUND)\n${equal}`,
    ),
    'pass',
    null,
  ],
  'a name that may be missing': [
    RIGHT,
    inClass(
      'try:\n    from nopack import close\nexcept ImportError:\n    def close(a, b):\n        return a == b',
      'self.assertTrue(close(f(2), 4))',
    ),
    'pass',
    null,
  ],
  'an import under suppress()': [
    RIGHT,
    inClass('import contextlib\nwith contextlib.suppress(ImportError):\n    import nopack', equal),
    'pass',
    null,
  ],
  'an import whose error is raised again': [
    RIGHT,
    inClass('try:\n    import nopack\nexcept ImportError:\n    raise', `nopack.x\n${equal}`),
    'error',
    'nopack',
  ],
  'an import that the test expects to fail': [
    RIGHT,
    inClass('', `with self.assertRaises(ImportError):\n    import nopack\n    nopack.x\n${equal}`),
    'pass',
    null,
  ],
  'a made-up name for the candidate': [
    RIGHT,
    inClass('import made_up', 'self.assertEqual(made_up.f(2), 4)'),
    'pass',
    null,
  ],
  'a made-up name that is not used': [RIGHT, inClass('import made_up', equal), 'pass', null],
  'a made-up name that may fail': [
    'def f(n):\n    return 5\n',
    inClass('try:\n    from made_up import f\nexcept ImportError:\n    def f(n):\n        return 4', equal),
    'fail',
    null,
  ],
  'a made-up name that is handed on': [
    RIGHT,
    inClass(
      'import made_up\nfrom unittest import mock',
      'with mock.patch.object(made_up, "g", create=True):\n    self.assertEqual(f(2), 4)',
    ),
    'pass',
    null,
  ],
  'a made-up name and a name that the candidate lacks': [
    RIGHT,
    inClass('import made_up', 'self.assertEqual(made_up.f(2), 4)\nmade_up.g()'),
    'error',
    null,
  ],
  // Candidates
  'a candidate that imports it': [
    `import nopack\n${RIGHT}`,
    inClass('', equal),
    'error',
    'nopack',
    'candidate',
  ],
  'a candidate that imports a name of it': [
    `from nopack import x\n${RIGHT}`,
    inClass('', equal),
    'error',
    'nopack',
    'candidate',
  ],
  'a candidate that imports it when it is called': [
    'def f(n):\n    import nopack\n    return n * 2\n',
    inClass('', equal),
    'error',
    'nopack',
    'candidate',
  ],
  'a candidate that can do without it': [
    `try:\n    import nopack\nexcept ImportError:\n    nopack = None\n${RIGHT}`,
    inClass('', equal),
    'pass',
    null,
  ],
  'a candidate that says so itself': [
    'def f(n):\n    raise ModuleNotFoundError("none")\n',
    inClass('', equal),
    'error',
    null,
  ],
};

const results = new Map<string, CellResult>();

missing.before(async () => {
  for (const jail of TESTED_JAILS) {
    const sandbox = await Sandbox.open({ python: testPython(), workers: 2, jail });
    const texts = Object.values(rows).map(([, text]) => text);
    const analysed = (await sandbox.analyze({ kind: 'tests', texts })) as { answer: Extraction[] };
    const jobs = Object.entries(rows).flatMap(([name, [candidate]], at) =>
      ISOLATIONS.map(async (isolation) => {
        const tests = [analysed.answer[at] as FoundTest];
        await sandbox.execute({ candidate, tests, limits: DEFAULT_LIMITS, isolation }, ([cell]) => {
          results.set(`${name} | ${isolation} | ${jail}`, cell!.result);
        });
      }),
    );
    await Promise.all(jobs);
    await sandbox.close();
  }
});

for (const [name, [, , verdict, module, importer = 'test']] of Object.entries(rows)) {
  missing(`${name}: ${verdict}, ${module ?? 'nothing'} is missing`, () => {
    for (const jail of TESTED_JAILS) {
      for (const isolation of ISOLATIONS) {
        const key = `${name} | ${isolation} | ${jail}`;
        const { verdict: got, detail } = results.get(key)!;
        assert.is(got, verdict, `${key}: ${detail}`);
        assert.equal(missingOf(detail), module === null ? null : { module, importer }, `${key}: ${detail}`);
        if (module) assert.match(detail!, /No module named/);
      }
    }
  });
}

const cell = (verdict: Verdict, module?: string, importer: 'unit test' | 'candidate' = 'unit test') => ({
  verdict,
  detail: module ? `missing_module ${module} (imported by the ${importer}): why` : null,
});

missing('what is counted: unit tests that nobody passes or fails, and candidates', () => {
  const counts: Record<string, MissingCounts> = {};
  countMissing(counts, [
    [cell('error', 'numpy'), cell('error', 'numpy'), cell('pass'), cell('error', 'torch', 'candidate')],
    [cell('error', 'numpy'), cell('fail'), null, cell('pass')],
  ]);
  assert.equal(counts, { numpy: { unitTests: 1, candidates: 0 }, torch: { unitTests: 0, candidates: 1 } });
  countMissing(counts, [
    [cell('error', 'numpy'), cell('error', 'numpy'), cell('error', 'numpy', 'candidate')],
  ]);
  assert.equal(missingSentences(counts), [
    '3 unit tests and 1 candidate import numpy, which --python lacks',
    '1 candidate imports torch, which --python lacks',
  ]);
});

missing.run();
