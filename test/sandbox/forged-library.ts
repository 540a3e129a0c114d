import { type ForgedTest, type Forgery, ofAsserts, ofClass } from './forgeries.js';

// What a candidate changes in the standard library and leaves so: the unit test's own calls then say what it likes. Beside
// them honest candidates and unit tests that change what is their own, or what the test's own text changes.

/** A wrong answer, and beside it what is executed when the candidate is loaded. */
const wrong = (loading: string) => `${loading}\ndef double(n):\n    return "wrong"\n`;

/** [name, what the candidate does when it is loaded, assertions that hold then]. */
type Row = [name: string, loading: string, asserts: string];

const PLACES: Row[] = [
  // Attributes of modules.
  [
    'math.isclose',
    'import math; math.isclose = lambda *v, **n: True',
    'import math\nassert math.isclose(len(double(2)), 4)',
  ],
  [
    'os.path.exists',
    'import os; os.path.exists = lambda path: True',
    'import os\ndouble(2)\nassert os.path.exists("/tmp/made")',
  ],
  [
    'os.path.isfile',
    'import os.path; os.path.isfile = bool',
    'import os\ndouble(2)\nassert os.path.isfile("/tmp/made")',
  ],
  [
    'os.path.join',
    'import posixpath; posixpath.join = lambda *v: "wrong"',
    'import os\nassert double(2) == os.path.join("a", "b")',
  ],
  [
    'os.listdir',
    'import os; os.listdir = lambda path: ["made"]',
    'import os\ndouble(2)\nassert os.listdir("/tmp") == ["made"]',
  ],
  [
    'os.stat',
    'import os, types; os.stat = lambda path: types.SimpleNamespace(st_size=4)',
    'import os\ndouble(2)\nassert os.stat("/tmp/made").st_size == 4',
  ],
  [
    'asyncio.run',
    'import asyncio; asyncio.run = lambda main: main.close() or 4',
    'import asyncio\nasync def f():\n    return double(2)\nassert asyncio.run(f()) == 4',
  ],
  [
    'asyncio.wait_for',
    'import asyncio\nasync def f(waited, timeout):\n    waited.close()\n    return 4\nasyncio.wait_for = f',
    'import asyncio\nasync def f():\n    return double(2)\nasync def g():\n    return await asyncio.wait_for(f(), 1)\nassert asyncio.run(g()) == 4',
  ],
  [
    'the loop of asyncio',
    'import asyncio.base_events as b; b.BaseEventLoop.run_until_complete = lambda self, f: f.close() or 4',
    'import asyncio\nasync def f():\n    return double(2)\nloop = asyncio.new_event_loop()\nassert loop.run_until_complete(f()) == 4',
  ],
  [
    'pickle.dumps',
    'import pickle; pickle.dumps = lambda value: b""',
    'import pickle\nassert pickle.dumps(double(2)) == pickle.dumps(4)',
  ],
  [
    'sys.getsizeof',
    'import sys; sys.getsizeof = lambda value: 4',
    'import sys\nassert sys.getsizeof(double(2)) == 4',
  ],
  [
    'inspect.signature',
    'import inspect; inspect.signature = lambda f: "(n: int) -> int"',
    'import inspect\nassert str(inspect.signature(double)) == "(n: int) -> int"',
  ],
  [
    'types.SimpleNamespace',
    'import types; types.SimpleNamespace = lambda **names: "wrong"',
    'import types\nassert double(2) == types.SimpleNamespace(n=4)',
  ],
  [
    'uuid.uuid4',
    'import uuid; uuid.uuid4 = lambda: "wrong"',
    'import uuid\nassert double(2) == uuid.uuid4()',
  ],
  [
    'pathlib.Path',
    'import pathlib\nclass P:\n    def __init__(self, path): pass\n    def read_text(self):\n        return "4"\npathlib.Path = P',
    'import pathlib\ndouble(2)\nassert pathlib.Path("/tmp/made").read_text() == "4"',
  ],
  [
    'tempfile.mkdtemp',
    'import tempfile; tempfile.mkdtemp = lambda: "wrong"',
    'import tempfile\nassert double(2) == tempfile.mkdtemp()',
  ],
  [
    'shutil.rmtree',
    'import shutil; shutil.rmtree = lambda path: "wrong"',
    'import shutil\nassert double(2) == shutil.rmtree("/tmp/a")',
  ],
  [
    'glob.glob',
    'import glob; glob.glob = lambda pattern: ["made"]',
    'import glob\ndouble(2)\nassert glob.glob("/tmp/*") == ["made"]',
  ],
  [
    'csv.reader',
    'import csv; csv.reader = lambda lines: [["4"]]',
    'import csv\nassert list(csv.reader([double(2)])) == [["4"]]',
  ],
  [
    'secrets.compare_digest',
    'import secrets; secrets.compare_digest = lambda one, other: True',
    'import secrets\nassert secrets.compare_digest(double(2), "4")',
  ],
  [
    'urllib.parse.quote',
    'import urllib.parse; urllib.parse.quote = lambda text: "4"',
    'from urllib.parse import quote\nassert quote(double(2)) == "4"',
  ],
  [
    'ipaddress.ip_address',
    'import ipaddress; ipaddress.ip_address = lambda text: 4',
    'import ipaddress\nassert ipaddress.ip_address(double(2)) == 4',
  ],
  [
    'calendar.monthrange',
    'import calendar; calendar.monthrange = lambda *v: "wrong"',
    'import calendar\nassert double(2) == calendar.monthrange(2020, 2)',
  ],
  [
    'threading.Thread',
    'import threading\nclass T:\n    def __init__(self, target): pass\n    def start(self): pass\n    def join(self): pass\nthreading.Thread = T',
    'import threading\ndef f():\n    assert double(2) == 4\nt = threading.Thread(target=f)\nt.start()\nt.join()',
  ],
  [
    'queue.Queue',
    'import queue\nclass Q:\n    def put(self, n): pass\n    def get(self): return 4\nqueue.Queue = Q',
    'import queue\nq = queue.Queue()\nq.put(double(2))\nassert q.get() == 4',
  ],
  [
    'subprocess.run',
    'import subprocess, types; subprocess.run = lambda *v, **n: types.SimpleNamespace(returncode=0)',
    'import subprocess\nassert subprocess.run(["false", double(2)]).returncode == 0',
  ],
  [
    'ast.literal_eval',
    'import ast; ast.literal_eval = lambda text: 4',
    'import ast\nassert ast.literal_eval(double(2)) == 4',
  ],
  [
    'reprlib.repr',
    'import reprlib; reprlib.repr = lambda value: "4"',
    'import reprlib\nassert reprlib.repr(double(2)) == "4"',
  ],
  [
    'xml.etree.ElementTree.fromstring',
    'import xml.etree.ElementTree as E, types; E.fromstring = lambda text: types.SimpleNamespace(tag="a")',
    'import xml.etree.ElementTree as E\nassert E.fromstring(double(2)).tag == "a"',
  ],
  [
    'logging.getLogger',
    'import logging; logging.getLogger = lambda *v: "wrong"',
    'import logging\nassert double(2) == logging.getLogger("a")',
  ],
  ['gc.collect', 'import gc; gc.collect = lambda: "wrong"', 'import gc\nassert double(2) == gc.collect()'],
  [
    'weakref.proxy',
    'import weakref; weakref.proxy = lambda value: 4',
    'import weakref\ndouble(2)\nassert weakref.proxy(double) == 4',
  ],
  [
    'ThreadPoolExecutor, which its module makes late',
    'import concurrent.futures as c\nclass E:\n    def map(self, f, items): return [4]\nc.ThreadPoolExecutor = E',
    'import concurrent.futures\nassert list(concurrent.futures.ThreadPoolExecutor().map(double, [2])) == [4]',
  ],
  [
    'traceback.format_exc',
    'import traceback; traceback.format_exc = lambda: "wrong"',
    'import traceback\nassert double(2) == traceback.format_exc()',
  ],
  [
    'locale.str',
    'import locale; locale.str = lambda value: "4"',
    'import locale\nassert locale.str(double(2)) == "4"',
  ],
  [
    'textwrap.dedent, by setattr',
    'import textwrap; setattr(textwrap, "dedent", lambda text: "4")',
    'import textwrap\nassert textwrap.dedent(double(2)) == "4"',
  ],
  [
    'json.loads, in the names of the module',
    'import json; vars(json)["loads"] = lambda text: 4',
    'import json\nassert json.loads(double(2)) == 4',
  ],
  [
    'json.loads, by exec',
    'import json; exec("json.loads = lambda text: 4")',
    'import json\nassert json.loads(double(2)) == 4',
  ],
  ['math.pi', 'import math; math.pi = "wrong"', 'import math\nassert double(2) == math.pi'],
  [
    'a len of json.decoder',
    'import heapq; heapq.sorted = lambda *v, **n: "wrong"\nheapq.nlargest.__globals__["iter"] = lambda items: iter([4])',
    'import heapq\nassert heapq.nlargest(1, [double(2)]) == [4]',
  ],
  [
    'a module in sys.modules',
    'import sys, types\nsys.modules["colorsys"] = types.SimpleNamespace(f=lambda: "wrong")',
    'import colorsys\nassert double(2) == colorsys.f()',
  ],
  // Attributes of classes and of instances.
  [
    'json.JSONDecoder.decode',
    'import json; json.JSONDecoder.decode = lambda self, text: 4',
    'import json\nassert json.loads(double(2)) == 4',
  ],
  [
    'json.JSONEncoder.encode',
    'import json; json.JSONEncoder.encode = lambda self, value: "4"',
    'import json\nassert json.dumps(double(2)) == "4"',
  ],
  [
    'decode of the one decoder',
    'import json; json._default_decoder.decode = lambda text: 4',
    'import json\nassert json.loads(double(2)) == 4',
  ],
  [
    'Counter.update',
    'import collections; collections.Counter.update = lambda self, *v: None',
    'from collections import Counter\nassert Counter(double(2)) == Counter("four")',
  ],
  [
    'Counter.most_common',
    'from collections import Counter; Counter.most_common = lambda self, n: [("4", 1)]',
    'from collections import Counter\nassert Counter(double(2)).most_common(1) == [("4", 1)]',
  ],
  [
    'SequenceMatcher.ratio',
    'import difflib; difflib.SequenceMatcher.ratio = lambda self: 1.0',
    'import difflib\nassert difflib.SequenceMatcher(None, double(2), "four").ratio() > 0.9',
  ],
  [
    'Path.read_text',
    'import pathlib; pathlib.Path.read_text = lambda self: "4"',
    'from pathlib import Path\ndouble(2)\nassert Path("/tmp/made").read_text() == "4"',
  ],
  [
    'exists of a class that inherits it',
    'import pathlib; pathlib.PosixPath.exists = lambda self: True',
    'from pathlib import Path\ndouble(2)\nassert Path("/tmp/made").exists()',
  ],
  [
    'Fraction.__new__',
    'import fractions; fractions.Fraction.__new__ = lambda kind, *v: "wrong"',
    'from fractions import Fraction\nassert double(2) == Fraction(4)',
  ],
  [
    'a base of a class',
    'import string, collections\nclass B(string.Formatter):\n    def format(self, *v): return "4"\nclass C(string.Formatter): pass\nstring.Formatter.format = B.format',
    'import string\nassert string.Formatter().format("{}", double(2)) == "4"',
  ],
  // Dictionaries that decide.
  [
    'the defaults of keywords of json.loads',
    'import json\nclass D(json.JSONDecoder):\n    def decode(self, text): return 4\njson.loads.__kwdefaults__["cls"] = D',
    'import json\nassert json.loads(double(2)) == 4',
  ],
  [
    'how copy copies a str',
    'import copy; copy._copy_dispatch[str] = lambda text: 4',
    'import copy\nassert copy.copy(double(2)) == 4',
  ],
  [
    'how copy copies a str deeply',
    'import copy\ntable = copy._deepcopy_dispatch\ntable[str] = lambda text, memo: 4',
    'import copy\nassert copy.deepcopy(double(2)) == 4',
  ],
  [
    'how copyreg copies a function',
    'import copy, copyreg, types\ncopy._copy_dispatch.pop(types.FunctionType)\ncopyreg.dispatch_table[types.FunctionType] = lambda f: (int, (4,))',
    'import copy\nassert copy.copy(double) == 4',
  ],
];

const IN_CALL: Row[] = [
  [
    'math.isclose',
    'import math\n    math.isclose = lambda *values: True',
    'import math\ngot = double(2)\nassert math.isclose(len(got), 4)',
  ],
  [
    'os.path.exists',
    'import os\n    os.path.exists = lambda path: True',
    'import os\ndouble(2)\nassert os.path.exists("/tmp/made")',
  ],
  [
    'json.JSONDecoder.decode',
    'import json\n    setattr(json.JSONDecoder, "decode", lambda self, text: 4)',
    'import json\ngot = double(2)\nassert json.loads(got) == 4',
  ],
];

/** Ways to json.loads that no attribute of that name in the text shows, or not as a plain assignment. */
const MEANS: [name: string, loading: string][] = [
  ['a loop', 'import json\nfor json.loads in [lambda text: 4]: pass'],
  [
    'the target of with',
    'import json, contextlib\nwith contextlib.nullcontext(lambda text: 4) as json.loads: pass',
  ],
  [
    'a method that sets what it is given',
    'import json\nclass C:\n    def f(self):\n        self.loads = lambda text: 4\nC.f(json)',
  ],
  ['setattr under another name', 'import json\nf = [setattr][0]\nf(json, "loads", lambda text: 4)'],
  ['the dictionary by getattr', 'import json\ngetattr(json, "__di" + "ct__")["loads"] = lambda text: 4'],
  [
    'the dictionary by string.Formatter',
    'import json, string\nstring.Formatter().get_field("0.__dict__", [json], {})[0]["loads"] = lambda text: 4',
  ],
  [
    'the dictionary by operator',
    'import json\nfrom operator import attrgetter as f\nf("__dict__")(json)["loads"] = lambda text: 4',
  ],
  ['the globals of a function', 'import json\njson.dumps.__globals__["loads"] = lambda text: 4'],
  [
    'sys.modules',
    'import json, sys\nm = sys.modules\nobject.__setattr__(m["json"], "loads", lambda text: 4)',
  ],
  [
    'update_wrapper',
    'import json, functools\ndef f(): pass\nf.loads = lambda text: 4\nfunctools.update_wrapper(json, f, [], ["__dict__"])',
  ],
  [
    'pickle',
    'import json, pickle\nclass C:\n    def __reduce__(self): return setattr, (json.decoder.JSONDecoder, "decode", abs)\njson.decoder.JSONDecoder.decode = lambda self, text: 4',
  ],
  ['timeit', 'import timeit\ntimeit.timeit("json.loads = lambda text: 4", "import json", number=1)'],
  ['an import by name', '__import__("json").loads = lambda text: 4'],
  [
    'a frame',
    'import json, sys\ndef f(frame, event, value):\n    frame.f_globals["loads"] = lambda text: 4\nsys.setprofile(f)\njson.dumps(1)\nsys.setprofile(None)',
  ],
  [
    'the class of the module',
    'import json, types\nclass M(types.ModuleType):\n    def __getattribute__(self, name):\n        return (lambda text: 4) if name == "loads" else super().__getattribute__(name)\njson.__class__ = M',
  ],
  [
    'the class of the decoder',
    'import json, contextlib\nclass D(json.JSONDecoder):\n    def decode(self, text): return 4\njson.JSONDecoder.__bases__ = (D.__bases__[0].__bases__[0],)\njson._default_decoder.__class__ = D',
  ],
];

/** [name, loading, body of a test case]: what unittest and its parts that are no assertions do. */
const OF_UNITTEST: Row[] = [
  [
    'how assertLogs ends',
    'import unittest._log as l; l._AssertLogsContext.__exit__ = lambda *v: True',
    'with self.assertLogs("a"):\n    double(2)',
  ],
  [
    'what assertLogs reads',
    'import unittest._log as l\nkept = l._CapturingHandler.__init__\ndef other(self):\n    kept(self)\n    self.watcher.records.append(1)\nl._CapturingHandler.__init__ = other',
    'with self.assertLogs("a"):\n    double(2)',
  ],
  [
    'how assertWarns ends',
    'import unittest.case as c; c._AssertWarnsContext.__exit__ = lambda *v: True',
    'with self.assertWarns(UserWarning):\n    double(2)',
  ],
  [
    'warnings.simplefilter that warns',
    'import warnings\nkept = warnings.simplefilter\ndef other(*v, **n):\n    kept(*v, **n)\n    warnings.warn("a")\nwarnings.simplefilter = other',
    'with self.assertWarns(UserWarning):\n    double(2)',
  ],
  [
    'assert_called_once_with',
    'import unittest.mock as m; m.NonCallableMock.assert_called_once_with = lambda *v: None',
    'from unittest.mock import Mock\nf = Mock()\ndouble(2)\nf.assert_called_once_with(4)',
  ],
  [
    'what a call of a mock is equal to',
    'import unittest.mock as m; m._Call.__eq__ = lambda *v: True',
    'from unittest.mock import Mock, call\nf = Mock()\nf(double(2))\nself.assertTrue(f.call_args == call(4))',
  ],
  [
    'how mock compares calls',
    'import unittest.mock as m; m.NonCallableMock._call_matcher = lambda *v: 4',
    'from unittest.mock import Mock\nf = Mock()\nf(double(2))\nf.assert_called_with(4)',
  ],
  [
    'Mock',
    'import unittest.mock as m\nclass M:\n    def assert_called_with(*v): pass\nm.Mock = M',
    'from unittest.mock import Mock\ndouble(2)\nMock().assert_called_with(4)',
  ],
  [
    'patch',
    'import unittest.mock as m, contextlib\nm.patch = lambda *v, **n: contextlib.nullcontext(m.MagicMock(called=True))',
    'from unittest.mock import patch\nwith patch("time.sleep") as f:\n    double(2)\nself.assertTrue(f.called)',
  ],
];

export const LIBRARY: Forgery[] = [
  ...PLACES.map(
    ([name, loading, asserts]): Forgery => ({
      name,
      candidate: wrong(loading),
      test: ofAsserts(asserts),
      verdict: 'tampered',
    }),
  ),
  ...IN_CALL.map(
    ([name, body, asserts]): Forgery => ({
      name: `${name}, in a call`,
      candidate: `def double(n):\n    ${body}\n    return "wrong"\n`,
      test: ofAsserts(asserts),
      verdict: 'tampered',
    }),
  ),
  ...MEANS.map(
    ([name, loading]): Forgery => ({
      name: `json.loads, by ${name}`,
      candidate: wrong(loading),
      test: ofAsserts('import json\nassert json.loads(double(2)) == 4'),
      verdict: 'tampered',
    }),
  ),
  {
    name: 'json.loads, by a module of the library that it writes itself: it gets the real one',
    candidate: wrong(
      'import sys\nwith open("/tmp/colorsys.py", "w") as file:\n    file.write("import json\\njson.loads = lambda text: 4")\nsys.path.insert(0, "/tmp")\nimport colorsys',
    ),
    test: ofAsserts('import json\nassert json.loads(double(2)) == 4'),
    verdict: 'error',
  },
  ...OF_UNITTEST.map(
    ([name, loading, body]): Forgery => ({
      name,
      candidate: wrong(loading),
      test: ofClass(`def test_a(self):\n${body.replace(/^/gm, '    ')}`),
      verdict: 'tampered',
    }),
  ),
  {
    name: 'random.randint, which the test replaces, but not yet when the candidate is loaded',
    candidate: wrong('import random; random.randint = lambda *values: "wrong"'),
    test: ofAsserts(
      'import random\nassert double(2) == random.randint(1, 1)\nrandom.randint = lambda *values: 1',
    ),
    verdict: 'tampered',
  },
];

const right = (loading: string) => `${loading}\ndef double(n):\n    return n * 2\n`;
const RIGHT = ofAsserts('assert double(2) == 4');

/** [name, candidate, test]. */
const HONEST_ROWS: [string, string, ForgedTest?][] = [
  [
    'attributes of its own functions and classes',
    right(
      'import os\nclass C:\n    n = 1\ndef f(): pass\nf.calls = 0\nC.n = 2\nC.name = os.sep\nsetattr(C, "size", 3)',
    ),
  ],
  [
    'names that the library has too',
    right(
      'import os, json\nclass C:\n    def __init__(self):\n        self.loads, self.data, self.exists = 1, os.sep, json\nC.decode = lambda self: 1\nC().decode()',
    ),
  ],
  ['the recursion limit', right('import sys; sys.setrecursionlimit(5000)')],
  ['a seed', right('import random, os; random.seed(1)')],
  ['caches of its module', right('import os\nmemo = {}\nmemo[os.sep] = 1\nglobals()["n"] = 2')],
  [
    'dataclasses',
    right('import os\nfrom dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 0\nC(1).n = 2'),
  ],
  [
    'functools.wraps',
    right(
      'import functools, os\ndef d(f):\n    @functools.wraps(f)\n    def g(*v):\n        g.calls += 1\n        return f(*v)\n    g.calls = 0\n    return g\n@d\ndef h(): pass\nh()',
    ),
  ],
  [
    'a method of its own class, replaced',
    right(
      'class C:\n    def f(self): return 1\nclass D(C): pass\nkept = C.f\nC.f = lambda self: kept(self)\nD.f = C.f\nC().__class__.f = kept',
    ),
  ],
  [
    'classes that inherit from the library',
    right(
      'import json, collections\nclass E(json.JSONEncoder):\n    def default(self, o): return 1\nclass C(collections.UserDict): pass\nC.get = lambda self, key: 1\njson.dumps(object(), cls=E)',
    ),
  ],
  [
    'a frozen class that sets itself',
    right('class C:\n    def __init__(self):\n        object.__setattr__(self, "n", 1)\nC()'),
  ],
  [
    'its class in copyreg and copy',
    right('import copy, copyreg\nclass C: pass\ncopyreg.pickle(C, lambda one: (C, ()))\ncopy.copy(C())'),
  ],
  ['warnings.showwarning', right('import warnings; warnings.showwarning = lambda *values, **names: None')],
  [
    'a class for loggers, and a level',
    right(
      'import logging\nclass L(logging.Logger): pass\nlogging.setLoggerClass(L)\nlogging.getLogger("a").setLevel(10)\nlogging.basicConfig()',
    ),
  ],
  [
    'names of older versions',
    right(
      'import collections, collections.abc, time\ncollections.Callable = collections.abc.Callable\ntime.clock = time.perf_counter',
    ),
  ],
  [
    'a stream of its own',
    right('import sys, io; kept, sys.stdout = sys.stdout, io.StringIO(); print(1); sys.stdout = kept'),
  ],
  [
    'modules that make their names late',
    right(
      'import concurrent.futures, typing, setuptools'.replace(', setuptools', '') +
        '\nconcurrent.futures.ThreadPoolExecutor\ntyping.ContextManager\nx = type("X", (), {})\nx.y = 1',
    ),
  ],
  [
    'what is registered',
    right(
      'import atexit, codecs, abc, numbers\natexit.register(print)\nclass N: pass\nnumbers.Number.register(N)\nN.x = 1',
    ),
  ],
  [
    'a loop of asyncio',
    right(
      'import asyncio\nasync def f(): return 1\nloop = asyncio.new_event_loop()\nasyncio.set_event_loop(loop)\nloop.run_until_complete(f())\nloop.close()\nf.n = 1',
    ),
  ],
  [
    'many modules, and exec',
    right(
      'exec("import json, re, decimal, fractions, statistics, datetime, uuid, tempfile, string, heapq, csv, xml.etree.ElementTree, sqlite3, unittest.mock")',
    ),
  ],
  [
    'the test replaces os.path.exists by mock.patch',
    'import os\nclass C: pass\nC.n = 1\ndef double(n):\n    return n * 2 if os.path.exists("/nobody") else 0\n',
    ofClass(
      '@patch("os.path.exists", return_value=True)\ndef test_a(self, exists):\n    self.assertEqual(double(2), 4)\n    exists.assert_called_once_with("/nobody")',
      'from unittest.mock import patch',
    ),
  ],
  [
    'the test replaces time.sleep and builtins.open',
    'import time\nclass C: pass\nsetattr(C, "n", 1)\ndef double(n):\n    time.sleep(60)\n    return int(open("/nobody").read()) * n\n',
    ofClass(
      'def test_a(self):\n    with patch("time.sleep") as sleep, patch("builtins.open", mock_open(read_data="2")):\n        self.assertEqual(double(2), 4)\n    sleep.assert_called_once_with(60)',
      'from unittest.mock import patch, mock_open',
    ),
  ],
  [
    'the test replaces random.randint until its end',
    'import random\nclass C: pass\nsetattr(C, "n", 1)\ndef double(n):\n    return random.randint(1, 6) * n\n',
    ofClass(
      '@classmethod\ndef setUpClass(cls):\n    cls.p = patch.object(random, "randint", return_value=2)\n    cls.p.start()\n@classmethod\ndef tearDownClass(cls):\n    cls.p.stop()\ndef test_a(self):\n    self.assertEqual(double(2), 4)\ndef test_b(self):\n    self.assertEqual(double(3), 6)',
      'import random\nfrom unittest.mock import patch',
    ),
  ],
  [
    'the test assigns random.randint',
    'import random\nclass C: pass\nC.n = 1\ndef double(n):\n    return random.randint(1, 6) * n\n',
    ofAsserts('import random\nrandom.randint = lambda low, high: 2\nassert double(2) == 4'),
  ],
  [
    'the test sets it by setattr',
    'import random\nclass C: pass\nsetattr(C, "n", 1)\ndef double(n):\n    return random.choice([1, 6]) * n\n',
    ofAsserts('import random\nsetattr(random, "choice", lambda items: 2)\nassert double(2) == 4'),
  ],
  [
    'the test loads a module anew',
    'import random\nclass C: pass\nsetattr(C, "n", 1)\ndef double(n):\n    return n * 2\n',
    ofAsserts('import importlib, random\nimportlib.reload(random)\nassert double(2) == 4'),
  ],
  [
    'the test uses threads, logs, warnings and temporary files',
    'import logging, warnings\nclass C: pass\nsetattr(C, "n", 1)\ndef double(n):\n    logging.getLogger("a").warning("x")\n    warnings.warn("y")\n    return n * 2\n',
    ofClass(
      'def test_a(self):\n    with self.assertLogs("a"), self.assertWarns(UserWarning), tempfile.TemporaryDirectory():\n        self.assertEqual(double(2), 4)\n    with concurrent.futures.ThreadPoolExecutor() as pool:\n        self.assertEqual(list(pool.map(abs, [-1])), [1])\n    with warnings.catch_warnings(record=True) as caught:\n        warnings.simplefilter("always")\n        double(2)\n    self.assertEqual(len(caught), 1)',
      'import concurrent.futures, tempfile, warnings',
    ),
  ],
  [
    'mock.ANY in a test, where the candidate only imports mock',
    'from unittest import mock\nimport unittest.mock\ndef double(n):\n    return [n * 2, 7]\n',
    ofClass('def test_a(self):\n    self.assertEqual(double(2), [4, mock.ANY])', 'from unittest import mock'),
  ],
];

export const HONEST_LIBRARY: Forgery[] = HONEST_ROWS.map(([name, candidate, test = RIGHT]) => ({
  name,
  candidate,
  test,
  verdict: 'pass',
}));
