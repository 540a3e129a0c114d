"""What must not change under a test: the test machinery, the builtins, and what cells of one process share."""
import _thread
import builtins
import sys
import unittest
import unittest.case
import unittest.loader
import unittest.result
import unittest.suite
import warnings
from operator import is_

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

modules = sys.modules
threads = _thread._count


class Machinery:
    """A picture of the machinery, to be compared by identity later."""

    def __init__(self, *more_owners):
        self.state = [(owner, tuple(vars(owner)), tuple(vars(owner).values())) for owner in (*_OWNERS, *more_owners)]
        self.builtins = tuple(name for name in vars(builtins) if name != "_")
        self.builtin_values = tuple(vars(builtins)[name] for name in self.builtins)
        self.names = [(owner, name, vars(owner)[name]) for owner, names in _NAMES.items() for name in names]
        self.modules = {name: _picture(modules[name]) for name in PLAIN_MODULES if name in modules}
        self.shared = None

    def begin_child(self):
        """What this file compares is pictured once, in the warm interpreter; the rest is each child's own."""
        self.shared = self._shared_state()

    def changes(self):
        """Names of what differs, as `Owner.attribute`, but for what a test may change."""
        return [name for name in self._differences() if name not in _FREE]

    def contamination(self, imports):
        """What the next cell in this process would notice, or None. `imports`: modules that the cell has asked for."""
        different = self._differences()
        if different:
            return "changed " + different[0]
        for name in imports:
            if name in self.modules and not _like(self.modules[name], modules.get(name)):
                return "changed the module " + name
        if self._shared_state() != self.shared:
            return "changed the interpreter's state"
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

    @staticmethod
    def _shared_state():
        streams = (id(sys.stdin), id(sys.stdout), id(sys.stderr), id(sys.displayhook), id(sys.excepthook))
        hooks = (len(sys.meta_path), len(sys.path_hooks), len(sys.path), sys.gettrace(), sys.getprofile())
        streams += (sys.stdin.closed, sys.stdout.closed, sys.stderr.closed, len(warnings.filters))
        others = len(modules) - sum(name in modules for name in ("solution", "unit_test"))
        return (*streams, *hooks, others, id(sys.modules), threads())


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
