// Responses that are made to cost a reader time: each family has texts of any length, and a reader whose work grows
// faster than the text is found by comparing two lengths.

/** Makes a text of about so many characters. */
type Family = (characters: number) => string;

/** `part` with its number, as often as it fits. */
function repeated(characters: number, part: (n: number) => string, before = '', after = ''): string {
  const parts = [before];
  for (let length = before.length + after.length, n = 0; ; n += 1) {
    const next = part(n);
    if (next === '') throw new Error('a part of a text is empty');
    length += next.length;
    if (length > characters) return parts.join('') + after;
    parts.push(next);
  }
}

const importUnittest = 'import unittest\n';
const base = `${importUnittest}class C0(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(0), 0)\n`;
const testClass = (name: string) =>
  `class ${name}(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(1), 1)\n`;
const nested = (characters: number, open: string, middle: string, close: string, depth: number) =>
  repeated(characters, () => `${open.repeat(depth)}${middle}${close.repeat(depth)}\n`);
const indented = (depth: number, opening: string, body: string) =>
  `${Array.from({ length: depth }, (_, n) => `${' '.repeat(n)}${opening}\n`).join('')}${' '.repeat(depth)}${body}\n`;

export const HOSTILE_FAMILIES: Record<string, Family> = {
  // Classes
  'chain of classes': (n) => repeated(n, (i) => `class C${i + 1}(C${i}): pass\n`, base),
  'chain of classes, each with a test': (n) =>
    repeated(n, (i) => `class C${i + 1}(C${i}):\n    def test_${i}(self): self.assertTrue(f(${i}))\n`, base),
  'chain of classes, each with a helper and a set-up': (n) =>
    repeated(
      n,
      (i) => `class C${i + 1}(C${i}):\n    def setUp(self): pass\n    def h${i}(self): self.h${i - 1}()\n`,
      base,
    ),
  'chain of classes in reverse': (n) => repeated(n, (i) => `class C${i}(C${i + 1}): pass\n`, importUnittest),
  'class with every class before it as its base': (n) =>
    repeated(n / 2, (i) => `class C${i + 1}(C0): pass\n`, base) +
    repeated(n / 2, (i) => `C${i + 1},`, 'class D(', 'C0): pass\n'),
  'circle of classes': (n) => repeated(n, (i) => `class C${i}(C${i + 1}, C0): pass\n`, base),
  'many test classes': (n) => repeated(n, (i) => testClass(`T${i}`), importUnittest),
  'one class again and again': (n) => repeated(n, () => testClass('T'), importUnittest),
  'many classes that are no tests': (n) => repeated(n, (i) => `class T${i}: pass\n`),
  'plain classes with tests': (n) =>
    repeated(n, (i) => `class T${i}:\n    def test_a(self):\n        assert f(${i})\n`),
  'one large base, many heirs': (n) =>
    `${base}${repeated(n / 2, (i) => `        self.assertEqual(f(${i}), ${i})\n`)}` +
    repeated(n / 2, (i) => `class D${i}(C0): pass\n`),
  // Methods, functions and asserts
  'many methods': (n) =>
    repeated(n, (i) => `    def test_${i}(self):\n        self.assertEqual(f(${i}), ${i})\n`, base),
  'one method again and again': (n) =>
    repeated(n, () => '    def test_a(self):\n        self.assertEqual(f(0), 0)\n', base),
  'chain of helpers': (n) =>
    repeated(n, (i) => `def h${i}(): h${i + 1}()\n`) +
    'def h(): assert f(1)\n' +
    base.replace('f(0)', 'h0()'),
  'test functions': (n) => repeated(n, (i) => `def test_${i}():\n    assert f(${i})\n`),
  'functions that name each other': (n) =>
    repeated(n, (i) => `def check_${i}():\n    check_${i + 1}()\n    assert f(${i})\n`),
  asserts: (n) => repeated(n, (i) => `assert f(${i}) == ${i}\n`),
  'asserts on one line': (n) => repeated(n, (i) => `assert f(${i}); `),
  'asserts that share variables': (n) => repeated(n, (i) => `x${i} = f(${i})\nassert x${i}\n`),
  'asserts in a copy of the solution': (n) => repeated(n, (i) => `    assert f(${i})\n`, 'def f(a):\n'),
  'statements on one line': (n) => repeated(n, () => 'x=1;'),
  'names on one line': (n) => repeated(n, () => 'x;'),
  'calls on one line': (n) => repeated(n, () => 'f();'),
  'chain of variables': (n) =>
    repeated(n, (i) => `x${i + 1} = x${i}\n`, `${base.replace('f(0)', 'x9(f)')}x0 = 1\n`),
  'chain of variables in reverse': (n) =>
    repeated(n, (i) => `x${i} = x${i + 1}\n`, base.replace('f(0)', 'x0(f)')),
  'one variable changed again and again': (n) =>
    repeated(n, (i) => `x[${i}] = x\n`, base.replace('f(0)', 'x(f)')),
  'many globals': (n) => repeated(n, (i) => `    global g${i}\n`, `${base}def h():\n`, '    pass\n'),
  'many decorators': (n) => repeated(n, () => '@skip\n', importUnittest, testClass('T')),
  'decorators of nothing': (n) => repeated(n, () => '@skip\n', base),
  'decorators of nothing in a class': (n) => repeated(n, () => '    @skip\n', base),
  // Imports
  'many imports': (n) => repeated(n, (i) => `import m${i}\n`, '', base),
  'many names of one import': (n) => repeated(n, (i) => `a${i}, `, 'from m import ', `z\n${base}`),
  'imports inside of a method': (n) => repeated(n, (i) => `        from m import a${i}\n`, base),
  'imports from the future': (n) => repeated(n, () => 'from __future__ import annotations\n', '', base),
  'two imports on each line': (n) => repeated(n, (i) => `import os; import m${i}\n`, '', base),
  // Fences
  'opened fences': (n) => repeated(n, () => '```python\nx = 1\n'),
  'opened fences and nothing else': (n) => repeated(n, () => '```python\n'),
  'closed fences': (n) => repeated(n, (i) => `\`\`\`python\n${testClass(`T${i}`)}\`\`\`\n`),
  'fences of other languages': (n) => repeated(n, () => '```bash\nls\n```\n'),
  'fence of many marks': (n) => `${'`'.repeat(n)}\n`,
  'fence of many marks and a last one': (n) => `${'~'.repeat(n)}\`\n`,
  'fence, spaces and a mark': (n) => `\`\`\`${' '.repeat(n)}\`\n`,
  'fences glued to one line': (n) => `\`\`\`python\n${repeated(n, () => 'x```')}x\n`,
  'spaces and glued fences': (n) => `\`\`\`python\n${repeated(n, () => '``` ')}x\n`,
  'fence far from the margin': (n) => `${' '.repeat(n / 2)}\`\`\`python\n${repeated(n / 2, () => 'x\n')}`,
  // What does not parse
  'broken statements': (n) => repeated(n, (i) => `def test_${i}(:\n`),
  'broken methods': (n) =>
    repeated(n, (i) => `    def test_${i}(self):\n        self.assertEqual(f(, 1)\n`, base),
  'methods whose body is not indented': (n) =>
    repeated(n, (i) => `    def test_${i}(self):\n    self.assertEqual(f(1), 1)\n`, base),
  'broken lines of one method': (n) => repeated(n, () => '        self.assertEqual(f(1, 1)\n', base),
  'broken last lines of one method': (n) =>
    repeated(n - 6000, (i) => `        x${i} = 1\n`, base) +
    Array.from({ length: 90 }, (_, i) => `${' '.repeat(8 + i)}if 1:\n`).join(''),
  'brackets that stay open at the end': (n) =>
    `${repeated(n - 2000, (i) => `        self.assertEqual(f(${i}), 1)\n`, base)}${'        x = (\n'.repeat(100)}`,
  'open brackets': (n) => repeated(n, (i) => (i % 150 === 149 ? '\n' : 'x = (\n')),
  'broken classes': (n) =>
    repeated(n, (i) => `class T${i}(unittest.TestCase:\n    def test_a(self):\n        assert 1\n`),
  'prose with apostrophes': (n) => repeated(n, () => "It's what it's: don't \"say it's\n"),
  'escaped quotes on one line': (n) => `x = (\n${"\\'".repeat(n / 2)}`,
  'escaped quotes on many lines': (n) => `x = (\n${repeated(n, () => "\\'\\\"\\'\n")}`,
  'triple quotes that stay open': (n) => `x = (\n${repeated(n, () => '"""\\\n')}`,
  'triple quotes in turns': (n) => `x = (\n${repeated(n, () => `'''\n"""\n`)}`,
  'strings of many lines in a broken class': (n) =>
    repeated(n, (i) => `    def test_${i}(self):\n        f("""\na\n""" 1)\n`, base),
  'blank lines after what is broken': (n) => `def test_a(:${'\n'.repeat(n)}`,
  'lines of spaces after what is broken': (n) => `def test_a(:\n${repeated(n, () => `${' '.repeat(40)}\n`)}`,
  backslashes: (n) => '\\'.repeat(n),
  'lines that go on': (n) => repeated(n, () => 'x \\\n'),
  tabs: (n) => repeated(n, () => '\tx = 1\n \ty = (\n'),
  'no-break spaces': (n) => repeated(n, () => 'x\u00a0= 1\n'),
  'marks of encodings': (n) => '\ufeff'.repeat(n),
  'carriage returns': (n) => repeated(n, () => 'x = 1\r'),
  'form feeds': (n) => repeated(n, () => '\f\n'),
  'letters of three bytes': (n) => repeated(n, (i) => `assert f("${'漢'.repeat(20)}${i}")\n`),
  'names that are normalised': (n) => repeated(n, (i) => `ﬁ${i} = 1\n`, base),
  // Nesting
  brackets: (n) => nested(n, '(', '1', ')', 150),
  'brackets never closed': (n) => nested(n, '(', '1', '', 150),
  'lists never closed': (n) => nested(n, '[', '1', '', 150),
  'dictionaries never closed': (n) => nested(n, '{1:', '1', '', 90),
  calls: (n) => nested(n, 'f(', '1', ')', 90),
  'calls that break inside': (n) => nested(n, 'f(a=', '1 1', ')', 40),
  lambdas: (n) => nested(n, 'lambda: (', '1', ')', 60),
  comprehensions: (n) => nested(n, '[x for x in ', '1', ']', 40),
  'brackets of a with that breaks': (n) =>
    repeated(n, () => `with ${'('.repeat(40)}a${')'.repeat(39)}: pass\n`),
  signs: (n) => nested(n, '-', '1', '', 1000),
  powers: (n) => nested(n, '1**', '1', '', 80),
  'sums on one line': (n) => repeated(n, () => '+1', 'x = 1'),
  conditions: (n) => repeated(n, () => indented(90, 'if 1:', 'x = 1')),
  'conditions inside of a method': (n) =>
    repeated(
      n,
      () => indented(90, 'if 1:', 'x = 1').replace(/^/gm, ' '.repeat(8)).trimEnd().concat('\n'),
      base,
    ),
  functions: (n) => repeated(n, () => indented(60, 'def test_a():', 'assert f(1)')),
  'deep function with a long body': (n) =>
    indented(
      90,
      'def test_a():',
      repeated(n - 8000, () => 'x;'),
    ),
  'deep condition with a long body': (n) =>
    indented(
      90,
      'if 1:',
      repeated(n - 8000, () => 'x;'),
    ),
  'finally in finally': (n) =>
    repeated(
      n,
      (i) =>
        `    def test_${i}(self):\n${Array.from({ length: 18 }, (_, d) => `${' '.repeat(8 + d)}try: f(1)\n${' '.repeat(8 + d)}finally:\n`).join('')}${' '.repeat(26)}assert f(1)\n`,
      base,
    ),
  'deep try with a long body': (n) => {
    const line = (depth: number, text: string) => `${' '.repeat(8 + depth)}${text}\n`;
    const depths = Array.from({ length: 18 }, (_, depth) => depth);
    const open = depths.map((depth) => line(depth, 'try:')).join('');
    const close = depths.reverse().map((depth) => `${line(depth, 'finally:')}${line(depth + 1, 'f(1)')}`);
    const body = repeated(n - 2000, () => 'x;');
    return `${base}${open}${line(18, body)}${close.join('')}`;
  },
  'ways out of a finally': (n) =>
    `${base}${repeated(n / 2, () => `           if f(1): return\n`, '        try:\n')}        finally:\n${repeated(n / 2, () => '           f(1)\n')}`,
  'elif without end': (n) => repeated(n, (i) => `elif f(${i}): pass\n`, 'if 1: pass\n'),
  'string literals side by side': (n) => repeated(n, () => '"a" ', 'x = '),
  // Large literals
  'list of numbers': (n) => repeated(n, () => '1,', `${base}X = [`, ']\n'),
  'list of lists': (n) => repeated(n, () => '[[]],', `${base.replace('f(0)', 'f(X)')}X = [`, ']\n'),
  dictionary: (n) => repeated(n, (i) => `${i}:${i},`, `${base.replace('f(0)', 'f(X)')}X = {`, '}\n'),
  'one long string': (n) => `${base.replace('f(0)', 'f(X)')}X = "${'a'.repeat(n)}"\n`,
  'one long number': (n) => `${base.replace('f(0)', 'f(X)')}X = 0x${'f'.repeat(n)}\n`,
  'one long decimal': (n) => `${base.replace('f(0)', 'f(X)')}X = ${'9'.repeat(n)}\n`,
  'one long name': (n) => `assert ${'a'.repeat(n)}\n`,
  'one long comment': (n) => `${base}# ${'a'.repeat(n)}\n`,
  'many comments': (n) => repeated(n, () => '# a\n', base),
  'formatted strings': (n) => repeated(n, () => 'f"{f(1)}" '),
  'one formatted string': (n) => repeated(n, () => '{x}', `${base}X = f"`, '"\n'),
  footers: (n) => repeated(n, () => 'unittest.main()\n', base),
  'footers on one line': (n) => repeated(n, () => 'unittest.main();', base),
  guards: (n) => repeated(n, () => 'if __name__ == "__main__": unittest.main()\n', base),
};
