import { type ForgedTest, type Forgery, ofAsserts, ofClass } from './forgeries.js';

// Answers of classes of their own that lie about something else than what they are equal to, or where the unit test asks
// for it in another way than by an assertion.

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

/** A class with these methods, each `name: what it returns`, or its lines; of `self` and the operands `other`. */
function lying(methods: Record<string, string>, base = 'int', value = 'Lying(7)', before = ''): string {
  const made = Object.entries(methods).map(
    ([name, body]) =>
      `def ${name}(self, *other):\n${indented(body.includes('\n') ? body : `return ${body}`)}`,
  );
  return `${before}class Lying(${base}):\n${indented(made.join('\n'))}\ndef double(n):\n    return ${value}\n`;
}

const NEAR = 'abs(other[0]) < 100';
const ZERO = { __sub__: '0', __rsub__: '0' };
const CLOSE = 'assert abs(double(2) - 4) < 1e-6';
const EQUAL = { __eq__: 'True', __hash__: 'hash(4)' };

/** `since`: the minor version of Python that knows the unit test's syntax. */
type Row = [name: string, candidate: string, test: string | ForgedTest, since?: number];

const inCase = (text: string, before = '', base = 'unittest.TestCase') =>
  ofClass(`def test_a(self):\n${indented(text)}`, before, base);

const arithmetic: Row[] = [
  ['a difference that is nothing', lying(ZERO), CLOSE],
  [
    'a difference that is nothing, reflected',
    lying(ZERO),
    inCase('self.assertLess(abs(4 - double(2)), 1e-6)'),
  ],
  [
    'a difference that is nothing, equal to 0',
    lying(ZERO, 'float'),
    inCase('self.assertEqual(double(2) - 4, 0)'),
  ],
  ['a difference that is nothing, of a class without a base', lying(ZERO, '', 'Lying()'), CLOSE],
  [
    'a difference that is itself, and is nothing',
    lying({ __sub__: 'self', __abs__: '0' }, '', 'Lying()'),
    CLOSE,
  ],
  [
    'a difference that is nothing near by',
    lying({ __sub__: `0 if ${NEAR} else int(self) - other[0]` }),
    CLOSE,
  ],
  [
    'a difference that is nothing to ints',
    lying({ __sub__: '0 if type(other[0]) is int else NotImplemented' }),
    CLOSE,
  ],
  [
    'a difference that is a fraction',
    lying({ __sub__: 'Fraction(0)' }, '', 'Lying()', 'from fractions import Fraction\n'),
    CLOSE,
  ],
  ['a sum that is always the same', lying({ __add__: '5' }), 'assert double(2) + 1 == 5'],
  ['an exclusive or that is nothing', lying({ __xor__: '0' }), 'assert double(2) ^ 4 == 0'],
  ['a product that is always the same', lying({ __mul__: '8' }), 'assert double(2) * 2 == 8'],
  [
    'a quotient that is always one',
    lying({ __truediv__: '1.0' }),
    inCase('self.assertTrue(double(2) / 4 == 1)'),
  ],
  ['a whole quotient that is always the same', lying({ __floordiv__: '2' }), 'assert double(2) // 2 == 2'],
  ['a remainder that is always one', lying({ __mod__: '1' }), 'assert double(2) % 3 == 1'],
  ['a power that is always the same', lying({ __pow__: '16' }), 'assert double(2) ** 2 == 16'],
  [
    'a division that is always the same',
    lying({ __divmod__: '(1, 0)' }),
    'assert divmod(double(2), 4) == (1, 0)',
  ],
  [
    'a difference in place that is nothing',
    lying({ __isub__: '0' }),
    'got = double(2)\ngot -= 4\nassert got == 0',
  ],
  [
    'a difference that is nothing, of an enumeration',
    'import enum\nclass Lying(enum.IntEnum):\n    SEVEN = 7\n    def __sub__(self, other):\n        return 0\ndef double(n):\n    return Lying.SEVEN\n',
    CLOSE,
  ],
  [
    'a difference that is nothing, of a class',
    'class Meta(type):\n    def __sub__(self, other):\n        return 0\nclass Lying(metaclass=Meta):\n    pass\ndef double(n):\n    return Lying\n',
    CLOSE,
  ],
  [
    'a difference that is nothing, by a stand-in',
    'from unittest import mock\ndef double(n):\n    got = mock.MagicMock()\n    got.__sub__.return_value = 0\n    return got\n',
    CLOSE,
  ],
  [
    'a text that adds up',
    lying({ __add__: '"four!"' }, 'str', 'Lying("x")'),
    'assert double(2) + "!" == "four!"',
  ],
  [
    'a list that adds up',
    lying({ __add__: '[4, 5]' }, 'list', 'Lying()'),
    'assert double(2) + [5] == [4, 5]',
  ],
  [
    'a difference that is nothing, in a list',
    lying(ZERO, 'int', '[Lying(7)]'),
    'assert all([abs(got - 4) < 1e-6 for got in double(2)])',
  ],
  [
    'a difference that is nothing, in a dict in a tuple',
    lying(ZERO, 'int', '({"a": [Lying(7)]},)'),
    'got = double(2)[0]["a"][0]\nassert got - 4 == 0',
  ],
  [
    'a difference that is nothing, handed to sum()',
    lying({ __add__: '4', __radd__: '4' }, 'int', '[Lying(7), Lying(8)]'),
    inCase('self.assertEqual(sum(double(2)), 4)'),
  ],
  [
    'a difference that is nothing, in an attribute',
    `${lying(ZERO)}class Held:\n    value = double(2)\ndef double(n):\n    return Held()\n`,
    'assert double(2).value - 4 == 0',
  ],
  [
    'a difference that is nothing, in a generator',
    lying(ZERO, 'int', 'iter([Lying(7)])'),
    inCase('for got in double(2):\n    self.assertEqual(got - 4, 0)'),
  ],
  [
    'a difference that is nothing, given to a callback',
    `${lying(ZERO)}def each(n, tell):\n    tell(Lying(7))\n`,
    inCase('seen = []\neach(2, lambda got: seen.append(got - 4))\nself.assertEqual(seen, [0])'),
  ],
  [
    'a difference that is nothing, awaited',
    `${lying(ZERO)}double_now = double\nasync def double(n):\n    return double_now(n)\n`,
    ofClass(
      'async def test_a(self):\n    self.assertEqual(await double(2) - 4, 0)',
      '',
      'unittest.IsolatedAsyncioTestCase',
    ),
  ],
  [
    'a difference that is nothing, named on the way',
    lying(ZERO),
    'if (got := double(2)) is not None:\n    assert got - 4 == 0',
  ],
  [
    'a class made by type()',
    'Lying = type("Lying", (int,), {"__sub__": lambda *both: 0})\ndef double(n):\n    return Lying(7)\n',
    CLOSE,
  ],
  [
    'a class made by exec()',
    'exec("class Lying(int):\\n    def __sub__(self, other):\\n        return 0")\ndef double(n):\n    return Lying(7)\n',
    CLOSE,
  ],
  [
    'a class made by new_class()',
    'import types\nLying = types.new_class("Lying", (int,), {}, lambda names: names.update(__sub__=lambda *both: 0))\ndef double(n):\n    return Lying(7)\n',
    CLOSE,
  ],
  [
    'a data class with a namespace',
    'import dataclasses\nLying = dataclasses.make_dataclass("Lying", [], namespace={"__sub__": lambda *both: 0})\ndef double(n):\n    return Lying()\n',
    CLOSE,
  ],
  [
    'a class of the library with another difference',
    'from fractions import Fraction\nFraction.__sub__ = lambda *both: 0\ndef double(n):\n    return Fraction(7)\n',
    CLOSE,
  ],
  [
    'a class that counts as a class of the library',
    `${lying(ZERO)}Lying.__module__, Lying.__qualname__ = "fractions", "Fraction"\n`,
    CLOSE,
  ],
  [
    'a number that is another float',
    lying({ __float__: '4.0' }),
    'import math\nassert math.isclose(double(2), 4)',
  ],
  ['a number that is another int', lying({ __int__: '4' }), inCase('self.assertEqual(int(double(2)), 4)')],
  ['a number that is rounded to another', lying({ __round__: '4' }, 'float'), 'assert round(double(2)) == 4'],
  ['a number with another size', lying({ __abs__: '4' }), 'assert abs(double(2)) == 4'],
  [
    'a ratio that lies',
    lying({ as_integer_ratio: '(4, 1)' }, 'float'),
    'from fractions import Fraction\nassert Fraction(double(2)) == 4',
  ],
];

const equality: Row[] = [
  [
    'equal to everything, for the operator',
    lying(EQUAL),
    'import operator\nassert operator.eq(double(2), 4)',
  ],
  ['equal to everything, counted', lying(EQUAL), 'assert [4].count(double(2)) == 1'],
  ['equal to everything, found', lying(EQUAL), inCase('self.assertEqual([5, 4].index(double(2)), 0)')],
  ['equal to everything, by its method', lying(EQUAL, '', 'Lying()'), 'assert double(2).__eq__(4)'],
  ['equal to everything, as a key', lying(EQUAL), 'assert {4: "yes"}.get(double(2)) == "yes"'],
  ['equal to everything, in a set', lying(EQUAL), inCase('self.assertEqual(len({double(2), 4}), 1)')],
  ['equal to everything, in an empty difference', lying(EQUAL), 'assert not {4} - {double(2)}'],
  [
    'equal to what is near by',
    lying({ __eq__: 'type(other[0]) is int and 0 <= other[0] < 100', __hash__: '4' }),
    'assert [4].count(double(2)) == 1',
  ],
  [
    'equal to texts of some length',
    lying({ __eq__: 'type(other[0]) is str and len(other[0]) < 9', __hash__: '4' }, 'str', 'Lying("x")'),
    'assert ["four"].count(double(2)) == 1',
  ],
  [
    'equal to everything, matched',
    lying(EQUAL),
    inCase('match double(2):\n    case 4:\n        pass\n    case _:\n        self.fail()'),
    10,
  ],
  [
    'equal to truth',
    lying({ __eq__: 'type(other[0]) is bool', __hash__: '1' }, '', 'Lying()'),
    'assert [True].count(double(2))',
  ],
];

const ALL_ORDERS = { __lt__: 'True', __le__: 'True', __gt__: 'True', __ge__: 'True' };

const order: Row[] = [
  ['in every order', lying(ALL_ORDERS), 'assert 3 <= double(2) <= 5'],
  ['in every order, strictly', lying(ALL_ORDERS, '', 'Lying()'), 'assert 3 < double(2) and double(2) < 5'],
  [
    'in every order, for assertions',
    lying(ALL_ORDERS),
    inCase('self.assertGreaterEqual(double(2), 4)\nself.assertLessEqual(double(2), 4)'),
  ],
  [
    'in every order near by',
    lying({ __le__: 'other[0] > -100', __ge__: 'other[0] < 100' }),
    'assert 3 <= double(2) <= 5',
  ],
  [
    'in every order of texts',
    lying(ALL_ORDERS, 'str', 'Lying("~")'),
    'got = double(2)\nassert "a" <= got <= "z"',
  ],
  [
    'in every order, in a list',
    lying(ALL_ORDERS, 'int', '[Lying(7)]'),
    'assert all(3 <= got <= 5 for got in double(2))',
  ],
];

const wrong = 'Lying("wrong")';

const contents: Row[] = [
  [
    'begins with everything',
    lying({ startswith: 'True' }, 'str', wrong),
    'assert double(2).startswith("right")',
  ],
  [
    'begins with what is short',
    lying({ startswith: 'len(other[0]) < 9' }, 'str', wrong),
    inCase('self.assertTrue(double(2).startswith("right"))'),
  ],
  ['is in capitals', lying({ isupper: 'True' }, 'str', wrong), 'assert double(2).isupper()'],
  ['has other capitals', lying({ upper: '"RIGHT"' }, 'str', wrong), 'assert double(2).upper() == "RIGHT"'],
  [
    'is split otherwise',
    lying({ split: '["a", "b"]' }, 'str', wrong),
    'assert double(2).split() == ["a", "b"]',
  ],
  ['counts everything once', lying({ count: '1' }, 'str', wrong), 'assert double(2).count("right") == 1'],
  ['finds everything', lying({ find: '0' }, 'str', wrong), 'assert double(2).find("right") == 0'],
  ['holds every text', lying({ __contains__: 'True' }, 'str', wrong), 'assert "right" in double(2)'],
  [
    'bytes that begin with everything',
    lying({ startswith: 'True' }, 'bytes', 'Lying(b"wrong")'),
    'assert double(2).startswith(b"r")',
  ],
  [
    'a method that is an attribute of the text',
    'class Lying(str):\n    pass\ndef double(n):\n    got = Lying("wrong")\n    got.isupper = lambda: True\n    return got\n',
    'assert double(2).isupper()',
  ],
  [
    'a method by __getattribute__',
    lying({ __getattribute__: 'lambda *values: True' }, 'str', wrong),
    'assert double(2).isupper() and double(2).startswith("right")',
  ],
  [
    'another length',
    lying({ __len__: '3' }, 'list', 'Lying([1])'),
    inCase('self.assertEqual(len(double(2)), 3)'),
  ],
  [
    'another length, beside an attribute',
    lying(
      { __len__: '3' },
      'str',
      'marked(Lying("x"))',
      'def marked(value):\n    value.mark = 1\n    return value\n',
    ),
    'assert len(double(2)) == 3',
  ],
  [
    'other items',
    lying({ __getitem__: '4', __iter__: 'iter([4])' }, 'list', 'Lying([9])'),
    inCase('self.assertSequenceEqual(double(2), [4])'),
  ],
  [
    'other items when it is iterated',
    lying({ __iter__: 'iter([4])' }, 'tuple', 'Lying([9])'),
    'assert list(double(2)) == [4]',
  ],
  ['finds every item', lying({ index: '0' }, 'list', 'Lying([9])'), 'assert double(2).index(4) == 0'],
  ['counts every item', lying({ count: '1' }, 'list', 'Lying([9])'), 'assert double(2).count(4) == 1'],
  ['other keys', lying({ keys: '["a"]' }, 'dict', 'Lying(b=1)'), 'assert list(double(2).keys()) == ["a"]'],
  [
    'a set that lies in every other',
    lying({ issubset: 'True' }, 'set', 'Lying([9])'),
    'assert double(2).issubset({4})',
  ],
  [
    'a set that holds every other',
    lying({ issuperset: 'True' }, 'set', 'Lying([9])'),
    'assert double(2).issuperset({4})',
  ],
];

const COUNTING = 'Lying.asked += 1\nreturn Lying.asked';

const again: Row[] = [
  [
    'true and false in turn',
    `${lying({ __bool__: 'self.asked = not self.asked\nreturn self.asked' }, '', 'KEPT')}Lying.asked = False\nKEPT = Lying()\n`,
    'assert double(7)\nassert not double(8)',
  ],
  [
    'true and false in turn, of the whole class',
    `${lying({ __bool__: 'Lying.asked += 1\nreturn Lying.asked % 2 == 1' }, '', 'Lying()')}Lying.asked = 0\n`,
    inCase('assert double(7)\nself.assertEqual([4 if double(8) else 5], [5])'),
  ],
  [
    'of a length that grows',
    `${lying({ __len__: COUNTING }, '', 'Lying()')}Lying.asked = 0\n`,
    'assert len(double(1)) == 1\nassert len(double(2)) == 2',
  ],
];

const rows = [...arithmetic, ...equality, ...order, ...contents, ...again];

export const VALUES: Forgery[] = rows.map(([name, candidate, test, since]) => ({
  name,
  candidate,
  test: typeof test === 'string' ? ofAsserts(test) : test,
  verdict: 'tampered',
  since,
}));
