"""How the parts of a test case end, as the harness itself sees it and not as unittest takes it.

unittest passes over what it does not count as a failure: SkipTest, its own _ShouldStop, a failure that is expected. A
candidate can raise or set all of these, so they count only where the unit test's own text has them (permits.py).
"""
from own import BUILTINS as __builtins__

import types
import unittest.case
from unittest.case import SkipTest, TestCase, _ShouldStop, _SubTest

from observe import idle, note_raised

_ORDER = ("pass", "skip", "fail", "error")
_COROUTINE = 0x80
_no_message = unittest.case._subtest_msg_sentinel
_OrderedChainMap = unittest.case._OrderedChainMap


class Record:
    """What is known of the case in progress."""

    def __init__(self):
        self.permits = frozenset()
        self.solution = None  # the candidate's globals
        self.any_failed = False  # an assertion of this cell has, in whatever part of the unit test
        self.told = False  # and it was noticed
        self.begin("")

    def begin(self, name):
        self.name = name
        self.how, self.reason = "pass", ""
        self.returned = False  # the test method itself came to its end
        self.expected = False  # it failed as it should
        self.stop = None  # how subTest itself ends a case
        self.failed = None  # an assertion that failed
        self.caught = False  # by the unit test

    def fail(self, error=None):
        """An assertion has failed, whatever becomes of its error."""
        self.any_failed = True
        self.failed = error or AssertionError("an assertion that failed, and whose error was caught")

    def swallowed(self):
        """Whether an assertion has failed that the unit test itself does not catch, and nothing has come of it."""
        return self.any_failed and not self.told and "catches" not in self.permits

    def may(self, what, name=None):
        return what + " " + (name or self.name) in self.permits

    def worsen(self, how, reason):
        self.told = self.told or how != "skip"
        if _ORDER.index(how) > _ORDER.index(self.how):
            self.how, self.reason = how, reason


record = Record()


def set_readers(reason_of, notice):
    """`reason_of(error)`: bounded text; `notice(error)`: called for each error that ends a part."""
    global _reason_of, _notice
    _reason_of, _notice = reason_of, notice


def skipped(reason="skips a test case that the unit test does not skip"):
    if record.may("skip"):
        record.worsen("skip", "")
    else:
        record.worsen("error", reason)


class Part:
    """In the place of unittest's testPartExecutor: set-up, test, tear-down, a clean-up or a subtest."""

    __slots__ = ("outcome", "case", "before")

    def __init__(self, outcome, case, *_, **__):
        self.outcome = outcome
        self.case = case

    def __enter__(self):
        self.before = self.outcome.success
        self.outcome.success = True

    def __exit__(self, kind, error, traceback):
        outcome = self.outcome
        try:
            if kind is None:
                return False
            if issubclass(kind, KeyboardInterrupt):
                return False
            if error is record.stop and outcome.expectedFailure:
                return True
            if outcome.expecting_failure and record.may("fail") and not issubclass(kind, (SkipTest, _ShouldStop)):
                outcome.expectedFailure = (kind, error, traceback)
                record.expected = True
                return True
            outcome.success = False
            _notice(error)
            self._count(kind, error, traceback)
            return True
        finally:
            outcome.success = outcome.success and self.before

    def _count(self, kind, error, traceback):
        if issubclass(kind, SkipTest) and _raised_by_test(traceback):
            skipped(_reason_of(error))
        elif _is_failure(kind, self.case):
            record.worsen("fail", _reason_of(error))
        else:
            note_raised(kind)
            record.worsen("error", _reason_of(error))


def _is_failure(kind, case):
    try:
        return issubclass(kind, case.failureException) and not issubclass(kind, (SkipTest, _ShouldStop))
    except BaseException:
        return False


def _raised_by_test(traceback):
    """Whether no function of the candidate is among those that the exception came through."""
    while traceback is not None:
        if traceback.tb_frame.f_globals is record.solution:
            return False
        traceback = traceback.tb_next
    return True


class SubTest:
    """In the place of unittest's subTest: the same, without contextlib between the test and its outcome."""

    __slots__ = ("case", "message", "parameters", "parent", "part")

    def __init__(self, case, message, parameters):
        self.case = case
        self.message = message
        self.parameters = parameters

    def __enter__(self):
        case = self.case
        self.part = None
        if case._outcome is None:
            return
        self.parent = case._subtest
        mapping = self.parent.params.new_child(self.parameters) if self.parent else _OrderedChainMap(self.parameters)
        case._subtest = _SubTest(case, self.message, mapping)
        self.part = Part(case._outcome, case)
        self.part.__enter__()

    def __exit__(self, kind, error, traceback):
        part = self.part
        if part is None:
            return False
        taken = part.__exit__(kind, error, traceback)
        self.case._subtest = self.parent
        if part.outcome.success and part.outcome.expectedFailure:
            record.stop = _ShouldStop()
            raise record.stop
        return taken


def _sub_test(self, msg=_no_message, **params):
    return SubTest(self, msg, params)


def _part_executor(self, test_case, *rest, **named):
    return Part(self, test_case)


_NEVER_RUN = (types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)


def _call_test_method(self, method):
    """As unittest's own, which looks at no result: a coroutine that is not awaited has asserted nothing."""
    result = method()
    if type(result) in _NEVER_RUN:
        idle.append(type(self).__qualname__ + "." + self._testMethodName)


def install():
    """Called once, before anything untrusted exists."""
    TestCase._callTestMethod = _call_test_method
    _sub_test.__name__, _sub_test.__qualname__ = "subTest", "TestCase.subTest"
    TestCase.subTest = _sub_test
    unittest.case._Outcome.testPartExecutor = _part_executor


def watch(case, name):
    """The test method of this case, with a note of its own when it has come to its end."""
    method = getattr(case, name)
    function = method.__func__ if type(method) is types.MethodType else method
    code = getattr(function, "__code__", None)
    kept = record
    if hasattr(type(case), "_callMaybeAsync") and code is not None and code.co_flags & _COROUTINE:

        async def test():
            result = await method()
            kept.returned = True
            return result
    else:

        def test():
            result = method()
            kept.returned = True
            return result

    test.__name__, test.__qualname__, test.__doc__ = name, name, getattr(method, "__doc__", None)
    vars(test).update(getattr(function, "__dict__", {}))
    vars(case)[name] = test
