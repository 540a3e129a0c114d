"""Whose a name is: of the candidate, or of a module that the unit test means."""
from own import BUILTINS as __builtins__

import importlib
import sys
import types

from library import is_of_library
from machinery import is_loaded
from means import NICKNAMES

_modules = sys.modules
_import = importlib.import_module
_function = types.FunctionType
_module = types.ModuleType


def assume_modules(names, assumed):
    """`names`: what the unit test starts with. Where it asks `math` for `sqrt` without an import, and the candidate has
    something else under that name than a module, it gets the module: what is only called (calendar(2020)) is the
    candidate's."""
    for name, attributes in assumed:
        value = names.get(name)
        if name not in names or _is_real(value) or type(value) is _function and not vars(value):
            continue
        try:
            module = _modules.get(name) or _import(name)
        except Exception:
            if name in NICKNAMES:
                del names[name]  # the package is missing, and no class of the candidate's is it
            continue
        has = getattr(module, "__dict__", {})
        # `from datetime import datetime` gives the name to what the module has under it.
        if has.get(name) is not value and is_of_library(module) and all([one in has for one in attributes]):
            names[name] = module


def _is_real(value):
    return type(value) is _module and is_loaded(vars(value))


def share_names(solution, test):
    """What is set as an attribute of the candidate's module (patch('__main__.roll')) is set for the unit test too, as in
    the one file that the text was written for. `test`: the test's module, before it runs."""
    theirs, own = vars(test), vars(solution)
    common = {name for name, value in theirs.items() if name in own and own[name] is value}
    tests = set()

    class Shared(_module):
        def __getattr__(self, name):
            if name in theirs and name[:2] != "__":
                return theirs[name]
            raise AttributeError("module %r has no attribute %r" % (own.get("__name__"), name))

        def __setattr__(self, name, value):
            if name in own or name not in theirs and name not in tests:
                _module.__setattr__(self, name, value)
            else:
                tests.add(name)
                theirs[name] = value
            if name in common:
                theirs[name] = value

        def __delattr__(self, name):
            if name in own:
                _module.__delattr__(self, name)
            if name in common or name not in own and name in theirs:
                tests.add(name)
                theirs.pop(name, None)

    try:
        solution.__class__ = Shared
    except TypeError:
        pass
