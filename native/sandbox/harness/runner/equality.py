"""Whether a value lies about what it is equal to, what it holds or what it is.

A value of another type than Python's plain ones says itself what it is equal to. Before an assertion it is compared,
in both directions, with values that it should not be equal to: odd ones of each plain type, and neighbours of what the
unit test expects. An answer that is right is equal to none of them.
"""
from own import BUILTINS as __builtins__

import collections
import datetime
import decimal
import types
import weakref


def ids_of(*kinds):
    """Classes by their addresses: a class says by its metaclass what it is equal to, and would be found among others."""
    return frozenset(map(id, kinds))


SCALARS = ids_of(int, str, float, bool, type(None), complex, bytes, range, type(Ellipsis), type(NotImplemented))
KNOWN = SCALARS | ids_of(
    bytearray, type, decimal.Decimal, datetime.date, datetime.timedelta,
    types.FunctionType, types.BuiltinFunctionType, types.ModuleType,
)  # fmt: skip
_SEQUENCES = ids_of(list, tuple, set, frozenset, collections.deque)
_items_of = dict.items
_VIEWS = ids_of(type({}.keys()), type({}.values()), type({}.items()))
MAPPINGS = ids_of(dict, collections.OrderedDict, collections.defaultdict)
HOLDERS = _SEQUENCES | _VIEWS
CONTAINERS = _SEQUENCES | MAPPINGS | ids_of(str, bytes, range)
_MOST_SUSPECTS = 20
_MOST_LEAVES = 24
_DEEPEST = 20

_ancestors_of = type.__dict__["__mro__"].__get__
_own_names_of = type.__dict__["__dict__"].__get__
_proxies = ids_of(weakref.ProxyType, weakref.CallableProxyType)

_SLOT = types.WrapperDescriptorType


class _Nobody:
    """Equal to nothing but itself."""


_ODD = 7_040_418_361
_ODD_TEXT = "\x02\u2603 nobody expects this"
# Of each type two values: an honest one may be equal to one of them by chance.
ODD_VALUES = (
    (_ODD, _ODD + 1),
    (_ODD_TEXT, _ODD_TEXT[1:]),
    (_ODD + 0.25, 3.0517578125e-05),
    ([_ODD], [_ODD_TEXT, _ODD]),
    ((_ODD,), (_ODD_TEXT, _ODD)),
    ({_ODD: _ODD_TEXT}, {_ODD_TEXT: _ODD}),
    ({_ODD}, {_ODD_TEXT}),
    (b"\x02nobody", b"\x03nobody"),
)


class Equality:
    """Asked by checks.py."""

    def __init__(self):
        self.module_names = None  # the unit test's globals: a stand-in of its own may be equal to anything
        self.stand_ins = False  # the unit test uses those of unittest.mock, and the candidate does not

    def lies(self, *values):
        """Whether one of the values (operands of one comparison) is equal to what it should not be."""
        for value in values:
            if id(type(value)) not in SCALARS:
                break
        else:
            return False
        suspects = [self._suspects(value) for value in values]
        for place, some in enumerate(suspects):
            if some and self._any_lies(some, [one for other, one in enumerate(values) if other != place]):
                return True
        return False

    def _any_lies(self, suspects, others):
        leaves = []
        for other in others:
            _gather(other, lambda value: True, leaves, _MOST_LEAVES, 0)
            leaves.append(other)
        return any([_lies(suspect, leaves) for suspect in suspects])

    def _suspects(self, value):
        kind = type(value)
        if id(kind) in KNOWN or id(kind) in _SEQUENCES and set(map(id, map(type, value))) <= SCALARS:
            return ()
        found = []
        _gather(value, self._is_suspect, found, _MOST_SUSPECTS, 0)
        return found

    def _is_suspect(self, value):
        kind = type(value)
        if id(kind) in KNOWN or id(kind) in HOLDERS or id(kind) in MAPPINGS:
            return False
        says = False
        for ancestor in _ancestors_of(kind)[:-1]:
            names = _own_names_of(ancestor)
            if "__eq__" in names:
                return not self._is_the_tests(names["__eq__"])
            says = says or "__ne__" in names
        return says

    def _is_the_tests(self, method):
        names = getattr(method, "__globals__", None) if type(method) is types.FunctionType else None
        if names is None:
            return False
        return names is self.module_names or self.stand_ins and names.get("__name__") == "unittest.mock"

    def pretends(self, value):
        """Whether isinstance() asks the value itself what it is, and it names another class."""
        kind = type(value)
        if id(kind) in KNOWN or id(kind) in CONTAINERS:
            return False
        if id(kind) in _proxies:
            return True
        if self.stand_ins and str(_own_names_of(kind).get("__module__")) == "unittest.mock":
            return False
        for ancestor in _ancestors_of(kind)[:-1]:
            names = _own_names_of(ancestor)
            # That of a type written in C is a slot, and asks the value's own type.
            asked = names["__getattribute__"] if "__getattribute__" in names else None
            if "__class__" in names or asked is not None and type(asked) is not _SLOT:
                return True
        return False


def holds_everything(container):
    """Whether a container of a class of its own says that it holds whatever is asked for. An iterator is used up by asking."""
    if not any(["__contains__" in _own_names_of(one) for one in _ancestors_of(type(container))]):
        return False
    try:
        return _Nobody() in container or all([one in container for pair in ODD_VALUES[:2] for one in pair])
    except BaseException:  # it knows its own kind only, or is no container
        return False


def _gather(value, wanted, found, most, depth):
    """Values for which `wanted` holds, within Python's own containers too."""
    if len(found) >= most or depth > _DEEPEST:
        return
    kind = type(value)
    if id(kind) in HOLDERS:
        for item in list(value):
            _gather(item, wanted, found, most, depth + 1)
            if len(found) >= most:
                return
    elif id(kind) in MAPPINGS:
        for key, item in list(_items_of(value)):  # an OrderedDict's own looks its keys up
            _gather(key, wanted, found, most, depth + 1)
            _gather(item, wanted, found, most, depth + 1)
    elif kind is types.MappingProxyType or kind is types.SimpleNamespace:
        found.append(value)
    elif wanted(value):
        found.append(value)


def _lies(suspect, leaves):
    if _equal(suspect, _Nobody()):
        return True
    if any([_equal(suspect, one) and _equal(suspect, other) for one, other in ODD_VALUES]):
        return True
    return any([_is_equal_beside(suspect, leaf) for leaf in leaves])


def _is_equal_beside(suspect, leaf):
    """An honest answer can be equal to one neighbour: it may be the right one beside what the test compares it with. A
    number that is one of a circle is equal to some, and one that is rounded to the next."""
    return any([all([_equal(suspect, one) for one in group]) for group in _neighbours(leaf)])


def _equal(one, other):
    """In either direction, or by being not unequal."""
    for ask in (lambda: one == other, lambda: other == one, lambda: not one != other):
        try:
            if ask():
                return True
        except BaseException:  # it knows its own kind only
            pass
    return False


def _neighbours(value):
    """Groups of other values of the same type, near by: nothing honest is equal to a whole group."""
    kind = type(value)
    if kind is bool:
        return ((value, not value),)
    if kind is int:
        return ((value + 1, value + 7, value + 23, 3 * abs(value) + 11),)  # beyond what rounds, or is close in per cent
    if kind is float:
        return ((value + 1.5, -value - 2.5, value + 7.25) if value - value == 0 else (0.5, -1.5, 7.25),)
    if kind is str:  # what no comparison passes over that takes digits only, or letters only
        return ((value + "q7", "7q" + value),)
    if kind is bytes:
        return ((value + b"q7", b"7q" + value),)
    if kind is list or kind is tuple:
        longer = ((value + kind([_ODD]),), (kind([_ODD]) + value,))
        groups = _neighbours(value[0]) if value else ()
        return (*longer, *[tuple([kind([other, *value[1:]]) for other in group]) for group in groups])
    if kind is dict:
        return (({**value, _ODD: _ODD},), (dict.fromkeys(value, _ODD_TEXT),)) if value else (({_ODD: _ODD},),)
    if kind is set or kind is frozenset:
        return ((value | {_ODD},),)
    return ()


def loses_numbers(suspect):
    """Whether a difference to two numbers far apart is the same: what is almost equal to everything."""
    try:
        return abs(suspect - _ODD) < 1 and abs(suspect - 2 * _ODD) < 1
    except BaseException:
        pass
    try:
        return abs(_ODD - suspect) < 1 and abs(2 * _ODD - suspect) < 1
    except BaseException:
        return False
