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
_MAX_TEXT = 1 << 16  # characters or bytes of one string
_MAX_DIGESTS = 64  # of one cell; later ones are folded into the last
_EXACT = frozenset(
    (decimal.Decimal, fractions.Fraction, datetime.date, datetime.datetime, datetime.time, datetime.timedelta, complex,
     float, bool, type(None), type(Ellipsis), type(NotImplemented), range)
)
_NAMED = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType)
_SEQUENCES = (list, tuple, collections.deque)

seen = []  # of the cell in progress
_depth = [0]  # an assertion that calls another one is one assertion


def begin_cell():
    del seen[:]
    _depth[0] = 0


def note(*values):
    """Adds the digest of what one assertion received."""
    budget = [_MAX_NODES]
    try:
        text = "|".join([describe(value, budget, ()) for value in values])
    except Exception:  # a class that does not even say its name
        text = "?"
    if len(seen) >= _MAX_DIGESTS:
        text = seen.pop() + text
    seen.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest())


def observed(value):
    """What an instrumented assert statement hands its operands through."""
    note(value)
    return value


def describe(value, budget, path):
    """Type and contents of a value; `budget` is how many values may still be looked at, `path` what holds it."""
    kind = type(value)
    budget[0] -= 1
    if budget[0] < 0:
        return "…"
    if kind in _EXACT:
        return kind.__name__ + " " + repr(value)
    if issubclass(kind, int):
        return "%s %x" % (kind.__name__, int.__index__(value))
    if issubclass(kind, (str, bytes, bytearray)):
        return _describe_text(value, kind)
    if id(value) in path or len(path) > 50:
        return kind.__name__ + " within itself"
    return kind.__name__ + _describe_contents(value, kind, budget, (*path, id(value)))


def _describe_text(value, kind):
    if issubclass(kind, str):
        part = str.__getitem__(value, slice(_MAX_TEXT))
    else:
        part = bytes(value[:_MAX_TEXT]).decode("latin-1")
    return "%s %d %s" % (kind.__name__, len(value), part)


def _describe_contents(value, kind, budget, path):
    for base in _SEQUENCES:
        if issubclass(kind, base):
            items = [describe(item, budget, path) for item, _ in zip(base.__iter__(value), range(_MAX_NODES))]
            return " %d [%s]" % (base.__len__(value), ",".join(items))
    for base in (set, frozenset):
        if issubclass(kind, base):
            items = [describe(item, budget, path) for item, _ in zip(base.__iter__(value), range(_MAX_NODES))]
            return " %d {%s}" % (base.__len__(value), ",".join(sorted(items)))
    if issubclass(kind, dict):
        return " {%s}" % _describe_items(value, budget, path)
    if issubclass(kind, BaseException):
        return describe(value.args, budget, path)
    if issubclass(kind, _NAMED):
        return " " + getattr(value, "__qualname__", value.__name__)
    try:
        fields = object.__getattribute__(value, "__dict__")
    except Exception:
        return ""
    return " {%s}" % _describe_items(fields, budget, path) if type(fields) is dict else ""


def _describe_items(value, budget, path):
    pairs = zip(dict.items(value), range(_MAX_NODES))
    return "%d %s" % (
        dict.__len__(value),
        ",".join(sorted(describe(key, budget, path) + ":" + describe(item, budget, path) for (key, item), _ in pairs)),
    )


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
