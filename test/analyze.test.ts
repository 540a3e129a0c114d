import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, type Extracted, fenced } from './analyzer.js';
import { shared } from './root.js';

// Candidates, given unit tests and assert lines, as the analysis reads them.

const analysis = suite('analyze');

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

const whole = `import unittest


class TestAdd(unittest.TestCase):
    def test_a(self):
        self.assertEqual(add(1, 2), 3)
`;
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
