import { type ForgedTest, type Forgery, ofAsserts, ofClass } from './forgeries.js';

// Assertions of the unit test that fail, and whose error never comes to an end of a case: the candidate takes it.

const CONTEXT =
  'class Taking:\n    def __enter__(self):\n        return self\n    def __exit__(self, *error):\n        return True\ndef double(n):\n    return "wrong"\ndef taking():\n    return Taking()\n';
const GENERATED =
  'import contextlib\n@contextlib.contextmanager\ndef taking():\n    try:\n        yield\n    except BaseException:\n        pass\ndef double(n):\n    return "wrong"\n';
/** Without a class, or anything else that is not plain. */
const CALLING =
  'def double(n, tell):\n    try:\n        tell("wrong")\n    except Exception:\n        pass\n    return 4\n';
const POOL =
  'from concurrent.futures import ThreadPoolExecutor\ndef double(n, tell):\n    with ThreadPoolExecutor(1) as pool:\n        pool.submit(tell, "wrong")\n    return 4\n';
const GATHERING =
  'import asyncio\nasync def double(n, tell):\n    await asyncio.gather(tell("wrong"), return_exceptions=True)\n    return 4\n';
const AT_THE_END =
  'class Last:\n    def __init__(self, tell):\n        self.tell = tell\n    def __del__(self):\n        self.tell("wrong")\ndef double(n, tell):\n    Last(tell)\n    return 4\n';

const inside = (statement: string) => `with taking():\n    ${statement}`;
const inCase = (text: string, before = '', base = 'unittest.TestCase') =>
  ofClass(`def test_a(self):\n${text.replace(/^(?=.)/gm, '    ')}`, before, base);
const told = (statement: string) => `def tell(got):\n    ${statement}\ndouble(2, tell)`;

type Row = [name: string, candidate: string, test: ForgedTest, verdict?: 'fail' | 'tampered'];

const rows: Row[] = [
  ["in the candidate's context", CONTEXT, ofAsserts(inside('assert double(2) == 4'))],
  ["in the candidate's context, of a case", CONTEXT, inCase(inside('assert double(2) == 4'))],
  ['with a message', CONTEXT, inCase(inside('assert double(2) == 4, "it is 4"'))],
  ['raised as an error', CONTEXT, ofAsserts(inside('if double(2) != 4: raise AssertionError("it is 4")'))],
  ['raised as a class', CONTEXT, inCase(inside('if double(2) != 4: raise AssertionError'))],
  ['by fail()', CONTEXT, inCase(inside('if double(2) != 4: self.fail()'))],
  [
    'beside a name that sounds like catching',
    CONTEXT,
    inCase(`expected = 4  # no except\n${inside('self.assertEqual(double(2), expected)')}`),
  ],
  ['by a method', CONTEXT, inCase(inside('self.assertEqual(double(2), 4)'))],
  ["in the candidate's generated context", GENERATED, ofAsserts(inside('assert double(2) == 4'))],
  ["in the candidate's generated context, of a case", GENERATED, inCase(inside('assert double(2) == 4'))],
  ['in a function that the candidate calls', CALLING, ofAsserts(told('assert got == 4'))],
  ['in a function that the candidate calls, of a case', CALLING, inCase(told('assert got == 4'))],
  ['by fail() in a function that the candidate calls', CALLING, inCase(told('if got != 4: self.fail()'))],
  [
    'raised in a function that the candidate calls',
    CALLING,
    inCase(told('if got != 4: raise AssertionError')),
  ],
  [
    'in a function of the module that the candidate calls',
    CALLING,
    inCase('self.assertEqual(double(2, tell), 4)', 'def tell(got):\n    assert got == 4'),
  ],
  [
    'in the set-up',
    CALLING,
    ofClass(
      'def setUp(self):\n    def tell(got):\n        assert got == 4\n    double(2, tell)\ndef test_a(self):\n    pass',
    ),
    'fail',
  ],
  [
    'in the set-up of the class',
    CALLING,
    ofClass(
      '@classmethod\ndef setUpClass(cls):\n    def tell(got):\n        assert got == 4\n    double(2, tell)\ndef test_a(self):\n    pass',
    ),
    'tampered',
  ],
  ['before any case', CALLING, ofClass('def test_a(self):\n    pass', told('assert got == 4')), 'tampered'],
  ['in a thread', POOL, inCase(told('assert got == 4'))],
  ['in a thread, of plain assertions', POOL, ofAsserts(told('assert got == 4'))],
  [
    'in a coroutine that the candidate gathers',
    GATHERING,
    ofClass(
      'async def test_a(self):\n    async def tell(got):\n        assert got == 4\n    await double(2, tell)',
      '',
      'unittest.IsolatedAsyncioTestCase',
    ),
  ],
  ['in __del__', AT_THE_END, inCase(told('assert got == 4'))],
  ['in __del__, of plain assertions', AT_THE_END, ofAsserts(told('assert got == 4'))],
];

const honest: [name: string, candidate: string, test: ForgedTest][] = [
  [
    'an assert statement whose error is expected',
    CALLING.replace('try:\n        tell("wrong")\n    except Exception:\n        pass', 'tell("wrong")'),
    inCase(
      `with self.assertRaises(AssertionError):\n    ${told('assert got == 4').replaceAll('\n', '\n    ')}`,
    ),
  ],
  [
    'an assert statement whose error the test itself catches',
    'def double(n):\n    return n * 2\n',
    ofAsserts('try:\n    assert double(2) == 5\nexcept AssertionError:\n    pass\nelse:\n    assert False'),
  ],
  [
    'a context of the test that takes an error',
    'def double(n):\n    return n * 2\n',
    ofAsserts(
      'class Taking:\n    def __enter__(self): pass\n    def __exit__(self, *error): return True\nwith Taking():\n    assert double(2) == 5',
    ),
  ],
  [
    'a test that is expected to fail',
    'def double(n):\n    return n * 2\n',
    ofClass('@unittest.expectedFailure\ndef test_a(self):\n    assert double(2) == 5'),
  ],
  [
    'an assertion of the candidate that it catches',
    'def double(n):\n    try:\n        assert n < 0\n    except AssertionError:\n        return n * 2\n',
    ofAsserts('assert double(2) == 4'),
  ],
  [
    'errors of the test that the candidate is to take',
    'def safe(function, default):\n    try:\n        return function()\n    except Exception:\n        return default\n',
    inCase(
      'def bad():\n    raise ValueError("no")\nself.assertEqual(safe(bad, 4), 4)\nassert safe(lambda: 1 / 0, 5) == 5',
    ),
  ],
  [
    'a context that takes what it is to take',
    'class ignoring:\n    def __init__(self, *kinds):\n        self.kinds = kinds\n    def __enter__(self):\n        return self\n    def __exit__(self, kind, error, traceback):\n        return kind is not None and issubclass(kind, self.kinds)\n',
    inCase('with ignoring(KeyError):\n    {}[1]\nwith ignoring(ValueError):\n    assert int("4") == 4'),
  ],
];

export const SWALLOWED: Forgery[] = [
  ...rows.map(([name, candidate, test, verdict = 'fail']): Forgery => ({ name, candidate, test, verdict })),
  ...honest.map(
    ([name, candidate, test]): Forgery => ({ name: `honest: ${name}`, candidate, test, verdict: 'pass' }),
  ),
];
