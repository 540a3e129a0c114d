"""What must not change under a test: the test machinery, the builtins, and what cells of one process share."""
from own import BUILTINS as __builtins__
from own import sealed

import _thread
import builtins
import contextlib
import importlib.machinery
import os
import sys
import types
import unittest
import unittest.case
import unittest.loader
import unittest.result
import unittest.suite
import unittest.util
import warnings
from operator import is_, itemgetter

from plain import PLAIN_MODULES

# Settings that tests are meant to change, and builtins that they often replace and nothing here uses afterwards.
_FREE = {
    "TestCase.maxDiff",
    "TestCase.longMessage",
    "TestLoader.sortTestMethodsUsing",
    "builtins.input",
    "builtins.print",
    "builtins.open",
}
_UNSTEADY = ("__abstractmethods__", "__warningregistry__")

_OWNERS = (
    unittest.TestCase,
    unittest.case._Outcome,
    unittest.case._AssertRaisesContext,
    unittest.case._AssertRaisesBaseContext,
    unittest.loader.TestLoader,
    unittest.result.TestResult,
    unittest.suite.TestSuite,
    unittest.suite.BaseTestSuite,
)
_NAMES = {unittest: ("TestCase", "TestResult"), unittest.case: ("TestCase", "_Outcome")}
# Of these, what is a function or a class; of `sys`, what unittest and this harness call.
_MODULES = (unittest, unittest.case, unittest.loader, unittest.result, unittest.suite, unittest.util, contextlib)
_SYS = tuple(name for name in ("exc_info", "gettrace", "settrace", "getprofile", "setprofile") if hasattr(sys, name))
_IMPORTED = ("unittest", *[module.__name__ for module in _MODULES])
_CALLABLE = (types.FunctionType, type, types.BuiltinFunctionType)
_NOTED = {"sys.settrace": "the trace function", "sys.setprofile": "the trace function"}
_NOTED["sys.monitoring.register_callback"] = "the trace function"

_LOADERS = (
    importlib.machinery.SourceFileLoader,
    importlib.machinery.SourcelessFileLoader,
    importlib.machinery.ExtensionFileLoader,
)
ModuleSpec = importlib.machinery.ModuleSpec
_INNER_LOADERS = (importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter)

modules = sys.modules
stat = os.stat
threads = _thread._count
gettrace, getprofile = sys.gettrace, sys.getprofile


class Machinery:
    """A picture of the machinery, to be compared by identity later."""

    def __init__(self, *more_owners):
        self.state = [(owner, tuple(vars(owner)), tuple(vars(owner).values())) for owner in (*_OWNERS, *more_owners)]
        self.builtins = tuple(name for name in vars(builtins) if name != "_")
        self.builtin_values = tuple(vars(builtins)[name] for name in self.builtins)
        self.names = [(owner, name, vars(owner)[name]) for owner, names in _NAMES.items() for name in names]
        self.more_names = [_picture_names(module, _callables(module)) for module in _MODULES]
        self.more_names.append(_picture_names(sys, _SYS))
        self.imported = [(name, modules[name]) for name in _IMPORTED]
        self.may_trace = False
        self.audited = []  # what was changed in place since the child began
        self.cells = _cells([*_MODULES, *_OWNERS, *more_owners])
        self._watch_functions()
        self.modules = {name: _picture(modules[name]) for name in PLAIN_MODULES if name in modules}
        self.loaded = frozenset(modules)
        self.shared = None

    def begin_child(self):
        """What this file compares is pictured once, in the warm interpreter; the rest is each child's own."""
        self.shared = self._shared_state()

    def _watch_functions(self):
        """Code and defaults of a function can be put back before anybody looks; the interpreter tells when they are set."""
        self.watched = _functions([*_MODULES, *_OWNERS, *modules.values()])

        def hook(event, arguments):
            watched = "<watched>"
            noted = "<noted>"
            note = "<note>"
            if event == "object.__setattr__":
                if id(arguments[0]) in watched:
                    note("%s.%s" % (arguments[0].__name__, arguments[1]))
            elif event in noted:
                note(noted[event])

        ids = frozenset(map(id, self.watched))
        sys.addaudithook(sealed(hook, watched=ids, note=self.audited.append, noted=_NOTED))

    def audit(self):
        """What the interpreter has told of. `may_trace`: the unit test's own text traces, as doctest does."""
        return [name for name in self.audited if name != "the trace function" or not self.may_trace]

    def forgive_tracing(self):
        """What traced the candidate while it was loaded, and is over."""
        if gettrace() is None and getprofile() is None:
            self.audited[:] = [name for name in self.audited if name != "the trace function"]

    def changes(self):
        """Names of what differs, as `Owner.attribute`, but for what a test may change."""
        return [name for name in self._differences() if name not in _FREE] + self._more_differences()

    def contamination(self, imports):
        """Which attribute the next cell in this process would find changed, or None. `imports`: modules that the cell has
        asked for."""
        different = self._differences()
        if different:
            return "changed " + different[0]
        for name in imports:
            if name in self.modules and not _like(self.modules[name], modules.get(name)):
                return "changed the module " + name
        return None

    def other_state(self):
        """What else it would notice, or None."""
        if self.audited:
            return "changed " + self.audited[0]
        if self._shared_state() != self.shared:
            return "changed the interpreter's state"
        return None

    def foreign_modules(self, imports, paths):
        """Which of the modules that a unit test imports is another one than it was, or has other functions, or comes from
        elsewhere than the interpreter's own folders (`paths`); or None."""
        for name in imports:
            if name in self.modules and name != "sys":
                known, values = self.modules[name]
                if modules.get(name) is not known or not all(map(is_, vars(known).values(), values)):
                    return "the module " + name
        return self.module_from_elsewhere(imports, paths)

    def module_from_elsewhere(self, imports, paths):
        for name in imports:
            module = modules.get(name)
            if module is not None and name not in self.loaded and not is_loaded(getattr(module, "__dict__", {}), paths):
                return "the module " + name
        return None

    def _differences(self):
        found = []
        for owner, names, values in self.state:
            now = vars(owner)
            if len(now) != len(values) or not all(map(is_, now.values(), values)):
                found.extend(owner.__name__ + "." + name for name in _differing(now, names, values))
        now = vars(builtins)
        if len(now) - ("_" in now) != len(self.builtins):
            found.append("builtins")
        if not all(map(is_, now.values(), self.builtin_values)):
            before = zip(self.builtins, self.builtin_values)
            found.extend("builtins." + name for name, value in before if now.get(name) is not value)
        found.extend(owner.__name__ + "." + name for owner, name, value in self.names if vars(owner)[name] is not value)
        return found

    def _more_differences(self):
        """What only a text that is not plain can change."""
        found = []
        for owner, names, get, values in self.more_names:
            now = vars(owner)
            if not all([name in now for name in names]) or not all(map(is_, get(now), values)):
                found.extend(owner.__name__ + "." + name for name, value in zip(names, values) if now.get(name) is not value)
        for cell, value in self.cells:
            if cell.cell_contents is not value:
                found.append("a closure")
        if not self.may_trace and (gettrace() is not None or getprofile() is not None):
            found.append("the trace function")
        found += self.audit()
        found += [name for name, module in self.imported if modules.get(name) is not module]
        return found

    @staticmethod
    def _shared_state():
        streams = (id(sys.stdin), id(sys.stdout), id(sys.stderr), id(sys.displayhook), id(sys.excepthook))
        hooks = (len(sys.meta_path), len(sys.path_hooks), len(sys.path), sys.gettrace(), sys.getprofile())
        streams += (sys.stdin.closed, sys.stdout.closed, sys.stderr.closed, len(warnings.filters))
        others = len(modules) - sum(name in modules for name in ("solution", "unit_test"))
        return (*streams, *hooks, others, id(sys.modules), threads())


def is_loaded(names, paths=("/",)):
    """Whether a module's names say that one of Python's own loaders has made it, from a file below one of the paths."""
    spec = names.get("__spec__")
    loader = getattr(spec, "loader", None)
    if any([loader is one for one in _INNER_LOADERS]):
        return True
    if not any([type(loader) is kind for kind in _LOADERS]) or type(spec) is not ModuleSpec:
        return False
    origin = spec.origin
    return type(origin) is str and any([origin.startswith(path) for path in paths]) and _is_there(origin)


def _is_there(path):
    try:
        return bool(stat(path))
    except OSError:
        return False


def _callables(module):
    return tuple(name for name, value in vars(module).items() if isinstance(value, _CALLABLE) and name[:2] != "__")


def _picture_names(owner, names):
    get = itemgetter(*names)
    return owner, names, get, get(vars(owner))


def _functions(owners):
    """All functions that are attributes of modules and of their classes."""
    found = []
    for owner in owners:
        for value in list(getattr(owner, "__dict__", {}).values()):
            classes = vars(value).values() if isinstance(value, type) else ()
            for one in (value, *classes):
                function = one.__func__ if isinstance(one, (staticmethod, classmethod)) else one
                if isinstance(function, types.FunctionType):
                    found.append(function)
    return found


def _cells(owners):
    """The cells of their closures, each with what it holds."""
    cells = {id(cell): cell for function in _functions(owners) for cell in function.__closure__ or ()}
    return [(cell, cell.cell_contents) for cell in cells.values()]


def _picture(module):
    return module, tuple(vars(module).values())


def _like(picture, module):
    known, values = picture
    now = vars(known).values()
    return module is known and len(now) == len(values) and all(map(is_, now, values))


def _differing(now, names, values):
    before = dict(zip(names, values))
    found = [name for name, value in before.items() if now.get(name) is not value and name not in _UNSTEADY]
    known = list(values)  # a new name for what it has already (an alias) changes nothing
    for name in now:
        if name not in before and name[:2] != "__" and not any(now[name] is value for value in known):
            found.append(name)
    return found
