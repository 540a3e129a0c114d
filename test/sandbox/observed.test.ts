import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { testPython } from './python.js';

// Candidates whose digests are equal count as behaving alike. Each row has two values, as expressions; observed-types.ts has
// more of them, by type.

const observed = suite('digests of observed values');

const different: [name: string, one: string, other: string][] = [
  ['a number and its text', '1', '"1"'],
  ['a whole number and a real one', '1', '1.0'],
  ['truth and one', 'True', '1'],
  ['a list and a tuple', '[1]', '(1,)'],
  ['what a list holds', '[[1], "a"]', '[[1], "b"]'],
  ['what follows element 2000 of a list', 'list(range(9000))', 'list(range(8999)) + [0]'],
  ['the same, of texts', '["a"] * 9000', '["a"] * 8999 + ["b"]'],
  ['the same, of a deque', 'deque(range(9000))', 'deque([*range(8999), 0])'],
  ['lists in a list', '[[n] for n in range(1500)]', '[[n] for n in range(1499)] + [[0]]'],
  ['a large set', 'set(range(9000))', 'set(range(1, 9001))'],
  ['a large dictionary', '{n: n for n in range(4000)}', '{n: n or 1 for n in range(4000)}'],
  ['the end of a long text', '"a" * 10**6', '"a" * (10**6 - 1) + "b"'],
  ['the end of a long number', '3**100000', '3**100000 + 1'],
  ['arrays', 'array("i", [1, 2])', 'array("i", [1, 3])'],
  ['arrays of other types', 'array("i", [1])', 'array("q", [1])'],
  ['real numbers of a class', 'F(1.5)', 'F(2.5)'],
  ['the order of an OrderedDict', 'OrderedDict(a=1, b=2)', 'OrderedDict(b=2, a=1)'],
  ['the order of an OrderedDict after a move', 'OrderedDict(a=1, b=2)', 'moved(OrderedDict(a=1, b=2))'],
  ['an attribute of an object', 'Box(1)', 'Box(2)'],
];

const alike: [name: string, one: string, other: string][] = [
  ['the order of a set', '{"a", "b"}', '{"b", "a"}'],
  ['the order of a dictionary', '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'],
  ['the order of a large one', '{n: n for n in range(4000)}', '{n: n for n in reversed(range(4000))}'],
  ['objects at other addresses', 'Box(1)', '[Box(1), Box(1)][1]'],
  ['methods that lie', 'Liar([1])', 'Liar([1])'],
  ['methods of keys that lie', 'OrderedDict({Key(1): 1})', 'OrderedDict({Key(1): 1})'],
];

/** Every special method of these says that it was called. */
const DEFINITIONS = `
from array import array
from collections import OrderedDict, deque
CALLED = []
def _told(self, *rest):
    CALLED.append(1)
    raise RuntimeError
class F(float):
    __repr__ = __eq__ = __hash__ = __format__ = _told
class Liar(list):
    __repr__ = __iter__ = __len__ = __getitem__ = __eq__ = __str__ = _told
class Box:
    def __init__(self, n):
        self.n = n
    __repr__ = __eq__ = __hash__ = __getattr__ = _told
class Key:
    quiet = True
    def __init__(self, n):
        self.n = n
    def __hash__(self):
        return 1 if Key.quiet else _told(self)
    __eq__ = __repr__ = _told
def moved(d):
    d.move_to_end("a")
    return d
`;

let sandbox: Sandbox;
observed.before(async () => {
  sandbox = await Sandbox.open({ python: testPython(), workers: 1 });
});
observed.after(() => sandbox?.close());

/** The digests of an assertion on the value, and of what was called while it was looked at. */
async function digests(value: string): Promise<string[]> {
  const candidate = `${DEFINITIONS}VALUE = ${value}\nKey.quiet = False\ndel CALLED[:]\n`;
  const tests = [{ code: 'assert VALUE is VALUE\nassert CALLED == []', cases: ['assert'] }];
  const found: string[][] = [];
  await sandbox.execute({ candidate, tests, limits: DEFAULT_LIMITS, isolation: 'cell' }, (cells) => {
    for (const { result } of cells) {
      assert.is(result.verdict, 'pass', `${value}: ${result.detail}`);
      found.push(result.observed);
    }
  });
  assert.ok(found[0]?.every((digest) => /^[0-9a-f]{12}$/.test(digest)));
  return found[0]!;
}

for (const [name, one, other] of different) {
  observed(`differ: ${name}`, async () => assert.not.equal(await digests(one), await digests(other)));
}
for (const [name, one, other] of alike) {
  observed(`are equal: ${name}`, async () => assert.equal(await digests(one), await digests(other)));
}

/** The digests of one cell. */
async function digestsOf(candidate: string, code: string, cases: string[]): Promise<string[]> {
  let found: string[] = [];
  const job = { candidate, tests: [{ code, cases }], limits: DEFAULT_LIMITS, isolation: 'cell' as const };
  await sandbox.execute(job, ([cell]) => {
    found = cell!.result.observed;
  });
  return found;
}

const method = (body: string) =>
  `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        ${body}\n`;

observed('classes that an assertion asks for, and exceptions, are known by name', async () => {
  const candidate = (name: string, more: string) =>
    `class ${name}(Exception):\n    n = ${more}\nmade = ${name}(1)\ndef f():\n    raise made\nkinds = (${name}, int)\n`;
  for (const body of [
    'self.assertIsInstance(made, type(made))',
    'self.assertIsInstance(made, kinds)',
    'self.assertNotIsInstance(1, cls=type(made))',
    'with self.assertRaises(Exception): f()',
    'f()',
  ]) {
    const seen = async (name: string, more: string) =>
      (await digestsOf(candidate(name, more), method(body), ['T.test_a'])).join(' ');
    assert.match(await seen('A', '1'), /^[0-9a-f]{12}$/, body);
    assert.is(await seen('A', '1'), await seen('A', '2'), body);
    assert.is.not(await seen('A', '1'), await seen('B', '1'), body);
  }
  const other = await digestsOf(candidate('A', '1'), method('self.assertIs(type(made), kinds[0])'), [
    'T.test_a',
  ]);
  assert.match(other.join(' '), /^\?[0-9a-f]{12}$/, 'as a value it is more than its name');
});

observed('what is larger than one cell may look at is not told apart', async () => {
  const candidate = 'def f(n): return [n] * 15000\ndef g(n): return [n] * 100\n';
  const asserts = (call: string, times: number) =>
    Array.from({ length: times }, (_, n) => `assert ${call}(${n})`).join('\n');
  const seen = await digestsOf(candidate, `${asserts('f', 40)}\n${asserts('g', 10)}`, ['assert']);
  const marks = seen.map((digest) => (digest.startsWith('?') ? '?' : '.')).join('');
  assert.match(marks, /^\.{20,30}\?{10,20}\.{10}$/);
  assert.is(new Set(seen).size, seen.length);
});

observed('digests that are folded into the last keep its mark', async () => {
  const candidate = 'def f(n): return lambda: n\n';
  const folded = (call: string) =>
    `${'assert [len("a")]\n'.repeat(63)}assert [${call}]\n${'assert [len("a")]\n'.repeat(9)}`;
  const last = async (call: string) =>
    (await digestsOf(candidate, folded(call), ['assert'])).slice(63).join(' ');
  assert.match(await last('f(1)'), /^\?[0-9a-f]{12}$/);
  assert.match(await last('repr(1)'), /^[0-9a-f]{12}$/);
  assert.is.not(await last('repr(1)'), await last('repr(2)'));
});

observed.run();
