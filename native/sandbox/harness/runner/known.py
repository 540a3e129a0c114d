"""What belongs to the standard library or to the unit test, and so is the same for every candidate.

Nothing is looked up in a dictionary that a candidate could have put a key into: the key's class would be asked what it
is equal to. It is read from beginning to end instead, once for each class or function.
"""
import sys
from builtins import id, len, str, type
from types import ModuleType

modules = sys.modules
HEAP_TYPE = 1 << 9  # a class that was written in Python, or may be one
_OF_THE_CANDIDATE = ("solution", "__main__")

flags_of = type.__dict__["__flags__"].__get__
ancestors_of = type.__dict__["__mro__"].__get__
own_names_of = type.__dict__["__dict__"].__get__
_name_of = type.__dict__["__name__"].__get__
_module_of = type.__dict__["__module__"].__get__
_names_of_module = ModuleType.__dict__["__dict__"].__get__
_names = {}  # by identity: what was found, and its name


def name_of(kind):
    return str.__str__(_name_of(kind))  # which may have been set to one of a class of its own


def module_of(kind):
    if not flags_of(kind) & HEAP_TYPE:
        return _module_of(kind)
    return text_or_none(entry(own_names_of(kind).items(), "__module__"))


def entry(items, wanted):
    """What a dictionary has under a name; None where it has nothing."""
    for key, value in items:
        if type(key) is str and key == wanted:
            return value
    return None


def text_or_none(value):
    return value if type(value) is str else None


def full_name(value, module, name):
    """`module.name` where that is how the value is known to everybody; None otherwise."""
    known = _names.get(id(value))
    if known is not None:
        return known[1]
    if type(module) is not str or type(name) is not str or module in _OF_THE_CANDIDATE:
        return None
    found = entry(modules.items(), module)
    if type(found) is not ModuleType or entry(_names_of_module(found).items(), name) is not value:
        return None
    text = module + "." + name
    if module != "unit_test" and len(_names) < 1000:  # kept alive, so that nothing else gets its identity
        _names[id(value)] = value, text
    return text


def name_of_module(value):
    """Of one that everybody can import; None of another."""
    name = text_or_none(entry(_names_of_module(value).items(), "__name__"))
    if name is None or name in _OF_THE_CANDIDATE or entry(modules.items(), name) is not value:
        return None
    return name
