import { type Forgery, ofAsserts, ofClass } from './forgeries.js';

// Answers that are equal, or in, or an instance of what is asked for, because they say so.

/** A class with these methods, and an answer made with it. */
const answer = (methods: string, value = 'Any()', base = 'object') =>
  `class Any(${base}):\n${methods.replace(/^(?=.)/gm, '    ')}\n    __hash__ = object.__hash__\ndef double(n):\n    return ${value}\n`;

const ALL = 'def __eq__(self, other):\n    return True';
const INTS = 'def __eq__(self, other):\n    return type(other) is int';

const equal = (expected: string) =>
  ofClass(`def test_a(self):\n    self.assertEqual(double(2), ${expected})`);
const asserted = (expected: string) => ofAsserts(`assert double(2) == ${expected}`);

const tampered = (name: string, candidate: string, test = equal('4')): Forgery => ({
  name,
  candidate,
  test,
  verdict: 'tampered',
});

const lies: [name: string, candidate: string][] = [
  ['equal to everything', answer(ALL)],
  ['equal to ints', answer(INTS)],
  [
    'equal to ints that are small',
    answer('def __eq__(self, other):\n    return type(other) is int and 0 <= other < 100'),
  ],
  [
    'equal to what has a builtin type',
    answer('def __eq__(self, other):\n    return type(other).__module__ == "builtins"'),
  ],
  [
    'equal to what is neither an object of a class nor itself',
    answer('def __eq__(self, other):\n    return not hasattr(other, "__dict__")'),
  ],
  ['not unequal to anything', answer(`${ALL}\ndef __ne__(self, other):\n    return False`)],
  ['an int that is equal to all', answer(ALL, 'Any(7)', 'int')],
  ['a weakref.proxy', `import weakref\n${answer(ALL, 'weakref.proxy(KEPT)')}KEPT = Any()\n`],
  ['with a class that lies', answer(`${INTS}\n__class__ = property(lambda self: int)`)],
  [
    'with a metaclass that lies',
    `class Meta(type):\n    __module__ = "unit_test"\n    def __instancecheck__(self, other):\n        return True\n${answer(INTS, 'Any()', 'metaclass=Meta')}`,
  ],
  [
    'with a metaclass that is equal to int',
    `class Meta(type):\n    def __hash__(self):\n        return hash(int)\n    def __eq__(self, other):\n        return other is int\n${answer(ALL, 'Any(7)', 'int, metaclass=Meta')}`,
  ],
  [
    'a fraction whose numerator lies',
    `from fractions import Fraction\n${answer(ALL, 'lying()')}def lying():\n    value = Fraction(1)\n    value._numerator = Any()\n    return value\n`,
  ],
  [
    "a fraction whose class's equality was replaced",
    'import fractions\nfractions.Fraction.__eq__ = lambda self, other: True\ndef double(n):\n    return fractions.Fraction(9)\n',
  ],
  ['with a module that lies', answer(`__module__ = "unit_test"\n${INTS}`)],
  ['made of nested lists', answer(INTS, 'Any()')],
];

const ONCE: [name: string, candidate: string][] = [
  [
    'equal only once',
    answer(
      'asked = False\ndef __eq__(self, other):\n    self.asked, before = True, self.asked\n    return not before',
    ),
  ],
  [
    'equal to the first that it meets',
    answer(
      'def __eq__(self, other):\n    self.first = getattr(self, "first", other)\n    return self.first == other',
    ),
  ],
];

export const EQUALITY: Forgery[] = [
  ...lies.map(([name, candidate]) => tampered(name, candidate)),
  ...lies.map(([name, candidate]) => tampered(`${name}, and an assert statement`, candidate, asserted('4'))),
  ...lies
    .slice(0, 2)
    .flatMap(([name, candidate]) => [
      tampered(`${name}, in a list`, candidate.replace('return Any()', 'return [1, Any()]'), equal('[1, 4]')),
      tampered(
        `${name}, in a tuple in a dict`,
        candidate.replace('return Any()', 'return {1: (Any(),)}'),
        equal('{1: (4,)}'),
      ),
      tampered(
        `${name}, in a list, asserted`,
        candidate.replace('return Any()', 'return [Any()]'),
        asserted('[4]'),
      ),
      tampered(
        `${name}, in a subclass of list`,
        candidate.replace('return Any()', 'return L([Any()])').concat('class L(list):\n    pass\n'),
        equal('[4]'),
      ),
      tampered(
        `${name}, in assertTrue`,
        candidate,
        ofClass('def test_a(self):\n    self.assertTrue(double(2) == 4)'),
      ),
      tampered(
        `${name}, in a condition`,
        candidate,
        ofClass('def test_a(self):\n    if double(2) != 4:\n        self.fail()'),
      ),
      tampered(`${name}, asserted in a chain`, candidate, ofAsserts('assert 4 == double(2) == 4')),
      tampered(`${name}, in a list of right answers`, candidate, ofAsserts('assert double(2) in [4, 5]')),
      tampered(
        `${name}, in assertIn`,
        candidate,
        ofClass('def test_a(self):\n    self.assertIn(double(2), (4, 5))'),
      ),
      tampered(
        `${name}, in assertAlmostEqual`,
        candidate,
        ofClass('def test_a(self):\n    self.assertAlmostEqual(double(2), 4)'),
      ),
    ]),
  ...ONCE.map(([name, candidate]): Forgery => ({ name, candidate, test: equal('4'), verdict: 'fail' })),
  ...ONCE.map(
    ([name, candidate]): Forgery => ({
      name: `${name}, and an assert statement`,
      candidate,
      test: asserted('4'),
      verdict: 'tampered',
    }),
  ),
  tampered(
    'equal to everything, in assertCountEqual',
    answer(ALL, '[Any()]').replace('object.__hash__', 'None'),
    ofClass('def test_a(self):\n    self.assertCountEqual(double(2), [4])'),
  ),
  tampered('a text that is equal to all', answer(ALL, 'Any("wrong")', 'str'), equal('"right"')),
  tampered(
    'a text that is unequal to nothing',
    answer('def __ne__(self, other):\n    return False', 'Any("wrong")', 'str'),
    ofClass('def test_a(self):\n    self.assertMultiLineEqual(double(2), "right")'),
  ),
  tampered(
    'equal to texts only',
    answer('def __eq__(self, other):\n    return isinstance(other, str)'),
    equal('"right"'),
  ),
  tampered(
    'equal to truth only',
    answer('def __eq__(self, other):\n    return type(other) is bool'),
    equal('True'),
  ),
  tampered(
    'equal to lists only',
    answer('def __eq__(self, other):\n    return type(other) is list'),
    equal('[1, 2]'),
  ),
  tampered(
    'equal to empty lists and others',
    answer('def __eq__(self, other):\n    return type(other) is list'),
    equal('[]'),
  ),
  tampered(
    'equal to dicts only',
    answer('def __eq__(self, other):\n    return type(other) is dict'),
    equal('{"a": 1}'),
  ),
  tampered(
    'equal to real numbers only',
    answer('def __eq__(self, other):\n    return type(other) is float'),
    equal('2.5'),
  ),
  tampered(
    'a key that is equal to all of its hash',
    answer(ALL, '{Any(): 1}').replace('object.__hash__', 'lambda self: hash("a")'),
    equal('{"a": 1}'),
  ),
  tampered(
    'a member that is equal to all of its hash',
    answer(ALL, '{Any()}').replace('object.__hash__', 'lambda self: hash(4)'),
    equal('{4}'),
  ),
  tampered(
    'behind a mappingproxy',
    `import types\n${answer(ALL, 'types.MappingProxyType(Any())', 'dict')}`,
    equal('{"a": 1}'),
  ),
  tampered(
    'a class whose metaclass says what it is equal to',
    'class Meta(type):\n    def __eq__(self, other):\n        return True\n    __hash__ = type.__hash__\nclass Any(metaclass=Meta):\n    pass\ndef double(n):\n    return Any()\n',
    ofClass('def test_a(self):\n    self.assertEqual(type(double(2)), int)'),
  ),
  tampered(
    'the same, compared by the test itself',
    'class Meta(type):\n    def __eq__(self, other):\n        return True\n    __hash__ = type.__hash__\nclass Any(metaclass=Meta):\n    pass\ndef double(n):\n    return Any()\n',
    ofClass('def test_a(self):\n    self.assertTrue(type(double(2)) == int)'),
  ),
  tampered(
    'says that it is an int, in assertIsInstance',
    answer('__class__ = property(lambda self: int)'),
    ofClass('def test_a(self):\n    self.assertIsInstance(double(2), int)'),
  ),
  tampered(
    'says that it is an int, in isinstance()',
    answer('__class__ = property(lambda self: int)'),
    ofAsserts('assert isinstance(double(2), int)'),
  ),
  tampered(
    'says that it is an int, by __getattribute__',
    answer(
      'def __getattribute__(self, name):\n    return int if name == "__class__" else object.__getattribute__(self, name)',
    ),
    ofAsserts('assert isinstance(double(2), int)'),
  ),
  {
    name: 'says that it is an int, in __class__',
    candidate: answer('__class__ = property(lambda self: int)'),
    test: ofAsserts('assert double(2).__class__ is int'),
    verdict: 'fail',
  },
  tampered(
    'holds everything',
    answer('def __contains__(self, other):\n    return True'),
    ofClass('def test_a(self):\n    self.assertIn(4, double(2))'),
  ),
  tampered(
    'holds everything, asserted',
    answer('def __contains__(self, other):\n    return type(other) in (int, str)'),
    ofAsserts('assert 4 in double(2)'),
  ),
  tampered(
    'almost equal to everything',
    answer('def __sub__(self, other):\n    return 0\n__rsub__ = __sub__'),
    ofClass('def test_a(self):\n    self.assertAlmostEqual(double(2), 4.5)'),
  ),
  {
    name: 'true only once',
    candidate: answer(
      'asked = False\ndef __bool__(self):\n    self.asked, before = True, self.asked\n    return not before',
    ),
    test: ofClass('def test_a(self):\n    self.assertTrue(double(2))'),
    verdict: 'tampered',
  },
];

const honest = (name: string, candidate: string, test = equal('4')): Forgery => ({
  name: `honest: ${name}`,
  candidate,
  test,
  verdict: 'pass',
});

/** Values of all sorts, and a class that each is an instance of. */
const INSTANCES: readonly [value: string, kind: string][] = [
  ['(x for x in [n])', 'types.GeneratorType'],
  ['map(str, [n])', 'collections.abc.Iterator'],
  ['iter({n: n}.items())', 'collections.abc.Iterator'],
  ['itertools.chain([n])', 'itertools.chain'],
  ['ValueError(n)', 'ValueError'],
  ['Own(n)', 'Exception'],
  ['collections.Counter([n])', 'dict'],
  ['collections.OrderedDict()', 'dict'],
  ['Table()', 'dict'],
  ['{n: n}.keys()', 'collections.abc.KeysView'],
  ['datetime.datetime(2020, 1, 1)', 'datetime.datetime'],
  ['datetime.timezone.utc', 'datetime.tzinfo'],
  ['memoryview(b"a")', 'memoryview'],
  ['array.array("i", [n])', 'array.array'],
  ['slice(n)', 'slice'],
  ['types.MappingProxyType({})', 'collections.abc.Mapping'],
  ['types.SimpleNamespace(n=n)', 'types.SimpleNamespace'],
  ['functools.partial(int, n)', 'functools.partial'],
  ['operator.itemgetter(n)', 'operator.itemgetter'],
  ['time.localtime()', 'tuple'],
  ['property(str)', 'property'],
  ['str.lower', 'types.MethodDescriptorType'],
  ['Meta("A", (), {})', 'type'],
  ['Colour', 'type'],
  ['Colour.RED', 'enum.Enum'],
  ['Base', 'abc.ABCMeta'],
];
const OF_INSTANCES =
  'import abc, array, collections, collections.abc, datetime, enum, functools, itertools, operator, time, types\n';
const OWN_KINDS =
  'class Own(Exception): pass\nclass Table(dict): pass\nclass Meta(type): pass\n' +
  'class Base(abc.ABC): pass\nclass Colour(enum.Enum):\n    RED = 1\n';

/** Right answers of classes of their own, and tests that use what forgeries use. */
export const HONEST: Forgery[] = [
  ...INSTANCES.map(([value, kind]) =>
    honest(
      `${value} is an instance of ${kind}`,
      `${OF_INSTANCES}${OWN_KINDS}def double(n):\n    return ${value}\n`,
      ofClass(
        `def test_a(self):\n    self.assertIsInstance(double(2), ${kind})\n    assert isinstance(double(2), ${kind})`,
        OF_INSTANCES,
      ),
    ),
  ),
  honest(
    'an exception that is looked at',
    'def double(n):\n    raise ValueError(n)\n',
    ofClass(
      'def test_a(self):\n    with self.assertRaises(ValueError) as caught:\n        double(2)\n    self.assertIsInstance(caught.exception, ValueError)',
    ),
  ),
  honest(
    'a test that profiles',
    'def double(n):\n    return n * 2\n',
    ofClass(
      'def test_a(self):\n    self.assertEqual(cProfile.Profile().runcall(double, 2), 4)',
      'import cProfile',
    ),
  ),
  honest('a fraction', 'from fractions import Fraction\ndef double(n):\n    return Fraction(2 * n)\n'),
  honest('a decimal', 'from decimal import Decimal\ndef double(n):\n    return Decimal(2 * n)\n'),
  honest(
    'a class that knows ints and its own kind',
    'class N:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        return self.n == getattr(other, "n", other)\ndef double(n):\n    return N(2 * n)\n',
  ),
  honest(
    'a class that knows only its own kind',
    'class N:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        return self.n == other.n\ndef double(n):\n    return N(2 * n)\n',
    equal('N(4)'),
  ),
  honest(
    'a data class in a list',
    'from dataclasses import dataclass\n@dataclass\nclass N:\n    n: int\ndef double(n):\n    return [N(2 * n)]\n',
    equal('[N(4)]'),
  ),
  honest(
    'a named tuple',
    'from collections import namedtuple\nP = namedtuple("P", "x y")\ndef double(n):\n    return P(n, n)\n',
    equal('(2, 2)'),
  ),
  honest(
    'an enumeration',
    'import enum\nclass E(enum.IntEnum):\n    FOUR = 4\ndef double(n):\n    return E.FOUR\n',
  ),
  honest(
    'a Counter and an OrderedDict',
    'from collections import Counter, OrderedDict\ndef double(n):\n    return [Counter("aab"), OrderedDict(a=1)]\n',
    equal('[{"a": 2, "b": 1}, {"a": 1}]'),
  ),
  honest(
    'arithmetic modulo 7',
    'class M:\n    def __init__(self, n):\n        self.n = n % 7\n    def __eq__(self, other):\n        return self.n == (other.n if isinstance(other, M) else other % 7)\ndef double(n):\n    return M(2 * n)\n',
  ),
  honest(
    'a mapping behind a proxy, and a namespace',
    'import types\ndef double(n):\n    return [types.MappingProxyType({1: 2}), types.SimpleNamespace(a=1)]\n',
    equal('[{1: 2}, __import__("types").SimpleNamespace(a=1)]'),
  ),
  honest(
    'an iterator',
    'def double(n):\n    yield n\n    yield n * 2\n',
    ofClass(
      'def test_a(self):\n    self.assertEqual(list(double(2)), [2, 4])\n    self.assertIn(4, double(2))\n    self.assertCountEqual(double(2), [4, 2])',
    ),
  ),
  honest(
    'a sequence of another type, and almost equal numbers',
    'def double(n):\n    return (n, n * 2.00000000001)\n',
    ofClass(
      'def test_a(self):\n    self.assertSequenceEqual((1, 2), [1, 2])\n    self.assertAlmostEqual(double(2)[1], 4)\n    self.assertAlmostEqual(double(2)[1], 4.5, delta=0.6)\n    self.assertAlmostEqual(double(2)[1], 4.01, 1)\n    self.assertNotAlmostEqual(double(2)[1], 4.5)',
    ),
  ),
  honest(
    'a comparison that the test itself adds for a type',
    'def double(n):\n    return n * 2 + 0.001\n',
    ofClass(
      'def setUp(self):\n    self.addTypeEqualityFunc(float, lambda one, other, msg=None: None)\ndef test_a(self):\n    self.assertEqual(double(2), 4.0)',
    ),
  ),
  honest(
    'a failing assertion that the test itself catches',
    'def double(n):\n    return n * 2\n',
    ofClass(
      'def test_a(self):\n    with self.assertRaises(AssertionError):\n        self.assertEqual(double(2), 5)\n    try:\n        self.assertEqual(double(2), 5)\n    except AssertionError:\n        pass',
    ),
  ),
  honest(
    'a stand-in of the test, and mocks with a specification',
    'def double(n):\n    return n * 2\n',
    ofClass(
      'def test_a(self):\n    class Near:\n        def __eq__(self, other):\n            return True\n    self.assertEqual(double(2), Near())\n    self.assertEqual([double(2)], [mock.ANY])\n    self.assertIsInstance(mock.Mock(spec=int), int)\n    with mock.patch("builtins.open") as opened:\n        opened("x")\n    opened.assert_called_once_with("x")',
      'from unittest import mock',
    ),
  ),
  honest(
    'doctest at the module level, namedtuple and inspect',
    'import doctest, inspect, collections\ndef double(n):\n    """\n    >>> double(2)\n    4\n    """\n    inspect.currentframe()\n    return collections.namedtuple("P", "n")(n * 2).n\ndoctest.testmod()\n',
  ),
  honest(
    'one that is imported by its module, and uses modules itself',
    'import os, sys, solution\ndef double(n):\n    return n * len(os.sep) * 2\n',
    ofAsserts(
      'import solution, os\nfrom solution import double as twice\nassert solution.double(2) == twice(2) == 4',
    ),
  ),
  honest(
    'a base class, a mixin, class attributes and a class method of the test',
    'def double(n):\n    return n * 2\n',
    {
      code: `
import unittest
class Checks:
    @classmethod
    def make(cls):
        return cls.factor
    def check(self, got, expected):
        self.assertEqual(got, expected)
class Base(unittest.TestCase):
    factor = 2
    count = 0
    def assertDouble(self, n):
        self.check(double(n), n * self.make())
class T(Checks, Base):
    def setUp(self):
        super().setUp()
        type(self).count += 1
        self.__class__.count += 1
    def test_a(self):
        self.assertDouble(2)
    def test_b(self):
        self.assertDouble(3)
        self.assertGreater(T.count, 1)
`,
      cases: ['T.test_a', 'T.test_b'],
    },
  ),
];
