import type { Verdict } from '../../src/verdict.js';

/** A wrong candidate that tries to pass, or (`usual: 'fail'`) an honest one that must not suffer. */
export interface Forgery {
  name: string;
  candidate: string;
  test?: ForgedTest;
  verdict: Verdict;
  detail?: RegExp;
  /** What the usual runner (candidate and test in one process, its result believed) says; `pass` if not given. */
  usual?: 'pass' | 'fail';
  /** The minor version of Python 3 that knows its syntax. */
  since?: number | undefined;
}

export interface ForgedTest {
  code: string;
  cases: string[];
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

/** A test case class of these methods. */
export function ofClass(body: string, before = '', base = 'unittest.TestCase'): ForgedTest {
  const cases = [...body.matchAll(/^(?:async )?def (test\w*)/gm)].map(([, name]) => `T.${name}`);
  return { code: `import unittest\n${before}\nclass T(${base}):\n${indented(body)}\n`, cases };
}

export const ofAsserts = (code: string): ForgedTest => ({ code, cases: ['assert'] });

/** What a row without a test of its own meets: double(n) should be n * 2. */
export const TWO_CASES = ofClass(
  'def test_a(self):\n    self.assertEqual(double(2), 4)\ndef test_b(self):\n    got = double(3)\n    self.assertEqual(got, 6)',
);

/** In the call the candidate's first, `once` is executed; then it answers wrongly. */
const inCall = (body: string, before = 'import unittest') =>
  `${before}\ndone = []\ndef double(n):\n    if not done:\n        done.append(1)\n${indented(indented(body))}\n    return 4 if n == 2 else "wrong"\n`;

/** The same in every call. */
const inEveryCall = (body: string, before = 'import unittest') =>
  `${before}\ndef double(n):\n${indented(body)}\n    return "wrong"\n`;

const CLASS_BY_SUBCLASSES =
  'T = [one for one in unittest.TestCase.__subclasses__() if one.__name__ == "T"][-1]';

/** The test's class, or its case, gets an assertEqual that puts itself away again. */
const ONCE_A_CALL = (find: string) => `${find}
def nothing(*values, **named):
    del T.assertEqual
T.assertEqual = nothing`;

/** `self`, by a walk up the frames. */
const CASE_BY_FRAMES = `
frame = sys._getframe(1)
while "self" not in frame.f_locals:
    frame = frame.f_back
case = frame.f_locals["self"]`;

const RESULT_BY_FRAMES = `
frame = sys._getframe(1)
while "result" not in frame.f_locals:
    frame = frame.f_back
result = frame.f_locals["result"]`;

const LATER = ofClass(
  'def test_a(self):\n    got = double(2)\n    self.assertEqual(got, 4)\ndef test_b(self):\n    got = double(3)\n    self.assertEqual(got, 6)',
);

/** Rewrites a local name of the unit test, by a trace function. */
const TRACING = inEveryCall(
  `def trace(frame, event, argument):
    if "got" in frame.f_locals:
        frame.f_locals["got"] = n * 2
    return trace
sys.settrace(trace)
sys._getframe(1).f_trace = trace`,
  'import sys',
);

/** `__s` in a class is `_A__s` to the compiler. */
const BY_PRIVATE_NAME = (where: string, then: string) =>
  `import sys as _A__s\nclass A:\n    def go(self):\n        __s.modules["builtins"].setattr(__s.modules["unittest"].TestCase, ${where}, lambda *values: None)\n${then}`;

export const MACHINERY: Forgery[] = [
  {
    name: 'an assertion by a private name, while the candidate is loaded',
    candidate: BY_PRIVATE_NAME('"assertEqual"', 'A().go()\ndef double(n):\n    return "wrong"\n'),
    verdict: 'tampered',
  },
  {
    name: 'an assertion by a private name, in every call',
    candidate: BY_PRIVATE_NAME('"assertEqual"', 'def double(n):\n    A().go()\n    return "wrong"\n'),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertEqual(got, 4)'),
    verdict: 'tampered',
  },
  {
    name: 'how a test method is called, by a private name',
    candidate: BY_PRIVATE_NAME('"_callTestMethod"', 'A().go()\ndef double(n):\n    return "wrong"\n'),
    verdict: 'tampered',
  },
  {
    name: 'an assertion by a private name that a method makes global',
    candidate:
      'class A:\n    def go(self):\n        global __s\n        import sys as __s\nA().go()\n_A__s.modules["builtins"].setattr(_A__s.modules["unittest"].TestCase, "assertEqual", lambda *values: None)\ndef double(n):\n    return "wrong"\n',
    verdict: 'tampered',
  },
  {
    name: 'sys.exc_info',
    candidate: inEveryCall('sys.exc_info = lambda: None', 'import sys'),
    verdict: 'tampered',
  },
  {
    name: 'unittest.case.SkipTest is what fails',
    candidate: inEveryCall('unittest.case.SkipTest = Exception', 'import unittest.case'),
    verdict: 'tampered',
  },
  {
    name: 'unittest.case._ShouldStop is what fails',
    candidate: inEveryCall('unittest.case._ShouldStop = Exception', 'import unittest.case'),
    verdict: 'tampered',
  },
  {
    name: 'a context manager of contextlib that swallows',
    candidate:
      'import contextlib\nkept = []\ncontextlib._GeneratorContextManager.__exit__ = lambda *values: kept.append(values) or True\ndef double(n):\n    return "wrong"\n',
    verdict: 'tampered',
  },
  {
    name: 'the code of an assertion, put back by itself',
    candidate: inEveryCall(
      `function = unittest.TestCase.assertEqual
code = function.__code__
def nothing(self, *values, **named):
    import unittest
    unittest.TestCase.assertEqual.__code__ = unittest.kept
unittest.kept = code
function.__code__ = nothing.__code__`,
    ),
    test: LATER,
    verdict: 'tampered',
    detail: /__code__/,
  },
  {
    name: 'the code of a function that an assertion calls, put back',
    candidate: inEveryCall(
      `function = unittest.TestCase._getAssertEqualityFunc
def other(self, first, second):
    import unittest
    unittest.TestCase._getAssertEqualityFunc.__code__ = unittest.kept
    return lambda *values, **named: None
if not hasattr(unittest, "kept"):
    unittest.kept = function.__code__
function.__code__ = other.__code__`,
    ),
    test: LATER,
    verdict: 'tampered',
    detail: /__code__/,
  },
  {
    name: 'the defaults of a function that an assertion calls',
    candidate: inEveryCall(
      `def check(self, first, second):
    return lambda *values, **named: None
def other(self, first, second, check=None):
    return check
unittest.TestCase._getAssertEqualityFunc.__code__ = other.__code__
unittest.TestCase._getAssertEqualityFunc.__defaults__ = (check(0, 0, 0),)`,
    ),
    test: LATER,
    verdict: 'tampered',
  },
  {
    name: 'what the closure of an assertion holds',
    candidate: inEveryCall(
      `for cell in unittest.TestCase.assertEqual.__closure__ or ():
    if callable(cell.cell_contents):
        cell.cell_contents = lambda *values, **named: None`,
    ),
    test: LATER,
    verdict: 'fail',
    usual: 'fail', // it wraps no assertion
  },
  {
    name: 'a function that an assertion calls, put back by itself',
    candidate: inEveryCall(
      `kept = unittest.TestCase._getAssertEqualityFunc
def other(*values):
    unittest.TestCase._getAssertEqualityFunc = kept
    return lambda *values, **named: None
unittest.TestCase._getAssertEqualityFunc = other`,
    ),
    test: LATER,
    verdict: 'tampered',
  },
  {
    name: 'an assertion of the class, put back by itself: by __subclasses__',
    candidate: inEveryCall(ONCE_A_CALL(CLASS_BY_SUBCLASSES)),
    test: LATER,
    verdict: 'tampered',
    detail: /assertEqual/,
  },
  {
    name: '… by gc',
    candidate: inEveryCall(
      ONCE_A_CALL(
        'T = [one for one in gc.get_objects() if isinstance(one, type) and one.__name__ == "T" and issubclass(one, unittest.TestCase)][-1]',
      ),
      'import gc, unittest',
    ),
    test: LATER,
    verdict: 'tampered',
  },
  {
    name: '… by sys.modules',
    candidate: inEveryCall(ONCE_A_CALL('T = sys.modules["unit_test"].T'), 'import sys'),
    test: LATER,
    verdict: 'tampered',
  },
  {
    name: 'an assertion of the case itself, by a walk up the frames',
    candidate: inEveryCall(
      `${CASE_BY_FRAMES}
case.assertEqual = lambda *values, **named: vars(case).pop("assertEqual") and None`,
      'import sys',
    ),
    test: LATER,
    verdict: 'tampered',
  },
  {
    name: 'a method of the test that comes later',
    candidate: inCall(`${CLASS_BY_SUBCLASSES}\nT.test_b = lambda self: None`),
    verdict: 'tampered',
  },
  {
    name: 'a method of the test that comes later, put back by itself',
    candidate: inCall(
      `${CLASS_BY_SUBCLASSES}
kept = T.test_b
def nothing(self):
    T.test_b = kept
T.test_b = nothing`,
    ),
    verdict: 'tampered',
  },
  {
    name: 'a case that comes later, by gc',
    candidate: inCall(
      `for one in gc.get_objects():
    if type(one).__name__ == "T" and one._testMethodName == "test_b":
        one.test_b = lambda: None`,
      'import gc',
    ),
    verdict: 'tampered',
  },
  {
    name: 'the class of a case that comes later',
    candidate: inCall(
      `for one in gc.get_objects():
    if type(one).__name__ == "T" and one._testMethodName == "test_b":
        kind = type(one)
        one.__class__ = type("T", (kind,), {"assertEqual": lambda *values: None, "__module__": "unit_test"})`,
      'import gc',
    ),
    verdict: 'tampered',
  },
  {
    name: 'TestCase.run, put back by itself',
    candidate: inCall(
      `kept = unittest.TestCase.run
def run(self, result):
    unittest.TestCase.run = kept
    result.startTest(self)
    result.addSuccess(self)
    result.stopTest(self)
unittest.TestCase.run = run`,
    ),
    verdict: 'tampered',
  },
  {
    name: 'TestCase._callTestMethod, put back by itself',
    candidate: inCall(
      `kept = unittest.TestCase._callTestMethod
def call(self, method):
    unittest.TestCase._callTestMethod = kept
unittest.TestCase._callTestMethod = call`,
    ),
    verdict: 'tampered',
  },
  {
    name: 'TestCase._callTestMethod, replaced in setUp and put back by itself',
    candidate: inEveryCall(
      `kept = unittest.TestCase._callTestMethod
def call(self, method):
    unittest.TestCase._callTestMethod = kept
unittest.TestCase._callTestMethod = call`,
    ),
    test: ofClass(
      'def setUp(self):\n    self.got = double(2)\ndef test_a(self):\n    self.assertEqual(self.got, 4)',
    ),
    verdict: 'tampered',
    detail: /how T\.test_a is run/,
  },
  {
    name: 'a set-up that the class gets',
    candidate: inCall(
      `${CLASS_BY_SUBCLASSES}
def setUp(self):
    del T.setUp
    self.assertEqual = lambda *values: None
T.setUp = setUp`,
    ),
    verdict: 'tampered',
  },
  {
    name: 'a unittest of its own in sys.modules',
    candidate: `
import sys, types, unittest
class TestCase(unittest.TestCase):
    def assertEqual(self, *values):
        pass
fake = types.ModuleType("unittest")
vars(fake).update(vars(unittest))
fake.TestCase = TestCase
sys.modules["unittest"] = fake
def double(n):
    return "wrong"`,
    verdict: 'tampered',
    usual: 'pass',
  },
  {
    name: 'a unittest of its own by an import hook',
    candidate: `
import sys, types, unittest, importlib.machinery
class TestCase(unittest.TestCase):
    def assertEqual(self, *values):
        pass
fake = types.ModuleType("unittest")
vars(fake).update(vars(unittest))
fake.TestCase = TestCase
class Finder:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name == "unittest" else None
    def create_module(self, spec):
        return fake
    def exec_module(self, module):
        pass
sys.meta_path.insert(0, Finder())
del sys.modules["unittest"]
def double(n):
    return "wrong"`,
    verdict: 'tampered',
  },
  {
    name: 'builtins.__import__',
    candidate: `
import builtins, types, unittest
class TestCase(unittest.TestCase):
    def assertEqual(self, *values):
        pass
fake = types.SimpleNamespace(TestCase=TestCase)
kept = builtins.__import__
builtins.__import__ = lambda name, *more: fake if name == "unittest" else kept(name, *more)
def double(n):
    return "wrong"`,
    verdict: 'tampered',
  },
  {
    name: 'TestCase.__init_subclass__ gives each class an assertion',
    candidate: `
import unittest
@classmethod
def give(cls, **named):
    cls._classSetupFailed, cls._class_cleanups = False, []
    cls.assertEqual = lambda *values: None
    del unittest.TestCase.__init_subclass__
unittest.TestCase.__init_subclass__ = give
def double(n):
    return "wrong"`,
    verdict: 'tampered',
  },
  {
    name: 'the running result, by a walk up the frames',
    candidate: inEveryCall(
      `${RESULT_BY_FRAMES}\nresult.addFailure = result.addError = lambda *values: None`,
      'import sys',
    ),
    verdict: 'fail',
  },
  {
    name: 'sys.settrace rewrites a local name',
    candidate: TRACING,
    test: LATER,
    verdict: 'tampered',
    detail: /trace/,
  },
  {
    name: 'sys.settrace, where the unit test has a name that sounds like tracing',
    candidate: TRACING,
    test: { ...LATER, code: `# the trace of a matrix\nimport traceback\nprofile = 1\n${LATER.code}` },
    verdict: 'tampered',
    detail: /trace/,
  },
  {
    name: 'sys.settrace, switched off again before the assertion',
    candidate: inEveryCall(
      `def trace(frame, event, argument):
    if "got" in frame.f_locals:
        frame.f_locals["got"] = n * 2
        sys.settrace(None)
    return trace
sys.settrace(trace)
sys._getframe(1).f_trace = trace`,
      'import sys',
    ),
    test: LATER,
    verdict: 'tampered',
    detail: /trace/,
  },
  {
    name: 'sys.setprofile while loading',
    candidate: `
import sys
answers = {"test_a": 4, "test_b": 6}
def profile(frame, event, argument):
    if "got" in frame.f_locals and frame.f_code.co_name in answers:
        frame.f_locals["got"] = answers[frame.f_code.co_name]
sys.setprofile(profile)
def double(n):
    return "wrong"`,
    test: ofClass(
      'def test_a(self):\n    got = double(2)\n    size = len("abc")\n    self.assertEqual(got, 4)\ndef test_b(self):\n    got = double(3)\n    size = len("abc")\n    self.assertEqual(got, 6)',
    ),
    verdict: 'tampered',
    detail: /trace/,
  },
  {
    name: 'the builtins of a check',
    candidate: `
import builtins, unittest
unittest.TestCase.assertEqual = lambda *values: None
builtins.all = lambda items: True
builtins.map = lambda *items: ()
builtins.len = lambda items: 7
builtins.vars = lambda *items: {}
builtins.zip = lambda *items: ()
def double(n):
    return "wrong"`,
    test: ofClass('def test_a(self):\n    self.assertEqual(double(2), 4)'),
    verdict: 'tampered',
    usual: 'fail', // it needs them itself
  },
  {
    name: 'a function of the test, put back by itself',
    candidate: inEveryCall(
      `module = sys.modules["unit_test"]
kept = module.check
def nothing(*values):
    module.check = kept
module.check = nothing`,
      'import sys',
    ),
    test: ofClass(
      'def test_a(self):\n    got = double(2)\n    check(got, 4)',
      'def check(got, expected):\n    assert got == expected',
    ),
    verdict: 'tampered',
  },
  {
    name: 'a method of the test that it calls itself, put back',
    candidate: inEveryCall(
      `${CLASS_BY_SUBCLASSES}
kept = T.check
def nothing(*values):
    T.check = kept
T.check = nothing`,
    ),
    test: ofClass(
      'def check(self, got, expected):\n    self.assertEqual(got, expected)\ndef test_a(self):\n    got = double(2)\n    self.check(got, 4)',
    ),
    verdict: 'tampered',
  },
  {
    name: 'a comparison for a type, by gc',
    candidate: inEveryCall(
      `for one in gc.get_objects():
    if type(one).__name__ == "T":
        one.addTypeEqualityFunc(int, lambda *values, **named: None)`,
      'import gc',
    ).replace('"wrong"', '7'),
    verdict: 'tampered',
  },
  {
    name: 'an assertion that the candidate swallows',
    candidate:
      'def double(n, check):\n    try:\n        check("wrong")\n    except BaseException:\n        pass\n',
    test: ofClass('def test_a(self):\n    double(2, lambda got: self.assertEqual(got, 4))'),
    verdict: 'fail',
  },
  {
    name: 'assertRaises by an issubclass that puts itself away',
    candidate: inEveryCall(
      `kept = builtins.issubclass
def lying(*values):
    builtins.issubclass = kept
    return True
builtins.issubclass = lying
raise KeyError`,
      'import builtins',
    ),
    test: ofClass('def test_a(self):\n    with self.assertRaises(ValueError):\n        double(2)'),
    verdict: 'tampered',
  },
  {
    name: 'how assertRaises ends, put back by itself',
    candidate: inEveryCall(
      `kind = unittest.case._AssertRaisesContext
kept = kind.__exit__
def leave(*values):
    kind.__exit__ = kept
    return True
kind.__exit__ = leave`,
      'import unittest.case',
    ),
    test: ofClass(
      'def test_a(self):\n    double(1)\n    with self.assertRaises(ValueError):\n        raise KeyError',
    ),
    verdict: 'tampered',
  },
  {
    name: 'an exception class that lies about its kin',
    candidate: `
class Meta(type):
    def __subclasscheck__(self, other):
        return True
class Refused(Exception, metaclass=Meta):
    pass
def double(n):
    raise KeyError`,
    test: ofClass('def test_a(self):\n    with self.assertRaises(Refused):\n        double(2)'),
    verdict: 'tampered',
  },
  {
    name: 'assertRegex by a pattern of its own',
    candidate: inEveryCall(
      `class Pattern:
    def search(self, text):
        return self
kept = re.compile
def compiled(pattern):
    re.compile = kept
    return Pattern()
re.compile = compiled`,
      'import re',
    ),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertRegex(got, "[0-9]")'),
    verdict: 'tampered',
  },
  {
    name: 'assertRaisesRegex by the cache of re',
    candidate: inEveryCall(
      `class Pattern:
    pattern = "4"
    def search(self, text):
        return self
for key in list(re._cache):
    re._cache[key] = Pattern()
raise ValueError("wrong")`,
      'import re',
    ),
    test: ofClass(
      'def test_a(self):\n    with self.assertRaisesRegex(ValueError, "[0-9]"):\n        raise ValueError("4")\n    try:\n        double(2)\n    except ValueError:\n        pass\n    with self.assertRaisesRegex(ValueError, "[0-9]"):\n        double(2)',
    ),
    verdict: 'tampered',
  },
  {
    name: 'assertCountEqual by a Counter of its own',
    candidate: inEveryCall(
      `kept = unittest.case.collections.Counter
def lying(items):
    unittest.case.collections.Counter = lying if items[0] == 7 else kept
    return 0
unittest.case.collections.Counter = lying
return [7, 9]`,
      'import unittest, unittest.case',
    ),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertCountEqual(got, [4, 2])'),
    verdict: 'tampered',
  },
  {
    name: 'assertAlmostEqual by a round that puts itself away',
    candidate: inEveryCall(
      `kept = builtins.round
def lying(*values):
    builtins.round = kept
    return 0
builtins.round = lying
return 7`,
      'import builtins',
    ),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertAlmostEqual(got, 4)'),
    verdict: 'tampered',
  },
  {
    name: 'cases that are left out: shouldStop',
    candidate: inCall(`${RESULT_BY_FRAMES}\nresult.shouldStop = True`, 'import sys'),
    verdict: 'tampered',
  },
  {
    name: 'cases that are left out: _classSetupFailed',
    candidate: inCall(`${CLASS_BY_SUBCLASSES}\nT._classSetupFailed = True`),
    verdict: 'tampered',
  },
];

export const NAMES: Forgery[] = [
  {
    name: 'a range of its own',
    candidate: 'range = lambda *values: []\ndef double(n):\n    return "wrong"\n',
    test: ofClass('def test_a(self):\n    for n in range(5):\n        self.assertEqual(double(n), n * 2)'),
    verdict: 'fail',
  },
  {
    name: 'a range of its own, and asserts',
    candidate: 'range = lambda *values: []\ndef double(n):\n    return "wrong"\n',
    test: ofAsserts('for n in range(5):\n    assert double(n) == n * 2'),
    verdict: 'fail',
  },
  {
    name: 'a len of its own, imported with a star',
    candidate: 'len = lambda items: 4\ndef double(n):\n    return ""\n',
    test: ofClass('def test_a(self):\n    self.assertEqual(len(double(2)), 4)', 'from solution import *'),
    verdict: 'fail',
  },
  {
    name: 'an AssertionError and a ValueError of its own',
    candidate: 'ValueError = BaseException\ndef double(n):\n    raise KeyError\n',
    test: ofClass('def test_a(self):\n    with self.assertRaises(ValueError):\n        double(2)'),
    verdict: 'error',
  },
  {
    name: 'builtins.len, put back by itself',
    candidate: inEveryCall(
      `kept = builtins.len
def lying(items):
    builtins.len = kept
    return 4
builtins.len = lying`,
      'import builtins',
    ),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertEqual(len(got), 4)'),
    verdict: 'fail',
  },
  {
    name: 'a name of the test module that shadows a builtin, put back by itself',
    candidate: inEveryCall(
      `names = vars(sys.modules["unit_test"])
names["len"] = lambda items: names.pop("len") and 4`,
      'import sys',
    ),
    test: ofClass('def test_a(self):\n    got = double(2)\n    self.assertEqual(len(got), 4)'),
    verdict: 'fail',
  },
  {
    name: 'a module that the test imports, in sys.modules',
    candidate:
      'import sys, types\nsys.modules["math"] = types.SimpleNamespace(sqrt=lambda n: "wrong")\ndef double(n):\n    return "wrong"\n',
    test: ofAsserts('import math\nassert double(2) == math.sqrt(16)'),
    verdict: 'tampered',
  },
  {
    name: 'a function of a module that the test imports',
    candidate: 'import math\nmath.sqrt = lambda n: "wrong"\ndef double(n):\n    return "wrong"\n',
    test: ofAsserts('import math\nassert double(2) == math.sqrt(16)'),
    verdict: 'tampered',
  },
  {
    name: 'a function with the name of a builtin, which the test is written against',
    candidate: 'def sum(a, b):\n    return a * b\n',
    test: ofAsserts('assert sum(2, 5) == 10'),
    verdict: 'pass',
  },
  {
    name: 'a star from a module that has a name of a builtin',
    candidate: 'def double(n):\n    return n * 2\n',
    test: ofAsserts('from math import *\nassert isinstance(pow(2, 2), float) and double(2) == pow(2, 2)'),
    verdict: 'pass',
  },
];
