"""Objects like a candidate's, to be asked in its place: what a question changes is then a twin, not the candidate's.

None of the candidate's code runs while one is made: neither __new__ nor __init__ of its class. A twin has the plain
values of its model. What else that one holds, such as functions, iterators and other objects, it has not: it could do
something beyond the twin, so something that fails in every use stands there, and what needs it gives no answer.
"""
from own import BUILTINS as __builtins__

import datetime
import decimal
import types
from itertools import islice

import equality
from known import HEAP_TYPE, ancestors_of, flags_of, own_names_of

_MOST_COPIED = 1000
_DEEPEST = 3
_STEADY = equality.SCALARS | equality.ids_of(decimal.Decimal, datetime.date, datetime.timedelta)
# By their ids: a class may say by its metaclass what it is equal to.
_SCALARS = frozenset(map(id, (int, float, bool, str, bytes, complex, type(None))))
_COPIED = frozenset(map(id, (list, dict, set)))
_EMPTY = frozenset(map(id, (list, tuple, dict, set, frozenset)))
_get = object.__getattribute__

# What an object of such a type, or of a class derived from it, holds; by the ids of the types.
_CONTENTS = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__pos__,
    str: lambda value: str.__getitem__(value, slice(None)),
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list.__getitem__(value, slice(None)),
    tuple: lambda value: tuple(list(tuple.__iter__(value))),
    dict: lambda value: dict(list(dict.items(value))),
    set: lambda value: set(list(set.__iter__(value))),
    frozenset: lambda value: frozenset(list(frozenset.__iter__(value))),
}
_CONTENTS = {id(kind): (kind, read) for kind, read in _CONTENTS.items()}


def base_of(kind):
    """The builtin type that the class derives from, and how to read what is in an object of it; or None."""
    for ancestor in ancestors_of(kind):
        if id(ancestor) in _CONTENTS:
            return _CONTENTS[id(ancestor)]
    return None


class Twins:
    """Makes twins of one object. Raises TypeError where there can be none."""

    def __init__(self, value, asked):
        self.kind = type(value)
        if issubclass(self.kind, type):
            raise TypeError
        ancestors = ancestors_of(self.kind)
        self.maker = [one for one in ancestors if not flags_of(one) & HEAP_TYPE][0]
        self.base, read = base_of(self.kind) or (None, None)
        self.contents = copied(read(value), _DEEPEST) if read else None
        self.names = names_in(value) or {}
        if type(self.names) is not dict:
            raise TypeError
        # A function that hides a method is what is asked; it has nothing from around it to reach.
        functions = [name for name in self.names if name in asked and type(self.names[name]) is types.FunctionType]
        self.hiding = [name for name in functions if self.names[name].__closure__ is None]
        self.slots = []
        for ancestor in ancestors:
            for slot in list(own_names_of(ancestor).values()):
                if type(slot) is types.MemberDescriptorType and flags_of(ancestor) & HEAP_TYPE:
                    self._keep_slot(slot, value)
        self.has_end = any(["__del__" in own_names_of(one) for one in ancestors])
        self.kept = []  # a twin is not to end as the object would

    def _keep_slot(self, slot, value):
        try:
            self.slots.append((slot, slot.__get__(value)))
        except AttributeError:
            pass

    def make(self):
        return self.make_of(self.contents, lambda value: copied(value, _DEEPEST))

    def make_other(self, contents):
        """One that holds other things, in whatever it holds them."""
        return self.make_of(contents, _other)

    def make_of(self, contents, change):
        if self.base is None:
            twin = self.maker.__new__(self.kind)
        elif self.base in (list, dict, set):
            twin = self.maker.__new__(self.kind)
            _fill(self.base, twin, contents)
        else:
            twin = self.maker.__new__(self.kind, contents)
        if self.names:
            names = _get(twin, "__dict__")
            names.update({name: change(value) for name, value in self.names.items()})
            names.update({name: self.names[name] for name in self.hiding})
        for slot, value in self.slots:
            slot.__set__(twin, change(value))
        if self.has_end:
            self.kept.append(twin)
            _unending.append(twin)
        return twin


_unending = []


def names_in(value):
    """The dictionary of its attributes, if it has one."""
    try:
        return _get(value, "__dict__")
    except BaseException:  # it has none, or one of its own making
        return None


def _fill(base, twin, contents):
    if base is list:
        list.extend(twin, contents)
    elif base is set:
        set.update(twin, contents)
    else:
        for key, value in contents.items():
            dict.__setitem__(twin, key, value)


class _Unusable:
    """In the place of what a twin is not to reach."""


_unusable = _Unusable()


def copied(value, depth):
    """Plain values, in Python's own containers too; a container that is too large is as unusable as all else."""
    kind = type(value)
    if id(kind) in _STEADY:
        return value
    if id(kind) not in _EMPTY or not depth or len(value) > _MOST_COPIED:
        return _unusable
    if kind is dict:
        return {copied(key, depth): copied(item, depth - 1) for key, item in value.items()}
    return kind([copied(item, depth - 1) for item in value])


_OTHERS = {id(int): 10007, id(float): 10007.25, id(str): "\x02q", id(bytes): b"\x02q"}


def _other(value):
    kind = type(value)
    if kind is bool:
        return not value
    if id(kind) in _OTHERS:
        return _OTHERS[id(kind)]
    return kind() if id(kind) in _EMPTY else copied(value, 0)


class Names:
    """What a namespace holds, to be put back: counters and logs that a question can touch."""

    def __init__(self, owner, names):
        self.owner = owner  # a class; None: `names` is a dictionary that can be written
        self.names = names
        self.before = dict(names)
        self.contents = _contents_of(names.values())

    def put_back(self):
        now = self.names
        for name, value in self.before.items():
            if now.get(name, self) is not value:
                self._set(name, value)
        if self.owner is None:
            for name in [name for name in now if name not in self.before]:
                del now[name]
        _put_back(self.contents)

    def _set(self, name, value):
        if self.owner is None:
            self.names[name] = value
        elif id(type(value)) in _SCALARS:
            type.__setattr__(self.owner, name, value)


class Closure:
    """The same of what a function has from around it."""

    def __init__(self, function):
        self.cells = [(cell, cell.cell_contents) for cell in function.__closure__]
        self.contents = _contents_of([value for _, value in self.cells])

    def put_back(self):
        for cell, value in self.cells:
            if cell.cell_contents is not value:
                cell.cell_contents = value
        _put_back(self.contents)


def _contents_of(values):
    found = []
    for value in list(values):
        if id(type(value)) in _COPIED and len(value) <= _MOST_COPIED:
            found.append((value, list(value.items() if type(value) is dict else value)))
    return found


def _put_back(contents):
    for container, items in contents:
        if not _holds(container, items):
            container.clear()
            (container.extend if type(container) is list else container.update)(items)


def _holds(container, items):
    if len(container) != len(items):
        return False
    if type(container) is dict:
        return all([value is item[1] for value, item in zip(container.values(), items)])
    return all([one is item for one, item in zip(islice(container, _MOST_COPIED), items)])
