"""Openers for classes, functions and modules."""
from builtins import any, dict, type
from operator import methodcaller
from types import BuiltinFunctionType, FunctionType, ModuleType

from known import HEAP_TYPE, flags_of, full_name, module_of, name_of, name_of_module, text_or_none
from opened import ORDERED, held_by, leaf, open_opaque


def open_class(value, budget):
    """One of the candidate's is more than its name, but what more is code."""
    module, name = module_of(value), name_of(value)
    if not flags_of(value) & HEAP_TYPE:
        return leaf("%s.%s" % (module, name))
    known = full_name(value, module, name)
    budget.untold |= known is None
    return leaf(known or name)


_function_name = FunctionType.__dict__["__qualname__"].__get__
_function_module = FunctionType.__dict__["__module__"].__get__
_builtin_module = BuiltinFunctionType.__dict__["__module__"].__get__


def open_function(value, budget):
    """One of the candidate's is its code, which another candidate writes in another way: nobody can tell."""
    name = full_name(value, _function_module(value), _function_name(value))
    return open_opaque(value, budget) if name is None else leaf(name)


def open_builtin(value, budget):
    owner = value.__self__
    if owner is None or type(owner) is ModuleType:
        return leaf("%s.%s" % (text_or_none(_builtin_module(value)), value.__name__))
    return value.__name__, (owner,), ORDERED


def open_descriptor(value, budget):
    return value.__name__, (value.__objclass__,), ORDERED


def open_method_wrapper(value, budget):
    return value.__name__, (value.__self__,), ORDERED


def open_module(value, budget):
    name = name_of_module(value)
    return open_opaque(value, budget) if name is None else leaf(name)


def open_method_caller(value, budget):
    if any([type(held) is dict and held for held in held_by(value)]):  # its __reduce__ would import something
        return open_opaque(value, budget)
    return "", _call_of(value)[1], ORDERED


_call_of = methodcaller.__reduce__
