import { type Forgery, ofAsserts, ofClass } from './forgeries.js';

// What unittest does not count as a failure, from its source (case.py: testPartExecutor, run, subTest, doCleanups;
// suite.py: class and module fixtures). A candidate that brings it about has not passed; a unit test may.

const raising = (what: string, other = '') =>
  `import unittest, unittest.case\ndef double(n):\n    ${other}\n    ${what}\n`;

const SKIP = raising('raise unittest.SkipTest("not today")');
const STOP = raising('raise unittest.case._ShouldStop');

const BODY = 'def test_a(self):\n    self.assertEqual(double(2), 4)';
const RIGHT = 'def test_b(self):\n    self.assertEqual(2 + 2, 4)';

const row = (name: string, candidate: string, body: string, before = '', base?: string): Forgery => ({
  name,
  candidate,
  test: ofClass(`${body}\n${RIGHT}`, before, base),
  verdict: 'error',
});

const fixture = (name: string, line: string) => `@classmethod\ndef ${name}(cls):\n    ${line}\n`;

/** Places in a case where unittest catches what is raised. */
const PLACES: [where: string, body: string, before?: string, base?: string][] = [
  ['a test', BODY],
  ['setUp', `def setUp(self):\n    double(2)\n${BODY.replace('double(2)', '4')}`],
  ['tearDown', 'def tearDown(self):\n    self.assertEqual(double(2), 4)'],
  ['a clean-up', 'def test_a(self):\n    self.addCleanup(double, 2)'],
  ['a subtest', 'def test_a(self):\n    with self.subTest(n=2):\n        self.assertEqual(double(2), 4)'],
  [
    'a subtest in a subtest',
    'def test_a(self):\n    with self.subTest(n=2):\n        with self.subTest():\n            self.assertEqual(double(2), 4)',
  ],
  [
    'an async test',
    'async def test_a(self):\n    self.assertEqual(double(2), 4)',
    '',
    'unittest.IsolatedAsyncioTestCase',
  ],
  ['an async set-up', 'async def asyncSetUp(self):\n    double(2)', '', 'unittest.IsolatedAsyncioTestCase'],
  [
    'an async tear-down',
    'async def asyncTearDown(self):\n    double(2)',
    '',
    'unittest.IsolatedAsyncioTestCase',
  ],
];

/** Fixtures of classes and modules, where only SkipTest is none. */
const FIXTURES: [where: string, body: string, before?: string][] = [
  ['setUpClass', `${fixture('setUpClass', 'double(2)')}${BODY}`],
  ['tearDownClass', fixture('tearDownClass', 'double(2)')],
  ['setUpModule', BODY, 'def setUpModule():\n    double(2)'],
  ['tearDownModule', '', 'def tearDownModule():\n    double(2)'],
];

const CLASS = 'T = [one for one in unittest.TestCase.__subclasses__() if one.__name__ == "T"][-1]';
const OUTCOME =
  'import sys\n    frame = sys._getframe(1)\n    while "outcome" not in frame.f_locals:\n        frame = frame.f_back\n    outcome = frame.f_locals["outcome"]';
const TWO = ofClass(
  'def test_a(self):\n    double(2)\ndef test_b(self):\n    self.assertEqual(double(3), 6)',
);

export const SKIPS: Forgery[] = [
  ...PLACES.map(([where, ...rest]) => row(`SkipTest in ${where}`, SKIP, ...rest)),
  ...FIXTURES.map(([where, ...rest]) => row(`SkipTest in ${where}`, SKIP, ...rest)),
  ...PLACES.map(([where, ...rest]) => row(`_ShouldStop in ${where}`, STOP, ...rest)),
  row(
    'SkipTest of a class of its own',
    raising('class S(unittest.SkipTest): pass', 'class S(unittest.SkipTest): pass').replace(
      /class S.*$/m,
      'raise type("S", (unittest.SkipTest,), {})',
    ),
    BODY,
  ),
  row(
    'a function that unittest.skip has made',
    'import unittest\n@unittest.skip("no")\ndef double(n):\n    pass\n',
    BODY,
  ),
  {
    name: 'SkipTest where another case of the test skips',
    candidate: SKIP,
    test: ofClass(
      `${BODY}\ndef test_b(self):\n    self.skipTest("later")\n${RIGHT.replace('test_b', 'test_c')}`,
    ),
    verdict: 'error',
  },
  {
    name: 'SkipTest raised by the candidate in a case that may skip itself',
    candidate: SKIP,
    test: ofClass(
      `def test_a(self):\n    if double(2) is None:\n        self.skipTest("nothing there")\n${RIGHT}`,
    ),
    verdict: 'error',
  },
  {
    name: '__unittest_skip__ set on the class',
    candidate: raising('return 4', `${CLASS}\n    T.__unittest_skip__ = True`),
    test: TWO,
    verdict: 'error',
  },
  {
    name: '__unittest_skip__ set on a method',
    candidate: raising('return 4', `${CLASS}\n    T.test_b.__unittest_skip__ = True`),
    test: TWO,
    verdict: 'fail',
  },
  {
    name: '__unittest_expecting_failure__ set on the class',
    candidate: raising('return 4', `${CLASS}\n    T.__unittest_expecting_failure__ = True`),
    test: TWO,
    verdict: 'fail',
  },
  {
    name: "the outcome's flag of an expected failure",
    candidate: raising('return 5', `${OUTCOME}\n    outcome.expecting_failure = True`),
    test: ofClass(BODY),
    verdict: 'fail',
  },
  {
    name: "the class's failureException is SkipTest",
    candidate: raising('return 5', `${CLASS}\n    T.failureException = unittest.SkipTest`),
    test: ofClass(`${BODY}\n${RIGHT}`),
    verdict: 'tampered',
  },
];

const FOUR = 'def double(n):\n    return n * 2\n';
const permitted = (
  name: string,
  test: ReturnType<typeof ofClass>,
  verdict: 'pass' | 'invalid' | 'fail' = 'pass',
): Forgery => ({
  name: `the unit test's own: ${name}`,
  candidate: FOUR,
  test,
  verdict,
  usual: verdict === 'fail' ? 'fail' : 'pass',
});

/** What the unit test's own text skips or expects counts as it says. */
export const PERMITTED: Forgery[] = [
  permitted('a decorator', ofClass(`${BODY}\n@unittest.skip("later")\ndef test_c(self):\n    self.fail()`)),
  permitted(
    'skipIf and skipUnless',
    ofClass(
      `${BODY}\n@unittest.skipIf(True, "x")\ndef test_c(self):\n    self.fail()\n@unittest.skipUnless(False, "x")\ndef test_d(self):\n    self.fail()`,
    ),
  ),
  permitted('skipTest', ofClass(`${BODY}\ndef test_c(self):\n    self.skipTest("later")`)),
  permitted(
    'SkipTest',
    ofClass(`${BODY}\ndef test_c(self):\n    raise SkipTest`, 'from unittest import SkipTest'),
  ),
  permitted(
    'SkipTest under another name',
    ofClass(`${BODY}\ndef test_c(self):\n    raise Later`, 'from unittest import SkipTest as Later'),
  ),
  permitted(
    'by a function of the test',
    ofClass(`${BODY}\ndef test_c(self):\n    later(self)`, 'def later(case):\n    case.skipTest("later")'),
  ),
  permitted(
    'by a decorator with a name',
    ofClass(`${BODY}\n@later\ndef test_c(self):\n    self.fail()`, 'later = unittest.skip("later")'),
  ),
  permitted(
    'in setUp',
    ofClass(
      `def setUp(self):\n    if self.id().endswith("test_c"):\n        self.skipTest("later")\n${BODY}\ndef test_c(self):\n    self.fail()`,
    ),
  ),
  permitted(
    'in a subtest',
    ofClass(
      'def test_a(self):\n    for n in (1, 2):\n        with self.subTest(n=n):\n            if n == 1:\n                self.skipTest("later")\n            self.assertEqual(double(n), 4)\ndef test_b(self):\n    self.assertEqual(double(2), 4)',
    ),
  ),
  permitted('a class that is skipped', ofClass(`${BODY}`, '@unittest.skip("later")'), 'invalid'),
  permitted(
    'in setUpClass',
    ofClass(`${fixture('setUpClass', 'raise unittest.SkipTest("later")')}${BODY}`),
    'invalid',
  ),
  permitted(
    'in setUpModule',
    ofClass(BODY, 'def setUpModule():\n    raise unittest.SkipTest("later")'),
    'invalid',
  ),
  permitted(
    'an expected failure',
    ofClass(`${BODY}\n@unittest.expectedFailure\ndef test_c(self):\n    self.assertEqual(double(2), 5)`),
  ),
  permitted(
    'an expected failure in a subtest',
    ofClass(
      `${BODY}\n@unittest.expectedFailure\ndef test_c(self):\n    with self.subTest():\n        self.assertEqual(double(2), 5)\n    self.fail("not reached")`,
    ),
  ),
  permitted(
    'an unexpected success',
    ofClass(`${BODY}\n@unittest.expectedFailure\ndef test_c(self):\n    self.assertEqual(double(2), 4)`),
    'fail',
  ),
  permitted(
    'an async test',
    ofClass(
      'async def asyncSetUp(self):\n    self.n = 2\nasync def test_a(self):\n    self.assertEqual(double(self.n), 4)\ndef test_b(self):\n    self.assertEqual(double(self.n), 4)\nasync def test_c(self):\n    self.skipTest("later")',
      '',
      'unittest.IsolatedAsyncioTestCase',
    ),
  ),
  permitted(
    'an async test that fails',
    ofClass(
      'async def test_a(self):\n    self.assertEqual(double(2), 5)',
      '',
      'unittest.IsolatedAsyncioTestCase',
    ),
    'fail',
  ),
  permitted('asserts have no skips', ofAsserts('assert double(2) == 4')),
];
