import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DROP_REASONS } from '../src/unit-test.js';
import { ask, type Extracted, fenced } from './analyzer.js';

// What of a response becomes a unit test, and why the others are dropped.

const extraction = suite('extract');

const method = (name: string, sum = 3) =>
  `    def ${name}(self):\n        self.assertEqual(add(1, 2), ${sum})\n`;
const testAdd = `class TestAdd(unittest.TestCase):\n${method('test_a')}`;
const whole = `import unittest\n\n\n${testAdd}`;

interface Row {
  text: string;
  cut?: boolean;
  /** The code that is kept, exactly. */
  code?: string;
  cases?: string[];
  has?: RegExp;
  lacks?: RegExp;
  drop?: string;
}

const kept: Record<string, Row> = {
  'no fence': { text: whole, code: whole },
  'chat around a fenced block': { text: `Sure, here's it:\n\n${fenced(whole)}\nThat's all.`, code: whole },
  'a fence without language': { text: fenced(whole, ''), code: whole },
  'a fence of tildes': { text: `~~~python\n${whole}~~~\n`, code: whole },
  'a fence in a list, indented': {
    text: `1. Test:\n\n${fenced(whole).replace(/^(?=.)/gm, '   ')}`,
    code: whole,
  },
  'an unclosed last fence': { text: `\`\`\`python\n${whole}`, code: whole },
  'a fence glued to the last line': { text: `\`\`\`python\n${whole.trimEnd()}\`\`\`\nBye`, code: whole },
  'an answer that goes on after a prefix, so that its first fence closes': {
    text: `${whole}\`\`\`\n\nIt tests addition.`,
    code: whole,
  },
  'carriage returns': { text: fenced(whole).replaceAll('\n', '\r\n'), code: whole },
  'comments survive': {
    text: fenced(`import unittest\n\n\n# Sums.\n${testAdd}        # three\n        self.assertTrue(add)\n`),
    has: /^# Sums\.\nclass[\s\S]*# three/m,
  },
  'a missing import of unittest': { text: fenced(testAdd), code: whole },
  'a missing import of TestCase': {
    text: fenced(testAdd.replace('unittest.', '')),
    has: /^from unittest import TestCase\n/,
    cases: ['TestAdd.test_a'],
  },
  'a main guard and a runner': {
    text: fenced(
      `${whole}\nsuite = unittest.TestLoader().loadTestsFromTestCase(TestAdd)\nunittest.TextTestRunner().run(suite)\nif __name__ == '__main__':\n    unittest.main()`,
    ),
    code: whole,
  },
  'the solution restated in the test': {
    text: fenced(`import unittest\n\ndef add(a, b):\n    return a + b\n\n${testAdd}`),
    code: whole,
  },
  'a helper of the solution restated': {
    text: fenced(`import unittest\n\ndef carry(a):\n    return a\n\n${testAdd}`),
    code: whole,
  },
  'the solution restated by assignment': {
    text: fenced(`import unittest\nadd = lambda a, b: a + b\n${testAdd}`),
    code: whole,
  },
  'imports of the solution by any made-up name': {
    text: fenced(
      `import unittest\nfrom your_module import add\nfrom solution import *\nfrom . import add\nimport my_code\n${testAdd}`,
    ),
    code: whole,
  },
  'the name of the solution imported from a real module': {
    text: fenced(`import unittest\nfrom operator import add, mul\n${method('x')}${testAdd}`),
    lacks: /import add|operator/,
    cases: ['TestAdd.test_a'],
  },
  'an import under another name': {
    text: fenced(
      `import unittest\nfrom solution import add as plus\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(plus(1, 2), 3)`,
    ),
    has: /^plus = add$/m,
    lacks: /solution/,
  },
  'a made-up module that is used as one': {
    text: fenced(
      `import unittest\nimport calc\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(calc.add(1, 2), 3)`,
    ),
    has: /^import calc$/m,
  },
  'an import inside of a method, and two on a line': {
    text: fenced(
      `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        from é import add; import math\n        self.assertEqual(add(1, 2), math.floor(3.5))`,
    ),
    has: /^ {8}pass; import math$/m,
  },
  'an import that may fail': {
    text: fenced(
      `import unittest\ntry:\n    from solution import add\nexcept ImportError:\n    raise\n${testAdd}`,
    ),
    lacks: /solution/,
    cases: ['TestAdd.test_a'],
  },
  'real modules': {
    text: fenced(
      `import unittest\nimport os.path\nfrom collections import Counter\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(Counter(os.path.join('a')), add(1, 2))`,
    ),
    has: /import os\.path\nfrom collections import Counter/,
  },
  'several classes, helpers, constants and a mixin, with setUp and tearDown': {
    text: fenced(
      `import unittest\nLIMIT = 3\nTABLE = []\nTABLE.append(LIMIT)\ndef expected():\n    return TABLE[0]\nclass Checks:\n    def check(self, a, b):\n        self.assertEqual(add(a, b), expected())\n    def test_shared(self):\n        self.check(0, 3)\nclass TestA(Checks, unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        cls.one = 1\n    def setUp(self):\n        self.two = 2\n    def tearDown(self):\n        pass\n    def test_a(self):\n        self.check(self.one, self.two)\nclass TestB(TestA):\n    test_shared = None\n    def test_b(self):\n        self.check(3, 0)`,
    ),
    has: /LIMIT = 3\nTABLE = \[\]\nTABLE\.append\(LIMIT\)[\s\S]*class Checks/,
    cases: ['TestA.test_a', 'TestA.test_shared', 'TestB.test_b', 'TestB.test_a'],
  },
  'statements with side effects': {
    text: fenced(
      `import unittest\nprint(add(1, 2))\nanswer = input()\n${testAdd}\nassert add(0, 0) == 0\nexit()`,
    ),
    code: whole,
  },
  'several blocks, helpers in one of their own': {
    text: `${fenced('def add(a, b):\n    return a + b')}Helper:\n${fenced('def three():\n    return 3')}${fenced('pip install x', 'bash')}${fenced(`import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(add(1, 2), three())`)}`,
    has: /def three[\s\S]*class T/,
    lacks: /def add|pip/,
    cases: ['T.test_a'],
  },
  'a fuller rewrite of the same class': {
    text: `${fenced(whole)}Better:\n${fenced(whole + method('test_b'))}`,
    code: whole + method('test_b'),
  },
  'a shorter rewrite of the same class': {
    text: `${fenced(whole + method('test_b'))}Shorter:\n${fenced(whole)}`,
    code: whole + method('test_b'),
  },
  'a rewrite with as many cases': {
    text: `${fenced(whole.replace('3)', '4)'))}Fixed:\n${fenced(whole)}`,
    code: whole,
  },
  'a response cut inside a call': {
    text: `\`\`\`python\n${whole}${method('test_b')}        self.assertEqual(add(2,`,
    cut: true,
    code: whole + method('test_b'),
  },
  'a response cut before the assertion': {
    text: `\`\`\`python\n${whole}    def test_b(self):\n        x = 1\n`,
    cut: true,
    code: whole,
  },
  'a response cut in a docstring': {
    text: `\`\`\`python\n${whole}    def test_b(self):\n        """Half a`,
    cut: true,
    code: whole,
  },
  'a response cut in a number that may have gone on': {
    text: 'assert add(1, 2) == 3\nassert add(8, 8) == 1',
    cut: true,
    has: /== 3/,
    lacks: /== 1$/m,
    cases: ['TestResponse.test_1'],
  },
  'a response cut in its second class': {
    text: `${whole}\n\nclass TestMore(unittest.TestCase):\n    def test_`,
    cut: true,
    code: whole,
  },
  'one broken method among good ones': {
    text: fenced(
      `${whole.replace('2), 3)', '2), 3')}${method('test_b')}    def helper(self:\n        pass\n${method('test_c')}        self.assertEqual(add(1 2), 3)`,
    ),
    cases: ['TestAdd.test_b', 'TestAdd.test_c'],
  },
  'tabs mixed with spaces': {
    text: fenced(whole.replace('    def', '\tdef')),
    cases: ['TestAdd.test_a'],
  },
  'a method whose string goes to the margin': {
    text: fenced(
      `${whole}    def test_b(self):\n        self.assertEqual(add("""\nx\n""", ""), """\nx\n""")\n    def test_c(self:`,
    ),
    cases: ['TestAdd.test_a', 'TestAdd.test_b'],
  },
  'a method whose body is not indented': {
    text: fenced(
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n    """One."""\n    self.assertEqual(add(1, 2), 3)\n\n    def test_b(self):\n    pass',
    ),
    code: 'import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        """One."""\n        self.assertEqual(add(1, 2), 3)\n',
    cases: ['T.test_a'],
  },
  'test functions without a class': {
    text: fenced('import pytest\nfrom m import add\n\n\ndef test_a():\n    assert add(1, 2) == 3'),
    code: 'import unittest\n\n\ndef test_a():\n    assert add(1, 2) == 3\n\n\nclass TestResponse(unittest.TestCase):\n    def test_a(self):\n        test_a()\n',
  },
  'a check function that takes the candidate': {
    text: 'def check(candidate):\n    assert candidate(1, 2) == 3\n\ncheck(add)',
    has: /def test_check\(self\):\n {8}check\(add\)/,
  },
  'a plain class with test methods': {
    text: fenced('class TestAdd:\n    def test_a(self):\n        assert add(1, 2) == 3'),
    has: /class TestAdd\(unittest\.TestCase\):/,
    cases: ['TestAdd.test_a'],
  },
  'plain asserts': {
    text: '# First\nassert add(1, 2) == 3\nprint("ok")\nassert add(0, 0) == 0, "zero"',
    cases: ['TestResponse.test_1', 'TestResponse.test_2'],
    lacks: /print/,
  },
  'plain asserts that share a variable': {
    text: 'x = add(1, 2)\nassert x == 3\nx = add(2, 2)\nassert x == 4',
    code: 'import unittest\n\n\nclass TestResponse(unittest.TestCase):\n    def test_all(self):\n        x = add(1, 2)\n        assert x == 3\n        x = add(2, 2)\n        assert x == 4\n',
  },
  'plain asserts with a string of several lines': {
    text: 's = """a\n  b"""\nassert add(s, "") == """a\n  b"""',
    has: /s = 'a\\n {2}b'/,
  },
  'asserts inside a copy of the solution': {
    text: 'def add(a, b):\n    """Adds."""\n    assert add(1, 2) == 3\n    assert a < 5\n',
    has: /assert add\(1, 2\) == 3/,
    lacks: /a < 5/,
    cases: ['TestResponse.test_1'],
  },
  'a method that only prints, beside one that asserts': {
    text: fenced(`${whole}    def test_b(self):\n        print(add(1, 2))`),
    cases: ['TestAdd.test_a', 'TestAdd.test_b'],
  },
  'assertRaises as a context': {
    text: fenced(
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        with self.assertRaises(TypeError):\n            add(1)',
    ),
    cases: ['T.test_a'],
  },
  'asynchronous cases': {
    text: fenced(
      'import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def test_a(self):\n        self.assertEqual(add(1, 2), 3)',
    ),
    cases: ['T.test_a'],
  },
  'a byte order mark inside of a fence': { text: fenced(`\ufeff${whole}`), code: whole },
  'a name of a package that may be missing, where it is used': {
    text: fenced(
      `import unittest\nfrom no_such_package import close, far\n${testAdd}        self.assertTrue(close(add(1, 2), 3))`,
    ),
    has: /^from no_such_package import close$/m,
    lacks: /far/,
  },
  'names of the solution and of a package, imported together': {
    text: fenced(
      `import unittest\nfrom made_up import add as plus, close\n${testAdd}        self.assertTrue(close(plus(1, 2), 3))`,
    ),
    has: /^from made_up import close\nplus = add$/m,
  },
  'a class that may not be there is promised nothing of': {
    text: fenced(
      `${whole}try:\n    import no_such_package\n    class B(unittest.TestCase):\n        def test_b(self):\n            self.fail()\nexcept ImportError:\n    pass`,
    ),
    cases: ['TestAdd.test_a'],
  },
  'a base class that is deleted: the deletion is left out': {
    text: fenced(`${whole}class B(TestAdd):\n    pass\ndel TestAdd`),
    cases: ['TestAdd.test_a', 'B.test_a'],
  },
  'two statements on a line keep their text': {
    text: 'x = add( 1, 2 ); assert x == 3',
    has: /x = add\( 1, 2 \)\n/,
  },
  'a test beside a block that Python reads and does not compile': {
    text: `${fenced(whole.replace('self.assert', 'yield; await self.assert'))}${whole}`,
    cases: ['TestAdd.test_a'],
  },
  'an import from the future comes first': {
    text: fenced(`from __future__ import annotations\n${testAdd}`),
    has: /^from __future__ import annotations\nimport unittest/,
  },
  'null bytes and marks of encodings': { text: `\ufeff${whole}\0`, code: whole },
};

const dropped: Record<string, Row> = {
  'a blank response': { text: ' \n', drop: 'empty' },
  'chat without code': { text: "I'm sorry, I can't write that.\nNote: nothing", drop: 'no_code' },
  'a block of another language': { text: fenced('echo hi', 'bash'), drop: 'no_code' },
  'code that nothing can be kept of': {
    text: fenced('class TestAdd(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(add(1,'),
    drop: 'syntax_error',
  },
  'code that Python reads and does not compile': {
    text: fenced(whole.replace('self.assert', 'yield; await self.assert')),
    drop: 'syntax_error',
  },
  'the solution alone': { text: fenced('def add(a, b):\n    return a + b'), drop: 'no_class' },
  'a test class without a test method': {
    text: fenced(whole.replace('test_a', 'check_a')),
    drop: 'no_case',
  },
  'an asynchronous case that nobody awaits': {
    text: fenced(whole.replace('def test_a', 'async def test_a')),
    drop: 'no_assert',
  },
  'a generator that nobody exhausts': { text: fenced(`${whole}        yield`), drop: 'no_assert' },
  'more cases than any suite has': {
    text: fenced(
      `${whole}${Array.from({ length: 300 }, (_, n) => `class T${n}(${n === 0 ? 'TestAdd' : `T${n - 1}`}):\n    def test_${n}(self): pass\n`).join('')}`,
    ),
    drop: 'parser_limit',
  },
  'blocks whose code would be too large': {
    text: fenced(
      `${whole}${Array.from({ length: 18 }, (_, n) => `${' '.repeat(8 + n)}try: pass\n${' '.repeat(8 + n)}finally:\n`).join('')}${' '.repeat(26)}pass`,
    ),
    drop: 'parser_limit',
  },
  'methods that cannot fail': {
    text: fenced(
      'import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        print(add(1, 2))',
    ),
    drop: 'no_assert',
  },
  'text too deep for the parser': { text: `${'('.repeat(5000)}1${')'.repeat(5000)}`, drop: 'parser_limit' },
  'operators too deep for the parser': { text: `x = ${'-'.repeat(50000)}1`, drop: 'parser_limit' },
  'a response too long to be one': { text: '#'.repeat(100_001), drop: 'parser_limit' },
};

const paper: Record<string, Row> = {
  'imports and the class': {
    text: `Sure!\n${fenced(`import unittest\nfrom your_module import add\nfrom math import pi, e\n\n${testAdd}\nif __name__ == '__main__':\n    unittest.main()`)}`,
    code: `import unittest\nfrom math import pi\nfrom math import e\n\n${testAdd.trimEnd()}`,
    cases: ['TestAdd.test_a'],
  },
  'functions after the class are lost, with the comment lines above them': {
    text: fenced(`import unittest\n\n${testAdd}\n# helps\ndef helper():\n    pass`),
    code: `import unittest\n\n${testAdd.trimEnd()}`,
  },
  'functions before the class are lost': {
    text: fenced(`import unittest\n\ndef add(a, b):\n    return a + b\n\n${testAdd}`),
    code: `import unittest\n\n${testAdd.trimEnd()}`,
  },
  'an import of two names stays': {
    text: fenced(`import unittest\nfrom your_module import add, sub\n\n${testAdd}`),
    has: /^from your_module import add\nfrom your_module import sub$/m,
  },
  'a class on the first line is not found': { text: fenced(testAdd.trimEnd()), code: '\n)', cases: [] },
  'a block without language': {
    text: fenced(`import unittest\n\n${testAdd}`, ''),
    cases: ['TestAdd.test_a'],
  },
  'no block': { text: whole, drop: 'no_code' },
  'a block that is not closed': { text: `\`\`\`python\n${whole}`, drop: 'no_code' },
  'a blank one': { text: '', drop: 'empty' },
  'two blocks': { text: fenced(whole) + fenced(whole), drop: 'several_blocks' },
  'two classes': { text: fenced(`${whole}\nclass B:\n    pass`), drop: 'several_classes' },
  'no class': { text: fenced('assert add(1, 2) == 3'), drop: 'no_class' },
  'text that does not parse': { text: fenced(`${whole}(`), drop: 'syntax_error' },
  'text too deep for the parser': { text: fenced('('.repeat(5000)), drop: 'parser_limit' },
};

function check(mode: 'salvage' | 'paper', what: string, rows: Record<string, Row>): void {
  const responses = Object.values(rows).map(({ text, cut = false }) => ({ text, cut }));
  const request = { kind: 'responses', mode, entry_point: 'add', defined: ['add', 'carry'], responses };
  const answers = ask<Extracted[]>(request);
  for (const [position, [name, row]] of Object.entries(rows).entries()) {
    const got = answers[position]!;
    extraction(`${what}: ${name}`, () => {
      if (row.drop !== undefined) return assert.is(got.drop, row.drop, JSON.stringify(got));
      assert.is(got.drop, undefined, got.detail);
      if (row.code !== undefined) assert.is(got.code, row.code);
      if (row.cases) assert.equal(got.cases, row.cases);
      if (row.has) assert.match(got.code, row.has);
      if (row.lacks) assert.not.match(got.code, row.lacks);
      assert.match(got.identity, /^[0-9a-f]{64}$/);
    });
  }
}

check('salvage', 'keeps', kept);
check('salvage', 'drops', dropped);
check('paper', 'as the authors', paper);

extraction('every drop reason is reached, and is one of the list', () => {
  const reasons = [...Object.values(dropped), ...Object.values(paper)].flatMap((row) => row.drop ?? []);
  // Whether a text came before is not for the analysis to know: it sees one response at a time.
  const own = DROP_REASONS.filter((reason) => reason !== 'duplicate');
  assert.equal([...new Set(reasons)].sort(), [...own].sort());
});

extraction.run();
