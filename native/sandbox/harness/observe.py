"""Digests of the values that assertions receive.

Two candidates whose digests are equal behave alike, also where every expected value is wrong. A value is described by
its type and its contents; nothing of the candidate's is called for it (no __repr__, __eq__ or __iter__ of its
classes). Addresses never show, sets and dictionaries have no order. What is looked at is bounded, since the cell pays
for it: of a value that is larger, what follows counts by its size only.
"""
import array
import ast
import collections
import datetime
import decimal
import fractions
import itertools
import types
import unittest
import unittest.case

try:
    from _blake2 import blake2b  # hashlib loads a large library for it
except ImportError:
    from hashlib import blake2b

OBSERVER = "__coderm_seen__"

_BUDGET = 20_000  # of what one assertion receives. A number or a short text costs 1, which takes half a microsecond
_HOLDER = 10  # any other value costs as much, beside what it holds: at most 2000 of them
_PART = 64  # characters, bytes, or half the bits of a number, that cost 1 more
_SMALL = 1 << 2 * _PART
_MAX_UNORDERED = 1000  # members of a set, or keys and values of a dictionary; of larger ones the size alone ...
_MAX_SCALARS = 10_000  # ... but for members that hold nothing
_MAX_DIGESTS = 64  # of one cell; later ones are folded into the last
_EXACT = (bool, type(None), range, datetime.date, datetime.timedelta, type(Ellipsis))
_NUMBERS = (float, complex, decimal.Decimal)
_SCALARS = (int, str, float, bool, type(None))
_NAMED = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
_SEQUENCES = (list, tuple, collections.deque)

seen = []  # of the cell in progress
_depth = [0]  # an assertion that calls another one is one assertion


_suspects = []  # values of the cell in progress whose class says itself what they are equal to
_MAX_SUSPECTS = 100
_HEAP_TYPE = 1 << 9  # a class that was written in Python


def begin_cell():
    del seen[:]
    del _suspects[:]
    _depth[0] = 0


def note(*values):
    """Adds the digest of what one assertion received."""
    budget = [_BUDGET]
    text = "|".join([_described(value, budget) for value in values])
    if len(seen) >= _MAX_DIGESTS:
        text = seen.pop() + text
    seen.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest())


def _described(value, budget):
    try:
        return describe(value, budget, ())
    except BaseException:  # nothing of the candidate's is called, but its values may be odd in more ways
        return "?"


def observed(value):
    """What an instrumented assert statement hands its operands through."""
    note(value)
    return value


def describe(value, budget, path):
    """Type and contents of a value; `budget` is what may still be looked at, `path` what holds it."""
    budget[0] -= 1
    if budget[0] < 0:
        return ""
    kind = type(value)
    if kind is int and -_SMALL < value < _SMALL:
        return "int %x" % value
    if kind is str and len(value) <= _PART:
        return "str %d %s" % (len(value), value)
    if kind is float:
        return "float " + repr(value)
    name = _name_of(kind)
    if _flags_of(kind) & _HEAP_TYPE and len(_suspects) < _MAX_SUSPECTS and _says_what_is_equal(kind):
        _suspects.append(value)
    if kind is str or issubclass(kind, str):
        size = str.__len__(value)
        return "%s %d %s" % (name, size, str.__getitem__(value, slice(_spend(budget, size))))
    if kind is not bool and issubclass(kind, int):
        return name + _describe_integer(value, budget)
    for base in _NUMBERS:
        if issubclass(kind, base):
            return name + " " + base.__repr__(value)
    if any(kind is one for one in _EXACT):
        return name + " " + repr(value)
    for base in (bytes, bytearray):
        if issubclass(kind, base):
            size = base.__len__(value)
            part = base.__getitem__(value, slice(_spend(budget, size)))
            return "%s %d %s" % (name, size, base.decode(part, "latin-1"))
    if issubclass(kind, array.array):
        size = array.array.__len__(value)
        part = array.array.__getitem__(value, slice(_spend(budget, size)))
        return "%s %d %s %s" % (name, size, part.typecode, part.tobytes().decode("latin-1"))
    if kind is fractions.Fraction:
        return "%s %x/%x" % (name, value.numerator, value.denominator)
    if kind is datetime.datetime or kind is datetime.time:  # its time zone may be a class of the candidate's
        return name + " " + repr(value.replace(tzinfo=None)) + _name_of(type(value.tzinfo))
    if any(value is one for one in path) or len(path) > 50:
        return name + " within itself"
    budget[0] -= _HOLDER
    return name + _describe_contents(value, kind, budget, (*path, value))


def _spend(budget, size):
    """How much of a text of this size may be looked at; it is paid for."""
    seen = min(size, max(budget[0], 0) * _PART)
    budget[0] -= seen // _PART
    return seen


def _describe_integer(value, budget):
    size = int.bit_length(value)
    seen = _spend(budget, size)
    if seen < size:  # its last bits
        return " %d bits %x" % (size, int.__and__(value, (1 << seen) - 1))
    return " %x" % int.__index__(value)


class _Nobody:
    """Equal to nothing but itself."""


def equals_everything(stand_ins):
    """Whether an assertion received a value that is equal to anything. `stand_ins`: the unit test has such of its own."""
    for value in _suspects:
        try:
            module = _own_names_of(type(value)).get("__module__")
            if module != "unit_test" and not (stand_ins and module == "unittest.mock") and value == _Nobody():
                return True
        except BaseException:  # it knows its own kind only
            pass
    return False


def _says_what_is_equal(kind):
    return any("__eq__" in _own_names_of(one) for one in _ancestors_of(kind) if _flags_of(one) & _HEAP_TYPE)


_flags_of = type.__dict__["__flags__"].__get__
_name_of = type.__dict__["__name__"].__get__
_ancestors_of = type.__dict__["__mro__"].__get__
_own_names_of = type.__dict__["__dict__"].__get__
_arguments_of = BaseException.args.__get__


def _describe_contents(value, kind, budget, path):
    for base in _SEQUENCES:
        if issubclass(kind, base):
            items = []
            for item in base.__iter__(value):
                items.append(describe(item, budget, path))
                if budget[0] < 0:
                    break
            return " %d [%s]" % (base.__len__(value), ",".join(items))
    for base in (set, frozenset):
        if issubclass(kind, base):
            size = base.__len__(value)  # which ones a budget would leave out depends on their order
            items = []
            if _may_be_sorted(size, budget, lambda: base.__iter__(value)):
                items = [describe(item, budget, path) for item in base.__iter__(value)]
            return " %d {%s}" % (size, ",".join(sorted(items)))
    if issubclass(kind, collections.OrderedDict) and all(map(_is_scalar, dict.keys(value))):
        return " {%s} %s" % (_describe_items(value, budget, path), _describe_order(value, budget))
    if issubclass(kind, dict):
        return " {%s}" % _describe_items(value, budget, path)
    if issubclass(kind, BaseException):
        return describe(_arguments_of(value), budget, path)
    if issubclass(kind, type):
        return " " + _name_of(value)
    if any(kind is one for one in _NAMED):
        return " " + value.__name__
    return " {%s}" % _describe_fields(value, kind, budget, path)


def _describe_fields(value, kind, budget, path):
    """What an object keeps in its slots and in its dictionary, asked of the descriptors that Python itself made."""
    parts = []
    for ancestor in _ancestors_of(kind):
        for name, member in _own_names_of(ancestor).items():
            if type(member) is types.MemberDescriptorType:
                try:
                    parts.append(name + ":" + describe(member.__get__(value), budget, path))
                except AttributeError:
                    pass
            elif name == "__dict__" and type(member) is types.GetSetDescriptorType:
                parts.append(_describe_items(member.__get__(value), budget, path))
    return ",".join(parts)


def _describe_items(value, budget, path):
    size = dict.__len__(value)
    members = lambda: itertools.chain(dict.keys(value), dict.values(value))  # noqa: E731
    pairs = dict.items(value) if _may_be_sorted(2 * size, budget, members) else ()
    items = [describe(key, budget, path) + ":" + describe(item, budget, path) for key, item in pairs]
    return "%d %s" % (size, ",".join(sorted(items)))


def _may_be_sorted(size, budget, members):
    """Whether all members can be looked at: which ones a budget would leave out depended on their order."""
    if size <= _MAX_UNORDERED:
        return True
    return size <= min(_MAX_SCALARS, budget[0]) and all(map(_is_scalar, members()))


def _is_scalar(value):
    kind = type(value)
    return any([kind is one for one in _SCALARS])


def _describe_order(value, budget):
    """Keys as they follow each other; they are looked up for it, and so must have no methods of the candidate's."""
    return ",".join([describe(key, budget, ()) for key in collections.OrderedDict.__iter__(value)])


# One operand matters; what may follow is the message.
_ONE_OPERAND = {"assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone"}


def watch_assertions():
    """Makes every assert method of unittest note its operands. Called once, before anything untrusted exists."""
    for name, method in list(vars(unittest.TestCase).items()):
        raises = name.startswith(("assertRaises", "assertWarns", "assertLogs", "assertNoLogs"))
        if name.startswith("assert") and isinstance(method, types.FunctionType) and not raises:
            setattr(unittest.TestCase, name, _watched(method, 1 if name in _ONE_OPERAND else 2))
    context = unittest.case._AssertRaisesContext
    leave = context.__exit__

    def noting_exit(self, exc_type, exc_value, traceback):
        note("raised", exc_type)
        return leave(self, exc_type, exc_value, traceback)

    context.__exit__ = noting_exit


def _watched(method, operands):
    def assertion(self, *values, **named):
        if _depth[0] == 0:
            note(*values[:operands], *list(named.values())[: operands - len(values)])
        _depth[0] += 1
        try:
            return method(self, *values, **named)
        finally:
            _depth[0] -= 1

    assertion.__name__, assertion.__qualname__ = method.__name__, method.__qualname__
    assertion.__doc__ = method.__doc__
    return assertion


def instrument(statements):
    """Hands the operands of assert statements through the observer. What the statements mean stays."""
    for statement in statements:
        statement.test = ast.fix_missing_locations(_instrumented(statement.test))


def _instrumented(node):
    if isinstance(node, ast.BoolOp):
        node.values = [_instrumented(value) for value in node.values]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.operand = _instrumented(node.operand)
    elif isinstance(node, ast.Compare):
        node.left = _observed(node.left)
        node.comparators = [_observed(value) for value in node.comparators]
    else:
        node = _observed(node)
    return node


def _observed(node):
    """Literals are the same for every candidate."""
    if not any(isinstance(inner, (ast.Call, ast.Name)) for inner in ast.walk(node)):
        return node
    call = ast.Call(func=ast.Name(id=OBSERVER, ctx=ast.Load()), args=[node], keywords=[])
    return ast.copy_location(call, node)
