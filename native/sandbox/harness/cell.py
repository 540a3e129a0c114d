"""One cell: one unit test against one candidate, in a process of its own inside the jail.

Reads a job from descriptor 3: {"candidate", "test": Python source, "cases": [expected case names], "paths": sys.path}.
Writes to descriptor 4 one line "ready <own CPU time, ns>" before anything untrusted is loaded, then one JSON array a
line: ["load", part, reason] a part that does not load; ["start", case]; ["end", case, how, reason];
["tampered", what]; ["memory"]; ["done"]. It decides no verdict: the supervisor does, from these events and from how
the process ended. Whatever this file needs after the candidate has run is bound to a local name before.
"""

import _sitebuiltins
import ast
import builtins
import importlib.machinery
import json
import linecache
import os
import sys
import time
import types
import unittest
import unittest.case
import unittest.loader
import unittest.result
import unittest.suite
import warnings

EVENTS = 4
REASON_CHARACTERS = 300

write = os.write
leave = os._exit
process_id = os.getpid
OWN = os.getpid()
quote = json.encoder.encode_basestring_ascii
TestCase = unittest.TestCase
ASSERT_CASE = ["assert"]  # what a unit test of plain assert statements has instead of methods


def tell(*fields):
    """One event. Only captured functions: a candidate may have replaced those of os and json."""
    if process_id() != OWN:  # a child that the candidate forked has come back here instead of ending
        leave(1)
    line = "[" + ",".join([quote(field) for field in fields]) + "]\n"
    data = line.encode("ascii")
    while data:
        data = data[write(EVENTS, data):]


def reason_of(error):
    """`Type: message`, bounded; the message is untrusted code's and may itself fail."""
    name = "(its type has no name)"
    try:
        name = "" + type(error).__name__
        text = "" + str(error)
    except BaseException:
        text = "(its message cannot be read)"
    return (name + ": " + text if text else name)[:REASON_CHARACTERS]


class Recorder(unittest.result.TestResult):
    """Tells the start and the end of every test case. A subtest's failure is its case's."""

    def __init__(self):
        super().__init__()
        self.how = "pass"
        self.reason = ""

    def startTest(self, test):
        super().startTest(test)
        self.how, self.reason = "pass", ""
        tell("start", case_name(test))

    def stopTest(self, test):
        super().stopTest(test)
        tell("end", case_name(test), self.how, self.reason)

    def worsen(self, how, error):
        if isinstance(error, MemoryError):
            tell("memory")
        order = ("pass", "skip", "fail", "error")
        if order.index(how) > order.index(self.how):
            self.how, self.reason = how, "" if error is None else reason_of(error)

    def addSuccess(self, test):
        pass

    def addFailure(self, test, err):
        self.worsen("fail", err[1])

    def addError(self, test, err):
        if isinstance(test, TestCase):
            self.worsen("error", err[1])
        else:  # setUpClass or setUpModule: no case of its own
            if isinstance(err[1], MemoryError):
                tell("memory")
            tell("load", str(test)[:REASON_CHARACTERS], reason_of(err[1]))

    def addSkip(self, test, reason):
        if isinstance(test, TestCase):
            self.worsen("skip", None)
        else:  # a whole class or module
            tell("skipped", str(test)[:REASON_CHARACTERS])

    def addExpectedFailure(self, test, err):
        pass

    def addUnexpectedSuccess(self, test):
        self.worsen("fail", None)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.worsen("fail" if issubclass(err[0], test.failureException) else "error", err[1])

    def addDuration(self, test, elapsed):
        pass


def case_name(test):
    return type(test).__qualname__ + "." + test._testMethodName


MACHINERY = (
    TestCase,
    unittest.case._Outcome,
    unittest.case._AssertRaisesContext,
    unittest.case._AssertRaisesBaseContext,
    unittest.loader.TestLoader,
    unittest.result.TestResult,
    unittest.suite.TestSuite,
    unittest.suite.BaseTestSuite,
    Recorder,
)


# Settings that tests are meant to change, and builtins that they often replace and nothing here uses afterwards.
FREE = {
    "TestCase.maxDiff",
    "TestCase.longMessage",
    "TestLoader.sortTestMethodsUsing",
    "builtins.input",
    "builtins.print",
    "builtins.open",
}


def snapshot():
    """Every attribute of the test machinery and every builtin, to be compared by identity later."""
    state = {owner: dict(vars(owner)) for owner in MACHINERY}
    state[unittest] = {"TestCase": unittest.TestCase, "TestResult": unittest.TestResult}
    state[unittest.case] = {"TestCase": unittest.case.TestCase, "_Outcome": unittest.case._Outcome}
    state[builtins] = {name: value for name, value in vars(builtins).items() if name != "_"}
    return state


def changes(before):
    """Names of what differs from `before`, as `Owner.attribute`."""
    found = []
    for owner, attributes in before.items():
        now = vars(owner)
        for name, value in attributes.items():
            if now.get(name) is not value and name not in ("__abstractmethods__", "__warningregistry__"):
                found.append(owner.__name__ + "." + name)
        if isinstance(owner, type):
            known = list(attributes.values())  # a new name for what it has already (an alias) changes nothing
            for name in now:
                if name not in attributes and name[:2] != "__" and not any(now[name] is value for value in known):
                    found.append(owner.__name__ + "." + name)
    return [name for name in found if name not in FREE]


class Alias:
    """Finds the modules that a unit test imports and nobody has: they are its name for the candidate."""

    def __init__(self, module, names):
        self.module = module
        self.names = names

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in self.names else None

    def create_module(self, spec):
        return self.module

    def exec_module(self, module):
        pass


def imported_names(source):
    """Top-level names of the modules that a source imports; none if it does not parse (it will not load either)."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def execute(name, source, namespace):
    """Executes source as a new module that starts with the names of `namespace`."""
    module = types.ModuleType(name)
    module.__dict__.update(namespace)
    module.__file__ = "/tmp/" + name + ".py"
    # There is no such file; inspect and tracebacks find the source here.
    linecache.cache[module.__file__] = (len(source), None, source.splitlines(True), module.__file__)
    sys.modules[name] = module
    exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
    return module


def load(part, name, source, namespace):
    """The module of a part of the cell; None (and told) if it does not load."""
    try:
        return execute(name, source, namespace)
    except BaseException as error:
        if isinstance(error, MemoryError):
            tell("memory")
        tell("load", part, reason_of(error))
    return None


def run_assert(source, namespace):
    """Plain assert statements: one case, executed as a module."""
    case = ASSERT_CASE[0]
    tell("start", case)
    try:
        execute("unit_test", source, namespace)
    except BaseException as error:
        if isinstance(error, MemoryError):
            tell("memory")
        tell("end", case, "fail" if isinstance(error, AssertionError) else "error", reason_of(error))
    else:
        tell("end", case, "pass", "")


def run_classes(module, suite_class, loader):
    cases = []
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, TestCase) and value.__module__ == module.__name__:
            cases.extend(value(name) for name in loader.getTestCaseNames(value))
    try:
        suite_class(cases).run(Recorder())  # one suite: setUpModule runs once
    except BaseException as error:  # KeyboardInterrupt passes through unittest
        tell("load", "the test run", reason_of(error))


def main():
    with open(3, "rb") as job_file:
        job = json.loads(job_file.read())
    sys.path[:] = job["paths"]
    sys.argv[:] = ["solution.py"]
    warnings.simplefilter("ignore")
    suite_class, loader = unittest.suite.TestSuite, unittest.loader.TestLoader()
    for name in ("exit", "quit"):  # what `site` would define
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D"))
    before = snapshot()
    write(EVENTS, ("ready %d\n" % time.process_time_ns()).encode("ascii"))

    solution = load("candidate", "solution", job["candidate"], {})
    if solution is not None:
        changed = changes(before)
        if changed:
            tell("tampered", ", ".join(changed[:5]))
        else:
            sys.modules["__main__"] = solution
            sys.meta_path.append(Alias(solution, imported_names(job["test"])))
            hooks = ("setUpModule", "tearDownModule", "load_tests")  # those of the candidate are not the test's
            names = {name: value for name, value in vars(solution).items() if name[:2] != "__" and name not in hooks}
            if job["cases"] == ASSERT_CASE:
                run_assert(job["test"], names)
            else:
                module = load("test", "unit_test", job["test"], names)
                if module is not None:
                    run_classes(module, suite_class, loader)
            changed = changes(before)
            if changed:
                tell("tampered", ", ".join(changed[:5]))
    tell("done")
    leave(0)


if __name__ == "__main__":
    main()
