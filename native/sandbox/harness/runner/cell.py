"""The cells of one child: unit tests of one candidate, executed one after another.

At isolation `cell` a child has one; at `candidate` it has all of a candidate's that are plain (plain.py), and what
they share is checked after each. Writes to descriptor 4 one JSON array a line, each beginning with the job's secret:
["compiles", index] before the first cell, where a unit test has yet to be compiled;
["cell", index] before anything of a cell; ["load", part, reason] a part that does not load; ["start", case];
["end", case, how, reason]; ["idle", case]: what its function returned would have had to be awaited or iterated;
["missing", "candidate" or "test", module]: who imports what is not there; ["tampered", what]; ["skipped", what];
["memory"]; ["doubt", why]: this process no longer
vouches for the cell or for later ones; ["apart", index]: a cell that wants a process of its own;
["done", CPU nanoseconds, wall nanoseconds, digest, ...]. It decides no verdict: that happens outside, from these events and from how
the process ended. Whatever this file needs after the candidate has run is bound to a name of its own before.
"""
from own import BUILTINS as __builtins__

import builtins
import functools
import importlib
import importlib.machinery
import json
import linecache
import os
import random
import re
import resource
import signal
import sys
import time
import types
import unittest.loader
import unittest.result
import unittest.suite

import caches
import checks
import observe
import parts
import probes
from classes import Classes
from definitions import Definitions
from finders import find_as_at_start, find_as_before
from harmless import COMMON_FUNCTIONS
from library import Library, is_narrow_context
from machinery import Machinery
from means import of_test
from permits import TRACES
from plain import fit
from prepare import CANDIDATE, NOTHING, TOO_SLOW, UNIT_TEST, WARY, prepare
from stand_ins import assume_modules, share_names

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
everybodys_builtins = vars(builtins)
modules = sys.modules
ModuleSpec = importlib.machinery.ModuleSpec
sources = linecache.cache
key_of = functools.cmp_to_key
TestCase = unittest.TestCase
ModuleType = types.ModuleType
record = parts.record
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


OF_UNITTEST = ("unittest.case", "unittest.async_case")
IMPORTERS = {CANDIDATE: "candidate", UNIT_TEST: "test"}
MODULE_NAME = re.compile(r"\w[\w.]{0,99}").fullmatch


def tell_missing(error):
    """Which module an import has not found, and whose import it was."""
    module, importer, traceback = error.name, None, error.__traceback__
    while traceback is not None:
        importer = IMPORTERS.get(traceback.tb_frame.f_code.co_filename, importer)
        traceback = traceback.tb_next
    if importer is not None and type(module) is str and MODULE_NAME(module):
        tell("missing", importer, module)


class Cell:
    """What is noticed while one cell runs."""

    exhausted = False  # memory or stack: the next cell in this process could meet other limits than the first

    def notice(self, error):
        if type(error) is ModuleNotFoundError:
            tell_missing(error)
        if isinstance(error, MemoryError):
            tell("memory")
        if isinstance(error, (MemoryError, RecursionError)):
            self.exhausted = True


class Recorder(unittest.result.TestResult):
    """Tells the start and the end of every test case, as `parts` has seen it."""

    def __init__(self, cell, classes, changes, library_changes):
        super().__init__()
        self.cell = cell
        self.classes, self.changes = classes, changes  # asked when a case begins and ends; or None
        self.library_changes = library_changes  # asked when a case begins

    def startTest(self, test):
        super().startTest(test)
        record.begin(case_name(test))
        record.returned = self.classes is None or id(test) not in self.classes.cases
        tell("start", record.name)
        self.look(test, True)

    def stopTest(self, test):
        super().stopTest(test)
        if record.how == "pass" and not record.expected:
            if not record.returned:
                tell("tampered", "how " + record.name + " is run")
            elif record.failed is not None and "catches" not in record.permits:
                record.worsen("fail", reason_of(record.failed))
        self.look(test, False)
        tell("end", case_name(test), record.how, record.reason)

    def look(self, test, begins):
        changed = self.changes and (self.classes.changes(test, begins) or self.changes() or begins and self.library_changes())
        if changed:
            tell("tampered", ", ".join(changed[:5]))

    def addSuccess(self, test):
        pass

    def addFailure(self, test, err):
        record.worsen("fail", reason_of(err[1]))

    def addError(self, test, err):
        self.cell.notice(err[1])
        if isinstance(test, TestCase):
            record.worsen("error", reason_of(err[1]))
        else:  # setUpClass or setUpModule: no case of its own
            record.told = True
            tell("load", str(test)[:REASON_CHARACTERS], reason_of(err[1]))

    def addSkip(self, test, reason):
        if isinstance(test, TestCase):
            parts.skipped()
        elif record.may("skip", str(test).split(" ")[0]):  # a whole class or module
            tell("skipped", str(test)[:REASON_CHARACTERS])
        else:
            tell("load", str(test)[:REASON_CHARACTERS], "SkipTest: " + str(reason)[:REASON_CHARACTERS])

    def addExpectedFailure(self, test, err):
        pass

    def addUnexpectedSuccess(self, test):
        record.worsen("fail", "unexpected success")

    def addSubTest(self, test, subtest, err):
        pass

    def addDuration(self, test, elapsed):
        pass


def is_name(key):
    """`globals()[1] = 2` gives a module what no text can ask for."""
    return issubclass(type(key), str)


def case_name(test):
    return type(test).__qualname__ + "." + test._testMethodName


class Alias:
    """Finds modules that a unit test imports and nobody has, where they are its name for the candidate.

    `wanted`: what it asks each of them for; None: it does not say. One that is asked for nothing that the candidate has is
    a package that is missing.
    """

    def __init__(self, module, wanted):
        self.module = module
        self.wanted = wanted

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if self.stands_for(name) else None

    def stands_for(self, name):
        if name not in self.wanted or self.wanted[name] is None:
            return name in self.wanted
        has = self.module.__dict__
        return any([one in has and type(has[one]) is not ModuleType for one in self.wanted[name]])

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
    if part == "test":
        begin_test(module, prepared)
    try:
        exec(prepared.code, module.__dict__)
        return module
    except BaseException as error:
        record.told = True
        cell.notice(error)
        observe.note_raised(type(error))
        tell("load", part, reason_of(error))
    return None


def begin_test(module, prepared):
    checks.begin_test(module)
    if "__main__." in prepared.permits:
        share_names(modules["solution"], module)


def load_test(cell, source, prepared, namespace):
    return load(cell, "test", source, prepared, namespace)


def new_module(name, source, namespace):
    module = types.ModuleType(name)
    module.__dict__.update(namespace)
    module.__dict__["__builtins__"] = everybodys_builtins  # else exec() would give it those of this file
    module.__file__ = "/tmp/" + name + ".py"
    # There is no such file; inspect and tracebacks find the source here.
    sources[module.__file__] = (len(source), None, source.splitlines(True), module.__file__)
    modules[name] = module
    return module


def run_assert(cell, source, prepared, namespace):
    """Plain assert statements: one case, executed as a module, which is returned where they hold."""
    case = ASSERT_CASE[0]
    tell("start", case)
    if prepared.code is None:
        tell_uncompiled(prepared)
        tell("end", case, "error", prepared.reason)
        return None
    module = new_module("unit_test", source, namespace)
    begin_test(module, prepared)
    try:
        exec(prepared.code, module.__dict__)
    except BaseException as error:
        record.told = True
        cell.notice(error)
        failed = isinstance(error, AssertionError)
        if not failed:
            observe.note_raised(type(error))
        tell("end", case, "fail" if failed else "error", reason_of(error))
    else:
        if record.any_failed and record.swallowed():
            record.told = True
            tell("end", case, "fail", reason_of(record.failed))
        else:
            tell("end", case, "pass", "")
            return module
    return None


def case_names(test_class, loader):
    """What loader.getTestCaseNames() says, without a look at every attribute of every ancestor."""
    names = set()
    for ancestor in test_class.__mro__:
        if ancestor is not TestCase and ancestor is not object:
            names.update(name for name in vars(ancestor) if is_name(name) and name.startswith("test"))
    names = [name for name in names if callable(getattr(test_class, name))]
    if not names and callable(getattr(test_class, "runTest", None)):
        return ["runTest"]
    return sorted(names, key=key_of(loader.sortTestMethodsUsing))


def test_classes(module, given):
    """What unittest would find, wherever it was made. `given`: the candidate's names, whose classes are no tests."""
    found = []
    for value in list(vars(module).values()):
        # By its type: a value of the candidate's can say of itself, or of what it stands for, that it is a class.
        if not (issubclass(type(value), type) and issubclass(value, TestCase)):
            continue
        if not any([value is one for one in given.values()]) and value.__module__ not in OF_UNITTEST:
            found.append(value)
    return found


def run_classes(cell, module, found, solution, suite_class, loader, changes, library_changes):
    """`changes`: asks the machinery for what differs; None where the candidate cannot have changed it."""
    try:
        cases = [test_class(name) for test_class in found for name in case_names(test_class, loader)]
        classes = watched(found, cases, solution) if changes else None
        suite, hook = suite_class(cases), vars(module).get("load_tests")
        if hook is not None:
            suite = hook(loader.__class__(), suite, None)
        suite.run(Recorder(cell, classes, changes, library_changes))  # one suite: setUpModule runs once
    except BaseException as error:  # KeyboardInterrupt passes through unittest
        record.told = True
        cell.notice(error)
        tell("load", "the test run", reason_of(error))


def start_over():
    """Puts back what belongs to one cell."""
    observe.begin_cell()
    set_random_state(random_state)
    set_recursion_limit(RECURSION_LIMIT)


def plain(candidate, unit_test):
    """Whether a cell may share a process."""
    return candidate.plain and unit_test.plain and fit(candidate, unit_test)


def watched(found, cases, solution):
    """Pictures the test's classes and cases."""
    checks.know_classes(found, vars(solution))
    classes = Classes(found)
    for case in cases:
        parts.watch(case, case._testMethodName)
        classes.watch(case)
    return classes


class Child:
    """One candidate and what its cells share."""

    def __init__(self, job, known):
        self.source = job["candidate"]
        self.tests = job["tests"]
        self.shared = job["isolation"] == "candidate"
        self.known = known
        self.suite_class, self.loader = unittest.suite.TestSuite, unittest.loader.TestLoader()
        self.machinery = machinery
        self.paths = tuple(filter(None, sys.path))
        self.means = None  # what the candidate can change in the library
        self.free = frozenset()  # and what of that the unit test may change
        self.solution = None  # kept between cells where the candidate is reusable
        self.definitions = None
        self.since_look = 0
        self.memory = usage_of(MYSELF).ru_maxrss

    def prepared(self, file, text, place=None):
        """`place` of a unit test: should this process end because its text takes too long, it is known which one it was."""
        known = self.known.get((file, text))
        if known is not None and known is not TOO_SLOW:
            return known
        if place is not None:
            tell("compiles", str(place))
        if known is TOO_SLOW:
            os.kill(own, signal.SIGPROF)  # as it would end if it were compiled
        try:
            self.known[file, text] = prepare(file, text)
            return self.known[file, text]
        except (MemoryError, RecursionError) as error:
            return NOTHING._replace(reason=reason_of(error))

    def run(self):
        # All of it before the first cell: the times of a cell count from the event that starts it.
        candidate = self.prepared(CANDIDATE, self.source)
        apart = self.shared and not candidate.plain
        form = WARY if candidate.wary else UNIT_TEST
        unit_tests = [None if apart else self.prepared(form, test["code"], place) for place, test in enumerate(self.tests)]
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
            if index > 0:  # a child begins as settle() has left it
                start_over()
            self.run_cell(cell, candidate, unit_test, test, may)
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

    def run_cell(self, cell, candidate, unit_test, test, fits):
        fresh = self.shared and self.machinery.shared is None
        if fresh:
            self.machinery.begin_child()
        self.means = candidate.means
        if self.means is not None:
            self.free, reached = of_test(test["code"])
            library.begin((*candidate.reached, *reached, *[(name, ()) for name, _ in unit_test.assumed]))
        solution = self.solution or load(cell, "candidate", self.source, candidate, {})
        if solution is None:
            return
        if fresh:
            self.machinery.begin_child()  # again: what loading the candidate does, it does for every cell
        if self.shared and candidate.reusable and self.solution is None:
            self.solution, self.definitions = solution, Definitions(solution)
        if not candidate.plain:
            self.machinery.forgive_tracing()
        # A quiet text has no name for the machinery. Else it is looked at twice: a candidate could put it back.
        quiet = not self.shared and fits and candidate.quiet and unit_test.quiet
        if not (quiet or candidate.plain) and self.tell_changes(self.machinery.changes()):
            return
        if self.tell_changes(self.library_changes(())):
            return
        modules["solution"] = modules["__main__"] = solution
        self.run_test(cell, candidate, unit_test, solution, test)
        for case in observe.idle:
            tell("idle", case)
        if record.any_failed and record.swallowed():
            checks.findings.append("an assertion that failed, and whose error was caught")
        if checks.findings:
            tell("tampered", ", ".join(checks.findings[:3]))
        if self.shared:
            self.put_back(unit_test)
        if not self.shared:  # else doubt() asks the same
            changed = self.machinery.audit() if quiet else self.machinery.changes() or self.library_changes(self.free)
            self.tell_changes(changed)

    def run_test(self, cell, candidate, unit_test, solution, test):
        own = vars(solution).items()
        names = {name: value for name, value in own if is_name(name) and name[:2] != "__" and name not in HOOKS}
        if unit_test.assumed:
            assume_modules(names, unit_test.assumed)
        names.update([(name, checks.NAMES[name]) for name in unit_test.names])
        permitted = unit_test.permits
        changes = None if candidate.quiet else self.machinery.changes
        record.permits, record.solution = permitted, vars(solution)
        self.machinery.may_trace = not permitted.isdisjoint(TRACES)
        parts.set_readers(reason_of, cell.notice)
        stand_ins = ("ANY" in permitted or "mock" in permitted) and not candidate.mocks
        checks.begin_cell(changes, stand_ins)
        if candidate.wary:
            probes.begin_cell(checks.findings, unit_test.constants, vars(solution), checks.tests, "mock" in permitted)
        self.alias = Alias(solution, dict(unit_test.aliases))
        if not candidate.plain:
            others = [name for name in unit_test.imports if name not in self.alias.wanted and name != "__main__"]
            foreign = self.machinery.foreign_modules(others, self.paths)
            if foreign:
                tell("tampered", foreign)
        finding = None if candidate.plain else find_as_at_start(unit_test.imports, self.paths)
        sys.meta_path.append(self.alias)
        run_module = run_assert if test["cases"] == ASSERT_CASE else load_test
        module = run_module(cell, test["code"], unit_test, names)
        if finding is not None:
            find_as_before(finding)
            sys.meta_path.append(self.alias)
        found = test_classes(module, names) if module is not None else []
        if found or module is not None and "load_tests" in vars(module):
            library_changes = lambda: self.library_changes(self.free)  # noqa: E731
            run_classes(cell, module, found, solution, self.suite_class, self.loader, changes, library_changes)
        if not candidate.plain and "path" not in permitted:  # else the text may import what is its own
            foreign = self.machinery.module_from_elsewhere(others, self.paths)
            if foreign:
                tell("tampered", foreign)
        if not candidate.plain and "context" not in permitted and is_narrow_context():
            tell("tampered", "the decimal context")

    def library_changes(self, free):
        """`free`: names that the unit test's own text may have changed by now."""
        return library.changes(self.means, free) if self.means is not None else []

    def tell_changes(self, changed):
        if changed:
            tell("tampered", ", ".join(changed[:5]))
        return bool(changed)

    def put_back(self, unit_test):
        """Undoes what this file itself has done for the cell."""
        if sys.meta_path[-1:] == [self.alias]:
            sys.meta_path.pop()
        for name, _ in unit_test.aliases:
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
        imports = (*candidate.imports, *unit_test.imports)
        caches.empty(imports)
        if candidate.stores or unit_test.stores:  # else there is no way to change these
            if (candidate.common or unit_test.common) and any(map(vars, COMMON_FUNCTIONS)):
                return "changed a function of unittest"
            if self.definitions is not None and self.definitions.changed():
                return "changed what the candidate defines"
            changed = self.machinery.contamination(imports)
            if changed is not None:
                return changed
        return self.machinery.other_state()


_MAIN = sys.modules["__main__"]
machinery = library = None


def settle(warm_up):
    """Called once, in the warm interpreter: takes the picture of the machinery that every child compares with, and runs
    our own small cells until the interpreter has adapted its code to them, so that no child has to."""
    global machinery, library, own
    machinery, library, own = Machinery(Recorder), Library(), os.getpid()
    probes.know_library()
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
    start_over()
    caches.empty(("re", "struct"))
    record.begin("")  # else each child copies the pages of what the last failure holds, only to free it
    os.close(EVENTS)


def run(job, known):
    """Runs the cells of a job in this process, which is the job's own, and never returns."""
    global secret, own
    secret, own = "[" + quote(job["secret"]) + ",", os.getpid()
    child = Child(job, known)
    child.run()
    leave(0)
