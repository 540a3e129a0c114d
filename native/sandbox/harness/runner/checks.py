"""Assertions as the harness sees them: each notes its operands, looks whether one of them lies, and is decided a second
time by the harness itself, for whatever unittest calls on the way can be another function for a moment.

`findings` has what spoke for a forgery in the cell in progress.
"""
from own import BUILTINS as __builtins__
from own import sealed

import re
import types
import unittest
import unittest.case
from unittest import TestCase

try:
    from re._compiler import compile as _compile  # without the cache of `re`, which is everybody's
except ImportError:
    from sre_compile import compile as _compile

import equality
import instrument
import probes
import wary
from known import name_of
from observe import note, note_raised
from parts import record

_Pattern = re.Pattern
_SCALARS = equality.SCALARS
_NUMBERS = (int, float, complex)
_MOST_COUNTED = 200

findings = []
_equality = equality.Equality()
_expected = {}  # of the assertRaises contexts of the cell in progress, by id
_own = {}  # functions of the unit test's text, by id
_genuine = {}  # what the methods of TestCase are, by name
_known = [False]  # whether the unit test's classes are
_depth = [0]  # an assertion that calls another one is one assertion
_changes = []  # asks the machinery whether it is as it was
_looking = [False]  # whether the candidate may have changed anything


def begin_cell(changes, stand_ins):
    """`changes`: asks the machinery; None where the candidate has no name for it, so that only its values can lie."""
    findings.clear()
    _expected.clear()
    _own.clear()
    _changes[:] = [changes] if changes and "mock" not in record.permits else []  # a mock may stand there for a while
    _looking[0] = changes is not None
    _equality.module_names, _equality.stand_ins = None, stand_ins
    _depth[0], _known[0] = 0, False
    record.any_failed = record.told = False


def begin_test(module):
    """Called before a line of the unit test runs."""
    _equality.module_names = vars(module)


def tests():
    """The globals of the unit test."""
    return _equality.module_names


def know_classes(classes, solution):
    """The unit test's classes, as they are before the first case: their functions are the test's own."""
    _known[0] = True
    for ancestor in {ancestor for test_class in classes for ancestor in test_class.__mro__[:-1]} - {TestCase}:
        for value in vars(ancestor).values():
            function = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
            if type(function) is types.FunctionType and function.__globals__ is not solution:
                _own[id(function)] = function


def _is_equal(one, other):
    return one == other


def _is_equal_sequence(one, other):
    return len(one) == len(other) and all([a == b for a, b in zip(one, other)])


def _holds(member, container):
    """A container that is used up by looking is not looked at twice."""
    return id(type(container)) not in equality.CONTAINERS or member in container


def _holds_not(member, container):
    return id(type(container)) not in equality.CONTAINERS or member not in container


def _search(text, pattern):
    return pattern.search(text) if type(pattern) is _Pattern else _compile(pattern).search(text)


def _is_instance(value, kind):
    return isinstance(value, kind) and not _equality.pretends(value)


_HOLDS = {
    "assertEqual": _is_equal,
    "assertEquals": _is_equal,
    "assertNotEqual": lambda one, other: one != other,
    "assertNotEquals": lambda one, other: one != other,
    "assertMultiLineEqual": _is_equal,
    "assertListEqual": _is_equal,
    "assertTupleEqual": _is_equal,
    "assertSetEqual": _is_equal,
    "assertDictEqual": _is_equal,
    "assertSequenceEqual": _is_equal_sequence,
    "assertTrue": lambda value: value,
    "assert_": lambda value: value,
    "assertFalse": lambda value: not value,
    "assertIsNone": lambda value: value is None,
    "assertIsNotNone": lambda value: value is not None,
    "assertIs": lambda one, other: one is other,
    "assertIsNot": lambda one, other: one is not other,
    "assertIn": _holds,
    "assertNotIn": _holds_not,
    "assertLess": lambda one, other: one < other,
    "assertLessEqual": lambda one, other: one <= other,
    "assertGreater": lambda one, other: one > other,
    "assertGreaterEqual": lambda one, other: one >= other,
    "assertRegex": _search,
    "assertNotRegex": lambda text, pattern: not _search(text, pattern),
    "assertIsInstance": _is_instance,
    "assertNotIsInstance": lambda value, kind: not isinstance(value, kind),
}
# One operand matters; what may follow is the message.
_ONE_OPERAND = {"assertTrue", "assertFalse", "assertIsNone", "assertIsNotNone", "assert_"}
# The second operand is a class, or several: they are known by their names, as in a text.
_CLASS_OPERAND = {"assertIsInstance", "assertNotIsInstance"}
_NO_EQUALITY = _ONE_OPERAND | _CLASS_OPERAND | {"assertIs", "assertIsNot"}
_ALMOST = {"assertAlmostEqual", "assertAlmostEquals", "assertNotAlmostEqual", "assertNotAlmostEquals"}
_OF_CONTENTS = {"assertIn", "assertNotIn"}


def watch():
    """Makes every assert method of unittest such an assertion. Called once, before anything untrusted exists."""
    for name, method in list(vars(TestCase).items()):
        if not isinstance(method, types.FunctionType):
            continue
        if name.startswith("assert") or name == "fail":
            setattr(TestCase, name, _watched(name, method))
        _genuine[name] = vars(TestCase)[name]
    context = unittest.case._AssertRaisesContext
    context.__init__ = _beginning(context.__init__)
    context.__exit__ = _leaving(context.__exit__)


def _watched(name, method):
    operands = 1 if name in _ONE_OPERAND else 2
    if name.startswith(("assertRaises", "assertWarns", "assertLogs", "assertNoLogs", "fail")):
        operands = 0

    def assertion(self, *values, **named):
        return _checked("<method>", "<name>", "<operands>", "<holds>", self, values, named)  # constants: see sealed()

    sealed(assertion, method=method, name=name, operands=operands, holds=_HOLDS.get(name))
    assertion.__name__, assertion.__qualname__ = method.__name__, method.__qualname__
    assertion.__doc__ = method.__doc__
    return assertion


def _checked(method, name, count, holds, case, values, named):
    if _depth[0] or not count and not _looking[0] and name != "fail":
        return method(case, *values, **named)
    operands = values[:count]
    if len(operands) < count:
        operands = (*operands, *[value for key, value in named.items() if key != "msg"][: count - len(operands)])
    plain = True
    for operand in operands:
        if id(type(operand)) not in _SCALARS:
            plain = False
    if count:
        note(*(map(_class_named, operands) if name in _CLASS_OPERAND else operands))
    lies = not plain and name not in _NO_EQUALITY and _equality.lies(*operands)
    if holds is None and _changes:
        look()
    _depth[0] = 1
    try:
        result = method(case, *values, **named)
    except BaseException as error:
        record.fail(error)
        raise
    finally:
        _depth[0] = 0
    if lies:
        findings.append("what it means to be equal")
    elif _looking[0] or not plain:
        _check_again(name, holds, operands, values[2:], named)
    return result


def _class_named(value):
    """The name of a class, or of each of several; anything else as it is."""
    if type(value) is tuple:
        return tuple(["class " + name_of(one) if _is_class(one) else one for one in value])
    return "class " + name_of(value) if _is_class(value) else value


def _is_class(value):
    return issubclass(type(value), type)


def _check_again(name, holds, operands, more, named):
    if holds is not None:
        _decide_again(name, holds, operands)
        return
    if name in _ALMOST:
        _decide_almost(name, operands, more, named)
    elif name == "assertCountEqual" and not _counts_equal(*operands):
        findings.append("the outcome of assertCountEqual")
    if _changes:
        look()


def _decide_again(name, holds, operands):
    try:
        one, other = operands if len(operands) == 2 else (*operands, None)
        if name == "assertEqual" and type(one) is type(other) and "addTypeEqualityFunc" in record.permits:
            return
        if not holds(*operands) or name in _OF_CONTENTS and _lies_about_contents(other):
            findings.append("the outcome of " + name)
    except BaseException:  # it held a moment ago
        findings.append("the outcome of " + name)


def _lies_about_contents(container):
    return id(type(container)) not in equality.CONTAINERS and equality.holds_everything(container)


def _decide_almost(name, operands, values, named):
    places = named.get("places", values[0] if values else None)
    delta = named.get("delta", values[2] if len(values) > 2 else None)
    one, other = operands
    if type(one) not in _NUMBERS or type(other) not in _NUMBERS or places and type(places) is not int:
        if "Not" not in name and any([type(o) not in _NUMBERS and equality.loses_numbers(o) for o in operands]):
            findings.append("what it means to be almost equal")
        return
    difference = abs(one - other)
    if one == other:
        almost = True
    elif delta is not None:
        almost = difference <= delta
    else:
        almost = round(difference, 7 if places is None else places) == 0
    if almost == ("Not" in name):
        findings.append("the outcome of " + name)


def _numbers_of(items):
    numbers = {}
    for item in items:
        numbers[item] = numbers.get(item, 0) + 1
    return numbers


def _counts_equal(one, other):
    """For lists that are not long, or plain: whether each has what the other has."""
    if type(one) not in (list, tuple) or type(other) not in (list, tuple):
        return True
    if len(one) != len(other):
        return False
    if set(map(id, map(type, one))) <= _SCALARS and set(map(id, map(type, other))) <= _SCALARS:
        return _numbers_of(one) == _numbers_of(other)
    if len(one) > _MOST_COUNTED:
        return True
    left = list(other)
    try:
        for item in one:
            left.remove(item)
    except ValueError:
        return False
    return True


def look():
    """Whether the machinery is as it was, now."""
    changed = _changes[0]() if _changes else ()
    if changed:
        findings.append(", ".join(changed[:5]))


def _beginning(method):
    def __init__(self, expected, test_case, expected_regex=None):
        original = "<method>"
        if _looking[0]:
            _expected[id(self)] = (self, expected, expected_regex)
        original(self, expected, test_case, expected_regex)

    return sealed(__init__, method=method)


def _leaving(method):
    def __exit__(self, kind, error, traceback):
        original = "<method>"
        note_raised(kind)
        taken = original(self, kind, error, traceback)
        if kind is None or taken and not _is_expected(self, kind, error):
            findings.append("the outcome of assertRaises")
        return taken

    return sealed(__exit__, method=method)


def _is_expected(context, kind, error):
    expected, pattern = context.expected, None
    if _looking[0]:
        _, expected, pattern = _expected.get(id(context), (None, (), None))
    wanted = expected if type(expected) is tuple else (expected,)
    ancestors = _ancestors_of(kind)
    found = any([one is ancestor for one in wanted for ancestor in ancestors])
    return found and (pattern is None or _search(str(error), pattern) is not None)


_ancestors_of = type.__dict__["__mro__"].__get__


# What an instrumented unit test asks (instrument.py).


def observed(value):
    """What an assert statement hands its operands through."""
    note(value)
    return value


def link(value):
    """The same, of a comparison that has more than two."""
    note(value)
    if id(type(value)) not in _SCALARS and _equality.lies(value):
        findings.append("what it means to be equal")
    return value


def call(owner, name, /, *values, **named):
    """A method of the test case: the one that its class had before the first case."""
    bound = getattr(owner, name)
    if _looking[0] and issubclass(type(owner), TestCase):
        function = bound.__func__ if type(bound) is types.MethodType else bound
        if function is not _genuine.get(name) and id(function) not in _own and not _is_being_defined(function):
            findings.append("the method " + name)
    return bound(*values, **named)


def _is_being_defined(function):
    """Before the test's classes are known, its text is trusted to be the only one that has its globals."""
    return not _known[0] and getattr(function, "__globals__", None) is _equality.module_names


def helper(function):
    """A function of the unit test's module, that it is about to call."""
    if _looking[0] and id(function) not in _own:
        findings.append("a function of the unit test")
    return function


def failed():
    """An assert statement does not hold. Its error may be caught on its way."""
    if not probes.busy():
        record.fail()
    return False


def keep(function):
    """A function of the unit test's module, when it is made."""
    _own[id(function)] = function
    return function


def _is_eq(one, other):
    if not (id(type(one)) in _SCALARS and id(type(other)) in _SCALARS) and _equality.lies(one, other):
        findings.append("what it means to be equal")
    return one == other


def _is_ne(one, other):
    if not (id(type(one)) in _SCALARS and id(type(other)) in _SCALARS) and _equality.lies(one, other):
        findings.append("what it means to be equal")
    return one != other


def _is_in(member, container):
    known = id(type(container)) in equality.CONTAINERS
    if known and not (id(type(member)) in _SCALARS and id(type(container)) in _SCALARS) and _equality.lies(member, container):
        findings.append("what it means to be equal")
    result = member in container
    if result and not known and equality.holds_everything(container):
        findings.append("what it means to be in it")
    return result


def _is_not_in(member, container):
    return not _is_in(member, container)


def _isinstance(value, kind):
    result = isinstance(value, kind)
    if result and _equality.pretends(value):
        findings.append("what it is an instance of")
    return result


NAMES = {new: __builtins__[old] for old, new in instrument.RENAMED.items() if old in __builtins__}
NAMES.update({
    instrument.OBSERVER: observed,
    instrument.LINK: link,
    instrument.CALL: call,
    instrument.HELPER: helper,
    instrument.KEEPER: keep,
    instrument.FAILED: failed,
    wary.LOOK: probes.look,
    instrument.CLASS_OF: type,
    instrument.RENAMED["isinstance"]: _isinstance,
    instrument.COMPARISONS[instrument.ast.Eq]: _is_eq,
    instrument.COMPARISONS[instrument.ast.NotEq]: _is_ne,
    instrument.COMPARISONS[instrument.ast.In]: _is_in,
    instrument.COMPARISONS[instrument.ast.NotIn]: _is_not_in,
})
