import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DROP_REASONS } from '../src/unit-test.js';
import { root, shared } from './root.js';

// The analysis only parses texts, so these tests run it without a jail.

interface Extracted {
  code: string;
  identity: string;
  cases: string[];
  count?: number;
  drop?: string;
  detail?: string;
}

const analysis = suite('analyze');
const script = join(root, 'native', 'sandbox', 'harness', 'analyze.py');
// A shim such as pyenv's costs 200 ms a call; what it starts does not.
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

function ask<T>(request: object): T {
  const input = JSON.stringify(request);
  const run = spawnSync(python, ['-B', '-s', script], { input, maxBuffer: 1 << 28 });
  assert.is(run.status, 0, run.stderr.toString());
  return JSON.parse(run.stdout.toString()) as T;
}

const fenced = (code: string, tag = 'python') => `\`\`\`${tag}\n${code}\n\`\`\`\n`;
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
    analysis(`${what}: ${name}`, () => {
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

analysis('every drop reason is reached, and is one of the list', () => {
  const reasons = [...Object.values(dropped), ...Object.values(paper)].flatMap((row) => row.drop ?? []);
  // Whether a text came before is not for the analysis to know: it sees one response at a time.
  const own = DROP_REASONS.filter((reason) => reason !== 'duplicate');
  assert.equal([...new Set(reasons)].sort(), [...own].sort());
});

const identityOf = (texts: string[]) =>
  ask<{ parses: boolean; identity: string; defines: string[]; error: string | null }[]>({
    kind: 'programs',
    texts,
  });

analysis('programs: formatting and comments do not count', () => {
  const same = [
    'def f(a):\n    return a+1',
    '# c\n\ndef f( a ):\n  return (a + 1)  # d',
    'def f(a): return a+1;',
  ];
  const found = identityOf(same);
  assert.is(new Set(found.map((one) => one.identity)).size, 1);
  assert.equal(found[0]!.defines, ['f']);
});

analysis('programs: names, constants and docstrings do', () => {
  const constants = [
    '1',
    '1.0',
    'True',
    '"1"',
    'b"1"',
    '0.0',
    '-0.0',
    '1j',
    '1e999',
    'None',
    '...',
    `0x${'f'.repeat(9000)}`,
  ];
  const values = constants.map((constant) => `x = ${constant}`);
  const others = [
    'y = 1',
    'def f():\n    "a"',
    'def f():\n    "b"',
    'def f():\n    pass',
    'x = "a" "b"',
    'x = ["a", "b"]',
  ];
  const found = identityOf([...values, ...others, 'x = {**a}', 'x = {None: a}', 'x ==', 'x == ', '']);
  assert.is(new Set(found.map((one) => one.identity)).size, found.length);
});

analysis('programs: what does not parse says why, and is told apart by its text', () => {
  const deep = `x = ${'-'.repeat(50000)}1`;
  const found = identityOf(['def f(:', 'x = "\0"', '\ud800', deep, `${'('.repeat(5000)}`, 'def g(): pass']);
  assert.equal(
    found.map((one) => one.parses),
    [false, false, false, false, false, true],
  );
  for (const one of found.slice(0, 5)) assert.ok(one.error);
});

analysis('programs: names defined under a condition are found', () => {
  const text =
    'try:\n    import x\nexcept ImportError:\n    def f(): pass\nif 1:\n    class C: pass\nasync def g(): pass';
  assert.equal(identityOf([text])[0]!.defines, ['f', 'C', 'g']);
});

const given = (...texts: string[]) => ask<Extracted[]>({ kind: 'tests', texts });

analysis('tests: code is unchanged, a footer is removed', () => {
  const footers = [
    "\nif __name__ == '__main__':\n    unittest.main()\n",
    '\nunittest.main()\n',
    "\nsuite = unittest.TestLoader().loadTestsFromTestCase(TestAdd)\nrunner = unittest.TextTestRunner(stream=output)\nresult = runner.run(suite)\nlocals_dict['result'] = result\n",
  ];
  const odd = `x=1 ;y=2\n${whole}\n\n# end`;
  const found = given(odd, ...footers.map((footer) => whole + footer));
  assert.is(found[0]!.code, odd);
  for (const one of found.slice(1)) assert.is(one.code, whole);
  for (const one of found) assert.equal(one.cases, ['TestAdd.test_a']);
});

analysis('tests: cases are those that unittest would find', () => {
  const base =
    'import unittest as ut\nfrom unittest import TestCase as TC\nclass A(TC):\n    def test_a(self): pass\n';
  const found = given(
    `${base}class B(A):\n    test_n = 3\n    test_l = lambda self: None\n    test_c = A.test_a\n    @property\n    def test_p(self): pass\n    def test_b(self): pass`,
    'class A(B): pass\nclass B(A): pass',
    'import unittest\nclass A(unittest.TestCase): pass',
    'assert 1',
    'for i in range(3):\n    assert i < 3',
    'x = 1',
    'class A(',
    'def test_a(self): pass',
  );
  assert.equal(
    found.map((one) => one.drop ?? one.cases),
    [
      ['A.test_a', 'B.test_l', 'B.test_b', 'B.test_a'],
      [],
      [],
      ['assert'],
      ['assert'],
      [],
      'syntax_error',
      [],
    ],
  );
});

analysis('asserts: the first five of a sample, equal ones counted, cut at the stop strings', () => {
  const samples = [
    'f(1) == 1\nassert f(2) == 2\nassert g(3)\nassert f(\nassert f(4) == 4\nprint(1)\n',
    'f(1) == 1\n# comment\nassert f(6)\nassert f(7)\nassert f(8)\nassert f(9)\nassert f(10)',
  ];
  const found = ask<Extracted[]>({ kind: 'asserts', entry_point: 'f(', samples });
  assert.equal(
    found.map(({ code, count, cases }) => [code, count, cases[0]]),
    [
      ['assert f(1) == 1', 2, 'assert'],
      ['assert f(2) == 2', 1, 'assert'],
      ['assert f(4) == 4', 1, 'assert'],
      ['assert f(6)', 1, 'assert'],
      ['assert f(7)', 1, 'assert'],
      ['assert f(8)', 1, 'assert'],
      ['assert f(9)', 1, 'assert'],
    ],
  );
});

function lines<T>(path: string): T[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

analysis('real: the asserts that CodeT keeps, texts and counts', () => {
  const folder = shared('data', 'codet_codegen16b');
  if (!folder) return;
  const name = 'HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_test_case.jsonl';
  const expected = new Map(
    lines<{ task_id: string; tests: [string, number][] }>(join(folder, 'exec_matrix.jsonl.gz')).map(
      (problem) => [problem.task_id, problem.tests],
    ),
  );
  const problems = new Map(
    lines<{ prompt: string; task_id: string; entry_point: string }>(
      join(folder, 'HumanEval_for_test_case_generation.jsonl'),
    ).map((problem) => [problem.prompt, problem]),
  );
  // Each process start costs more than its parsing: every sixteenth problem is enough here.
  const sampled = lines<{ prompt: string; samples: string[] }>(join(folder, name)).filter(
    (_, i) => i % 16 === 0,
  );
  for (const { prompt, samples } of sampled) {
    const { task_id, entry_point } = problems.get(prompt)!;
    const found = ask<Extracted[]>({ kind: 'asserts', entry_point, samples });
    assert.equal(
      found.map(({ code, count }) => [code, count]),
      expected.get(task_id),
    );
  }
});

analysis('real: test classes of a chat model, given and salvaged', () => {
  const folder = shared('data', 'gemini_unittest');
  if (!folder) return;
  const texts = (file: string) =>
    lines<{ task_id: string; unit_tests: string[] }>(join(folder, file)).flatMap((line) => line.unit_tests);
  const methods = given(...texts('methods.jsonl'));
  const executed = lines<{ method: string }>(join(folder, 'verdicts_on_canonical.jsonl'));
  assert.is(methods.length, executed.length);
  assert.equal(
    methods.flatMap((one) => one.cases.map((name) => name.split('.')[1]!)).sort(),
    executed.map((verdict) => verdict.method).sort(),
  );
  const suites = texts('suites.jsonl');
  assert.is(given(...suites).filter((one) => one.drop === 'syntax_error').length, 3);
  const responses = suites.map((text) => ({ text: `Here they are:\n${fenced(text)}`, cut: false }));
  const salvaged = ask<Extracted[]>({
    kind: 'responses',
    mode: 'salvage',
    entry_point: null,
    defined: [],
    responses,
  });
  assert.ok(salvaged.every((one) => one.cases?.length > 0));
});

analysis.run();
