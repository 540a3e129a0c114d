"""How to look into the objects of the standard library that were written in C.

An opener gets a value and the budget, and returns what the value's description says beside its class, the members that
it holds, and in which way (ORDERED, UNORDERED, PAIRS: a key and what belongs to it, one after the other). It calls only
what C code does without asking the value's class: unbound methods of the type in question, of which this file has made
sure that they call nothing else. It takes nothing out of an iterator. Where it cannot tell what a value is, it says so.
"""
import builtins
import gc
import random
import types
import weakref
from _io import BytesIO, StringIO
from _random import Random
from _struct import Struct
from array import array
from builtins import (
    AttributeError, BaseException, ValueError, all, any, bool, bytearray, bytes, dict, float, int, issubclass, len, list,
    map, max, repr, slice, str, tuple, type,
)
from collections import OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from operator import attrgetter, itemgetter, methodcaller
from re import Match, Pattern
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, ModuleType

from budget import PART
from known import HEAP_TYPE, ancestors_of, entry, flags_of, full_name, module_of, name_of, name_of_module, own_names_of, text_or_none

ORDERED, UNORDERED, PAIRS = 0, 1, 2

_held_by = gc.get_referents
_chained = chain.from_iterable
_SCALARS = (int, str, float, bool, type(None))


class Part:
    """A value as what one of its ancestors makes of it."""

    __slots__ = ("value", "opener")

    def __init__(self, value, opener):
        self.value = value
        self.opener = opener


def open_opaque(value, budget):
    budget.untold = True
    return "", (), ORDERED


def _leaf(text):
    return text, (), ORDERED


# Numbers and texts


def _open_integer(value, budget):
    size = int.bit_length(value)
    seen = budget.spend(size)
    if seen < size:  # its last bits
        return _leaf("%d bits %x" % (size, int.__and__(value, (1 << seen) - 1)))
    return _leaf("%x" % int.__index__(value))


def _open_text(value, budget):
    size = str.__len__(value)
    return _leaf("%d %s" % (size, str.__getitem__(value, slice(budget.spend(size)))))


def _by_repr(base):
    text_of = base.__repr__

    def opener(value, budget):
        text = text_of(value)
        return _leaf(text[:budget.spend(len(text))])
    return opener


def _by_bytes(base):
    def opener(value, budget):
        size = base.__len__(value)
        part = base.__getitem__(value, slice(budget.spend(size)))
        return _leaf("%d %s" % (size, base.decode(part, "latin-1")))
    return opener


def _open_array(value, budget):
    size = array.__len__(value)
    item_bytes = _item_bytes(value)
    part = array.__getitem__(value, slice(budget.spend(size * item_bytes) // item_bytes))
    return _leaf("%d %s %s" % (size, part.typecode, part.tobytes().decode("latin-1")))


_item_bytes = array.__dict__["itemsize"].__get__


def _open_memory(value, budget):
    try:
        size = value.nbytes
        text = "%s %r %d" % (value.format, value.shape, size)
    except ValueError:
        return _leaf("released")
    if budget.spend(size) < size:
        return _leaf(text)
    return _leaf(text + " " + value.tobytes().decode("latin-1"))


def _open_range(value, budget):
    first, last, step = bounds = value.start, value.stop, value.step
    if any([type(bound) is not int for bound in bounds]):  # Python 3.9 keeps what a class of the candidate's calls an int
        return "", bounds, ORDERED
    size = max(0, (last - first + step - (1 if step > 0 else -1)) // step)
    return "", (size, first if size else 0, step if size > 1 else 0), ORDERED


# Containers


def _sequence(base):
    def opener(value, budget):
        return "%d" % base.__len__(value), base.__iter__(value), ORDERED
    return opener


def _unordered(base):
    def opener(value, budget):
        return "%d" % base.__len__(value), base.__iter__(value), UNORDERED
    return opener


def _open_deque(value, budget):
    return "%d %r" % (deque.__len__(value), _most_of(value)), deque.__iter__(value), ORDERED


_most_of = deque.__dict__["maxlen"].__get__


def open_dict(value, budget):
    return "%d" % dict.__len__(value), _chained(dict.items(value)), PAIRS


def _open_defaultdict(value, budget):
    made_by = _factory_of(value)
    return open_dict(value, budget) if made_by is None else ("", (made_by, Part(value, open_dict)), ORDERED)


_factory_of = defaultdict.__dict__["default_factory"].__get__


def _open_ordered_dict(value, budget):
    order = _order_of(value)
    if order is None:
        budget.untold = True
        return open_dict(value, budget)
    return "", (Part(value, open_dict), order), ORDERED


def _order_of(value):
    """Keys as they follow each other. They are looked up for it, and so must have no methods of the candidate's."""
    if dict.__len__(value) < 2:
        return ()
    return tuple(OrderedDict.__iter__(value)) if all(map(_is_simple, dict.keys(value))) else None


def _is_simple(key):
    kind = type(key)
    if kind is tuple:
        return all(map(_is_scalar, key))
    return _is_scalar(key)


def _is_scalar(value):
    kind = type(value)
    return any([kind is one for one in _SCALARS])


def _open_held(value, budget):
    """What is a look at another object, and keeps nothing but that."""
    return "", _held_by(value)[:1], ORDERED


def _open_keys(value, budget):
    held = _held_by(value)[0]
    return "%d" % dict.__len__(held), dict.keys(held), UNORDERED


def _open_items(value, budget):
    return open_dict(_held_by(value)[0], budget)


def _open_values(value, budget):
    held = _held_by(value)[0]
    if issubclass(type(held), OrderedDict):
        order = _order_of(held)
        if order is None:
            return open_opaque(value, budget)
        if order:
            return "%d" % len(order), [dict.__getitem__(held, key) for key in order], ORDERED
    return "%d" % dict.__len__(held), dict.values(held), ORDERED


# Iterators. Their __reduce__ says what they go over and how far they have come; it moves nothing.


def _by_reduce(base, mode=ORDERED):
    reduce = base.__reduce__

    def opener(value, budget):
        made_by, *state = reduce(value)
        return "", _chained(one if type(one) is tuple else (one,) for one in state), mode
    return opener


def _by_part(base, sequence):
    """Of iterators over one of the built-in sequences."""
    reduce = base.__reduce__

    def opener(value, budget):
        _, (over, *_), *place = reduce(value)
        first = place[0] if place and place[0] else 0
        if not issubclass(type(over), sequence):  # it has come to the end, and let go of what it went over
            return "", (), ORDERED
        if sequence is list or sequence is tuple:
            return "", islice(sequence.__iter__(over), first, None), ORDERED
        rest = sequence.__getitem__(over, slice(first, None))
        return "", (rest,) if rest else (), ORDERED
    return opener


def _by_rest(base, mode=ORDERED):
    """Of iterators that list what is still to come."""
    reduce, rest_of = base.__reduce__, base.__length_hint__

    def opener(value, budget):
        if rest_of(value) > budget.left:
            budget.use_up()
            return "", (), ORDERED
        rest = reduce(value)[1][0]
        return "%d" % len(rest), rest, mode
    return opener


def _by_arguments(base):
    """Of what its __reduce__ makes again by a call of its class."""
    reduce = base.__reduce__

    def opener(value, budget):
        return "", reduce(value)[1], ORDERED
    return opener


def _open_method_caller(value, budget):
    if any([type(held) is dict and held for held in _held_by(value)]):  # its __reduce__ would import something
        return open_opaque(value, budget)
    return "", _call_of(value)[1], ORDERED


_call_of = methodcaller.__reduce__


def _by_members(base, *names):
    """Of types whose descriptors show all that they keep."""
    getters = [base.__dict__[name].__get__ for name in names if name in base.__dict__]

    def opener(value, budget):
        return "", [get(value) for get in getters], ORDERED
    return opener


# Times


def _by_state(base):
    state = base.__reduce_ex__ if "__reduce_ex__" in base.__dict__ else None
    plain_state = base.__reduce__

    def opener(value, budget):
        return "", state(value, 4)[1] if state else plain_state(value)[1], ORDERED
    return opener


def _open_time_zone(value, budget):
    return "", timezone.__getinitargs__(value), ORDERED


# Streams


def _stream(base):
    state, seek, tell = base.__getstate__, base.seek, base.tell

    def opener(value, budget):
        try:
            place = tell(value)
            size = seek(value, 0, 2)
            seek(value, place)
        except ValueError:
            return _leaf("closed")
        if size > max(budget.left, 0) * PART:
            budget.use_up()
            return _leaf("%d" % size)
        return "", state(value), ORDERED
    return opener


# Exceptions. How one came to be raised (context, traceback) is no part of it; a cause is.

_NO_PART = ("__suppress_context__",)
_arguments_of = BaseException.__dict__["args"].__get__
_cause_of = BaseException.__dict__["__cause__"].__get__
_names_of_exception = BaseException.__dict__["__dict__"].__get__


def _exception(base):
    fields = []
    for ancestor in base.__mro__:
        for name, member in vars(ancestor).items():
            if type(member) is MemberDescriptorType and name not in _NO_PART:
                fields.append((name, member.__get__))

    def opener(value, budget):
        members = ["args", _arguments_of(value), "__cause__", _cause_of(value)]
        for name, get in fields:
            try:
                members += name, get(value)
            except AttributeError:
                pass  # not set
        return "", _chained((members, _chained(dict.items(_names_of_exception(value))))), PAIRS
    return opener


# Classes, functions, modules


def _open_class(value, budget):
    """One of the candidate's is more than its name, but what more is code."""
    module, name = module_of(value), name_of(value)
    if not flags_of(value) & HEAP_TYPE:
        return _leaf("%s.%s" % (module, name))
    known = full_name(value, module, name)
    budget.untold |= known is None
    return _leaf(known or name)


_function_name = FunctionType.__dict__["__qualname__"].__get__
_function_module = FunctionType.__dict__["__module__"].__get__
_builtin_module = BuiltinFunctionType.__dict__["__module__"].__get__


def _open_function(value, budget):
    """One of the candidate's is its code, which another candidate writes in another way: nobody can tell."""
    name = full_name(value, _function_module(value), _function_name(value))
    return open_opaque(value, budget) if name is None else _leaf(name)


def _open_builtin(value, budget):
    owner = value.__self__
    if owner is None or type(owner) is ModuleType:
        return _leaf("%s.%s" % (text_or_none(_builtin_module(value)), value.__name__))
    return value.__name__, (owner,), ORDERED


def _open_descriptor(value, budget):
    return value.__name__, (value.__objclass__,), ORDERED


def _open_method_wrapper(value, budget):
    return value.__name__, (value.__self__,), ORDERED


def _open_module(value, budget):
    name = name_of_module(value)
    return open_opaque(value, budget) if name is None else _leaf(name)


# Others


_call_reference = weakref.ref.__dict__["__call__"]


def _open_reference(value, budget):
    return "", (_call_reference(value),), ORDERED


_state_of_random = Random.getstate


def _open_random(value, budget):
    text = repr(_state_of_random(value))
    return _leaf(text[:budget.spend(len(text))])


def _open_pure_path(value, budget):
    """Since Python 3.12 a path keeps what it was made of, and is normalised when it is first used."""
    kept = {}
    for ancestor in ancestors_of(type(value)):
        for name, member in own_names_of(ancestor).items():
            if type(member) is MemberDescriptorType and type(name) is str:
                try:
                    kept.setdefault(name, member.__get__(value))
                except AttributeError:
                    pass  # not set
    raw = kept.get("_raw_paths")
    if raw is None and "_parts" in kept:
        return "", (kept["_drv"], kept["_root"], kept["_parts"]), ORDERED
    windows = any([name_of(one) == "PureWindowsPath" for one in ancestors_of(type(value))])
    if windows or type(raw) is not list or any([type(part) is not str for part in raw]):
        return open_opaque(value, budget)
    return "", _normalised(raw), ORDERED


def _normalised(raw):
    text = ""
    for part in raw:
        text = part if part[:1] == "/" else text + "/" + part if text else part
    root = "" if text[:1] != "/" else "//" if text[:2] == "//" and text[2:3] != "/" else "/"
    return ["", root, [part for part in text.split("/") if part not in ("", ".")]]


def _open_zone(value, budget):
    zone = [one for one in ancestors_of(type(value)) if opener_by_name(one) is _open_zone][0]
    key = entry(own_names_of(zone).items(), "key").__get__(value)
    return open_opaque(value, budget) if key is None else ("", (key,), ORDERED)


# Of modules that not every interpreter has loaded. The classes are known when one of their objects is first seen.
_BY_NAME = {
    ("pathlib", "PurePath"): _open_pure_path,
    ("pathlib._local", "PurePath"): _open_pure_path,
    ("zoneinfo", "ZoneInfo"): _open_zone,
}


def opener_by_name(kind):
    module, name = module_of(kind), name_of(kind)
    opener = _BY_NAME.get((module, name)) if type(module) is str else None
    return opener if opener is not None and full_name(kind, module, name) else None


def _iterators():
    """Types of iterators that have no names, and how to look into them."""
    kinds = {type(iter(deque())): _by_reduce, type(reversed(deque())): _by_reduce}
    kinds[type(iter(range(1 << 70)))] = kinds[type(iter(array("b")))] = _by_reduce
    kinds[type(reversed([]))] = kinds[type(iter(_Indexed()))] = _by_reduce
    for one in (map, filter, zip, enumerate, reversed):
        kinds[one] = _by_reduce
    views = {}.keys(), {}.values(), {}.items()
    for one in (*map(iter, views), *map(reversed, views)):
        kinds[type(one)] = _by_rest
    return kinds


class _Indexed:
    def __getitem__(self, index):
        raise IndexError


def _table():
    openers = {kind: make(kind) for kind, make in _iterators().items()}
    for one in ([], (), "", "\xe9", b"", bytearray(), range(0)):
        openers[type(iter(one))] = _by_part(type(iter(one)), type(one))
    openers[type(iter(set()))] = _by_rest(type(iter(set())), UNORDERED)
    for kind in (float, complex, Decimal, bool, type(None)):
        openers[kind] = _by_repr(kind)
    for kind in (bytes, bytearray):
        openers[kind] = _by_bytes(kind)
    for kind in (list, tuple):
        openers[kind] = _sequence(kind)
    for kind in (set, frozenset):
        openers[kind] = _unordered(kind)
    for kind in (date, time, datetime, timedelta):
        openers[kind] = _by_state(kind)
    for kind in (BytesIO, StringIO):
        openers[kind] = _stream(kind)
    for kind in (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType,
                 types.GetSetDescriptorType, MemberDescriptorType):
        openers[kind] = _open_descriptor
    for kind in vars(builtins).values():
        if isinstance(kind, type) and issubclass(kind, BaseException):
            openers[kind] = _exception(kind)
    if hasattr(types, "UnionType"):
        openers[types.UnionType] = _by_members(types.UnionType, "__args__")
    openers.update({
        int: _open_integer,
        str: _open_text,
        range: _open_range,
        slice: _by_members(slice, "start", "stop", "step"),
        memoryview: _open_memory,
        array: _open_array,
        deque: _open_deque,
        dict: open_dict,
        defaultdict: _open_defaultdict,
        OrderedDict: _open_ordered_dict,
        types.MappingProxyType: _open_held,
        type({}.keys()): _open_keys,
        type({}.values()): _open_values,
        type({}.items()): _open_items,
        timezone: _open_time_zone,
        partial: _by_members(partial, "func", "args", "keywords", "__dict__"),
        itemgetter: _by_arguments(itemgetter),
        attrgetter: _by_arguments(attrgetter),
        methodcaller: _open_method_caller,
        Pattern: _by_members(Pattern, "pattern", "flags"),
        Match: _by_members(Match, "re", "string", "pos", "endpos", "regs"),
        Struct: _by_members(Struct, "format"),
        types.GenericAlias: _by_members(types.GenericAlias, "__origin__", "__args__", "__unpacked__"),
        types.MethodType: _by_members(types.MethodType, "__func__", "__self__"),
        types.MethodWrapperType: _open_method_wrapper,
        BuiltinFunctionType: _open_builtin,
        FunctionType: _open_function,
        ModuleType: _open_module,
        type: _open_class,
        weakref.ref: _open_reference,
        Random: _open_random,
        random.SystemRandom: open_opaque,
    })
    return openers


_KINDS = _table()
# By identity: a class may have a metaclass that says how it is hashed.
OPENERS = {id(kind): (name_of(kind), opener) for kind, opener in _KINDS.items()}
