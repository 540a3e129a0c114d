"""What a candidate that is executed once for many cells defines, to be compared after each of them."""
from own import BUILTINS as __builtins__

import types
from operator import is_

_FUNCTION = types.FunctionType
_WRAPPERS = (staticmethod, classmethod)


class Definitions:
    """A picture of a module by identity: of its names, its classes, and its functions, those of its classes too."""

    def __init__(self, module):
        self.module = module
        self.before = _definitions(vars(module))

    def changed(self):
        now = _definitions(vars(self.module))
        return len(now) != len(self.before) or not all(map(is_, now, self.before))


def _definitions(namespace):
    found = []
    for name, value in namespace.items():
        if name == "__warningregistry__":  # which Python puts there, and a plain text cannot ask for
            continue
        found.append(value)
        kind = type(value)
        if kind is _FUNCTION:
            _add_function(found, value)
        elif isinstance(value, type):
            for member in vars(value).values():
                found.append(member)
                _add_member(found, member)
    return found


def _add_member(found, member):
    kind = type(member)
    if kind is _FUNCTION:
        _add_function(found, member)
    elif kind in _WRAPPERS:
        found.extend(getattr(member, "__dict__", {}).values())  # of Python 3.10 and later
        if type(member.__func__) is _FUNCTION:
            _add_function(found, member.__func__)
    elif kind is property:
        for function in (member.fget, member.fset, member.fdel):
            if type(function) is _FUNCTION:
                _add_function(found, function)


def _add_function(found, function):
    found.extend((function.__code__, function.__defaults__, function.__kwdefaults__))
    if function.__dict__:
        found.extend(function.__dict__)
        found.extend(function.__dict__.values())
