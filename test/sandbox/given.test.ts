import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Extraction, FoundTest } from '../../src/parser.js';
import { ISOLATIONS } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS, type Verdict } from '../../src/verdict.js';
import { TESTED_JAILS } from './jails.js';
import { testPython } from './python.js';

// Given unit tests of every form: what runs is what unittest would run, and what passes for everybody since nothing was
// asserted is invalid. Each row: a text, its verdict on a right candidate, and on a wrong one.

const forms = suite('forms of given tests');

const RIGHT = 'def f(n):\n    if n < 0:\n        raise ValueError(n)\n    return n * 2\n';
const WRONG = 'def f(n):\n    return n * 3\n';

const imported = 'import unittest\n';
const inClass = (body: string, bases = 'unittest.TestCase') =>
  `${imported}class T(${bases}):\n${body.replace(/^(?=.)/gm, '    ')}\n`;
const right = 'def test_a(self):\n    self.assertEqual(f(2), 4)';
const checked = inClass(right);

type Row = [text: string, right: Verdict, wrong: Verdict];

const rows: Record<string, Row> = {
  'a class': [checked, 'pass', 'fail'],
  // Classes that are made
  'a class made by type()': [
    `${imported}def test_a(self):\n    self.assertEqual(f(2), 4)\nT = type("T", (unittest.TestCase,), {"test_a": test_a})`,
    'pass',
    'fail',
  ],
  'a class made by type() of a lambda': [
    `${imported}T = type("T", (unittest.TestCase,), {"test_a": lambda self: self.assertEqual(f(2), 4)})`,
    'pass',
    'fail',
  ],
  'a class made by type() that tests nothing': [
    `${imported}T = type("T", (unittest.TestCase,), {"check": lambda self: self.assertEqual(f(2), 4)})`,
    'invalid',
    'invalid',
  ],
  'a class made by types.new_class()': [
    `${imported}import types\ndef fill(names):\n    names["test_a"] = lambda self: self.assertEqual(f(2), 4)\nT = types.new_class("T", (unittest.TestCase,), {}, fill)`,
    'pass',
    'fail',
  ],
  'a class made by a function': [
    `${imported}def make(n):\n    class T(unittest.TestCase):\n        def test_a(self):\n            self.assertEqual(f(n), n * 2)\n    return T\nA = make(2)\nB = make(3)`,
    'pass',
    'fail',
  ],
  'a function that is called main': ['main = f\nassert main(2) == 4', 'pass', 'fail'],
  'a method that is called exit': [
    'class Game:\n    def exit(self, n):\n        return f(n)\ng = Game()\nassert g.exit(2) == 4',
    'pass',
    'fail',
  ],
  'a class put into globals()': [
    `${imported}for n in (1, 2):\n    globals()["T%d" % n] = type("T%d" % n, (unittest.TestCase,), {"test_a": lambda self, n=n: self.assertEqual(f(n), 2 * n)})`,
    'pass',
    'fail',
  ],
  'a class made by exec()': [
    `exec("import unittest\\nclass T(unittest.TestCase):\\n    def test_a(self):\\n        self.assertEqual(f(2), 4)")\nassert True`,
    'pass',
    'fail',
  ],
  'a decorator that returns another class': [
    `${imported}def renamed(old):\n    return type(old.__name__, (old,), {"test_b": old.test_a, "test_a": None})\n@renamed\n${checked.slice(imported.length)}`,
    'pass',
    'fail',
  ],
  'a metaclass that adds the test': [
    `${imported}class M(type):\n    def __new__(cls, name, bases, names):\n        names["test_a"] = names.pop("check_a", None)\n        return super().__new__(cls, name, bases, names)\nclass T(unittest.TestCase, metaclass=M):\n    def check_a(self):\n        self.assertEqual(f(2), 4)`,
    'pass',
    'fail',
  ],
  '__init_subclass__ that takes a test away': [
    `${imported}class B(unittest.TestCase):\n    def __init_subclass__(cls):\n        del cls.test_b\nclass T(B):\n    ${right.replace('\n', '\n    ')}\n    def test_b(self):\n        self.fail()`,
    'pass',
    'fail',
  ],
  'a mixin': [
    `${imported}class Checks:\n    ${right.replace('\n', '\n    ')}\nclass T(Checks, unittest.TestCase):\n    pass`,
    'pass',
    'fail',
  ],
  'TestCase under another name': [
    `from unittest import TestCase as TC\nBase = TC\nclass T(Base):\n    def test_a(self):\n        self.assertEqual(f(2), 4)`,
    'pass',
    'fail',
  ],
  'a class that is only called TestCase': [
    `${imported}class TestCase:\n    pass\nclass A(TestCase):\n    def test_a(self):\n        self.fail()\n${checked.slice(imported.length)}`,
    'pass',
    'fail',
  ],
  'a name that is only called TestCase': [
    `${imported}import collections\nTestCase = collections.namedtuple("TestCase", "n")\nclass A(TestCase):\n    def test_a(self):\n        self.fail()\n${checked.slice(imported.length)}`,
    'pass',
    'fail',
  ],
  // Classes that are taken away, or not there
  'a base class that is deleted': [
    `${imported}class B(unittest.TestCase):\n    ${right.replace('\n', '\n    ')}\nclass T(B):\n    pass\ndel B`,
    'pass',
    'fail',
  ],
  'a base class that is rebound': [
    `${imported}class B(unittest.TestCase):\n    ${right.replace('\n', '\n    ')}\nclass T(B):\n    pass\nB = None`,
    'pass',
    'fail',
  ],
  'a base class that is deleted from globals()': [
    `${imported}class B(unittest.TestCase):\n    ${right.replace('\n', '\n    ')}\nclass T(B):\n    pass\nglobals().pop("B")`,
    'pass',
    'fail',
  ],
  'every class is deleted': [`${checked}del T`, 'invalid', 'invalid'],
  'a class under a condition that holds': [
    `import sys\nif sys.version_info:\n    ${checked.replaceAll('\n', '\n    ')}`,
    'pass',
    'fail',
  ],
  'a class under a condition that does not': [
    `${checked}if not f:\n    class U(unittest.TestCase):\n        def test_a(self): self.fail()`,
    'pass',
    'fail',
  ],
  'a class of two, by what can be imported': [
    `${imported}try:\n    import no_such_package\n    class A(unittest.TestCase):\n        def test_a(self): self.fail()\nexcept ImportError:\n    class B(unittest.TestCase):\n        def test_a(self): self.assertEqual(f(2), 4)`,
    'pass',
    'fail',
  ],
  'a class in a class': [`class Outer:\n    ${checked.replaceAll('\n', '\n    ')}`, 'invalid', 'invalid'],
  'a class in a function that nobody calls': [
    `def outer():\n    ${checked.replaceAll('\n', '\n    ')}`,
    'invalid',
    'invalid',
  ],
  // Methods
  'a method added by setattr': [
    `${imported}class T(unittest.TestCase):\n    pass\nfor n in (2, 3):\n    setattr(T, "test_%d" % n, lambda self, n=n: self.assertEqual(f(n), 2 * n))`,
    'pass',
    'fail',
  ],
  'a method assigned from outside': [
    `${imported}class T(unittest.TestCase):\n    pass\nT.test_a = lambda self: self.assertEqual(f(2), 4)`,
    'pass',
    'fail',
  ],
  'a method assigned in the class': [
    inClass('def check(self):\n    self.assertEqual(f(2), 4)\ntest_a = check'),
    'pass',
    'fail',
  ],
  'a method taken away': [
    `${inClass(`${right}\ndef test_b(self):\n    self.fail()`)}del T.test_b`,
    'pass',
    'fail',
  ],
  'a method deleted in the class': [
    inClass(`${right}\ndef test_b(self):\n    self.fail()\ndel test_b`),
    'pass',
    'fail',
  ],
  'a method that is set to None': [
    inClass(`${right}\ndef test_b(self):\n    self.fail()\ntest_b = None`),
    'pass',
    'fail',
  ],
  'a decorator that makes several of one, as parameterized does': [
    `import sys, unittest\ndef expand(values):\n    def made(function):\n        names = sys._getframe(1).f_locals\n        for value in values:\n            names["%s_%s" % (function.__name__, value)] = lambda self, value=value: function(self, value)\n    return made\nclass T(unittest.TestCase):\n    @expand([2, 3])\n    def test_a(self, n):\n        self.assertEqual(f(n), 2 * n)`,
    'pass',
    'fail',
  ],
  runTest: [inClass('def runTest(self):\n    self.assertEqual(f(2), 4)'), 'pass', 'fail'],
  subtests: [
    inClass(
      'def test_a(self):\n    for n in (0, 2):\n        with self.subTest(n=n):\n            self.assertEqual(f(n), 2 * n)',
    ),
    'pass',
    'fail',
  ],
  'a class that says itself how it runs': [
    inClass(`def run(self, result=None):\n    return super().run(result)\n${right}`),
    'pass',
    'fail',
  ],
  'a constructor that unittest cannot call': [
    inClass(`def __init__(self):\n    pass\n${right}`),
    'error',
    'error',
  ],
  // load_tests
  'load_tests that chooses': [
    `${checked}class U(unittest.TestCase):\n    def test_b(self): self.fail()\ndef load_tests(loader, tests, pattern):\n    return loader.loadTestsFromTestCase(T)`,
    'pass',
    'fail',
  ],
  'load_tests with another prefix': [
    `${inClass('def check_a(self):\n    self.assertEqual(f(2), 4)')}def load_tests(loader, tests, pattern):\n    loader.testMethodPrefix = "check"\n    return loader.loadTestsFromTestCase(T)`,
    'pass',
    'fail',
  ],
  'load_tests of doctests': [
    `import doctest\ndef g():\n    """\n    >>> f(2)\n    4\n    """\ndef load_tests(loader, tests, pattern):\n    tests.addTests(doctest.DocTestSuite())\n    return tests`,
    'pass',
    'fail',
  ],
  'load_tests that gives nothing': [
    `${checked}def load_tests(loader, tests, pattern):\n    return unittest.TestSuite()`,
    'invalid',
    'invalid',
  ],
  'load_tests that raises': [
    `${checked}def load_tests(loader, tests, pattern):\n    raise KeyError`,
    'error',
    'error',
  ],
  'doctests that nobody loads': ['def g():\n    """\n    >>> f(2)\n    4\n    """', 'invalid', 'invalid'],
  // Coroutines and generators
  IsolatedAsyncioTestCase: [inClass(`async ${right}`, 'unittest.IsolatedAsyncioTestCase'), 'pass', 'fail'],
  'an async test in a plain class': [inClass(`async ${right}`), 'invalid', 'invalid'],
  'an async test in a plain class, beside one that runs': [
    inClass(`${right}\nasync def test_b(self):\n    self.fail()`),
    'pass',
    'fail',
  ],
  'an async test in a class made by type()': [
    `${imported}async def test_a(self):\n    self.assertEqual(f(2), 4)\nT = type("T", (unittest.TestCase,), {"test_a": test_a})`,
    'invalid',
    'invalid',
  ],
  'a test that returns a coroutine': [
    inClass(
      'async def check(self):\n    self.assertEqual(f(2), 4)\ndef test_a(self):\n    return self.check()',
    ),
    'invalid',
    'invalid',
  ],
  'a test that runs its coroutine': [
    `import asyncio\n${inClass('async def check(self):\n    self.assertEqual(f(2), 4)\ndef test_a(self):\n    asyncio.run(self.check())')}`,
    'pass',
    'fail',
  ],
  'a decorator that runs an async test': [
    `import asyncio\ndef runs(function):\n    return lambda self: asyncio.run(function(self))\n${inClass(`@runs\nasync ${right}`)}`,
    'pass',
    'fail',
  ],
  'a generator': [inClass(`${right}\n    yield`), 'invalid', 'invalid'],
  'an asynchronous generator': [inClass(`async ${right}\n    yield`), 'invalid', 'invalid'],
  'a generator in IsolatedAsyncioTestCase': [
    inClass(`${right}\n    yield`, 'unittest.IsolatedAsyncioTestCase'),
    'invalid',
    'invalid',
  ],
  'a generator that is exhausted': [
    inClass(
      'def each(self):\n    self.assertEqual(f(2), 4)\n    yield\ndef test_a(self):\n    list(self.each())',
    ),
    'pass',
    'fail',
  ],
  // What asserts nothing
  'a test that returns a value': [inClass('def test_a(self):\n    return f(2) == 4'), 'invalid', 'invalid'],
  'a test that only prints': [inClass('def test_a(self):\n    print(f(2))'), 'invalid', 'invalid'],
  'a test that only calls': [inClass('def test_a(self):\n    f(2)'), 'invalid', 'invalid'],
  'an empty test': [inClass('def test_a(self):\n    pass'), 'invalid', 'invalid'],
  'a test that only prints, beside one that asserts': [
    inClass(`${right}\ndef test_b(self):\n    print(f(2))`),
    'pass',
    'fail',
  ],
  'an assertion in setUp': [
    inClass('def setUp(self):\n    self.assertEqual(f(2), 4)\ndef test_a(self):\n    pass'),
    'pass',
    'fail',
  ],
  'an assertion in a helper of the module': [
    `def check(n):\n    assert f(n) == 2 * n\n${inClass('def test_a(self):\n    check(2)')}`,
    'pass',
    'fail',
  ],
  'a comparison that raises': [
    inClass('def test_a(self):\n    if f(2) != 4:\n        raise RuntimeError("no")'),
    'pass',
    'error',
  ],
  'fail() where nothing was raised': [
    inClass(
      'def test_a(self):\n    try:\n        f(-1)\n    except ValueError:\n        pass\n    else:\n        self.fail("nothing raised")',
    ),
    'pass',
    'fail',
  ],
  'assertRaises, called': [
    inClass('def test_a(self):\n    self.assertRaises(ValueError, f, -1)'),
    'pass',
    'fail',
  ],
  'an assertion that is caught': [
    inClass(
      'def test_a(self):\n    try:\n        self.assertEqual(f(2), 4)\n    except AssertionError:\n        pass',
    ),
    'pass',
    'pass',
  ],
  // Set-up
  'setUpClass that fails': [
    inClass(`@classmethod\ndef setUpClass(cls):\n    assert False\n${right}`),
    'error',
    'error',
  ],
  'setUpClass that skips': [
    inClass(`@classmethod\ndef setUpClass(cls):\n    raise unittest.SkipTest\n${right}`),
    'invalid',
    'invalid',
  ],
  'setUpModule that fails': [`def setUpModule():\n    raise KeyError\n${checked}`, 'error', 'error'],
  'setUpModule that skips': [
    `def setUpModule():\n    raise unittest.SkipTest\n${checked}`,
    'invalid',
    'invalid',
  ],
  'a class that is skipped': [
    checked.replace('class', '@unittest.skip("later")\nclass'),
    'invalid',
    'invalid',
  ],
  'a failure that is expected': [
    inClass('@unittest.expectedFailure\ndef test_a(self):\n    self.assertEqual(f(2), 6)'),
    'pass',
    'fail',
  ],
  // Without a class
  'plain asserts': ['assert f(2) == 4', 'pass', 'fail'],
  'asserts in a loop': ['for n in (0, 2):\n    assert f(n) == 2 * n', 'pass', 'fail'],
  'a check that raises': ['if f(2) != 4:\n    raise ValueError("no")', 'pass', 'error'],
  'check(candidate), called': [
    'def check(candidate):\n    assert candidate(2) == 4\n\ncheck(f)',
    'pass',
    'fail',
  ],
  'check(candidate) with METADATA, called': [
    'METADATA = {"author": "x"}\n\ndef check(candidate):\n    assert candidate(2) == 4\n\ncheck(f)\n',
    'pass',
    'fail',
  ],
  'check(candidate), called through another': [
    'def check(candidate):\n    assert candidate(2) == 4\ndef test_check():\n    check(f)\ntest_check()',
    'pass',
    'fail',
  ],
  'check(candidate) in a map': [
    'def check(candidate):\n    assert candidate(2) == 4\nlist(map(check, [f]))',
    'pass',
    'fail',
  ],
  'check(candidate) that expects an error': [
    'def check(candidate):\n    try:\n        candidate(-1)\n    except ValueError:\n        return\n    assert False\ncheck(f)',
    'pass',
    'fail',
  ],
  'check(candidate), not called': [
    'def check(candidate):\n    assert candidate(2) == 4',
    'invalid',
    'invalid',
  ],
  'main() that asserts': ['def main():\n    assert f(2) == 4\nmain()', 'pass', 'fail'],
  'a method that asserts, called': [
    'class Checks:\n    def all(self):\n        assert f(2) == 4\nChecks().all()',
    'pass',
    'fail',
  ],
  'a coroutine that is run': [
    'import asyncio\nasync def main():\n    assert f(2) == 4\nasyncio.run(main())',
    'pass',
    'fail',
  ],
  'a coroutine that is not': ['async def main():\n    assert f(2) == 4\nmain()', 'invalid', 'invalid'],
  'a generator that is not exhausted': [
    'def check():\n    assert f(2) == 4\n    yield\ncheck()',
    'invalid',
    'invalid',
  ],
  'a lambda that nobody calls': [
    'def check(n):\n    assert n\nlater = lambda: check(f(2) == 4)',
    'invalid',
    'invalid',
  ],
  'functions in pytest’s way': ['def test_a():\n    assert f(2) == 4', 'invalid', 'invalid'],
  'a main guard with asserts': ['if __name__ == "__main__":\n    assert f(2) == 4', 'invalid', 'invalid'],
  'a main guard around a class': [
    `if __name__ == "__main__":\n    ${checked.replaceAll('\n', '\n    ')}`,
    'invalid',
    'invalid',
  ],
  'a main guard after a class': [`${checked}if __name__ == "__main__":\n    unittest.main()`, 'pass', 'fail'],
  'a class and asserts beside it': [`${checked}assert f(3) == 6`, 'pass', 'error'],
  'nothing at all': ['x = f(2)', 'invalid', 'invalid'],
  // Marks of encodings
  'a byte order mark before a class': [`\ufeff${checked}`, 'pass', 'fail'],
  'a byte order mark before asserts': ['\ufeffassert f(2) == 4', 'pass', 'fail'],
  'a byte order mark and a footer': [`\ufeff${checked}unittest.main()`, 'pass', 'fail'],
  'a byte order mark and a footer on the same line': [
    `\ufeffunittest = __import__("unittest"); unittest.main()\n${checked.slice(imported.length)}`,
    'pass',
    'fail',
  ],
  'a byte order mark and carriage returns': [`\ufeff${checked}`.replaceAll('\n', '\r\n'), 'pass', 'fail'],
};

const results = new Map<string, Verdict>();
const details = new Map<string, string | null>();

forms.before(async () => {
  const texts = Object.values(rows).map(([text]) => text);
  for (const jail of TESTED_JAILS) {
    const sandbox = await Sandbox.open({ python: testPython(), workers: 2, jail });
    const analysed = await sandbox.analyze({ kind: 'tests', texts });
    assert.ok('answer' in analysed);
    const found = (analysed as { answer: Extraction[] }).answer;
    const kept = found.flatMap((one, at) => ('drop' in one ? [] : [{ ...(one as FoundTest), at }]));
    assert.is(kept.length, texts.length, 'none is dropped');
    for (const [which, candidate] of Object.entries({ RIGHT, WRONG, MARKED: `\ufeff${RIGHT}` })) {
      for (const isolation of ISOLATIONS) {
        const job = { candidate, tests: kept, limits: DEFAULT_LIMITS, isolation };
        await sandbox.execute(job, (cells) => {
          for (const { index, result } of cells) {
            const key = [Object.keys(rows)[index], which, isolation, jail].join(' | ');
            results.set(key, result.verdict);
            details.set(key, result.detail);
          }
        });
      }
    }
    await sandbox.close();
  }
});

for (const [name, [, onRight, onWrong]] of Object.entries(rows)) {
  forms(`${name}: ${onRight}, ${onWrong}`, () => {
    for (const jail of TESTED_JAILS) {
      for (const isolation of ISOLATIONS) {
        // A right candidate that begins with a byte order mark is as right.
        for (const [which, expected] of [
          ['RIGHT', onRight],
          ['MARKED', onRight],
          ['WRONG', onWrong],
        ] as const) {
          const key = [name, which, isolation, jail].join(' | ');
          assert.is(results.get(key), expected, `${key}: ${details.get(key)}`);
        }
      }
    }
  });
}

forms.run();
