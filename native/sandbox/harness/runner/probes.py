"""Looks at each value that a unit test's text computes (wary.py), where the candidate can make classes.

An object is asked only where its class, or the object itself, gives another meaning to what Python's own types do, and
the unit test or the library has not written it. It is a twin that is asked (twins.py), a bounded number of times.
"""
from own import BUILTINS as __builtins__

import io
import random
import sys
import types
from itertools import islice

import equality
from lies import ASKED, QUERIES, lie
from known import HEAP_TYPE, ancestors_of, flags_of, own_names_of
from twins import Closure, Names, Twins, base_of, names_in

_MOST_ASKED = 24  # objects of one class, and then each time that this has doubled
_MOST_WITHIN = 20  # objects of one container
_MOST_ITEMS = 200_000  # of containers, in one cell; of later ones only the first are looked at
_FIRST = 64
_DEEPEST = 6
_GENERIC_QUERIES = frozenset().union(*QUERIES.values())
_HOLDERS = equality.HOLDERS
_MAPPINGS = equality.MAPPINGS
_keys_of, _values_of = dict.keys, dict.values
_LOADERS = ("SourceFileLoader", "SourcelessFileLoader", "ExtensionFileLoader")
_PASSING = equality.KNOWN | equality.ids_of(
    type(len), type(None), type([].append), type(int.__add__), types.FunctionType, types.MethodType, types.CodeType,
    types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, super, slice, object, property, map, filter, zip,
)  # fmt: skip

_FROM_C = equality.ids_of(type(int.__add__), type(str.lower), type(int.real))

modules = sys.modules
random_state, set_random_state = random.getstate, random.setstate
_library = {}  # classes that were there before any candidate and have names of what is asked for, by their ids
_asked = {}  # how many objects of a class were, by its id
_known = {}  # the classes themselves, which else could get the ids of others
_busy = [False]
_left = [0]
_cell = [None]
_NEW = (None, None)  # of a class that was not there before
_ASKED = ASKED | {"__getattribute__"}


class Cell:
    """What probes need to know of the cell in progress. `findings`: where a lie is told."""

    def __init__(self, findings, constants, solution, tests_of, stand_ins):
        self.findings = findings
        self.constants = constants
        self.solution = solution
        self.tests_of = tests_of  # asked for the globals of the unit test, once there are any
        self.stand_ins = stand_ins  # it uses unittest.mock, whose objects count how often they are asked


def begin_cell(*of_cell):
    """Never called where the candidate can make no classes: nobody looks then."""
    _asked.clear()
    _known.clear()
    _busy[0], _left[0] = False, _MOST_ITEMS
    _cell[0] = Cell(*of_cell)


def busy():
    return _busy[0]


def know_library():
    """Called once, in the warm interpreter."""
    left = [object]
    while left:
        for kind in type.__subclasses__(left.pop()):
            meanings = {name: meaning for name, meaning in own_names_of(kind).items() if name in _ASKED}
            if meanings and flags_of(kind) & HEAP_TYPE:
                _library[id(kind)] = kind, meanings
            left.append(kind)


def look(value):
    """The value, whatever it is."""
    if id(type(value)) in _PASSING or _busy[0] or _cell[0] is None:
        return value
    _busy[0] = True
    try:
        found = []
        _gather(value, found, 0)
        for one, names in found:
            _ask(one, names)
    except BaseException:  # a class can be odd in more ways
        pass
    finally:
        _busy[0] = False
    return value


def _gather(value, found, depth):
    """Objects that are to be asked, within Python's own containers too."""
    kind = id(type(value))
    if kind in _HOLDERS:
        items = value
    elif kind in _MAPPINGS:
        items = [*_some(_keys_of(value)), *_some(_values_of(value))]  # an OrderedDict's own look its keys up
    else:
        names = _other_meanings(value) if _is_its_turn(value) else ()
        if names:
            found.append((value, names))
        return
    items = list(_some(items))
    if depth < _DEEPEST and not set(map(id, map(type, items))) <= _PASSING:
        for item in items:
            if id(type(item)) not in _PASSING:
                _gather(item, found, depth + 1)
                if len(found) >= _MOST_WITHIN:
                    return


def _some(items):
    """All of them, as long as there were not too many."""
    _left[0] -= len(items)
    return items if _left[0] > 0 else islice(items, _FIRST)


def _is_its_turn(value):
    kind = type(value)
    _known[id(kind)] = kind
    number = _asked[id(kind)] = _asked.get(id(kind), 0) + 1
    return number <= _MOST_ASKED or number & (number - 1) == 0


def _other_meanings(value):
    """Names that the value's class or the value gives a meaning of the candidate's to."""
    kind = type(value)
    found, settled = set(), set()
    for ancestor in ancestors_of(kind):
        if not flags_of(ancestor) & HEAP_TYPE:
            break
        names = own_names_of(ancestor)
        before = _library.get(id(ancestor), _NEW)[1]
        is_the_librarys = before is None and _is_loaded_class(names)
        for name, meaning in list(names.items()):
            if type(name) is not str or name not in _ASKED or name in settled:
                continue
            settled.add(name)
            as_before = before is not None and before.get(name, _NEW) is meaning
            if not (is_the_librarys or as_before or _is_the_tests(meaning) or _is_from_c(ancestor, meaning)):
                found.add(name)
        if _cell[0].stand_ins and names.get("__module__") == "unittest.mock":
            return ()
    if base_of(kind) is None:
        return found
    if "__getattribute__" in found:
        found |= {name for name in _GENERIC_QUERIES if name[:2] != "__"}
    # An attribute of the object itself hides a method.
    found.update([name for name in names_in(value) or () if type(name) is str and name in ASKED and name[:2] != "__"])
    return found


def _is_the_tests(meaning):
    return type(meaning) is types.FunctionType and meaning.__globals__ is _cell[0].tests_of()


def _is_from_c(kind, meaning):
    return id(type(meaning)) in _FROM_C and meaning.__objclass__ is kind


def _is_loaded_class(names):
    """Of a module of the library that was loaded since."""
    functions = [value for value in list(names.values()) if type(value) is types.FunctionType]
    return bool(functions) and all([_is_loaded(function.__globals__) for function in functions])


def _is_loaded(names):
    """Whether these are the globals of a module that one of Python's own loaders has made."""
    module = modules.get(names.get("__name__"))
    if type(module) is not types.ModuleType or module.__dict__ is not names:
        return False
    loader = getattr(names.get("__spec__"), "loader", None)
    return type(loader).__module__ == "_frozen_importlib_external" and type(loader).__name__ in _LOADERS


def _own_ancestors(kind):
    return [one for one in ancestors_of(kind) if flags_of(one) & HEAP_TYPE and id(one) not in _library]


def _functions_of(kind):
    functions = [one for ancestor in _own_ancestors(kind) for one in list(own_names_of(ancestor).values())]
    return [one for one in functions if type(one) is types.FunctionType and one.__closure__]


def _states_of(names):
    """Of the candidate's own objects that its module has names for."""
    found = []
    for value in list(names.values()):
        kind = type(value)
        if id(kind) not in _PASSING and flags_of(kind) & HEAP_TYPE and id(kind) not in _library:
            state = None if issubclass(kind, type) else names_in(value)
            if type(state) is dict and len(found) < _MOST_WITHIN:
                found.append(state)
    return found


def _ask(value, names):
    """What the candidate's own names hold, and what it prints, is not to show that it was asked."""
    cell = _cell[0]
    kept = [Names(None, cell.solution), *map(Closure, _functions_of(type(value)))]
    kept += [Names(one, own_names_of(one)) for one in _own_ancestors(type(value))]
    kept += [Names(None, names) for names in _states_of(cell.solution)]
    chance = random_state()
    output, sys.stdout = sys.stdout, io.StringIO()
    try:
        found = lie(_twins_of(value, names), names, cell.constants)
    finally:
        sys.stdout = output
        set_random_state(chance)
        for one in kept:
            one.put_back()
    if found and found not in cell.findings:
        cell.findings.append(found)


class _Itself:
    """Of what there can be no twin, such as a class."""

    base = contents = None

    def __init__(self, value):
        self.value = value

    def make(self):
        return self.value


def _twins_of(value, names):
    try:
        twins = Twins(value, names)
        twins.make()
        return twins
    except BaseException:  # of a type that is made in its own way
        return _Itself(value)
