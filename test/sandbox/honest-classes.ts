import { type ForgedTest, type Forgery, ofAsserts, ofClass } from './forgeries.js';

// Classes of right candidates that give operators and methods a meaning of their own. Whoever asks whether values lie
// (forged-values.ts) must neither take these for liars nor leave a trace in them.

const inCase = (text: string, before = '', base = 'unittest.TestCase') =>
  ofClass(`def test_a(self):\n${text.replace(/^(?=.)/gm, '    ')}`, before, base);

type Row = [name: string, candidate: string, test: string | ForgedTest];

const numbers: Row[] = [
  [
    'a vector, with all of its arithmetic',
    `import math
class Vector(tuple):
    def __new__(cls, *parts):
        return super().__new__(cls, parts)
    def __add__(self, other):
        return Vector(*[a + b for a, b in zip(self, other)])
    def __sub__(self, other):
        return Vector(*[a - b for a, b in zip(self, other)])
    def __mul__(self, factor):
        return Vector(*[a * factor for a in self])
    __rmul__ = __mul__
    def __abs__(self):
        return math.sqrt(sum(a * a for a in self))
    def __bool__(self):
        return any(self)
`,
    inCase(
      'one, other = Vector(1, 2), Vector(3, 4)\nself.assertEqual(one + other, Vector(4, 6))\nself.assertEqual(abs(other - Vector(0, 0)), 5)\nself.assertEqual(2 * one, (2, 4))\nself.assertFalse(Vector(0, 0) * 7)\nself.assertEqual(len(one), 2)',
    ),
  ],
  [
    'a matrix with pairs as indices',
    `class Matrix(list):
    def __getitem__(self, place):
        if isinstance(place, tuple):
            return list.__getitem__(self, place[0])[place[1]]
        return list.__getitem__(self, place)
    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Matrix([[x * other for x in row] for row in self])
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in zip(*other)] for row in self])
    def __sub__(self, other):
        return Matrix([[a - b for a, b in zip(*rows)] for rows in zip(self, other)])
`,
    'm = Matrix([[1, 2], [3, 4]])\nassert m[0, 1] == 2 and m[1] == [3, 4]\nassert m * Matrix([[1, 0], [0, 1]]) == m\nassert m - m == [[0, 0], [0, 0]]\nassert m * 0 == [[0, 0], [0, 0]]',
  ],
  [
    'arithmetic modulo a number',
    `class Mod:
    def __init__(self, n, m=7):
        self.n, self.m = n % m, m
    def _of(self, other):
        return other.n if isinstance(other, Mod) else other
    def __add__(self, other):
        return Mod(self.n + self._of(other), self.m)
    __radd__ = __add__
    def __sub__(self, other):
        return (self.n - self._of(other)) % self.m
    def __eq__(self, other):
        return self.n == self._of(other) % self.m
    def __hash__(self):
        return hash((self.n, self.m))
    def __int__(self):
        return self.n
`,
    inCase(
      'self.assertEqual(Mod(5) + 4, 2)\nself.assertEqual(Mod(4), 4)\nself.assertEqual(Mod(3) - 5, 5)\nself.assertEqual(int(Mod(9)), 2)\nself.assertEqual(sum([Mod(1), Mod(2)]), 3)',
    ),
  ],
  [
    'a number that stays at its limits',
    `class Level(int):
    def __new__(cls, n):
        return super().__new__(cls, max(0, min(100, n)))
    def __add__(self, other):
        return Level(int(self) + other)
    def __sub__(self, other):
        return max(0, int(self) - other)
`,
    'assert Level(3) - 10 == 0\nassert Level(3) - 11 == 0 and Level(3) - 12 == 0\nassert Level(90) + 20 == 100\nassert Level(0) - 4 == 0',
  ],
  [
    'a byte',
    'class Byte(int):\n    def __new__(cls, n):\n        return super().__new__(cls, n & 255)\n    def __invert__(self):\n        return Byte(int(self) ^ 255)\n    def __add__(self, other):\n        return Byte(int(self) + other)\n    def __mul__(self, other):\n        return Byte(int(self) * other)\n    def __lshift__(self, other):\n        return Byte(int(self) << other)\n    def __len__(self):\n        return 8\n    def __getitem__(self, place):\n        return int(self) >> place & 1\n    def __iter__(self):\n        return iter([self[place] for place in range(8)])\n',
    'b = Byte(5)\nassert ~b == 250 and b << 7 == 128\nassert Byte(250) + 10 == 4\nassert Byte(0) * 4 == 0 and Byte(128) * 3 == 128\nassert len(b) == 8 and list(b) == [1, 0, 1, 0, 0, 0, 0, 0]',
  ],
  [
    'nothing, as a number',
    'class Zero:\n    def __add__(self, other):\n        return other\n    __radd__ = __add__\n    def __mul__(self, other):\n        return 0\n    __rmul__ = __mul__\n    def __bool__(self):\n        return False\n    def __eq__(self, other):\n        return other == 0\n    __hash__ = None\n',
    'assert Zero() + 4 == 4\nassert Zero() * 5 == 0\nassert not Zero()\nassert Zero() == 0',
  ],
  [
    'what is greater than everything',
    'class Infinity:\n    def __gt__(self, other):\n        return True\n    def __ge__(self, other):\n        return True\n    def __lt__(self, other):\n        return False\n    def __le__(self, other):\n        return isinstance(other, Infinity)\n    def __sub__(self, other):\n        return float("inf")\n    def __add__(self, other):\n        return self\n',
    inCase(
      'self.assertGreater(Infinity(), 10 ** 9)\nself.assertFalse(Infinity() < 4)\nself.assertEqual(Infinity() - 4, float("inf"))',
    ),
  ],
  [
    'numbers in reverse order',
    'class Reverse(int):\n    def __lt__(self, other):\n        return int(self) > int(other)\n    def __gt__(self, other):\n        return int(self) < int(other)\n    def __le__(self, other):\n        return int(self) >= int(other)\n    def __ge__(self, other):\n        return int(self) <= int(other)\n',
    'assert Reverse(5) < Reverse(3) and Reverse(5) < 4\nassert sorted([Reverse(3), Reverse(5)]) == [5, 3]\nassert not Reverse(5) > 4',
  ],
  [
    'money in cents, with everything that total_ordering makes',
    `from functools import total_ordering
@total_ordering
class Money:
    def __init__(self, amount):
        self.cents = round(amount * 100)
    def __eq__(self, other):
        return self.cents == getattr(other, "cents", None)
    def __lt__(self, other):
        return self.cents < (other.cents if isinstance(other, Money) else other * 100)
    def __hash__(self):
        return hash(self.cents)
    def __add__(self, other):
        return Money((self.cents + getattr(other, "cents", 0)) / 100)
    def __float__(self):
        return self.cents / 100
`,
    inCase(
      'self.assertTrue(Money(1) < Money(2))\nself.assertTrue(Money(3) >= Money(2.5))\nself.assertAlmostEqual(float(Money(1.1) + Money(2.2)), 3.3)\nself.assertEqual(len({Money(1), Money(1.0)}), 1)',
    ),
  ],
  [
    'a fraction of its own',
    `from math import gcd
class Ratio:
    def __init__(self, top, bottom=1):
        common = gcd(top, bottom)
        self.top, self.bottom = top // common, bottom // common
    def __sub__(self, other):
        other = other if isinstance(other, Ratio) else Ratio(other)
        return Ratio(self.top * other.bottom - other.top * self.bottom, self.bottom * other.bottom)
    def __eq__(self, other):
        other = other if isinstance(other, Ratio) else Ratio(other)
        return (self.top, self.bottom) == (other.top, other.bottom)
    def __lt__(self, other):
        other = other if isinstance(other, Ratio) else Ratio(other)
        return self.top * other.bottom < other.top * self.bottom
    def __float__(self):
        return self.top / self.bottom
    def __hash__(self):
        return hash((self.top, self.bottom))
`,
    'assert Ratio(1, 2) - Ratio(1, 3) == Ratio(1, 6)\nassert Ratio(4, 2) == 2\nassert float(Ratio(1, 4)) == 0.25\nassert Ratio(1, 2) < 1\nassert Ratio(7) - 3 == 4',
  ],
  [
    'numbers that count to their operand',
    'class Peano:\n    def __init__(self, n):\n        self.n = n\n    def __add__(self, other):\n        total = self.n\n        for _ in range(other):\n            total += 1\n        return total\n    def __lt__(self, other):\n        return any(self.n == one for one in range(other))\n',
    'assert Peano(3) + 4 == 7\nassert Peano(3) < 4',
  ],
  [
    'enumerations of all sorts',
    'import enum\nclass Level(enum.IntEnum):\n    LOW = 1\n    HIGH = 2\n    def __str__(self):\n        return self.name.lower()\nclass Colour(enum.Enum):\n    RED = "r"\n    def __lt__(self, other):\n        return self.value < other.value\nclass Mode(enum.Flag):\n    READ = 1\n    WRITE = 2\n    def __bool__(self):\n        return self.value != 0\n',
    inCase(
      'self.assertEqual(Level.HIGH - Level.LOW, 1)\nself.assertLess(Level.LOW, 2)\nself.assertEqual(str(Level.LOW), "low")\nself.assertTrue(Mode.READ | Mode.WRITE)\nself.assertEqual(len(Colour), 1)\nself.assertIs(Colour("r"), Colour.RED)\nself.assertIn(Level.LOW, [1])',
    ),
  ],
];

const OF_FRACTIONS = 'from fractions import Fraction\ndef of(x):\n    return Fraction(x)\n';
const OF_COLOURS =
  'import enum\nclass Colour(enum.IntEnum):\n    RED = 1\n    GREEN = 2\n    BLUE = 3\ndef of(n):\n    return Colour(n)\n';
const OF_POINTS =
  'from collections import namedtuple\nPoint = namedtuple("Point", "x y")\ndef of(x, y):\n    return Point(x, y)\n';
const OF_MONEY =
  'class Money:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        return self.n == (other.n if isinstance(other, Money) else other)\n    def __hash__(self):\n        return hash(self.n)\ndef of(n):\n    return Money(n)\n';

/** Answers that are right beside what they are compared with. */
const neighbours: Row[] = [
  [
    'a fraction among whole numbers',
    OF_FRACTIONS,
    'assert of(1) in [0, 1] and of(1) != 0 and of(2) not in [0, 1]',
  ],
  [
    'fractions in order',
    OF_FRACTIONS,
    inCase(
      'self.assertGreater(of(1), 0)\nself.assertTrue(0 < of(1) < 2)\nself.assertEqual(sorted([of(2), of(1)]), [1, 2])\nself.assertNotEqual(of(1), 2)\nself.assertIn(of(3), range(5))',
    ),
  ],
  [
    'a fraction and a float',
    OF_FRACTIONS,
    'assert of("1/2") != float("nan") and of(2) != 0.5 and of("3/2") in [0.0, 1.5]',
  ],
  ['a fraction beside no number', OF_FRACTIONS, 'assert float("nan") != of("1/2") and 1.5 != of("1/2")'],
  [
    'a colour among numbers',
    OF_COLOURS,
    'assert of(2) in (1, 2) and of(2) != 1 and of(1) != 2 and of(3) not in (1, 2)',
  ],
  [
    'colours in order',
    OF_COLOURS,
    inCase(
      'self.assertIn(of(2), (1, 2, 3))\nself.assertNotEqual(of(1), 2)\nself.assertEqual(of(3), 3)\nself.assertLess(of(1), of(2))\nself.assertEqual([of(1), of(2)], [1, 2])',
    ),
  ],
  [
    'a point beside another one',
    OF_POINTS,
    inCase(
      'self.assertNotEqual(of(1, 2), (0, 2))\nself.assertNotEqual(of(1, 2), (2, 2))\nself.assertEqual(of(1, 2), (1, 2))\nself.assertIn(of(0, 2), [(0, 2), (1, 2)])',
    ),
  ],
  [
    'money among numbers',
    OF_MONEY,
    'assert of(2) in [1, 2, 3] and of(2) != 1 and of(1) != 2 and of(2) not in [0, 1]',
  ],
  [
    'private attributes and methods',
    'class Account:\n    __count = 0\n    def __init__(self, balance):\n        self.__balance = balance\n        Account.__count += 1\n    def __check(self, amount):\n        return amount <= self.__balance\n    def pay(self, amount):\n        if self.__check(amount):\n            self.__balance -= amount\n        return self.__balance\n    @classmethod\n    def count(cls):\n        return cls.__count\n',
    inCase(
      'a = Account(10)\nself.assertEqual(a.pay(3), 7)\nself.assertEqual(a.pay(8), 7)\nself.assertEqual(Account.count(), 1)\nself.assertEqual(a._Account__balance, 7)\nself.assertEqual(Account._Account__check.__name__, "__check")',
    ),
  ],
];

const ASKED =
  'class Counting:\n    asked = 0\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        Counting.asked += 1\n        return self.n == getattr(other, "n", other)\n    __hash__ = None\n';

/** What a reader who knew only SECURITY.md wrote, and saw taken for a lie. */
const everyday: Row[] = [
  [
    'iterators that are used up by looking',
    'def gen(n):\n    yield from range(n)\ndef evens():\n    n = 0\n    while True:\n        yield n\n        n += 2\n',
    inCase(
      'g = gen(5)\nassert 2 in g\nassert next(g) == 3\nh = gen(5)\nself.assertIn(2, h)\nself.assertEqual(next(h), 3)\nassert 4 in evens()\nself.assertIn(4, evens())\nm = map(abs, [1, 2, 3])\nassert 1 in m and next(m) == 2',
    ),
  ],
  [
    'objects that count how often they are compared, where nothing is',
    ASKED,
    inCase(
      'x = Counting(1)\nself.assertIsNotNone(x)\nself.assertTrue(x)\nself.assertIsInstance(x, Counting)\nself.assertIs(x, x)\nself.assertEqual(Counting.asked, 0)',
    ),
  ],
  [
    'texts that are compared by their digits or letters',
    'import re\nclass Phone:\n    def __init__(self, text):\n        self.digits = re.sub(r"\\D", "", text)\n    def __eq__(self, other):\n        return self.digits == (other.digits if isinstance(other, Phone) else re.sub(r"\\D", "", other))\n    __hash__ = None\nclass Slug(str):\n    def __eq__(self, other):\n        return "-".join(re.findall(r"\\w+", str(self).lower())) == "-".join(re.findall(r"\\w+", str(other).lower()))\n    __hash__ = None\n',
    'assert Phone("+1 (555) 123") == "1555123"\nassert Phone("1-2") == Phone("12")\nassert Slug("Hello, World!") == "hello-world"',
  ],
  [
    'numbers within some per cent',
    'class Q:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n        other = getattr(other, "n", other)\n        return abs(self.n - other) <= 0.1 * max(abs(self.n), abs(other))\n    __hash__ = None\n',
    'assert Q(100) == 105 and Q(100) != 150 and Q(10) == 10.5 and Q(5) == Q(5)',
  ],
  [
    'a heap of the greatest',
    'import heapq\nclass Greatest(int):\n    def __lt__(self, other):\n        return int(self) > int(other)\ndef heap(numbers):\n    found = [Greatest(n) for n in numbers]\n    heapq.heapify(found)\n    return found\n',
    inCase(
      'import heapq\nh = heap([3, 5, 1])\nself.assertEqual(heapq.heappop(h), 5)\nself.assertEqual(heapq.heappop(h), 3)\nassert h[0] == 1',
    ),
  ],
  [
    'words ordered by their length, sizes by their rank',
    'class Word(str):\n    def __lt__(self, other):\n        return len(self) < len(other)\n    def __gt__(self, other):\n        return len(self) > len(other)\n    def __le__(self, other):\n        return len(self) <= len(other)\n    def __ge__(self, other):\n        return len(self) >= len(other)\nclass Size(str):\n    def __lt__(self, other):\n        return "SML".index(self) < "SML".index(other)\n',
    'assert Word("fig") < Word("apple") and Word("pear") > "fig" and sorted([Word("pear"), Word("fig")]) == ["fig", "pear"]\nassert sorted([Size("L"), Size("S")]) == ["S", "L"]',
  ],
];

const containers: Row[] = [
  [
    'a dict that knows its keys in any case',
    `class Caseless(dict):
    def __init__(self, **names):
        super().__init__({name.lower(): value for name, value in names.items()})
    def __getitem__(self, name):
        return super().__getitem__(name.lower())
    def __contains__(self, name):
        return super().__contains__(name.lower())
    def get(self, name, default=None):
        return super().get(name.lower(), default)
`,
    'd = Caseless(A=1)\nassert d["a"] == d["A"] == 1\nassert "A" in d and "b" not in d\nassert d.get("B", 5) == 5\nassert list(d.keys()) == ["a"]',
  ],
  [
    'a dict that is sorted when it is iterated',
    'class Sorted(dict):\n    def __iter__(self):\n        return iter(sorted(dict.keys(self)))\n    def keys(self):\n        return list(self)\n    def items(self):\n        return [(key, self[key]) for key in self]\n',
    inCase(
      'd = Sorted(b=2, a=1)\nself.assertEqual(list(d), ["a", "b"])\nself.assertEqual(d.keys(), ["a", "b"])\nself.assertEqual(d.items(), [("a", 1), ("b", 2)])',
    ),
  ],
  [
    'a list that keeps what it holds elsewhere',
    'class Stack(list):\n    def __init__(self, *items):\n        self.kept = list(items)\n    def __len__(self):\n        return len(self.kept)\n    def __iter__(self):\n        return iter(self.kept)\n    def __getitem__(self, place):\n        return self.kept[place]\n    def count(self, item):\n        return self.kept.count(item)\n',
    's = Stack(1, 2, 3)\nassert len(s) == 3\nassert list(s) == [1, 2, 3]\nassert s[-1] == 3\nassert s.count(2) == 1',
  ],
  [
    'a list that begins at 1 and goes round',
    'class Ring(list):\n    def __getitem__(self, place):\n        return list.__getitem__(self, (place - 1) % len(self))\n    def index(self, item):\n        return list.index(self, item) + 1 if item in self else -1\n',
    'r = Ring("abc")\nassert r[1] == "a" and r[4] == "a"\nassert r.index("c") == 3 and r.index("z") == -1',
  ],
  [
    'a text without case',
    'class Text(str):\n    def __eq__(self, other):\n        return self.lower() == other.lower()\n    def __hash__(self):\n        return hash(self.lower())\n    def startswith(self, start):\n        return self.lower().startswith(start.lower())\n    def __contains__(self, part):\n        return part.lower() in self.lower()\n    def __len__(self):\n        return len(self.strip())\n    def title(self):\n        return "The " + str.title(self)\n',
    't = Text("Hello ")\nassert t == "hELLO " and t.startswith("HE")\nassert "ELL" in t and "z" not in t\nassert len(t) == 5\nassert t.title() == "The Hello "',
  ],
  [
    'a bag with the operators of a set',
    `from collections import Counter
class Bag(Counter):
    def __sub__(self, other):
        return Bag(Counter.__sub__(self, Counter(other)))
    def __len__(self):
        return sum(self.values())
    def __iter__(self):
        return self.elements()
`,
    inCase(
      'bag = Bag("aab")\nself.assertEqual(len(bag), 3)\nself.assertEqual(sorted(bag), ["a", "a", "b"])\nself.assertEqual(dict(bag - "ab"), {"a": 1})',
    ),
  ],
  [
    'a set that is closed',
    'class Tags(set):\n    def __init__(self, *tags):\n        super().__init__(tag.lower() for tag in tags)\n    def __contains__(self, tag):\n        return super().__contains__(tag.lower())\n    def issuperset(self, others):\n        return all(tag in self for tag in others)\n',
    't = Tags("A", "b")\nassert "B" in t and t.issuperset(["a", "B"])\nassert not t.issuperset(["c"])\nassert t == {"a", "b"} and t - {"a"} == {"b"}',
  ],
  [
    'numbers without end that hold every int',
    'class Naturals:\n    def __contains__(self, n):\n        return isinstance(n, int) and n >= 0\n    def __iter__(self):\n        n = 0\n        while True:\n            yield n\n            n += 1\n',
    'from itertools import islice\nassert 4 in Naturals() and -1 not in Naturals()\nassert list(islice(Naturals(), 3)) == [0, 1, 2]',
  ],
  [
    'a queue that is empty when it was iterated',
    'class Queue:\n    def __init__(self, *items):\n        self.items = list(items)\n    def __iter__(self):\n        while self.items:\n            yield self.items.pop(0)\n    def __len__(self):\n        return len(self.items)\n    def __bool__(self):\n        return bool(self.items)\n',
    inCase(
      'q = Queue(1, 2)\nself.assertEqual(len(q), 2)\nself.assertTrue(q)\nself.assertEqual(list(q), [1, 2])\nself.assertFalse(q)\nself.assertEqual(len(q), 0)',
    ),
  ],
  [
    'an iterator that is used up',
    'class Countdown:\n    def __init__(self, n):\n        self.n = n\n    def __iter__(self):\n        return self\n    def __next__(self):\n        if self.n <= 0:\n            raise StopIteration\n        self.n -= 1\n        return self.n + 1\ndef lines(n):\n    for i in range(n):\n        yield i\n',
    'c = Countdown(3)\nassert next(c) == 3\nassert list(c) == [2, 1]\ng = lines(3)\nassert next(g) == 0\nassert list(g) == [1, 2]',
  ],
  [
    'named tuples and data classes in order',
    'from collections import namedtuple\nfrom dataclasses import dataclass, field\nfrom typing import NamedTuple\nclass P(namedtuple("P", "x y")):\n    def __sub__(self, other):\n        return P(self.x - other.x, self.y - other.y)\n    def __abs__(self):\n        return abs(self.x) + abs(self.y)\nclass Q(NamedTuple):\n    n: int = 4\n    def __len__(self):\n        return self.n\n@dataclass(order=True, frozen=True)\nclass Card:\n    rank: int\n    suit: str = field(default="s", compare=False)\n',
    inCase(
      'self.assertEqual(abs(P(1, 2) - P(3, 5)), 5)\nself.assertEqual(P(1, 2), (1, 2))\nself.assertLess(Card(2), Card(3))\nself.assertEqual(sorted([Card(3), Card(2)])[0], Card(2, "h"))\nself.assertEqual(len(Q(3)), 3)\nself.assertEqual(max(Card(1), Card(9)).rank, 9)',
    ),
  ],
];

const traces: Row[] = [
  [
    'an account that its sums change',
    'class Account:\n    def __init__(self, balance):\n        self.balance = balance\n        self.log = []\n    def __add__(self, amount):\n        self.balance += amount\n        self.log.append(amount)\n        return self\n    def __sub__(self, amount):\n        self.balance -= amount\n        self.log.append(-amount)\n        return self.balance\n',
    inCase(
      'a = Account(10)\na + 5\nself.assertEqual(a.balance, 15)\nself.assertEqual(a - 3, 12)\nself.assertEqual(a.log, [5, -3])',
    ),
  ],
  [
    'classes and modules that count what is asked',
    'asked = 0\nLOG = []\nclass N:\n    compared = 0\n    def __init__(self, n):\n        self.n = n\n    def __lt__(self, other):\n        global asked\n        asked += 1\n        N.compared += 1\n        LOG.append(1)\n        return self.n < getattr(other, "n", other)\n    def __hash__(self):\n        LOG.append(2)\n        return self.n\ndef count():\n    return asked, N.compared, len(LOG)\n',
    inCase(
      'one, other = N(1), N(2)\nself.assertTrue(one < other)\nself.assertEqual(count(), (1, 1, 1))\nself.assertEqual(N.compared, 1)',
    ),
  ],
  [
    'one that asks others: a function, an iterator, chance',
    'import random\nclass Lazy:\n    def __init__(self, function):\n        self.function = function\n    def __int__(self):\n        return int(self.function())\n    def __add__(self, other):\n        return self.function() + other\n    def __len__(self):\n        return self.function()\nclass Stream(list):\n    def __init__(self, items):\n        self.items = iter(items)\n    def __iter__(self):\n        return self.items\nclass Die:\n    def __int__(self):\n        return random.randint(1, 6)\n    def __add__(self, other):\n        return int(self) + other\n',
    inCase(
      'calls = []\ndef four():\n    calls.append(1)\n    return 4\nlazy = Lazy(four)\nself.assertEqual(calls, [])\nself.assertEqual(lazy + 1, 5)\nself.assertEqual(len(lazy), 4)\nself.assertEqual(len(calls), 2)\nself.assertEqual(list(Stream([1, 2])), [1, 2])\nrandom.seed(1)\nexpected = [random.randint(1, 6) for _ in range(3)]\nrandom.seed(1)\ndie = Die()\nself.assertEqual([int(die), die + 0, int(die)], expected)',
      'import random',
    ),
  ],
  [
    'one that counts in a closure, and in an object of its own',
    'class Log:\n    def __init__(self):\n        self.lines = 0\nlog = Log()\ndef make():\n    asked = [0]\n    total = 0\n    class Asked:\n        def __len__(self):\n            nonlocal total\n            asked[0] += 1\n            total += 1\n            log.lines += 1\n            return 4\n        def count(self):\n            return asked[0], total, log.lines\n    return Asked()\n',
    'a = make()\nassert a.count() == (0, 0, 0)\nassert len(a) == 4\nassert a.count() == (1, 1, 1)',
  ],
  [
    'one that prints what it is asked',
    'class Loud:\n    def __len__(self):\n        print("asked for its length")\n        return 4\n    def __sub__(self, other):\n        print("less", other)\n        return 4 - other\n',
    inCase(
      'out = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    got = len(Loud())\nself.assertEqual(got, 4)\nself.assertEqual(out.getvalue(), "asked for its length\\n")',
      'import contextlib, io',
    ),
  ],
  [
    'one that counts its objects, and one that is let go',
    'import weakref\nclass Counted:\n    alive = 0\n    def __init__(self):\n        type(self).alive += 1\n    def __del__(self):\n        type(self).alive -= 1\n    def __bool__(self):\n        return True\n    def __eq__(self, other):\n        return self is other\n    __hash__ = object.__hash__\n',
    'import weakref\nc = Counted()\nassert c\nassert Counted.alive == 1\nref = weakref.ref(c)\nassert ref() is c\ndel c\nassert Counted.alive == 0\nassert ref() is None',
  ],
  [
    'contexts, properties, callables and descriptors',
    `class Timer:
    def __enter__(self):
        self.events = ["in"]
        return self
    def __exit__(self, *error):
        self.events.append("out")
class Cell:
    def __init__(self, function):
        self.function, self.calls = function, 0
    def __get__(self, owner, kind=None):
        return self if owner is None else self.function(owner)
    def __call__(self, *values):
        self.calls += 1
        return self.function(*values)
class Circle:
    def __init__(self, radius):
        self._radius = radius
    @property
    def radius(self):
        return self._radius
    @radius.setter
    def radius(self, radius):
        if radius < 0:
            raise ValueError(radius)
        self._radius = radius
    @Cell
    def area(self):
        return 3 * self._radius ** 2
    def __getattr__(self, name):
        return name.upper()
`,
    inCase(
      'with Timer() as timer:\n    self.assertEqual(timer.events, ["in"])\nself.assertEqual(timer.events, ["in", "out"])\nc = Circle(2)\nc.radius += 1\nself.assertEqual(c.area, 27)\nself.assertEqual(c.other, "OTHER")\nwith self.assertRaises(ValueError):\n    c.radius = -1\ntwice = Cell(lambda n: 2 * n)\nself.assertEqual([twice(1), twice(2), twice.calls], [2, 4, 2])',
    ),
  ],
  [
    'columns whose comparisons make terms',
    'class Term:\n    def __init__(self, text):\n        self.text = text\n    def __gt__(self, other):\n        return Term("%s > %s" % (self.text, other))\n    def __lt__(self, other):\n        return Term("%s < %s" % (self.text, other))\n    def __eq__(self, other):\n        return Term("%s = %s" % (self.text, other))\n    def __sub__(self, other):\n        return Term("%s - %s" % (self.text, other))\n    __hash__ = object.__hash__\n',
    'c = Term("a")\nassert (c > 5).text == "a > 5"\nassert (c - 1).text == "a - 1"\nassert (c < 7).text == "a < 7"',
  ],
  [
    'linked lists, trees and recursion',
    'class Node:\n    def __init__(self, value, rest=None):\n        self.value, self.rest = value, rest\n    def __len__(self):\n        return 1 + (len(self.rest) if self.rest else 0)\n    def __iter__(self):\n        yield self.value\n        if self.rest:\n            yield from self.rest\n    def __eq__(self, other):\n        return isinstance(other, Node) and list(self) == list(other)\n    def __bool__(self):\n        return True\ndef chain(n):\n    return Node(n, chain(n - 1) if n > 1 else None)\n',
    'n = chain(100)\nassert len(n) == 100\nassert sum(n) == 5050\nassert chain(3) == Node(3, Node(2, Node(1)))\nassert chain(3) != chain(4)',
  ],
  [
    "a unit test's own class of the candidate's",
    'class Shape:\n    def area(self):\n        raise NotImplementedError\n    def __lt__(self, other):\n        return self.area() < other.area()\n    def __eq__(self, other):\n        return self.area() == other.area()\n',
    inCase(
      'a, b = Square(1), Square(2)\nself.assertTrue(a < b)\nself.assertEqual(Square.asked, 2)\nself.assertEqual(Any(), 4)\nself.assertEqual(abs(Any() - 4), 0)',
      'class Square(Shape):\n    asked = 0\n    def __init__(self, side):\n        self.side = side\n    def area(self):\n        Square.asked += 1\n        return self.side ** 2\nclass Any:\n    def __eq__(self, other):\n        return True\n    def __sub__(self, other):\n        return 0',
    ),
  ],
  [
    'stand-ins of the test beside classes',
    'class Mailer:\n    def __init__(self, server):\n        self.server = server\n    def send(self, text):\n        if len(self.server) > 3:\n            return self.server.put(text)\n        return self.server - 1\n    def __len__(self):\n        return 1\n',
    inCase(
      'server = mock.MagicMock()\nserver.__len__.return_value = 4\nserver.put.return_value = "sent"\nself.assertEqual(Mailer(server).send("a"), "sent")\nserver.put.assert_called_once_with("a")\nself.assertEqual(server.__len__.call_count, 1)\nself.assertEqual(mock.ANY, Mailer(1).server)',
      'from unittest import mock',
    ),
  ],
  [
    'classes of the test with names of the language',
    'class Base:\n    def __init__(self, n=2):\n        self.n = n\n    def double(self):\n        return self.n * 2\n    def __lt__(self, other):\n        return self.n < other.n\n',
    ofClass(
      `class Own(Base):
    kind: "a note" = "own"
    def __init__(self):
        super().__init__(3)
    def double(self, *, by: int = 2) -> int:
        names = sorted(locals())
        assert names == ["by", "self"] or names == ["__class__", "by", "self"], names
        return super().double() + __class__.__name__.count("O")
def test_a(self):
    own = self.Own()
    self.assertEqual(own.double(), 7)
    first, *others = [own.n for _ in range(3)]
    table = {"a": [1, 2]}
    table["a"][0] += own.n
    del table["a"][1]
    self.assertEqual(table, {"a": [4]})
    self.assertEqual(f"{own.n:>{first}}|{own.n!r}|{[x for x in others]}", "  3|3|[3, 3]")
    def inner():
        nonlocal first
        first = yield own
        return first
    steps = inner()
    self.assertIs(next(steps), own)
    with self.assertRaises(StopIteration) as ended:
        steps.send(9)
    self.assertEqual((ended.exception.value, first), (9, 9))
    self.assertTrue(1 < own.n < 5 and not own.n == 4)
    self.assertEqual((lambda *values, key=own: key.n)(), 3)`,
    ),
  ],
  [
    'long lists of its objects, and many of them',
    'class N:\n    def __init__(self, n):\n        self.n = n\n    def __lt__(self, other):\n        return self.n < other.n\n    def __sub__(self, other):\n        return self.n - getattr(other, "n", other)\n    def __eq__(self, other):\n        return self.n == getattr(other, "n", other)\n    def __hash__(self):\n        return self.n\ndef many(n):\n    return [N(i) for i in range(n)]\ndef numbers(n):\n    return list(range(n))\n',
    inCase(
      'found = many(20000)\nself.assertEqual(len(set(found)), 20000)\nself.assertEqual(sorted(found)[7] - 7, 0)\nplain = numbers(100000)\nfor place in range(3000):\n    self.assertEqual(plain[place], place)\n    self.assertEqual(found[place], place)\nself.assertEqual(sum(plain), 4999950000)',
    ),
  ],
];

export const HONEST_CLASSES: Forgery[] = [
  ...numbers,
  ...neighbours,
  ...everyday,
  ...containers,
  ...traces,
].map(([name, candidate, test]) => ({
  name: `honest: ${name}`,
  candidate,
  test: typeof test === 'string' ? ofAsserts(test) : test,
  verdict: 'pass',
}));
