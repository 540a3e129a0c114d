import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellTest } from '../../../src/sandbox/job.js';
import { root } from '../../root.js';

// Small programs that keep state: every kind of own.txt and shared.txt, put in every place, touched and asked for by
// every form of unit test. A kind has three parts: what defines it, what changes it, and what holds as long as nobody has.

/** A candidate, a unit test that leaves something behind, and one that fails where it is still there. */
export interface StateProgram {
  kind: string;
  shape: string;
  candidate: string;
  tests: [first: CellTest, second: CellTest];
}

interface StateKind {
  name: string;
  /** Who keeps it: objects of the module, which are new when it is executed again, or those of the library. */
  of: 'own' | 'shared';
  setup: string;
  touch: string;
  holds: string;
}

/** The kinds of both files, in order. */
export function stateKinds(): StateKind[] {
  return (['own', 'shared'] as const).flatMap((of) => {
    const text = readFileSync(join(root, 'test', 'sandbox', 'state', `${of}.txt`), 'utf8');
    return text
      .trimEnd()
      .split(/\n\n(?=# )/)
      .map((part) => {
        const [head = '', touch = '', holds = ''] = part.split('\n--\n');
        const [name = '', ...setup] = head.split('\n');
        return { name: name.slice(2), of, setup: setup.join('\n'), touch, holds };
      });
  });
}

const indent = (text: string, by = '    ') => text.replace(/^(?=.)/gm, by);
const lines = (...parts: string[]) => `${parts.join('\n')}\n`;

/** Where the statements stand that change it: a definition after which `touch()` executes them. */
const PLACES: Record<string, (touch: string) => string> = {
  function: (touch) => lines('def touch():', indent(touch)),
  method: (touch) =>
    lines(
      'class Toucher:',
      '    def go(self):',
      indent(touch, '        '),
      'def touch():',
      '    Toucher().go()',
    ),
  'static method': (touch) =>
    lines(
      'class Toucher:',
      '    @staticmethod',
      '    def go():',
      indent(touch, '        '),
      'def touch():',
      '    Toucher.go()',
    ),
  'inner function': (touch) => lines('def touch():', '    def go():', indent(touch, '        '), '    go()'),
  generator: (touch) =>
    lines('def go():', indent(touch), '    yield 1', 'def touch():', '    for _ in go():', '        pass'),
  loop: (touch) => lines('def touch():', '    for _ in (1,):', indent(touch, '        ')),
  try: (touch) =>
    lines('def touch():', '    try:', indent(touch, '        '), '    finally:', '        pass'),
  decorated: (touch) =>
    lines('def twice(f):', '    return lambda: f()', '@twice', 'def touch():', indent(touch)),
  operator: (touch) =>
    lines(
      'class Toucher:',
      '    def __add__(self, other):',
      indent(touch, '        '),
      'def touch():',
      '    Toucher() + 1',
    ),
};

const plain = (...parts: string[]): CellTest => ({ code: lines(...parts), cases: ['assert'] });
const inClass = (methods: string, setup = ''): CellTest => ({
  code: lines('import unittest', setup, 'class Test(unittest.TestCase):', indent(methods)),
  cases: ['Test.test_a'],
});

/** How a unit test changes it, and how it asks. `more`: definitions of its own. */
const FORMS: Record<string, (holds: string, more: string) => [CellTest, CellTest]> = {
  assert: (holds, more) => [plain(more, 'touch()'), plain(more, `assert ${holds}`)],
  'assert in a function': (holds, more) => [
    plain(more, 'def check():', '    touch()', '    assert 1', 'check()'),
    plain(more, 'def check():', `    assert ${holds}`, 'check()'),
  ],
  method: (holds, more) => [
    inClass('def test_a(self):\n    touch()', more),
    inClass(`def test_a(self):\n    self.assertTrue(${holds})`, more),
  ],
  'set-up': (holds, more) => [
    inClass('def setUp(self):\n    touch()\ndef test_a(self):\n    pass', more),
    inClass(
      `def setUp(self):\n    self.seen = ${holds}\ndef test_a(self):\n    self.assertTrue(self.seen)`,
      more,
    ),
  ],
  'set-up of the class': (holds, more) => [
    inClass('@classmethod\ndef setUpClass(cls):\n    touch()\ndef test_a(self):\n    pass', more),
    inClass(`def test_a(self):\n    with self.subTest(n=1):\n        self.assertTrue(${holds})`, more),
  ],
};

/** `each` programs of each kind, in shapes that the seed chooses; no more than there are. */
export function statePrograms(each: number, seed: number, holder?: Shape['holder']): StateProgram[] {
  const random = mulberry32(seed);
  return stateKinds().flatMap((kind) => {
    const shapes = shapesOf(kind).filter((shape) => holder === undefined || shape.holder === holder);
    for (let at = shapes.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [shapes[at], shapes[other]] = [shapes[other]!, shapes[at]!];
    }
    return shapes.slice(0, each).map((shape) => programOf(kind, shape));
  });
}

interface Shape {
  place: string;
  form: string;
  /** Who defines and changes it; `both`: the candidate defines it, and the unit test changes it by the candidate's names. */
  holder: 'candidate' | 'unit test' | 'both';
}

function shapesOf({ of }: StateKind): Shape[] {
  const holders =
    of === 'own' ? (['candidate', 'both'] as const) : (['candidate', 'unit test', 'both'] as const);
  return holders.flatMap((holder) =>
    Object.keys(PLACES).flatMap((place) => Object.keys(FORMS).map((form) => ({ place, form, holder }))),
  );
}

function programOf({ name, setup, touch, holds }: StateKind, { place, form, holder }: Shape): StateProgram {
  const touches = PLACES[place]!(touch);
  const [first, second] = {
    candidate: [`${setup}\n${touches}def holds():\n    return ${holds}\n`, ''],
    'unit test': ['def double(n):\n    return n * 2\n', `${setup}\n${touches}`],
    both: [`${setup}\n`, touches],
  }[holder] as [string, string];
  return {
    kind: name,
    shape: `${place}, ${form}, ${holder}`,
    candidate: first,
    tests: FORMS[form]!(holder === 'candidate' ? 'holds()' : `(${holds})`, second),
  };
}

/** A small generator of numbers from 0 to 1, the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
