/** A pair of values of one type, as expressions over DEFINITIONS, and the first Python that has it. */
export type Pair = [one: string, other: string, since?: string];

/** What the expressions may use. All of it belongs to the candidate. */
export const DEFINITIONS = `
import abc, array, ast, asyncio, collections, contextlib, contextvars, dataclasses, datetime, decimal, enum, fractions
import functools, inspect, io, ipaddress, itertools, math, operator, pathlib, queue, random, re, string, struct, sys
import textwrap, threading, time, types, typing, uuid, weakref, zoneinfo
from array import array as Array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from datetime import date, datetime as DateTime, time as Time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import SimpleNamespace

def double(n): return 2 * n
def triple(n): return 3 * n
def gen(n): yield n
async def coro(n): return n
async def agen(n): yield n
def adder(n): return lambda m: n + m
def advanced(it):
    next(it)
    return it
def kept(value, *held):
    KEPT.append(held)
    return value
KEPT = []
def moved(d, key):
    d.move_to_end(key)
    return d
def with_(value, **attributes):
    for name, one in attributes.items():
        setattr(value, name, one)
    return value
def raised(error, cause=None):
    try:
        raise error from cause
    except BaseException as caught:
        return caught
def itself(*more):
    made = list(more)
    made.append(made)
    return made
def ring():
    made = [[]]
    made[0].append(made)
    return made
def in_turn():
    inner = []
    outer = [inner]
    inner.append(outer)
    inner.append(inner)
    return outer
def deep(depth, end, kind=list):
    made = end
    for _ in range(depth):
        made = kind((made,))
    return made
def linked(length, end=None):
    made = end
    for n in range(length):
        made = Node(n, made)
    return made
def read(stream, n):
    stream.read(n)
    return stream
def closed(stream):
    stream.close()
    return stream
def released(view):
    view.release()
    return view
def used(path):
    str(path), hash(path), path.parts
    return path
def asked(network):
    network.broadcast_address, network.is_private, network.num_addresses, hash(network)
    return network
def frame(n): return sys._getframe()
def traceback_of(n):
    try:
        raise ValueError(n)
    except ValueError as error:
        return error.__traceback__

class Text(str): pass
class Whole(int): pass
class Real(float): pass
class Bytes(bytes): pass
class List(list): pass
class Dict(dict): pass
class Set(set): pass
class Queue(deque): pass
class Day(date): pass
class Moment(DateTime): pass
class Span(timedelta): pass
class Money(Decimal): pass
class Ratio(Fraction): pass
class Stream(io.BytesIO): pass
class Failure(Exception): pass
class OtherFailure(Exception): pass
class Zone(tzinfo):
    def __init__(self, hours): self.hours = hours
    def utcoffset(self, moment): return timedelta(hours=self.hours)
class Node:
    def __init__(self, n, following=None): self.n, self.following = n, following
class Slots:
    __slots__ = ("a", "b")
    def __init__(self, a): self.a = a
class MoreSlots(Slots):
    __slots__ = ("c",)
class Private:
    def __init__(self, n): self.__n = n
class Equal:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return type(other) is Equal and other.n == self.n
    def __hash__(self): return 1
class Shown:
    def __init__(self, n): self.n = n
    def __repr__(self): return "at %d" % id(self)
class Indexed:
    def __init__(self, *items): self.items = items
    def __getitem__(self, at): return self.items[at]
    def __len__(self): return len(self.items)
class Method:
    def __init__(self, n): self.n = n
    def run(self): return self.n
    @classmethod
    def make(cls): return cls(1)
    @property
    def twice(self): return 2 * self.n
class Lazy:
    def __init__(self, n): self.n = n
    @functools.cached_property
    def twice(self): return 2 * self.n
class Meta(type): pass
class WithMeta(metaclass=Meta):
    def __init__(self, n): self.n = n
class Abstract(abc.ABC):
    def __init__(self, n): self.n = n
class Color(enum.Enum):
    RED = 1
    BLUE = 2
class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2
class Flags(enum.Flag):
    READ = 1
    WRITE = 2
class IntFlags(enum.IntFlag):
    READ = 1
    WRITE = 2
class Planet(enum.Enum):
    EARTH = (1, 2)
    MARS = (3, 4)
    def __init__(self, mass, radius): self.mass, self.radius = mass, radius
Point = namedtuple("Point", "x y")
Pixel = namedtuple("Pixel", "x y")
class Typed(typing.NamedTuple):
    x: int
    y: int = 0
@dataclasses.dataclass
class Data:
    x: int
    y: list = dataclasses.field(default_factory=list)
@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    x: int
class Handle(threading.local): pass
`;

/** Values that differ, and whose digests say so. */
export const TOLD: Pair[] = [
  // Numbers, truth values, texts. What has another class is another value, also if == says that they are equal.
  ['1', '2'],
  ['1', '1.0'],
  ['1', 'True'],
  ['0', 'False'],
  ['True', 'False'],
  ['None', 'False'],
  ['2**200', '2**200 + 1'],
  ['-1', '1'],
  ['0.1 + 0.2', '0.3'],
  ['0.0', '-0.0'],
  ['math.inf', '-math.inf'],
  ['math.inf', 'math.nan'],
  ['1j', '2j'],
  ['complex(0.0, 1)', 'complex(-0.0, 1)'],
  ['complex(math.nan, 0)', 'complex(0, math.nan)'],
  ['"a"', '"b"'],
  ['""', 'None'],
  ['"1"', '1'],
  ['"a" * 100 + "b"', '"a" * 100 + "c"'],
  ['"\\ud800"', '"\\udc00"'],
  ['"e\\u0301"', '"\\u00e9"'],
  ['b"a"', 'b"b"'],
  ['b"a"', '"a"'],
  ['b"a"', 'bytearray(b"a")'],
  ['bytearray(b"a")', 'bytearray(b"b")'],
  ['Decimal("1.0")', 'Decimal("1.00")'],
  ['Decimal("NaN")', 'Decimal("sNaN")'],
  ['Decimal(1)', 'Decimal(-1)'],
  ['Decimal(1)', '1'],
  ['Fraction(1, 3)', 'Fraction(1, 2)'],
  ['Text("a")', 'Text("b")'],
  ['Text("a")', '"a"'],
  ['with_(Text("a"), x=1)', 'with_(Text("a"), x=2)'],
  ['Whole(1)', 'Whole(2)'],
  ['with_(Whole(1), x=1)', 'with_(Whole(1), x=2)'],
  ['Real(1)', 'Real(2)'],
  ['Bytes(b"a")', 'Bytes(b"b")'],
  ['Money(1)', 'Money(2)'],
  ['Ratio(1, 2)', 'Ratio(1, 3)'],
  ['...', 'NotImplemented'],
  ['...', 'None'],
  ['range(3)', 'range(4)'],
  ['range(0, 3, 2)', 'range(0, 5, 2)'],
  ['range(3)', '[0, 1, 2]'],
  ['range(2**70)', 'range(2**70 + 1)'],
  ['slice(1)', 'slice(2)'],
  ['slice(1, 2, 3)', 'slice(1, 2, 4)'],
  // Containers
  ['[1, 2]', '[2, 1]'],
  ['[]', '()'],
  ['[]', '[None]'],
  ['[[], []]', '[[[]]]'],
  ['["a,b"]', '["a", "b"]'],
  ['("a", "b")', '("a", "c")'],
  ['[1, [2]]', '[1, [3]]'],
  ['List([1])', 'List([2])'],
  ['List([1])', '[1]'],
  ['with_(List([1]), x=1)', 'with_(List([1]), x=2)'],
  ['{1, 2}', '{1, 3}'],
  ['{1}', 'frozenset({1})'],
  ['{(1, 2), (3, 4)}', '{(1, 2), (3, 5)}'],
  ['frozenset({"a"})', 'frozenset({"b"})'],
  ['Set({1})', 'Set({2})'],
  ['{"a": 1}', '{"a": 2}'],
  ['{"a": 1}', '{"b": 1}'],
  ['{1: 2}', '{2: 1}'],
  ['{1: "a", 2: "b"}', '{1: "b", 2: "a"}'],
  ['{"a": {"b": [1]}}', '{"a": {"b": [2]}}'],
  ['Dict(a=1)', 'Dict(a=2)'],
  ['with_(Dict(a=1), x=1)', 'with_(Dict(a=1), x=2)'],
  ['{1: 2}.keys()', '{2: 2}.keys()'],
  ['{1: 2}.values()', '{1: 3}.values()'],
  ['{1: "a", 2: "b"}.values()', '{1: "b", 2: "a"}.values()'],
  ['{1: 2}.items()', '{1: 3}.items()'],
  ['OrderedDict(a=1).keys()', 'OrderedDict(b=1).keys()'],
  ['OrderedDict(a=1, b=2).values()', 'OrderedDict(a=1, b=3).values()'],
  ['OrderedDict(a=1, b=2).values()', 'moved(OrderedDict(a=1, b=2), "a").values()'],
  ['OrderedDict(a=1).items()', 'OrderedDict(a=2).items()'],
  ['types.MappingProxyType({1: 2})', 'types.MappingProxyType({1: 3})'],
  ['deque([1, 2])', 'deque([2, 1])'],
  ['deque([1], 2)', 'deque([1], 3)'],
  ['Queue([1])', 'Queue([2])'],
  ['defaultdict(int, a=1)', 'defaultdict(int, a=2)'],
  ['defaultdict(int)', 'defaultdict(list)'],
  ['OrderedDict(a=1)', 'OrderedDict(a=2)'],
  ['OrderedDict([((1, 2), 1), ((3, 4), 2)])', 'OrderedDict([((3, 4), 2), ((1, 2), 1)])'],
  ['Counter("aab")', 'Counter("abb")'],
  ['ChainMap({1: 2})', 'ChainMap({1: 3})'],
  ['ChainMap({1: 2}, {3: 4})', 'ChainMap({3: 4}, {1: 2})'],
  ['UserDict(a=1)', 'UserDict(a=2)'],
  ['UserList([1])', 'UserList([2])'],
  ['UserString("a")', 'UserString("b")'],
  ['Point(1, 2)', 'Point(2, 1)'],
  ['Point(1, 2)', 'Pixel(1, 2)'],
  ['Point(1, 2)', '(1, 2)'],
  ['Typed(1)', 'Typed(1, 1)'],
  ['time.gmtime(0)', 'time.gmtime(1)'],
  ['sys.version_info', 'tuple(sys.version_info)'],
  ['Array("i", [1])', 'Array("i", [2])'],
  ['Array("i", [1])', 'Array("l", [1])'],
  ['Array("d", [0.0])', 'Array("d", [-0.0])'],
  ['memoryview(b"ab")', 'memoryview(b"ac")'],
  ['memoryview(b"abcd")', 'memoryview(b"abcd").cast("I")'],
  ['memoryview(b"abcd")', 'memoryview(b"abcd").cast("B", (2, 2))'],
  ['memoryview(b"abcd")[::2]', 'memoryview(b"abcd")[1::2]'],
  ['memoryview(b"abcd")', 'memoryview(b"abcd")[::-1]'],
  ['memoryview(b"a")', 'released(memoryview(b"a"))'],
  ['SimpleNamespace(a=1)', 'SimpleNamespace(a=2)'],
  // Iterators
  ['iter([1])', 'iter([2])'],
  ['iter([1, 2])', 'advanced(iter([1, 2]))'],
  ['iter([1])', 'iter((1,))'],
  ['iter((1,))', 'iter((2,))'],
  ['iter("a")', 'iter("b")'],
  ['iter("\\u00e4")', 'iter("\\u00f6")'],
  ['iter(b"a")', 'iter(b"b")'],
  ['iter(bytearray(b"a"))', 'iter(bytearray(b"b"))'],
  ['iter(range(3))', 'iter(range(4))'],
  ['iter(range(3))', 'advanced(iter(range(3)))'],
  ['iter(range(2**70))', 'iter(range(2**71))'],
  ['iter({1, 2})', 'iter({1, 3})'],
  ['iter({1, 2})', 'advanced(iter({1, 2}))'],
  ['iter({1: 2})', 'iter({2: 2})'],
  ['iter({1: 2}.values())', 'iter({1: 3}.values())'],
  ['iter({1: 2}.items())', 'iter({1: 3}.items())'],
  ['iter({1: 2, 3: 4})', 'advanced(iter({1: 2, 3: 4}))'],
  ['reversed({1: 2})', 'reversed({2: 2})'],
  ['reversed({1: 2}.values())', 'reversed({1: 3}.values())'],
  ['reversed({1: 2}.items())', 'reversed({1: 3}.items())'],
  ['iter(deque([1]))', 'iter(deque([2]))'],
  ['iter(deque([1, 2]))', 'advanced(iter(deque([1, 2])))'],
  ['reversed(deque([1]))', 'reversed(deque([2]))'],
  ['iter(Array("i", [1]))', 'iter(Array("i", [2]))'],
  ['iter(Indexed(1))', 'iter(Indexed(2))'],
  ['reversed([1, 2])', 'reversed([2, 1])'],
  ['reversed((1, 2))', 'reversed((2, 1))'],
  ['reversed("ab")', 'reversed("ba")'],
  ['reversed(range(3))', 'reversed(range(4))'],
  ['zip([1], [2])', 'zip([1], [3])'],
  ['zip([1], [2])', 'zip([1], [2], [3])'],
  ['zip([1])', 'zip([1], strict=True)', '3.10'],
  ['enumerate("ab")', 'enumerate("ac")'],
  ['enumerate("ab")', 'enumerate("ab", 1)'],
  ['map(str, [1])', 'map(str, [2])'],
  ['map(str, [1])', 'map(repr, [1])'],
  ['filter(None, [1])', 'filter(None, [2])'],
  // Functions and classes that everybody has
  ['len', 'max'],
  ['math.sqrt', 'math.sin'],
  ['[1].append', '[2].append'],
  ['"a".join', '"b".join'],
  ['str.join', 'str.split'],
  ['str.join', 'bytes.join'],
  ['(1).__add__', '(2).__add__'],
  ['int.__add__', 'int.__sub__'],
  ['int.__add__', 'float.__add__'],
  ['dict.fromkeys', 'bytes.fromhex'],
  ['types.FunctionType.__code__', 'types.FunctionType.__defaults__'],
  ['functools.reduce', 'functools.partial'],
  ['textwrap', 'string'],
  ['textwrap.dedent', 'textwrap.indent'],
  ['math', 'string'],
  ['int', 'float'],
  ['int', '1'],
  ['OrderedDict', 'Counter'],
  ['Fraction', 'Decimal'],
  ['abc.ABC', 'abc.ABCMeta'],
  ['ValueError', 'TypeError'],
  ['list[int]', 'list[str]'],
  ['list[int]', 'set[int]'],
  ['int | str', 'int | float', '3.10'],
  ['typing.List[int]', 'typing.List[str]'],
  ['typing.Optional[int]', 'typing.Optional[str]'],
  ['partial(int, base=2)', 'partial(int, base=3)'],
  ['partial(max, 1)', 'partial(max, 2)'],
  ['partial(max, 1)', 'partial(min, 1)'],
  ['operator.itemgetter(1)', 'operator.itemgetter(2)'],
  ['operator.itemgetter(1)', 'operator.itemgetter(1, 2)'],
  ['operator.itemgetter("a")', 'operator.attrgetter("a")'],
  ['operator.attrgetter("a")', 'operator.attrgetter("a.b")'],
  ['operator.methodcaller("a")', 'operator.methodcaller("b")'],
  ['operator.methodcaller("a", 1)', 'operator.methodcaller("a", 2)'],
  ['struct.Struct("<i")', 'struct.Struct("<q")'],
  ['re.compile("a")', 're.compile("b")'],
  ['re.compile("a")', 're.compile("a", re.I)'],
  ['re.compile("a")', 're.compile(b"a")'],
  ['re.search("a", "ba")', 're.search("a", "ab")'],
  ['re.search("(a)(b)?", "ab")', 're.search("(a)(b)?", "ac")'],
  ['string.Template("$a")', 'string.Template("$b")'],
  ['inspect.signature(double)', 'inspect.signature(moved)'],
  ['inspect.signature(double).parameters["n"]', 'inspect.signature(moved).parameters["d"]'],
  ['ast.parse("a + 1")', 'ast.parse("a + 2")'],
  ['ast.parse("a + 1")', 'ast.parse("a - 1")'],
  // Times, places, identities
  ['date(2020, 1, 1)', 'date(2020, 1, 2)'],
  ['Day(2020, 1, 1)', 'Day(2020, 1, 2)'],
  ['Day(2020, 1, 1)', 'date(2020, 1, 1)'],
  ['with_(Day(2020, 1, 1), x=1)', 'with_(Day(2020, 1, 1), x=2)'],
  ['DateTime(2020, 1, 1)', 'DateTime(2020, 1, 1, 1)'],
  ['DateTime(2020, 1, 1)', 'date(2020, 1, 1)'],
  ['DateTime(2020, 1, 1)', 'DateTime(2020, 1, 1, tzinfo=timezone.utc)'],
  ['DateTime(2020, 1, 1, tzinfo=timezone.utc)', 'DateTime(2020, 1, 1, tzinfo=timezone(timedelta(hours=1)))'],
  ['DateTime(2020, 1, 1, tzinfo=Zone(1))', 'DateTime(2020, 1, 1, tzinfo=Zone(2))'],
  ['DateTime(2020, 10, 25, 2, fold=0)', 'DateTime(2020, 10, 25, 2, fold=1)'],
  ['Moment(2020, 1, 1)', 'Moment(2020, 1, 2)'],
  ['Time(1)', 'Time(2)'],
  ['Time(1, tzinfo=timezone.utc)', 'Time(1, tzinfo=timezone(timedelta(1) / 2))'],
  ['timedelta(1)', 'timedelta(2)'],
  ['Span(1)', 'Span(2)'],
  ['timezone.utc', 'timezone(timedelta(hours=1))'],
  ['timezone(timedelta(0), "a")', 'timezone(timedelta(0), "b")'],
  ['Zone(1)', 'Zone(2)'],
  ['zoneinfo.ZoneInfo("UTC")', 'zoneinfo.ZoneInfo("Europe/Berlin")'],
  [
    'DateTime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC"))',
    'DateTime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))',
  ],
  ['uuid.UUID(int=1)', 'uuid.UUID(int=2)'],
  ['ipaddress.ip_address("10.0.0.1")', 'ipaddress.ip_address("10.0.0.2")'],
  ['ipaddress.ip_address("::1")', 'ipaddress.ip_address("::2")'],
  ['ipaddress.ip_network("10.0.0.0/8")', 'ipaddress.ip_network("10.0.0.0/9")'],
  ['ipaddress.ip_network("10.0.0.0/8")', 'ipaddress.ip_network("11.0.0.0/8")'],
  ['ipaddress.ip_interface("10.0.0.1/8")', 'ipaddress.ip_interface("10.0.0.2/8")'],
  ['ipaddress.ip_interface("10.0.0.1/8")', 'ipaddress.ip_interface("10.0.0.1/9")'],
  ['pathlib.PurePosixPath("a")', 'pathlib.PurePosixPath("b")'],
  ['pathlib.PurePosixPath("a")', 'pathlib.PurePosixPath("/a")'],
  ['pathlib.PurePosixPath("a")', 'pathlib.Path("a")'],
  ['pathlib.Path("a/b")', 'pathlib.Path("a/c")'],
  ['pathlib.Path("/a")', 'pathlib.Path("//a")'],
  ['pathlib.Path("a/../b")', 'pathlib.Path("b")'],
  // Streams and states
  ['io.BytesIO(b"a")', 'io.BytesIO(b"b")'],
  ['io.BytesIO(b"a")', 'read(io.BytesIO(b"a"), 1)'],
  ['io.BytesIO(b"a")', 'closed(io.BytesIO(b"a"))'],
  ['io.StringIO("a")', 'io.StringIO("b")'],
  ['io.StringIO("a")', 'read(io.StringIO("a"), 1)'],
  ['Stream(b"a")', 'Stream(b"b")'],
  ['random.Random(1)', 'random.Random(2)'],
  ['advanced(iter([1, 2, 3]))', 'advanced(iter([1, 2, 4]))'],
  // Exceptions
  ['ValueError("a")', 'ValueError("b")'],
  ['ValueError("a")', 'TypeError("a")'],
  ['ValueError("a")', 'ValueError("a", 1)'],
  ['Failure("a")', 'OtherFailure("a")'],
  ['with_(Failure("a"), code=1)', 'with_(Failure("a"), code=2)'],
  ['KeyError(1)', 'KeyError(2)'],
  ['OSError(2, "a", "one")', 'OSError(2, "a", "other")'],
  ['StopIteration(1)', 'StopIteration(2)'],
  ['SystemExit(1)', 'SystemExit(2)'],
  ['ImportError("a", name="b")', 'ImportError("a", name="c")'],
  ['UnicodeDecodeError("a", b"b", 0, 1, "c")', 'UnicodeDecodeError("a", b"b", 0, 1, "d")'],
  ['raised(ValueError(1), KeyError(1))', 'raised(ValueError(1), KeyError(2))'],
  ['ExceptionGroup("a", [ValueError(1)])', 'ExceptionGroup("a", [ValueError(2)])', '3.11'],
  ['with_(ValueError(1), __notes__=["a"])', 'with_(ValueError(1), __notes__=["b"])'],
  // The candidate's own objects
  ['Node(1)', 'Node(2)'],
  ['Node(1)', 'Equal(1)'],
  ['Slots(1)', 'Slots(2)'],
  ['with_(Slots(1), b=2)', 'Slots(1)'],
  ['with_(MoreSlots(1), c=2)', 'with_(MoreSlots(1), c=3)'],
  ['Private(1)', 'Private(2)'],
  ['Equal(1)', 'Equal(2)'],
  ['Shown(1)', 'Shown(2)'],
  ['WithMeta(1)', 'WithMeta(2)'],
  ['Abstract(1)', 'Abstract(2)'],
  ['Data(1)', 'Data(2)'],
  ['Data(1, [1])', 'Data(1, [2])'],
  ['Frozen(1)', 'Frozen(2)'],
  [
    'dataclasses.make_dataclass("D", ["x"], slots=True)(1)',
    'dataclasses.make_dataclass("D", ["x"], slots=True)(2)',
    '3.10',
  ],
  ['Color.RED', 'Color.BLUE'],
  ['Color.RED', '1'],
  ['Size.SMALL', 'Size.LARGE'],
  ['Size.SMALL', '1'],
  ['Flags.READ', 'Flags.READ | Flags.WRITE'],
  ['IntFlags.READ', 'IntFlags.WRITE'],
  ['Planet.EARTH', 'Planet.MARS'],
  ['re.I', 're.M'],
  ['weakref.ref(Color.BLUE)', 'weakref.ref(Color.RED)'],
  // Shapes
  ['itself()', 'itself(1)'],
  ['itself()', '[itself()]'],
  ['ring()', '[itself()]'],
  ['in_turn()', '[itself()]'],
  ['deep(200, 1)', 'deep(200, 2)'],
  ['deep(200, 1)', 'deep(201, 1)'],
  ['deep(1500, 1)', 'deep(1500, 2)'],
  ['deep(300, 1, tuple)', 'deep(300, 2, tuple)'],
  ['deep(60, 1, frozenset)', 'deep(60, 2, frozenset)'],
  ['linked(300)', 'linked(300, Node(-1))'],
  ['linked(1000)', 'linked(1001)'],
  ['[{"a": [n]} for n in range(500)]', '[{"a": [n]} for n in range(499)] + [{"a": [0]}]'],
];

/** Values that differ, and of which the harness cannot say so. */
export const UNTOLD: Pair[] = [
  ['double', 'triple'],
  ['lambda: 1', 'lambda: 2'],
  ['adder(1)', 'adder(2)'],
  ['Method(1).run', 'Method(2).run'],
  ['Method.run', 'Method.twice'],
  ['Method.make', 'Data'],
  ['vars(Method)["make"]', 'classmethod(double)'],
  ['staticmethod(double)', 'staticmethod(triple)'],
  ['property(double)', 'property(triple)'],
  ['functools.cached_property(double)', 'functools.cached_property(triple)'],
  ['functools.lru_cache(double)', 'functools.lru_cache(triple)'],
  ['functools.cmp_to_key(double)', 'functools.cmp_to_key(triple)'],
  ['functools.cmp_to_key(double)(1)', 'functools.cmp_to_key(double)(2)'],
  ['partial(double, 1)', 'partial(triple, 1)'],
  ['operator.methodcaller("a", b=1)', 'operator.methodcaller("a", b=2)'],
  [
    'inspect.signature(double).replace(return_annotation=Data)',
    'inspect.signature(double).replace(return_annotation=type("Data", (), {"x": 1}))',
  ],
  ['type("A", (), {"x": 1})', 'type("A", (), {"x": 2})'],
  ['Data', 'Frozen'],
  ['Color', 'Size'],
  ['list[Data]', 'list[Frozen]'],
  ['gen(1)', 'gen(2)'],
  ['(n for n in [1])', '(n for n in [2])'],
  ['agen(1)', 'agen(2)'],
  ['kept(*[coro(1)] * 2)', 'kept(*[coro(2)] * 2)'],
  ['map(double, [1])', 'map(triple, [1])'],
  ['filter(double, [1])', 'filter(triple, [1])'],
  ['iter([1].pop, 2)', 'iter([1].pop, 3)'],
  ['iter(memoryview(b"a"))', 'iter(memoryview(b"b"))', '3.10'],
  ['iter(OrderedDict(a=1))', 'iter(OrderedDict(b=1))'],
  ['itertools.count(1)', 'itertools.count(2)'],
  ['itertools.cycle([1])', 'itertools.cycle([2])'],
  ['itertools.repeat(1)', 'itertools.repeat(2)'],
  ['itertools.chain([1])', 'itertools.chain([2])'],
  ['itertools.accumulate([1])', 'itertools.accumulate([2])'],
  ['itertools.compress([1], [1])', 'itertools.compress([2], [1])'],
  ['itertools.dropwhile(None, [1])', 'itertools.dropwhile(None, [2])'],
  ['itertools.takewhile(None, [1])', 'itertools.takewhile(None, [2])'],
  ['itertools.filterfalse(None, [1])', 'itertools.filterfalse(None, [2])'],
  ['itertools.groupby([1])', 'itertools.groupby([2])'],
  ['itertools.islice([1], 1)', 'itertools.islice([2], 1)'],
  ['itertools.starmap(max, [(1,)])', 'itertools.starmap(max, [(2,)])'],
  ['itertools.tee([1])', 'itertools.tee([2])'],
  ['itertools.zip_longest([1])', 'itertools.zip_longest([2])'],
  ['itertools.product([1])', 'itertools.product([2])'],
  ['itertools.permutations([1])', 'itertools.permutations([2])'],
  ['itertools.combinations([1], 1)', 'itertools.combinations([2], 1)'],
  ['itertools.combinations_with_replacement([1], 1)', 'itertools.combinations_with_replacement([2], 1)'],
  ['itertools.pairwise([1, 2])', 'itertools.pairwise([2, 2])', '3.10'],
  ['itertools.batched([1], 1)', 'itertools.batched([2], 1)', '3.12'],
  ['OrderedDict([(Frozen(1), 1), (Frozen(2), 2)])', 'OrderedDict([(Frozen(2), 2), (Frozen(1), 1)])'],
  [
    'OrderedDict([(Frozen(1), 1), (Frozen(2), 2)]).values()',
    'OrderedDict([(Frozen(1), 1), (Frozen(2), 3)]).values()',
  ],
  ['double.__code__', 'triple.__code__'],
  ['frame(1)', 'frame(2)'],
  ['traceback_of(1)', 'traceback_of(2)'],
  ['(lambda n: lambda: n)(1).__closure__[0]', '(lambda n: lambda: n)(2).__closure__[0]'],
  ['contextvars.ContextVar("a", default=1)', 'contextvars.ContextVar("a", default=2)'],
  ['contextvars.copy_context()', 'contextvars.Context()'],
  ['decimal.Context(prec=1)', 'decimal.Context(prec=2)'],
  ['threading.Lock()', 'threading.RLock()'],
  ['threading.Event()', 'with_(threading.Event(), x=1)'],
  ['threading.Semaphore(1)', 'threading.Semaphore(2)'],
  ['Handle()', 'with_(Handle(), x=1)'],
  ['queue.Queue(1)', 'queue.Queue(2)'],
  ['queue.SimpleQueue()', 'with_(queue.Queue(), x=1)'],
  ['weakref.proxy(Color.RED)', 'weakref.proxy(Color.BLUE)'],
  ['weakref.WeakValueDictionary(a=Color.RED)', 'weakref.WeakValueDictionary(a=Color.BLUE)'],
  ['weakref.WeakSet([Color.RED])', 'weakref.WeakSet([Color.BLUE])'],
  ['random.SystemRandom()', 'with_(random.SystemRandom(), x=1)'],
  ['types.ModuleType("a")', 'with_(types.ModuleType("a"), x=1)'],
  ['sys.modules["solution"]', 'types.ModuleType("solution")'],
  ['contextlib.suppress(double)', 'contextlib.suppress(triple)'],
  ['open("/dev/null", "rb")', 'open("/dev/zero", "rb")'],
  ['open("/dev/null")', 'open("/dev/zero")'],
  ['io.TextIOWrapper(io.BytesIO(b"a"))', 'io.TextIOWrapper(io.BytesIO(b"b"))'],
  ['io.BufferedReader(io.BytesIO(b"a"))', 'io.BufferedReader(io.BytesIO(b"b"))'],
  ['super(MoreSlots, MoreSlots(1))', 'super(MoreSlots, MoreSlots(2))'],
  // What holds one of them, and what is larger than may be looked at
  ['[1, double]', '[1, triple]'],
  ['{1: {2: gen(1)}}', '{1: {2: gen(2)}}'],
  ['Node(double)', 'Node(triple)'],
  ['defaultdict(lambda: 1)', 'defaultdict(lambda: 2)'],
  ['list(range(30000))', 'list(range(29999)) + [0]'],
  ['set(range(30000))', 'set(range(1, 30001))'],
  ['{n: n for n in range(30000)}', '{n: n or 1 for n in range(30000)}'],
  ['[[n] for n in range(3000)]', '[[n] for n in range(2999)] + [[0]]'],
  ['{(str(n), n) for n in range(3000)}', '{(str(n), n) for n in range(1, 3001)}'],
  ['[1, {(str(n), n) for n in range(3000)}, 2]', '[1, {(str(n), n) for n in range(1, 3001)}, 2]'],
  ['"a" * 10**7', '"a" * (10**7 - 1) + "b"'],
  ['b"a" * 10**7', 'b"a" * (10**7 - 1) + b"b"'],
  ['2**10**7', '2**10**7 + 2**10**6'.replace('10**6', '(10**7 - 1)')],
  ['Array("b", b"a" * 10**7)', 'Array("b", b"a" * (10**7 - 1) + b"b")'],
  ['memoryview(b"a" * 10**7)', 'memoryview(b"a" * (10**7 - 1) + b"b")'],
  ['io.BytesIO(b"a" * 10**7)', 'io.BytesIO(b"a" * (10**7 - 1) + b"b")'],
  ['io.StringIO("a" * 10**7)', 'io.StringIO("a" * (10**7 - 1) + "b")'],
  ['iter(set(range(30000)))', 'iter(set(range(1, 30001)))'],
  ['iter({n: 1 for n in range(30000)})', 'iter({n: 1 for n in range(1, 30001)})'],
  ['deep(10**5, 1)', 'deep(10**5, 2)'],
  ['linked(5000)', 'linked(5000, Node(-1))'],
];

/** Values that are equal, and were made in different ways. */
export const ALIKE: Pair[] = [
  ['math.nan', 'float("nan")'],
  ['10**5', 'int("100000")'],
  ['"ab"', '"".join(["a", "b"])'],
  ['{"a", "b", "c"}', '{"c", "b", "a"}'],
  ['frozenset("abc")', 'frozenset("cba")'],
  ['{(1, "a"), (2, "b"), frozenset("xy")}', '{frozenset("yx"), (2, "b"), (1, "a")}'],
  ['{"a": 1, "b": 2}', '{"b": 2, "a": 1}'],
  ['{"a": 1, "b": 2}.keys()', '{"b": 2, "a": 1}.keys()'],
  ['{"a": 1, "b": 2}.items()', '{"b": 2, "a": 1}.items()'],
  ['iter({"a", "b"})', 'iter({"b", "a"})'],
  ['Counter("aab")', 'Counter({"b": 1, "a": 2})'],
  ['range(0, 3, 2)', 'range(0, 4, 2)'],
  ['range(0)', 'range(3, 1)'],
  ['memoryview(b"ab")', 'memoryview(bytearray(b"ab"))'],
  ['memoryview(b"abcd")[::2]', 'memoryview(b"ac")'],
  ['Fraction(1, 2)', 'Fraction(2, 4)'],
  ['Fraction(1, 2)', 'kept(*[Fraction(1, 2)] * 2)'],
  ['ipaddress.ip_network("10.0.0.0/8")', 'asked(ipaddress.ip_network("10.0.0.0/8"))'],
  ['ipaddress.ip_interface("10.0.0.1/8")', 'ipaddress.ip_interface("10.0.0.1/255.0.0.0")'],
  ['pathlib.Path("a/b")', 'used(pathlib.Path("a/b"))'],
  ['pathlib.Path("a/b")', 'pathlib.Path("a") / "b"'],
  ['pathlib.Path("a/b")', 'pathlib.Path("a//./b/")'],
  ['pathlib.Path("/a/b")', 'pathlib.Path("x", "/a", "b")'],
  ['pathlib.Path("a/b")', 'pathlib.Path("a/b/c").parent'],
  ['Flags.READ | Flags.WRITE', '~Flags(0) if ~Flags.READ else 0'],
  ['IntFlags.READ', 'kept(IntFlags.READ, ~IntFlags.READ)'],
  ['raised(ValueError(1))', 'ValueError(1)'],
  ['timezone.utc', 'timezone(timedelta(0))'],
  ['deque([1, 2])', 'deque([1, 2])'],
  ['moved(OrderedDict(b=2, a=1), "b")', 'OrderedDict(a=1, b=2)'],
  ['Shown(1)', 'kept(Shown(1), Shown(1))'],
  ['object()', 'kept(object(), object())'],
  ['itself(1)', 'kept(itself(1), 1)'],
  ['operator.itemgetter("a", 1)', 'kept(operator.itemgetter("a", 1), object())'],
  ['[].append', 'list().append'],
  ['iter([])', 'advanced(iter([1]))'],
  ['iter([2])', 'advanced(iter([1, 2]))'],
  ['iter((2,))', 'advanced(iter((1, 2)))'],
  ['iter("b")', 'advanced(iter("ab"))'],
  ['iter(b"b")', 'advanced(iter(b"ab"))'],
  ['iter(range(1, 3))', 'advanced(iter(range(3)))'],
  ['iter(List([2]))', 'advanced(iter(List([1, 2])))'],
];
