"""Which opener each type has. A class of the candidate's has that of its nearest ancestor."""
import builtins
import random
import types
import weakref
from _io import BytesIO, StringIO
from _random import Random
from _struct import Struct
from array import array
from collections import OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from operator import attrgetter, itemgetter, methodcaller
from re import Match, Pattern
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, ModuleType

from code_types import (
    open_builtin, open_class, open_descriptor, open_function, open_method_caller, open_method_wrapper, open_module,
)
from container_types import (
    open_defaultdict, open_deque, open_dict, open_items, open_keys, open_ordered_dict, open_values, sequence,
    unordered,
)
from exception_types import exception
from iterator_types import iterators
from known import full_name, module_of, name_of
from library_types import by_state, open_pure_path, open_random, open_reference, open_time_zone, open_zone, stream
from opened import by_arguments, by_members, open_held, open_opaque
from text_types import by_bytes, by_repr, open_array, open_integer, open_memory, open_range, open_text

# Of modules that not every interpreter has loaded. The classes are known when one of their objects is first seen.
_BY_NAME = {
    ("pathlib", "PurePath"): open_pure_path,
    ("pathlib._local", "PurePath"): open_pure_path,
    ("zoneinfo", "ZoneInfo"): open_zone,
}


def opener_by_name(kind):
    module, name = module_of(kind), name_of(kind)
    opener = _BY_NAME.get((module, name)) if type(module) is str else None
    return opener if opener is not None and full_name(kind, module, name) else None


def _table():
    openers = iterators()
    for kind in (float, complex, Decimal, bool, type(None)):
        openers[kind] = by_repr(kind)
    for kind in (bytes, bytearray):
        openers[kind] = by_bytes(kind)
    for kind in (list, tuple):
        openers[kind] = sequence(kind)
    for kind in (set, frozenset):
        openers[kind] = unordered(kind)
    for kind in (date, time, datetime, timedelta):
        openers[kind] = by_state(kind)
    for kind in (BytesIO, StringIO):
        openers[kind] = stream(kind)
    for kind in (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType,
                 types.GetSetDescriptorType, MemberDescriptorType):
        openers[kind] = open_descriptor
    for kind in vars(builtins).values():
        if isinstance(kind, type) and issubclass(kind, BaseException):
            openers[kind] = exception(kind)
    if hasattr(types, "UnionType"):
        openers[types.UnionType] = by_members(types.UnionType, "__args__")
    openers.update({
        int: open_integer,
        str: open_text,
        range: open_range,
        slice: by_members(slice, "start", "stop", "step"),
        memoryview: open_memory,
        array: open_array,
        deque: open_deque,
        dict: open_dict,
        defaultdict: open_defaultdict,
        OrderedDict: open_ordered_dict,
        types.MappingProxyType: open_held,
        type({}.keys()): open_keys,
        type({}.values()): open_values,
        type({}.items()): open_items,
        timezone: open_time_zone,
        partial: by_members(partial, "func", "args", "keywords", "__dict__"),
        itemgetter: by_arguments(itemgetter),
        attrgetter: by_arguments(attrgetter),
        methodcaller: open_method_caller,
        Pattern: by_members(Pattern, "pattern", "flags"),
        Match: by_members(Match, "re", "string", "pos", "endpos", "regs"),
        Struct: by_members(Struct, "format"),
        types.GenericAlias: by_members(types.GenericAlias, "__origin__", "__args__", "__unpacked__"),
        types.MethodType: by_members(types.MethodType, "__func__", "__self__"),
        types.MethodWrapperType: open_method_wrapper,
        BuiltinFunctionType: open_builtin,
        FunctionType: open_function,
        ModuleType: open_module,
        type: open_class,
        weakref.ref: open_reference,
        Random: open_random,
        random.SystemRandom: open_opaque,
    })
    return openers


_KINDS = _table()
# By identity: a class may have a metaclass that says how it is hashed.
OPENERS = {id(kind): (name_of(kind), opener) for kind, opener in _KINDS.items()}
