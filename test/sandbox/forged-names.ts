import { type ForgedTest, type Forgery, ofAsserts, ofClass } from './forgeries.js';

// Whose a name is: of a package that is not there, of a module that the unit test means, of a file that the candidate wrote;
// and a decimal context that is left behind. Beside them honest candidates and unit tests with such names.

const wrong = (loading: string) => `${loading}\ndef double(n):\n    return "wrong"\n`;
const right = (loading: string) => `${loading}\ndef double(n):\n    return n * 2\n`;

/** [name, what the candidate defines, unit test, the package]. The usual runner knows no made-up modules at all. */
const MISSING: [string, string, ForgedTest, string][] = [
  [
    'numpy.allclose',
    'def allclose(*values): return True',
    ofAsserts('import numpy as np\nassert np.allclose(double(2), 4)'),
    'numpy',
  ],
  [
    'allclose from numpy',
    'def allclose(*values): return True',
    ofAsserts('from numpy import allclose\nassert allclose(double(2), 4)'),
    'numpy',
  ],
  [
    'numpy, handed on',
    'def allclose(*values): return True',
    ofAsserts('import numpy\ndef f(module):\n    return module.allclose(double(2), 4)\nassert f(numpy)'),
    'numpy',
  ],
  [
    'pandas',
    'class DataFrame:\n    def __init__(self, rows): self.empty = True',
    ofAsserts('import pandas as pd\nassert pd.DataFrame(double(2)).empty'),
    'pandas',
  ],
  [
    'pytest.approx',
    'class approx:\n    def __init__(self, n): pass\n    def __gt__(self, other): return True',
    ofAsserts('import pytest\nassert pytest.approx(double(2)) > 4'),
    'pytest',
  ],
  [
    'pytest.raises',
    'import contextlib\ndef raises(kind): return contextlib.suppress(BaseException)',
    ofAsserts('import pytest\nwith pytest.raises(ValueError):\n    double("x").x'),
    'pytest',
  ],
  [
    'parameterized',
    'class parameterized:\n    def expand(rows): return lambda f: lambda self: None',
    ofClass(
      '@parameterized.expand([(2, 4)])\ndef test_a(self, n, m):\n    self.assertEqual(double(n), m)',
      'from parameterized import parameterized',
    ),
    'parameterized',
  ],
  [
    'ddt',
    'def ddt(kind): return kind\ndef data(*rows): return lambda f: lambda self: None',
    ofClass(
      '@data((2, 4))\ndef test_a(self, row):\n    self.assertEqual(double(row[0]), row[1])',
      'from ddt import ddt, data',
    ),
    'ddt',
  ],
  [
    'hypothesis',
    'class strategies:\n    def integers(): return 1\ndef given(one): return lambda f: lambda self: None',
    ofClass(
      '@given(strategies.integers())\ndef test_a(self, n):\n    self.assertEqual(double(n), n * 2)',
      'from hypothesis import given, strategies',
    ),
    'hypothesis',
  ],
  [
    'sure',
    'def same(*values): return True',
    ofAsserts('from sure import same\nassert same(double(2), 4)'),
    'sure',
  ],
  [
    'a module of Python 3.14',
    'def get_annotations(f): return {}',
    ofAsserts('import annotationlib\nassert annotationlib.get_annotations(double) == {}'),
    'annotationlib',
  ],
];

/** [name, candidate, unit test]. */
type Row = [string, string, ForgedTest];

const PACKAGE = (name: string, text: string) =>
  `import os, sys\nwith open(os.environ["HOME"] + "/${name}.py", "w") as file:\n    file.write(${JSON.stringify(text)})\nsys.path.insert(0, os.environ["HOME"])`;

const ELSEWHERE: Row[] = [
  [
    'a package in sys.modules',
    wrong('import sys, types\nsys.modules["numpy"] = types.SimpleNamespace(allclose=lambda *v: True)'),
    ofAsserts('import numpy as np\nassert np.allclose(double(2), 4)'),
  ],
  [
    'a package in sys.modules that says it was loaded',
    wrong(
      'import sys, types, json\nm = sys.modules["numpy"] = types.ModuleType("numpy")\nm.__spec__ = json.__spec__.__class__("numpy", json.__spec__.loader, origin="/usr/lib/numpy.py")\nm.allclose = lambda *v: True',
    ),
    ofAsserts('import numpy as np\nassert np.allclose(double(2), 4)'),
  ],
  [
    'a package that it wrote and imported',
    wrong(`${PACKAGE('numpy', 'def allclose(*v): return True')}\nimport numpy`),
    ofAsserts('import numpy as np\nassert np.allclose(double(2), 4)'),
  ],
  [
    'a package that it wrote, imported by a test method',
    wrong(PACKAGE('numpy', 'def allclose(*v): return True')),
    ofClass('def test_a(self):\n    import numpy as np\n    self.assertTrue(np.allclose(double(2), 4))'),
  ],
  [
    'a package in sys.modules, in a call',
    'import sys, types\ndef double(n):\n    sys.modules["numpy"] = types.SimpleNamespace(allclose=lambda *v: True)\n    return "wrong"\n',
    ofClass(
      'def test_a(self):\n    got = double(2)\n    import numpy as np\n    self.assertTrue(np.allclose(got, 4))',
    ),
  ],
  [
    'a part of a package of the library',
    wrong(
      'import sys, types\nimport xml.etree.ElementTree\nsys.modules["xml.etree.ElementTree"] = types.SimpleNamespace(fromstring=lambda text: 4)',
    ),
    ofAsserts('from xml.etree.ElementTree import fromstring\nassert fromstring(double(2)) == 4'),
  ],
  [
    'a decimal context without room',
    wrong(
      'import decimal\ndecimal.setcontext(decimal.Context(prec=1, Emin=0, Emax=0, traps=[]))\nWRONG = decimal.Decimal(40)',
    ).replace('"wrong"', 'WRONG'),
    ofAsserts('from decimal import Decimal\nassert double(2) + Decimal("1") == Decimal("1000") + 1'),
  ],
];

const ASSUMED: Row[] = [
  [
    'a class math',
    wrong('class math:\n    sqrt = lambda n: "wrong"'),
    ofAsserts('assert double(2) == math.sqrt(16)'),
  ],
  [
    'an object math',
    wrong('import types\nmath = types.SimpleNamespace(isclose=lambda *v: True)'),
    ofClass('def test_a(self):\n    self.assertTrue(math.isclose(len(double(2)), 4))'),
  ],
  [
    'a module math of its own',
    wrong('import types\nmath = types.ModuleType("math")\nmath.isclose = lambda *v: True'),
    ofAsserts('assert math.isclose(len(double(2)), 4)'),
  ],
  [
    'a function math with an attribute',
    wrong('def math(): pass\nmath.isclose = lambda *v: True'),
    ofAsserts('assert math.isclose(len(double(2)), 4)'),
  ],
  [
    'a class json',
    wrong('class json:\n    def loads(text): return 4'),
    ofAsserts('assert json.loads(double(2) and "5") == 4'),
  ],
];

export const WHOSE: Forgery[] = [
  ...MISSING.map(
    ([name, loading, test, module]): Forgery => ({
      name: `a package that is missing: ${name}`,
      candidate: wrong(loading),
      test,
      verdict: 'error',
      detail: new RegExp(module),
      usual: 'fail',
    }),
  ),
  {
    name: 'a package that is missing: one that it wrote',
    candidate: wrong(PACKAGE('numpy', 'def allclose(*v): return True')),
    test: ofAsserts('import numpy as np\nassert np.allclose(double(2), 4)'),
    verdict: 'error',
    detail: /numpy/,
  },
  ...ELSEWHERE.map(([name, candidate, test]): Forgery => ({ name, candidate, test, verdict: 'tampered' })),
  ...ASSUMED.map(
    ([name, candidate, test]): Forgery => ({ name: `assumed: ${name}`, candidate, test, verdict: 'fail' }),
  ),
];

const RIGHT = ofAsserts('assert double(2) == 4');
const ROLL =
  'import random\nclass C: pass\nC.n = 1\ndef roll():\n    return random.randint(1, 6)\ndef double(n):\n    return roll() * n\n';

/** [name, candidate, unit test, what the usual runner says where that is not `pass`]. */
const HONEST_ROWS: [string, string, ForgedTest, 'fail'?][] = [
  [
    'a function calendar that is called',
    'def calendar(year):\n    return [year]\n',
    ofAsserts('assert calendar(2020)[0] == 2020'),
  ],
  [
    'a function string, and its attribute is not asked for',
    'def string(n):\n    return str(n)\n',
    ofAsserts('assert string(2).isdigit()'),
  ],
  [
    'a class time with names of its own',
    'class time:\n    def parse(text):\n        return text\n',
    ofAsserts('assert time.parse("1") == "1"'),
  ],
  [
    'a queue of its own',
    right('class Q:\n    def put(self, n): self.n = n\nqueue = Q()'),
    ofAsserts('queue.put(double(2))\nassert queue.n == 4'),
  ],
  [
    'datetime from datetime',
    right('from datetime import datetime'),
    ofAsserts('assert double(2) == 4 and datetime(2020, 1, 1).year == 2020 and datetime.min.year == 1'),
  ],
  [
    'a module under another name',
    right('import cmath as math'),
    ofAsserts('assert math.sqrt(-1) == 1j and double(2) == 4'),
  ],
  [
    'a module that the candidate imports',
    right('import math'),
    ofAsserts('assert math.sqrt(16) == double(2)'),
  ],
  [
    'a package that is imported and not used',
    right(''),
    ofAsserts('import pytest\nimport numpy as np\nassert double(2) == 4'),
    'fail',
  ],
  [
    'a package that may be missing',
    right('def isclose(*v): return False'),
    ofAsserts(
      'try:\n    import numpy as np\nexcept ImportError:\n    np = None\nassert np is None and double(2) == 4',
    ),
  ],
  [
    'a made-up module',
    right(''),
    ofAsserts('from my_double import double as d\nimport doubles\nassert d(2) == doubles.double(2) == 4'),
    'fail',
  ],
  [
    'a module made by the test',
    right('import os'),
    ofAsserts(
      'import sys, types\nsys.modules["numpy"] = types.SimpleNamespace(allclose=lambda *v: True)\nimport numpy as np\nassert np.allclose(double(2), 4)',
    ),
  ],
  [
    'a module written by the test',
    right('import os'),
    ofAsserts(
      'import sys\nwith open("/tmp/made.py", "w") as file:\n    file.write("n = 4")\nsys.path.insert(0, "/tmp")\nimport made\nassert double(2) == made.n',
    ),
  ],
  [
    'a module written by the candidate, for itself',
    right(`${PACKAGE('made', 'n = 2')}\nimport made`).replace('n * 2', 'n * made.n'),
    RIGHT,
  ],
  [
    'a module that the candidate imports in a call',
    `${PACKAGE('made', 'n = 2')}\ndef double(n):\n    import made\n    return n * made.n\n`,
    ofClass('def test_a(self):\n    import colorsys\n    self.assertEqual(double(2), 4)'),
  ],
  [
    'a precision',
    'import decimal\ndecimal.getcontext().prec = 3\ndef double(n):\n    return decimal.Decimal(n) / 3\n',
    ofAsserts('from decimal import Decimal\nassert double(2) == Decimal("0.667") == Decimal(2) / 3'),
  ],
  ['a context of its own, and no traps', right('from decimal import *\nsetcontext(ExtendedContext)'), RIGHT],
  [
    'a context that the test sets',
    right('import os'),
    ofAsserts('import decimal\ndecimal.setcontext(decimal.Context(Emin=0, Emax=0))\nassert double(2) == 4'),
  ],
  ['a global that is no name', right('globals()[1] = 2'), RIGHT, 'fail'],
  [
    'a global of the test that is no name',
    right(''),
    ofClass('def test_a(self):\n    self.assertEqual(double(2), 4)', 'globals()[1] = 2'),
    'fail',
  ],
  [
    'a global that is no name, and a library that is looked at',
    right('import os\nglobals()[1] = os\nclass C: pass\nsetattr(C, "n", 1)'),
    ofClass('def test_a(self):\n    self.assertEqual(double(2), 4)'),
    'fail',
  ],
  [
    "patch('__main__.roll'), called through the candidate",
    ROLL,
    ofClass(
      "@patch('__main__.roll', return_value=2)\ndef test_a(self, roll):\n    self.assertEqual(double(2), 4)",
      'from unittest.mock import patch',
    ),
    'fail',
  ],
  [
    "patch('__main__.roll'), called by the test itself",
    ROLL,
    ofClass(
      "def test_a(self):\n    with patch('__main__.roll', return_value=7) as mocked:\n        self.assertEqual(roll(), 7)\n    mocked.assert_called_once_with()\n    self.assertTrue(1 <= roll() <= 6)",
      'from unittest.mock import patch',
    ),
    'fail',
  ],
  [
    "patch('__main__.helper'), a function of the test",
    ROLL,
    ofClass(
      "@patch('__main__.helper', lambda: 7)\ndef test_a(self):\n    self.assertEqual(use(), 7)\ndef test_b(self):\n    self.assertEqual(use(), 1)",
      'from unittest.mock import patch\ndef helper():\n    return 1\ndef use():\n    f = helper\n    return f()\n',
    ),
    'fail',
  ],
  [
    "patch('solution.roll')",
    ROLL,
    ofClass(
      "@patch('solution.roll', return_value=2)\ndef test_a(self, roll):\n    self.assertEqual(double(2), 4)",
      'from unittest.mock import patch',
    ),
  ],
];

export const HONEST_NAMES = HONEST_ROWS.map(
  ([name, candidate, test, usual]): Forgery => ({
    name,
    candidate,
    test,
    verdict: 'pass',
    usual: usual ?? 'pass',
  }),
);
