"""The cells of one child: unit tests of one candidate, executed one after another.

At isolation `cell` a child has one; at `candidate` it has all of a candidate's that are plain (plain.py), and what
they share is checked after each. Writes to descriptor 4 one JSON array a line, each beginning with the job's secret:
["cell", index] before anything of a cell, with "plain" where its texts are (plain.py); ["load", part, reason] a part that does not load; ["start", case];
["end", case, how, reason]; ["tampered", what]; ["skipped", what]; ["memory"]; ["doubt", why]: this process no longer
vouches for the cell or for later ones; ["apart", index]: a cell that wants a process of its own;
["done", CPU nanoseconds, wall nanoseconds, digest, ...]. It decides no verdict: that happens outside, from these events and from how
the process ended. Whatever this file needs after the candidate has run is bound to a local name before.
"""
import functools
import importlib
import importlib.machinery
import json
import linecache
import os
import random
import resource
import sys
import time
import types
import unittest.loader
import unittest.result
import unittest.suite

import observe
from definitions import Definitions
from harmless import COMMON_FUNCTIONS
from machinery import Machinery
from plain import fit
from prepare import CANDIDATE, NOTHING, UNIT_TEST, prepare

EVENTS = 4
REASON_CHARACTERS = 300
RECURSION_LIMIT = sys.getrecursionlimit()
ASSERT_CASE = ["assert"]  # what a unit test of plain assert statements has instead of methods
MOST_GROWTH = 16 << (20 if sys.platform == "darwin" else 10)  # of a shared process's memory, in what getrusage() counts
LOOK_NS = 500_000  # of CPU time, without which nobody fills so much
HOOKS = ("setUpModule", "tearDownModule", "load_tests")  # those of the candidate are not the test's

write = os.write
leave = os._exit
process_id = os.getpid
cpu_ns = time.process_time_ns
clock_ns = time.monotonic_ns
quote = json.encoder.encode_basestring_ascii
set_recursion_limit = sys.setrecursionlimit
set_random_state = random.setstate
random_state = random.Random(int(os.environ.get("PYTHONHASHSEED", "0"))).getstate()
usage_of, MYSELF = resource.getrusage, resource.RUSAGE_SELF
modules = sys.modules
TestCase = unittest.TestCase
secret = ""
own = 0


def tell(*fields):
    """One event. Only captured functions: a candidate may have replaced those of os and json."""
    if process_id() != own:  # a child that the candidate forked has come back here instead of ending
        leave(1)
    data = (secret + ",".join([quote(field) for field in fields]) + "]\n").encode("ascii")
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


class Cell:
    """What is noticed while one cell runs."""

    exhausted = False  # memory or stack: the next cell in this process could meet other limits than the first

    def notice(self, error):
        if isinstance(error, MemoryError):
            tell("memory")
        if isinstance(error, (MemoryError, RecursionError)):
            self.exhausted = True


class Recorder(unittest.result.TestResult):
    """Tells the start and the end of every test case. A subtest's failure is its case's."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell
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
        self.cell.notice(error)
        order = ("pass", "skip", "fail", "error")
        if order.index(how) > order.index(self.how):
            self.how, self.reason = how, "" if error is None else reason_of(error)

    def addSuccess(self, test):
        pass

    def addFailure(self, test, err):
        self.worsen("fail", err[1])

    def addError(self, test, err):
        if isinstance(test, TestCase):
            observe.note_raised(err[0])
            self.worsen("error", err[1])
        else:  # setUpClass or setUpModule: no case of its own
            self.cell.notice(err[1])
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


def tell_uncompiled(prepared):
    """One that the kernel ends for its memory, and one that Python refuses it to, end alike."""
    if prepared.reason.startswith("MemoryError"):
        tell("memory")


def load(cell, part, source, prepared, namespace):
    """A part of the cell as a new module that starts with the names of `namespace`; None (and told) if it fails."""
    if prepared.code is None:
        tell_uncompiled(prepared)
        tell("load", part, prepared.reason)
        return None
    module = new_module("solution" if part == "candidate" else "unit_test", source, namespace)
    try:
        exec(prepared.code, module.__dict__)
        return module
    except BaseException as error:
        cell.notice(error)
        observe.note_raised(type(error))
        tell("load", part, reason_of(error))
    return None


def new_module(name, source, namespace):
    module = types.ModuleType(name)
    module.__dict__.update(namespace)
    module.__file__ = "/tmp/" + name + ".py"
    # There is no such file; inspect and tracebacks find the source here.
    linecache.cache[module.__file__] = (len(source), None, source.splitlines(True), module.__file__)
    modules[name] = module
    return module


def run_assert(cell, source, prepared, namespace):
    """Plain assert statements: one case, executed as a module."""
    case = ASSERT_CASE[0]
    tell("start", case)
    if prepared.code is None:
        tell_uncompiled(prepared)
        tell("end", case, "error", prepared.reason)
        return
    try:
        exec(prepared.code, new_module("unit_test", source, namespace).__dict__)
    except BaseException as error:
        cell.notice(error)
        failed = isinstance(error, AssertionError)
        if not failed:
            observe.note_raised(type(error))
        tell("end", case, "fail" if failed else "error", reason_of(error))
    else:
        tell("end", case, "pass", "")


def case_names(test_class, loader):
    """What loader.getTestCaseNames() says, without a look at every attribute of every ancestor."""
    names = set()
    for ancestor in test_class.__mro__:
        if ancestor is not TestCase and ancestor is not object:
            names.update(name for name in vars(ancestor) if name.startswith("test"))
    names = [name for name in names if callable(getattr(test_class, name))]
    return sorted(names, key=functools.cmp_to_key(loader.sortTestMethodsUsing))


def run_classes(cell, module, suite_class, loader):
    cases = []
    for value in list(vars(module).values()):
        if isinstance(value, type) and issubclass(value, TestCase) and value.__module__ == module.__name__:
            cases.extend(value(name) for name in case_names(value, loader))
    try:
        suite_class(cases).run(Recorder(cell))  # one suite: setUpModule runs once
    except BaseException as error:  # KeyboardInterrupt passes through unittest
        cell.notice(error)
        tell("load", "the test run", reason_of(error))


def plain(candidate, unit_test):
    """Whether a cell may share a process."""
    return candidate.plain and unit_test.plain and fit(candidate, unit_test)


class Child:
    """One candidate and what its cells share."""

    def __init__(self, job, known):
        self.source = job["candidate"]
        self.tests = job["tests"]
        self.shared = job["isolation"] == "candidate"
        self.known = known
        self.suite_class, self.loader = unittest.suite.TestSuite, unittest.loader.TestLoader()
        self.machinery = machinery
        self.solution = None  # kept between cells where the candidate is reusable
        self.definitions = None
        self.since_look = 0
        self.memory = usage_of(MYSELF).ru_maxrss

    def prepared(self, file, text):
        known = self.known.get((file, text))
        if known is not None:
            return known
        try:
            self.known[file, text] = prepare(file, text)
            return self.known[file, text]
        except (MemoryError, RecursionError) as error:
            return NOTHING._replace(reason=reason_of(error))

    def run(self):
        # All of it before the first cell: the times of a cell count from the event that starts it.
        candidate = self.prepared(CANDIDATE, self.source)
        apart = self.shared and not candidate.plain
        unit_tests = [None if apart else self.prepared(UNIT_TEST, test["code"]) for test in self.tests]
        plains = [not apart and plain(candidate, unit_test) for unit_test in unit_tests]
        if self.shared:
            self.import_ahead(candidate, *[unit_test for unit_test, may in zip(unit_tests, plains) if may])
        for index, (test, unit_test, may) in enumerate(zip(self.tests, unit_tests, plains)):
            cell = Cell()
            if self.shared and not may:
                tell("apart", str(index))
                continue
            start, clock_start = cpu_ns(), clock_ns()
            tell("cell", str(index), *["plain"] * may)
            observe.begin_cell()
            set_random_state(random_state)
            set_recursion_limit(RECURSION_LIMIT)
            self.run_cell(cell, candidate, unit_test, test)
            cpu, clock = cpu_ns() - start, clock_ns() - clock_start
            doubt = self.doubt(cell, cpu, candidate, unit_test) if self.shared else None
            if doubt is not None:
                tell("doubt", doubt)
                return
            tell("done", str(cpu), str(clock), *observe.seen)

    def import_ahead(self, *parts):
        """What is imported within a function would be there for all cells but the first."""
        for part in parts:
            for name in part.ahead:
                importlib.import_module(name)

    def run_cell(self, cell, candidate, unit_test, test):
        fresh = self.machinery.shared is None
        if fresh:
            self.machinery.begin_child()
        solution = self.solution or load(cell, "candidate", self.source, candidate, {})
        if solution is None:
            return
        if fresh:
            self.machinery.begin_child()  # again: what loading the candidate does, it does for every cell
        if self.shared and candidate.reusable and self.solution is None:
            self.solution, self.definitions = solution, Definitions(solution)
        # A quiet text has no name for the machinery. Else it is looked at twice: a candidate could put it back.
        quiet = candidate.quiet and unit_test.quiet and plain(candidate, unit_test) and not self.shared
        if not (quiet or candidate.plain) and self.tampered():
            return
        modules["solution"] = modules["__main__"] = solution
        names = {name: value for name, value in vars(solution).items() if name[:2] != "__" and name not in HOOKS}
        names[observe.OBSERVER] = observe.observed
        alias = Alias(solution, unit_test.imports)
        sys.meta_path.append(alias)
        if test["cases"] == ASSERT_CASE:
            run_assert(cell, test["code"], unit_test, names)
        else:
            module = load(cell, "test", test["code"], unit_test, names)
            if module is not None:
                run_classes(cell, module, self.suite_class, self.loader)
        if observe.equals_everything("ANY" in test["code"]):
            tell("tampered", "what it means to be equal")
        if self.shared:
            self.put_back(alias, unit_test)
        if not quiet and not self.shared:  # doubt() asks the same
            self.tampered()

    def tampered(self):
        changed = self.machinery.changes()
        if changed:
            tell("tampered", ", ".join(changed[:5]))
        return bool(changed)

    def put_back(self, alias, unit_test):
        """Undoes what this file itself has done for the cell."""
        if sys.meta_path[-1:] == [alias]:
            sys.meta_path.pop()
        for name in unit_test.aliases:
            modules.pop(name, None)

    def doubt(self, cell, cpu, candidate, unit_test):
        """Why this process may no longer serve, or None."""
        for name in ("solution", "unit_test"):
            modules.pop(name, None)
        modules["__main__"] = _MAIN
        if cell.exhausted:
            return "ran out of memory or stack"
        self.since_look += cpu
        if self.since_look > LOOK_NS:
            self.since_look = 0
            if usage_of(MYSELF).ru_maxrss - self.memory > MOST_GROWTH:
                return "may have left less memory to the next cell"
        if candidate.stores or unit_test.stores:  # else there is no way to change these
            if (candidate.common or unit_test.common) and any(map(vars, COMMON_FUNCTIONS)):
                return "changed a function of unittest"
            if self.definitions is not None and self.definitions.changed():
                return "changed what the candidate defines"
        return self.machinery.contamination((*candidate.imports, *unit_test.imports))


_MAIN = sys.modules["__main__"]
machinery = None


def settle(warm_up):
    """Called once, in the warm interpreter: takes the picture of the machinery that every child compares with, and runs
    our own small cells until the interpreter has adapted its code to them, so that no child has to."""
    global machinery, own
    machinery, own = Machinery(Recorder), os.getpid()
    null = os.open("/dev/null", os.O_WRONLY)
    if null != EVENTS:
        os.dup2(null, EVENTS)
        os.close(null)
    known = {(UNIT_TEST, code): prepare(UNIT_TEST, code) for code in warm_up["tests"]}
    known[CANDIDATE, warm_up["candidate"]] = prepare(CANDIDATE, warm_up["candidate"])
    tests = [{"code": code, "cases": cases} for code, cases in warm_up["tests"].items()]
    for _ in range(50):
        prepare(CANDIDATE, warm_up["compiled"])
        Child({"candidate": warm_up["candidate"], "tests": tests, "isolation": "candidate"}, known).run()
        machinery.shared = None
    os.close(EVENTS)


def run(job, known):
    """Runs the cells of a job in this process, which is the job's own, and never returns."""
    global secret, own
    secret, own = "[" + quote(job["secret"]) + ",", os.getpid()
    child = Child(job, known)
    child.run()
    leave(0)
