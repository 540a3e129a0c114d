"""What is known to be harmless to the other cells of a process: modules and their names, builtins, attributes.

Nothing that a plain text can hold on to may be changed by it if another cell has it too. Classes and functions of the
library that are written in Python can be given attributes, so they are *held back*: they may be called, inherited from,
caught, asked for by isinstance() and written in annotations, and stand nowhere else. What comes from C cannot be
changed; it is *free*. Which is which is asked of the interpreter, not listed.
"""
import builtins
import collections
import collections.abc
import contextlib
import datetime
import decimal
import difflib
import dis
import fractions
import functools
import io
import random
import re
import sys
import types
import unittest

FREE, HELD, BASE, MODULE = "free", "held", "base", "module"

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8

# Only for annotations, bases, `metaclass=`: a call could make a class with methods that nothing here has looked at.
_BASES = "ABC ABCMeta Enum IntEnum StrEnum Flag IntFlag Generic Protocol NamedTuple TypedDict"
_TYPES = """List Dict Set FrozenSet Tuple Optional Union Any Callable Iterable Iterator Sequence Mapping MutableMapping
MutableSequence MutableSet Generator Type Deque DefaultDict Counter OrderedDict Literal Hashable Sized Collection Container
Final ClassVar NoReturn Text AnyStr Pattern Match Reversible SupportsInt SupportsFloat Self Number Generic Protocol
NamedTuple TypedDict"""
_ABSTRACT = """Iterable Iterator Sequence Mapping MutableMapping MutableSequence MutableSet Set Callable Hashable Sized
Collection Container Generator Reversible"""

# What a module is asked for. A module that is not here, and a name that is not, makes a text not plain.
PLAIN_NAMES = {
    module: frozenset(names.split())
    for module, names in {
        "__future__": "annotations print_function division absolute_import unicode_literals generators with_statement",
        "abc": "ABC ABCMeta abstractmethod",
        "array": "array",
        "base64": "b64encode b64decode b32encode b32decode b16encode b16decode urlsafe_b64encode urlsafe_b64decode",
        "binascii": "hexlify unhexlify crc32 b2a_hex a2b_hex",
        "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
        "cmath": "pi e tau inf nan sqrt exp log log10 phase polar rect isclose sin cos tan isnan isinf",
        "collections": "deque defaultdict OrderedDict Counter namedtuple ChainMap abc",
        "collections.abc": _ABSTRACT,
        "contextlib": "suppress nullcontext contextmanager redirect_stdout redirect_stderr",
        "copy": "copy deepcopy",
        "dataclasses": "dataclass field asdict astuple replace",
        "datetime": "date datetime time timedelta timezone MINYEAR MAXYEAR",
        "decimal": "Decimal InvalidOperation DivisionByZero ROUND_HALF_UP ROUND_HALF_EVEN ROUND_HALF_DOWN ROUND_DOWN "
        "ROUND_UP ROUND_FLOOR ROUND_CEILING ROUND_05UP",
        "difflib": "SequenceMatcher get_close_matches ndiff unified_diff",
        "doctest": "",  # imported by many, asked for something only where it is the main program
        "enum": "Enum IntEnum StrEnum Flag IntFlag auto unique",
        "fractions": "Fraction",
        "functools": "reduce lru_cache cache partial wraps cmp_to_key cached_property total_ordering",
        "hashlib": "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 sha3_512 new",
        "heapq": "heappush heappop heapify heappushpop heapreplace nlargest nsmallest merge",
        "html": "escape unescape",
        "io": "StringIO BytesIO",
        "itertools": "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile "
        "filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest batched",
        "json": "dumps loads JSONDecodeError",
        "keyword": "iskeyword issoftkeyword",
        "math": " ".join(name for name in dir(__import__("math")) if name[:2] != "__"),
        "numbers": "Number Complex Real Rational Integral",
        "operator": "add sub mul truediv floordiv mod pow neg pos abs and_ or_ xor invert lshift rshift not_ truth eq ne lt "
        "le gt ge concat contains countOf indexOf getitem itemgetter matmul",
        "pprint": "pprint pformat",
        "random": "random randint randrange choice choices sample shuffle uniform seed getrandbits gauss triangular "
        "betavariate expovariate normalvariate getstate setstate Random",
        "re": "compile match fullmatch search findall finditer sub subn split escape error A ASCII I IGNORECASE M MULTILINE "
        "S DOTALL X VERBOSE",
        "statistics": "mean fmean median median_low median_high mode multimode stdev pstdev variance pvariance "
        "geometric_mean harmonic_mean StatisticsError",
        "string": "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation printable "
        "whitespace capwords",
        "struct": "pack unpack calcsize pack_into unpack_from iter_unpack",
        "sys": "maxsize float_info version version_info byteorder maxunicode platform setrecursionlimit "
        "getrecursionlimit exit",
        "textwrap": "dedent fill wrap indent shorten",
        "time": "time sleep perf_counter monotonic time_ns perf_counter_ns",
        "typing": _TYPES + " TypeVar NewType cast",
        "unicodedata": "normalize category name lookup numeric decimal digit combining bidirectional",
        "unittest": "TestCase skip skipIf skipUnless expectedFailure SkipTest",
        "zlib": "compress decompress crc32 adler32",
    }.items()
}
PLAIN_MODULES = frozenset(name for name in PLAIN_NAMES if "." not in name)
# These set attributes of what they are given.
SETTING = frozenset(
    "total_ordering dataclass abstractmethod skip skipIf skipUnless expectedFailure copy deepcopy wraps replace".split()
)
# Flags are members of an Enum and could be given attributes: they stand only where a function of `re` is called.
FLAGS = frozenset("A ASCII I IGNORECASE M MULTILINE S DOTALL X VERBOSE".split())

# From these modules nothing comes whose class is written in Python, no exception either: type() may be asked freely.
_WITHOUT_CLASSES = frozenset("__future__ abc array bisect cmath datetime heapq itertools math operator string sys time".split())
_PLAIN_TYPES = frozenset(_TYPES.split()) - {"NamedTuple", "TypedDict", "Generic", "Protocol"}


def kind_of(module, name):
    """What a name of a plain module stands for; None: it is not known to be harmless."""
    if name not in PLAIN_NAMES[module]:
        return None
    if module + "." + name in PLAIN_NAMES:
        return MODULE
    known = (module, name)
    if known not in _KINDS:
        _KINDS[known] = _kind_of(module, name)
    return _KINDS[known]


_KINDS = {}


def _kind_of(module, name):
    value = getattr(sys.modules.get(module), name, None)
    if module == "typing":
        return HELD if name in ("TypeVar", "NewType", "cast") else BASE
    if module == "collections.abc" or name in _BASES:
        return BASE
    return FREE if is_free(value) else HELD


def is_free(value):
    """Whether nobody can change it, nor anything that it holds."""
    if isinstance(value, type):
        return not value.__flags__ & _HEAP_TYPE or bool(value.__flags__ & _IMMUTABLE_TYPE)
    kind = type(value)
    if kind is tuple or kind is frozenset:
        return all(map(is_free, value))
    return kind in (int, float, complex, str, bytes, bool, types.BuiltinFunctionType, type(sys.version_info), type(sys.float_info))


def hands_classes_out(module, name):
    """Whether instances of classes written in Python can come from there, whose type() could be given attributes."""
    if module in _WITHOUT_CLASSES or (module == "unittest" and name == "TestCase"):
        return False
    if module == "typing":
        return name not in _PLAIN_TYPES
    return module not in ("collections", "functools") or kind_of(module, name) is not FREE and name not in ("reduce", "lru_cache", "cache", "wraps")


_NOT_PLAIN_BUILTINS = frozenset(
    "eval exec compile globals locals vars dir getattr setattr delattr open exit quit breakpoint help copyright credits "
    "license id hash memoryview type MemoryError".split()
)
# Those of this version of Python that are not known here are not plain either.
_PLAIN_BUILTINS = frozenset(
    """abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter
    float format frozenset hasattr hex input int isinstance issubclass iter len list map max min next object oct ord pow
    print property range repr reversed round set slice sorted staticmethod str sum super tuple zip None True False
    Ellipsis NotImplemented __debug__ __name__""".split()
)
NOT_PLAIN_BUILTINS = frozenset(
    name
    for name, value in vars(builtins).items()
    if name in _NOT_PLAIN_BUILTINS
    or not (name in _PLAIN_BUILTINS or isinstance(value, type) and issubclass(value, BaseException))
)

# A text relies on these being the builtins; one that gives them another meaning is not plain beside it.
GENERICS = frozenset("list dict set frozenset tuple type".split())
BUILTIN_TYPES = frozenset("int float str bool bytes list dict set frozenset tuple complex range object bytearray".split())

# Methods with these names are called by the interpreter when their time has come, not before: neither while their class
# is made, nor when something is collected, copied or pickled.
PLAIN_DUNDERS = frozenset(
    "__%s__" % name
    for name in """init new len str repr bool int float complex index hash eq ne lt le gt ge add radd iadd sub rsub isub
    mul rmul imul truediv rtruediv itruediv floordiv rfloordiv ifloordiv mod rmod imod divmod pow rpow neg pos abs and rand
    iand or ror ior xor rxor ixor invert lshift rshift matmul contains iter next reversed getitem setitem delitem missing
    call enter exit post_init getattr bytes format round trunc floor ceil copy deepcopy""".split()
)
# Besides, what only says something.
PLAIN_DUNDER_STORES = PLAIN_DUNDERS | {"__slots__", "__all__", "__version__", "__author__", "__doc__"}
TEXT_DUNDERS = frozenset({"__name__", "__doc__"})

CLASS_METHODS = frozenset("fromkeys from_float from_decimal __init__".split())

_PLAIN_CASE = frozenset(
    """setUp tearDown setUpClass tearDownClass fail subTest skipTest id shortDescription addCleanup assertEqual
    assertNotEqual assertTrue assertFalse assertIs assertIsNot assertIsNone assertIsNotNone assertIn assertNotIn
    assertIsInstance assertNotIsInstance assertRaises assertRaisesRegex assertAlmostEqual assertNotAlmostEqual
    assertGreater assertGreaterEqual assertLess assertLessEqual assertRegex assertNotRegex assertCountEqual
    assertMultiLineEqual assertSequenceEqual assertListEqual assertTupleEqual assertSetEqual assertDictEqual
    assertEquals assertItemsEqual maxDiff longMessage failureException run debug countTestCases""".split()
)
_C_TYPES = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range, slice, property),
    *(collections.deque, collections.defaultdict, collections.OrderedDict, re.Pattern, re.Match, io.StringIO, io.BytesIO),
    *(datetime.date, datetime.time, datetime.datetime, datetime.timedelta, datetime.timezone, decimal.Decimal),
    *(type(functools.lru_cache(None)(len)), functools.partial, StopIteration, SystemExit),
)
_METHODS = (types.FunctionType, classmethod, staticmethod)
_FROM_C = (types.MethodDescriptorType, types.ClassMethodDescriptorType, types.MemberDescriptorType, types.GetSetDescriptorType)


def _held_ancestors(value):
    """The classes written in Python that an instance or a subclass of it has attributes from."""
    value = getattr(value, "__origin__", value)
    if not isinstance(value, type):
        return []
    return [one for kind in (value, type(value)) for one in kind.__mro__ if not is_free(one)]


def functions_of(module, name):
    """Names under which an imported class has functions written in Python: asked of a class, they are handed out."""
    known = (module, name)
    if known not in _FUNCTIONS:
        owners = _held_ancestors(getattr(sys.modules.get(module), name, None))
        if known == ("dataclasses", "field"):
            _FUNCTIONS[known] = _OF_FIELDS
            return _OF_FIELDS
        if module == "contextlib":
            owners = [contextlib._GeneratorContextManager, *owners]
        _FUNCTIONS[known] = frozenset(key for one in owners for key, value in vars(one).items() if isinstance(value, _METHODS))
    return _FUNCTIONS[known]


_FUNCTIONS = {}
# A field of a dataclass leads to objects that all of them have, and to its type.
_OF_FIELDS = frozenset("type default default_factory kw_only metadata _field_type".split())


def _private_attributes(function):
    """Names under which a method keeps what is not for others: what a class of the library puts there can be anybody's."""
    code = getattr(function, "__code__", None)
    stored = dis.get_instructions(code) if code else ()
    return {one.argval for one in stored if one.opname == "STORE_ATTR" and one.argval[:1] == "_" and one.argval[:2] != "__"}


def _never():
    """Names under which classes of plain modules have what can be changed in place, and what else is not plain."""
    never = set("mro register obj format format_map fget fset fdel".split())
    owners = {unittest.case._AssertRaisesContext, contextlib._GeneratorContextManager}
    for module, names in PLAIN_NAMES.items():
        owners.update(one for name in names for one in _held_ancestors(getattr(sys.modules.get(module), name, None)))
    for owner in owners:
        for name, value in vars(owner).items():
            never.update(_private_attributes(getattr(value, "__func__", value)))
            if name[:2] == "__" == name[-2:]:
                continue
            if owner is unittest.TestCase and name not in _PLAIN_CASE:
                never.add(name)
            harmless = isinstance(value, (*_METHODS, *_FROM_C, property, type(None), re.Pattern, types.DynamicClassAttribute))
            if not (harmless or is_free(value)):
                never.add(name)
    return frozenset(never)


NEVER_ATTRIBUTES = _never()
# Of instances, these are too common a name for an attribute; the functions are looked at after each cell.
COMMON_ATTRIBUTES = ("id", "run", "debug")
COMMON_FUNCTIONS = [vars(unittest.TestCase)[name] for name in COMMON_ATTRIBUTES]
_OF_INSTANCES = {kind for kind in _C_TYPES} | {collections.Counter, collections.ChainMap, fractions.Fraction, random.Random}
_OF_INSTANCES |= {difflib.SequenceMatcher}
PLAIN_ATTRIBUTES = _PLAIN_CASE | frozenset(
    name for kind in _OF_INSTANCES for name in dir(kind) if name[:1] != "_"
) | frozenset(
    "exception name value send throw close hexdigest digest _replace _asdict _fields _make args cache_info cache_clear maps "
    "hits misses currsize".split()
)
# Of frames, generators, tracebacks, code.
_OF_FRAMES = ("f_", "gi_", "tb_", "cr_", "ag_", "co_")


def is_never_plain(attribute):
    return attribute in NEVER_ATTRIBUTES or attribute.startswith(_OF_FRAMES)
