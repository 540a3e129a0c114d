"""Digests of the values that assertions receive.

Two candidates whose digests are equal behave alike, also where every expected value is wrong. A value is described by
its type and its contents, bounded; nothing of the candidate's is called for it (no __repr__, __eq__ or __iter__ of
its classes). Addresses never show, sets and dictionaries have no order.
"""
import ast
import collections
import datetime
import decimal
import fractions
import types
import unittest
import unittest.case

try:
    from _blake2 import blake2b  # hashlib loads a large library for it
except ImportError:
    from hashlib import blake2b

OBSERVER = "__coderm_seen__"

_MAX_NODES = 2000  # of one value
_MAX_UNORDERED = 500  # members of one set or dictionary; of larger ones the size alone
_MAX_TEXT = 1 << 16  # characters or bytes of one string
_MAX_DIGESTS = 64  # of one cell; later ones are folded into the last
_EXACT = (float, bool, type(None), complex, range, decimal.Decimal, datetime.date, datetime.timedelta, type(Ellipsis))
_NAMED = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
_SEQUENCES = (list, tuple, collections.deque)

seen = []  # of the cell in progress
_depth = [0]  # an assertion that calls another one is one assertion


def begin_cell():
    del seen[:]
    _depth[0] = 0


def note(*values):
    """Adds the digest of what one assertion received."""
    budget = [_MAX_NODES]
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
    """Type and contents of a value; `budget` is how many values may still be looked at, `path` what holds it."""
    kind = type(value)
    name = _name_of(kind)
    budget[0] -= 1
    if budget[0] < 0:
        return name
    if kind is not bool and issubclass(kind, int):
        return "%s %x" % (name, int.__index__(value))
    if kind is str or issubclass(kind, str):
        return "%s %d %s" % (name, str.__len__(value), str.__getitem__(value, slice(_MAX_TEXT)))
    if any(kind is one for one in _EXACT):
        return name + " " + repr(value)
    for base in (bytes, bytearray):
        if issubclass(kind, base):
            part = base.__getitem__(value, slice(_MAX_TEXT))
            return "%s %d %s" % (name, base.__len__(value), base.decode(part, "latin-1"))
    if kind is fractions.Fraction:
        return "%s %x/%x" % (name, value.numerator, value.denominator)
    if kind is datetime.datetime or kind is datetime.time:  # its time zone may be a class of the candidate's
        return name + " " + repr(value.replace(tzinfo=None)) + _name_of(type(value.tzinfo))
    if any(value is one for one in path) or len(path) > 50:
        return name + " within itself"
    return name + _describe_contents(value, kind, budget, (*path, value))


_name_of = type.__dict__["__name__"].__get__
_ancestors_of = type.__dict__["__mro__"].__get__
_own_names_of = type.__dict__["__dict__"].__get__
_arguments_of = BaseException.args.__get__


def _describe_contents(value, kind, budget, path):
    for base in _SEQUENCES:
        if issubclass(kind, base):
            items = [describe(item, budget, path) for item, _ in zip(base.__iter__(value), range(_MAX_NODES))]
            return " %d [%s]" % (base.__len__(value), ",".join(items))
    for base in (set, frozenset):
        if issubclass(kind, base):
            size = base.__len__(value)  # which ones a budget would leave out depends on their order
            items = [describe(item, budget, path) for item in base.__iter__(value)] if size <= _MAX_UNORDERED else []
            return " %d {%s}" % (size, ",".join(sorted(items)))
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
    pairs = dict.items(value) if size <= _MAX_UNORDERED else ()
    items = [describe(key, budget, path) + ":" + describe(item, budget, path) for key, item in pairs]
    return "%d %s" % (size, ",".join(sorted(items)))


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
