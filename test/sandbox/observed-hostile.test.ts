import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { openCareless } from './careless.js';

// Looking at a value calls nothing of the candidate's, and takes nothing out of an iterator.

const hostile = suite('digests of hostile values');

/**
 * In `hostile(base)` every special method, those of the metaclass too, says that it was called. `armed` is false while the
 * values are made.
 */
const DEFINITIONS = `
import array, builtins, collections, datetime, decimal, enum, fractions, functools, gc, io, ipaddress, itertools, operator
import pathlib, random, re, struct, sys, threading, types, uuid, weakref, zoneinfo

armed = False
CALLED = []
def told(name):
    def method(self, *values, **named):
        if armed:
            CALLED.append(name)
            raise SystemExit(name)
        raw = getattr(super(type(self), self), name, None) if isinstance(type(self), type) else None
        return raw(*values, **named) if raw else 1
    return method
SPECIAL = """repr str bytes format lt le eq ne gt ge hash bool getattr getattribute setattr delattr dir len length_hint
getitem setitem delitem missing iter next reversed contains add radd sub mul mod divmod pow lshift rshift and or xor neg
pos abs invert complex int float index round trunc floor ceil enter exit await aiter anext reduce reduce_ex getstate
getnewargs getnewargs_ex copy deepcopy sizeof instancecheck subclasscheck get call buffer fspath getinitargs""".split()
OVERRIDDEN = ["__%s__" % name for name in SPECIAL] + """keys values items copy get tolist tobytes isoformat utcoffset tzname dst
getvalue tell read seek getstate as_tuple bit_length conjugate numerator denominator elements maps data name value args
popleft append""".split()

class Meta(type):
    def __getattribute__(cls, name):
        if armed:
            CALLED.append("meta " + name)
        return type.__getattribute__(cls, name)
    def __hash__(cls):
        if armed:
            CALLED.append("hash of a class")
        return 1
    def __eq__(cls, other):
        if armed:
            CALLED.append("eq of a class")
        return cls is other
    def __instancecheck__(cls, value): return armed and CALLED.append("instancecheck")
    def __subclasscheck__(cls, value): return armed and CALLED.append("subclasscheck")
    __mro__ = __base__ = __name__ = __module__ = property(lambda cls: armed and CALLED.append("property of a class"))
class AbstractMeta(Meta, type(io.IOBase)): pass

def hostile(base, *values, meta=Meta, **named):
    try:
        kind = meta("Hostile", (base,), {"__class__": property(lambda self: int)})
        made = kind(*values, **named)
    except TypeError:
        return base(*values, **named)
    for name in OVERRIDDEN:
        try:
            type.__setattr__(kind, name, told(name))
        except TypeError:
            pass
    return made

class Key:
    """Its hash is that of a name; who looks that up asks it whether it is equal."""
    def __init__(self, name): self.name = name
    def __hash__(self): return hash(self.name)
    def __eq__(self, other):
        if armed:
            CALLED.append("key " + self.name)
        return False
class Text(str):
    __add__ = __radd__ = __mod__ = __rmod__ = __str__ = __format__ = __len__ = told("text")
    __eq__ = told("__eq__")
    __hash__ = str.__hash__
class Whole(int):
    __sub__ = __rsub__ = __add__ = __radd__ = __floordiv__ = __repr__ = __gt__ = __lt__ = told("whole")
class Plain:
    def __getattribute__(self, name):
        CALLED.append("attribute " + name)
        return object.__getattribute__(self, name)
class Descriptor:
    __slots__ = ("a",)
    x = property(lambda self: CALLED.append("property"))
    def __init__(self): self.a = 1
class Sequence:
    def __getitem__(self, at): CALLED.append("getitem")
    def __len__(self): return 1 if not armed else CALLED.append("len")
class Zone(datetime.tzinfo):
    utcoffset = tzname = dst = __reduce__ = __repr__ = told("zone")
    def __init__(self): self.n = 1
def renamed(kind, **attributes):
    for name, value in attributes.items():
        setattr(kind, name, value)
    return kind
def with_dict(value, names):
    value.__dict__.update(names)
    return value
def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    return made
def nameless():
    made = module("a", __getattr__=lambda name: CALLED.append("module " + name))
    del made.__name__
    return made
def patched(value, owner, **names):
    """What the standard library looks up in its own modules and classes when it is asked for anything."""
    for name in names:
        REPLACED.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, names[name])
    return value
def restore():
    for owner, name, value in REPLACED:
        if value is None:
            delattr(owner, name)
        else:
            setattr(owner, name, value)
REPLACED = []
def recorded(function):
    def recording(*values, **named):
        if armed:
            CALLED.append(function)
        return function(*values, **named)
    return recording
def following(iterator):
    next(iterator)
    return iterator
def told_function(*values, **named):
    if armed:
        CALLED.append("function")
`;

/** Expressions; each is looked at on its own. */
const VALUES: string[] = [
  ...'object int float complex str bytes bytearray list tuple set frozenset dict'
    .split(' ')
    .map((base) => `hostile(${base})`),
  ...'collections.deque collections.OrderedDict collections.defaultdict collections.Counter collections.UserDict'
    .split(' ')
    .map((base) => `hostile(${base})`),
  'hostile(collections.OrderedDict, a=1, b=2)',
  'hostile(collections.UserList, meta=AbstractMeta)',
  'hostile(dict, a=1)',
  'hostile(list, [1])',
  'hostile(array.array, "i", [1])',
  'hostile(datetime.date, 2020, 1, 1)',
  'hostile(datetime.datetime, 2020, 1, 1)',
  'hostile(datetime.datetime, 2020, 1, 1, tzinfo=Zone())',
  'hostile(datetime.time, 1)',
  'hostile(datetime.timedelta, 1)',
  'hostile(datetime.tzinfo)',
  'hostile(decimal.Decimal, 1)',
  'hostile(fractions.Fraction, meta=AbstractMeta)',
  'hostile(uuid.UUID, int=1)',
  'hostile(zoneinfo.ZoneInfo, "UTC")',
  'hostile(pathlib.PurePosixPath)',
  'hostile(ipaddress.IPv4Address, "10.0.0.1")',
  'hostile(random.Random)',
  'hostile(random.SystemRandom)',
  'hostile(io.BytesIO)',
  'hostile(io.StringIO)',
  'hostile(io.IOBase, meta=AbstractMeta)',
  'hostile(io.TextIOWrapper, io.BytesIO(), meta=AbstractMeta)',
  'hostile(types.ModuleType, "a")',
  'hostile(types.SimpleNamespace)',
  'hostile(functools.partial, len)',
  'hostile(property)',
  'hostile(classmethod, len)',
  'hostile(staticmethod, len)',
  'hostile(super, int, 1)',
  'hostile(weakref.ref, Zone)',
  'hostile(threading.local)',
  'hostile(struct.Struct, "<i")',
  ...'map filter zip enumerate reversed'
    .split(' ')
    .map((base) => `hostile(${base}, ${base === 'map' || base === 'filter' ? 'None, ' : ''}[])`),
  'hostile(itertools.count)',
  'hostile(itertools.chain)',
  ...'Exception ValueError OSError StopIteration UnicodeError'
    .split(' ')
    .map((base) => `hostile(${base}, "a", 2)`),
  'hostile(object).__class__',
  'type(hostile(object))',
  'Meta("A", (), {})',
  'weakref.proxy(hostile(Zone))',
  'iter(hostile(list, [1]))',
  'iter(hostile(set, [1]))',
  'iter(hostile(dict, a=1))',
  'iter(hostile(str, "ab"))',
  'reversed(hostile(list, [1]))',
  'hostile(dict, a=1).keys() if False else dict.keys(hostile(dict, a=1))',
  'dict.items(hostile(dict, a=1))',
  'collections.OrderedDict.values(hostile(collections.OrderedDict, a=1, b=2))',
  'types.MappingProxyType(hostile(dict, a=1))',
  'iter(Sequence())',
  'reversed(Sequence())',
  'map(told_function, iter(Sequence()))',
  'filter(told_function, [1])',
  'iter(told_function, 1)',
  'functools.partial(told_function, Text("a"))',
  'operator.itemgetter(hostile(str, "a"))',
  'operator.methodcaller("a", b=hostile(str, "a"))',
  'functools.lru_cache(told_function)',
  'functools.cmp_to_key(told_function)(hostile(object))',
  'datetime.datetime(2020, 1, 1, tzinfo=Zone())',
  'datetime.time(1, tzinfo=Zone())',
  'datetime.timezone(hostile(datetime.timedelta, 0), Text("a"))',
  'range(Whole(0), Whole(3), Whole(2))',
  'slice(hostile(int, 1), Plain())',
  '{Key("__module__"): Key("a")}',
  '{Key("a"), 1}',
  'frozenset([Key("a")])',
  'collections.OrderedDict([(Key("a"), 1), (Key("b"), 2)])',
  'collections.OrderedDict([(Key("a"), 1), (Key("b"), 2)]).values()',
  'iter(collections.OrderedDict([(Key("a"), 1), (Key("b"), 2)]))',
  'with_dict(Descriptor.__new__(type("A", (Descriptor,), {})), {Key("a"): 1})',
  'type("A", (), {Key("__module__"): 1, Key("__dict__"): 2})()',
  'type("A", (), {Key("__module__"): 1})',
  'Plain()',
  'Descriptor()',
  'renamed(type("A", (), {}), __name__=Text("B"))()',
  'renamed(type("A", (), {}), __module__=Text("B"))()',
  'renamed(type("A", (), {}), __qualname__=Text("B"))',
  'renamed(type("A", (), {}), __module__=hostile(object))()',
  'renamed(type("A", (), {}), __module__=hostile(object))',
  'renamed(lambda: 1, __qualname__=Text("dedent"), __module__=Text("textwrap"))',
  'renamed(lambda: 1, __module__=hostile(object))',
  'type("A", (), {"__slots__": ("a",), "__dict__": property(told_function)})()',
  'type("A", (), {"__dict__": Descriptor.__dict__["a"]})()',
  'nameless()',
  'module("a", __name__=Text("b"))',
  'module("a", __name__=hostile(object))',
  'with_dict(module("a"), {Key("__name__"): 1})',
  'OSError(2, hostile(object), hostile(str, "a"))',
  'ValueError(hostile(object))',
  'renamed(ValueError(1), __notes__=hostile(list))',
  'memoryview(hostile(bytes, b"abc"))',
  'types.GenericAlias(hostile(type, "A", (), {}) if False else Plain, (hostile(object),))',
  'hostile(object).__reduce_ex__',
  'types.MethodType(told_function, hostile(object))',
  '[].append if hostile(list) is None else hostile(list).append',
  'list.append.__get__(hostile(list))',
  'list.__len__.__get__(hostile(list))',
  'sys._getframe()',
  // What is replaced
  'patched(fractions.Fraction(1, 2), fractions.Fraction, numerator=property(told_function))',
  'patched(collections.deque([1]), collections, deque=told_function)',
  'patched(collections.OrderedDict(a=1, b=2), collections, OrderedDict=told_function)',
  'patched(array.array("i"), array, array=told_function)',
  'patched([[1]], itertools, islice=told_function, chain=told_function)',
  'patched(operator.methodcaller("a"), operator, methodcaller=told_function)',
  'patched(random.Random(), random, Random=told_function)',
  'patched(pathlib.PurePosixPath("a"), pathlib.PurePath, __str__=told_function, parts=property(told_function))',
  'patched(ipaddress.IPv4Address(1), ipaddress.IPv4Address, __str__=told_function, __getattribute__=told_function)',
  'patched(uuid.UUID(int=1), uuid.UUID, __getattribute__=told_function)',
  'patched(gc, gc, get_referents=told_function)',
  'patched(types.MappingProxyType({1: 2}), gc, get_referents=told_function)',
  'patched(random.Random(), random.Random, getstate=told_function)',
  'patched(enum.Enum("A", "x").x, enum.Enum, name=property(told_function), __getattribute__=told_function)',
  'patched([{1}, "a" * 100], builtins, **{name: recorded(getattr(builtins, name)) for name in ("sorted", "len", "map", "any", "max", "issubclass", "repr")})',
  'patched(textwrap.dedent, sys.modules["textwrap"], **{"dedent": told_function})'.replace(
    'textwrap.dedent',
    '__import__("textwrap").dedent',
  ),
];

/** Such values are asked what they are equal to wherever a unit test computes one (probes.py): here they only are described. */
const WITHOUT_PROBES: [file: string, from: string, to: string][] = [
  ['cell.py', 'form = WARY if candidate.wary else UNIT_TEST', 'form = UNIT_TEST'],
];

let sandbox: Sandbox;
let close: () => Promise<void>;
hostile.before(async () => {
  ({ sandbox, close } = await openCareless(WITHOUT_PROBES));
});
hostile.after(() => close?.());

/** What is wrong with any of the cells: each has an assertion that receives the value, and then the check. */
async function problems(values: readonly string[], check: (at: number) => string): Promise<string[]> {
  const functions = values.map((value, at) => `def value_${at}(): return ${value}\n`).join('');
  const tests = values.map((_, at) => ({
    code: `import solution\nVALUE = value_${at}()\nsolution.armed = True\nassert VALUE is not None\nsolution.armed = False\nrestore()\n${check(at)}`,
    cases: ['assert'],
  }));
  const found: string[] = [];
  const job = {
    candidate: DEFINITIONS + functions,
    tests,
    limits: DEFAULT_LIMITS,
    isolation: 'cell' as const,
  };
  await sandbox.execute(job, (cells) => {
    for (const { index, result } of cells) {
      if (result.verdict !== 'pass') found.push(`${values[index]}: ${result.verdict}, ${result.detail}`);
    }
  });
  return found;
}

hostile('nothing of the candidate is called', async () => {
  assert.equal(await problems(VALUES, () => 'assert CALLED == [], CALLED[:9]'), []);
});

/** Iterators, and what is still to come of them. */
const ITERATORS: [value: string, rest: string][] = [
  ['iter([1, 2, 3])', '[1, 2, 3]'],
  ['following(iter([1, 2, 3]))', '[2, 3]'],
  ['iter((1, 2))', '[1, 2]'],
  ['iter("ab")', '["a", "b"]'],
  ['iter("\u00e4b")', '["\u00e4", "b"]'],
  ['following(iter(b"ab"))', '[98]'],
  ['iter(bytearray(b"ab"))', '[97, 98]'],
  ['following(iter(range(3)))', '[1, 2]'],
  ['iter(range(2**70, 2**70 + 2))', '[2**70, 2**70 + 1]'],
  ['iter({1, 2})', '[1, 2]'],
  ['following(iter({1: 2, 3: 4}))', '[3]'],
  ['iter({1: 2}.values())', '[2]'],
  ['iter({1: 2}.items())', '[(1, 2)]'],
  ['reversed({1: 2, 3: 4})', '[3, 1]'],
  ['iter(collections.OrderedDict(a=1))', '["a"]'],
  ['following(iter(collections.deque([1, 2])))', '[2]'],
  ['following(reversed(collections.deque([1, 2])))', '[1]'],
  ['iter(array.array("i", [1, 2]))', '[1, 2]'],
  ['following(reversed([1, 2]))', '[1]'],
  ['reversed((1, 2))', '[2, 1]'],
  ['zip([1, 2], iter([3, 4]))', '[(1, 3), (2, 4)]'],
  ['following(enumerate("ab"))', '[(1, "b")]'],
  ['map(str, iter([1, 2]))', '["1", "2"]'],
  ['filter(None, iter([0, 1]))', '[1]'],
  ['map(lambda n: n + 1, (n for n in [1, 2]))', '[2, 3]'],
  ['(n for n in [1, 2])', '[1, 2]'],
  ['iter(memoryview(b"ab"))', '[97, 98]'],
  ['itertools.chain([1], iter([2]))', '[1, 2]'],
  ['itertools.islice(itertools.count(1), 2)', '[1, 2]'],
  ['itertools.islice(itertools.cycle([1]), 2)', '[1, 1]'],
  ['itertools.islice([1, 2], 1)', '[1]'],
  ['itertools.tee(iter([1, 2]))[0]', '[1, 2]'],
  ['itertools.accumulate(iter([1, 2]))', '[1, 3]'],
  ['itertools.product([1], [2])', '[(1, 2)]'],
  ['itertools.zip_longest(iter([1]), iter([]))', '[(1, None)]'],
  ['[iter([1, 2])][0]', '[1, 2]'],
  ['io.StringIO("a\\nb")', '["a\\n", "b"]'],
  ['following(io.BytesIO(b"a\\nb"))', '[b"b"]'],
  ['open("/dev/null")', '[]'],
];

hostile('an iterator is where it was', async () => {
  const found = await problems(
    ITERATORS.map(([value]) => value),
    (at) => `rest = list(VALUE)\nassert rest == ${ITERATORS[at]![1]}, rest`,
  );
  assert.equal(found, []);
});

hostile.run();
