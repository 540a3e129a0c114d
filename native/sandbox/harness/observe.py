"""Digests of the values that assertions receive.

Two candidates whose digests are equal behave alike, also where every expected value is wrong. describe.py says what a
value is made of. A digest that begins with UNTOLD is of values that others may share without being equal to them.
"""
import ast
import types
import unittest
import unittest.case
from builtins import BaseException, any, issubclass, len, list, map, max, min, tuple, type

from budget import FULL, Budget
from describe import describe, describe_scalar, digest
from fields import forget_plans
from known import HEAP_TYPE, ancestors_of, flags_of, name_of, own_names_of

OBSERVER = "__coderm_seen__"
UNTOLD = "?"
_CELL = 20 * FULL  # what may be looked at in one cell (budget.py) ...
_LEAST = FULL // 100  # ... but this much of what each assertion receives
_MAX_DIGESTS = 64  # of one cell; later ones are folded into the last

seen = []  # of the cell in progress
idle = []  # its cases that have returned what nobody runs
_depth = [0]  # an assertion that calls another one is one assertion
_left = [0]  # of what may be looked at in the cell in progress

_suspects = []  # values of the cell in progress whose class says itself what they are equal to
_MAX_SUSPECTS = 100


def begin_cell():
    del seen[:]
    del idle[:]
    del _suspects[:]
    _depth[0] = 0
    _left[0] = _CELL
    forget_plans()


def note(*values):
    """Adds the digest of what one assertion received."""
    texts = [describe_scalar(value) for value in values]
    untold = False
    if None in texts:
        budget = Budget(_meet, max(_LEAST, min(FULL, _left[0])))
        _left[0] -= budget.left
        texts = [_described(value, budget) for value in values]
        _left[0] += max(0, budget.left)
        untold = budget.untold
    _add("|".join(texts), untold)


def note_raised(kind):
    """Exceptions are known by the names of their classes."""
    _add("raised " + ("nothing" if kind is None else name_of(kind)), False)


def _add(text, untold):
    if len(seen) >= _MAX_DIGESTS:
        last = seen.pop()
        text = last + text
        untold = untold or last[0] == UNTOLD
    seen.append(UNTOLD + digest(text) if untold else digest(text))


def _described(value, budget):
    try:
        return describe(value, budget)
    except BaseException:  # nothing of the candidate's is called, but its values may be odd in more ways
        budget.untold = True
        return "?"


def _meet(kind, value):
    if flags_of(kind) & HEAP_TYPE and len(_suspects) < _MAX_SUSPECTS and _says_what_is_equal(kind):
        _suspects.append(value)


def observed(value):
    """What an instrumented assert statement hands its operands through."""
    note(value)
    return value


class _Nobody:
    """Equal to nothing but itself."""


def equals_everything(stand_ins):
    """Whether an assertion received a value that is equal to anything. `stand_ins`: the unit test has such of its own."""
    for value in _suspects:
        try:
            module = own_names_of(type(value)).get("__module__")
            if module != "unit_test" and not (stand_ins and module == "unittest.mock") and value == _Nobody():
                return True
        except BaseException:  # it knows its own kind only
            pass
    return False


def _says_what_is_equal(kind):
    return any("__eq__" in own_names_of(one) for one in ancestors_of(kind) if flags_of(one) & HEAP_TYPE)


# The second operand is a class, or several: they are known by their names, as in a text.
_CLASS_OPERAND = {"assertIsInstance", "assertNotIsInstance"}
# One operand matters; what may follow is the message.
_ONE_OPERAND = {"assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone"}


def watch_assertions():
    """Makes every assert method of unittest note its operands. Called once, before anything untrusted exists."""
    for name, method in list(vars(unittest.TestCase).items()):
        raises = name.startswith(("assertRaises", "assertWarns", "assertLogs", "assertNoLogs"))
        if name.startswith("assert") and isinstance(method, types.FunctionType) and not raises:
            watched = _watched(method, 1 if name in _ONE_OPERAND else 2, name in _CLASS_OPERAND)
            setattr(unittest.TestCase, name, watched)
    context = unittest.case._AssertRaisesContext
    leave = context.__exit__

    def noting_exit(self, exc_type, exc_value, traceback):
        note_raised(exc_type)
        return leave(self, exc_type, exc_value, traceback)

    context.__exit__ = noting_exit
    unittest.TestCase._callTestMethod = _call_test_method


_NEVER_RUN = (types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)


def _call_test_method(self, method):
    """As unittest's own, which looks at no result: a coroutine that is not awaited has asserted nothing."""
    result = method()
    if type(result) in _NEVER_RUN:
        idle.append(type(self).__qualname__ + "." + self._testMethodName)


def _watched(method, operands, of_class):
    def assertion(self, *values, **named):
        if _depth[0] == 0:
            received = *values[:operands], *list(named.values())[: operands - len(values)]
            note(*(map(_class_named, received) if of_class else received))
        _depth[0] += 1
        try:
            return method(self, *values, **named)
        finally:
            _depth[0] -= 1

    assertion.__name__, assertion.__qualname__ = method.__name__, method.__qualname__
    assertion.__doc__ = method.__doc__
    return assertion


def _class_named(value):
    """The name of a class, or of each of several; anything else as it is."""
    if type(value) is tuple:
        return tuple(["class " + name_of(one) if _is_class(one) else one for one in value])
    return "class " + name_of(value) if _is_class(value) else value


def _is_class(value):
    return issubclass(type(value), type)


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
