import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { openCareless } from './careless.js';
import { testPython } from './python.js';

// A unit test that leaves something behind, and the next one of the same candidate. At isolation `candidate` the
// second one's verdict must be what it is alone; with a harness that does not look, it must be another one (else the
// row proves nothing).

interface Row {
  name: string;
  candidate?: string;
  first: string;
  second: string;
  /** The second one's verdict where the first one has left nothing. */
  alone?: string;
  /** False: even a harness that does not look is safe. */
  felt?: boolean;
}

const rows: Row[] = [
  {
    name: 'a builtin',
    candidate: 'def double(n):\n    return len([1])\n', // the unit test's own are out of reach
    first: 'import builtins\nbuiltins.len = lambda items: 7',
    second: 'assert double(2) == 1',
  },
  {
    name: 'an assert method',
    first: 'import unittest\nunittest.TestCase.assertEqual = lambda *values: None',
    second: 'import unittest\nunittest.TestCase().assertEqual(double(2), 5)',
    alone: 'fail',
  },
  {
    name: 'the state of random',
    first: 'import random\nrandom.seed(5)',
    second: 'import random\nassert 0.8444 < random.random() < 0.8445',
  },
  {
    name: 'a function of a module',
    first: 'import math\nmath.sqrt = lambda n: 7',
    second: 'import math\nassert math.sqrt(4) == 2',
  },
  {
    name: 'a module under another name',
    first: 'import math\nm = math\nm.sqrt = lambda n: 7',
    second: 'import math\nassert math.sqrt(4) == 2',
  },
  {
    name: 'a table of a module under another name',
    first: 'import copy\nd = copy._deepcopy_dispatch\nd[list] = lambda items, memo: 7',
    second: 'import copy\nassert copy.deepcopy([1]) == [1]',
  },
  {
    name: 'a table that was imported, under another name',
    first: 'from html.entities import html5\nd = html5\nd["amp;"] = "and"',
    second: 'import html\nassert html.unescape("&amp;") == "&"',
  },
  {
    name: 'a class behind a name of typing',
    first: 'from typing import Counter\nC = Counter\nC.most_common = lambda self: 7',
    second: 'import collections\nassert collections.Counter("aab").most_common() == [("a", 2), ("b", 1)]',
  },
  {
    name: 'a name of typing itself',
    first: 'import typing\nL = typing.List\nL._name = "x"',
    second: 'import typing\nassert typing.List._name == "List"',
  },
  {
    name: 'a table within a class of a module',
    first: 'import textwrap\nd = textwrap.TextWrapper.unicode_whitespace_trans\nd[97] = 98',
    second: 'import textwrap\nassert textwrap.fill("a") == "a"',
  },
  {
    name: 'a module that another one has imported, by operator.attrgetter',
    first:
      'from operator import attrgetter\nfrom textwrap import dedent\nattrgetter("__dict__")(attrgetter("__globals__")(dedent)["re"])["sub"] = lambda *a: "x"',
    second: 'import textwrap\nassert textwrap.re.sub("a", "b", "a") == "b"',
  },
  {
    name: 'the list of modules',
    first: 'import sys\nsys.modules["math"] = None',
    second: 'import math\nassert math.sqrt(4) == 2',
  },
  {
    name: 'the working directory',
    first: 'import os\nos.chdir("/")',
    second: 'import os\nassert os.getcwd() == "/tmp"',
  },
  {
    name: 'the environment',
    first: 'import os\nos.environ["HOME"] = "/elsewhere"',
    second: 'import os\nassert os.environ["HOME"] == "/tmp"',
  },
  {
    name: 'a file',
    first: 'open("/tmp/left", "w").close()',
    second: 'import os\nassert os.listdir("/tmp") == []',
  },
  {
    name: 'standard output',
    first: 'import sys, io\nsys.stdout = io.StringIO()',
    second: 'import sys\nassert type(sys.stdout).__name__ == "TextIOWrapper"',
  },
  {
    name: 'the recursion limit',
    first: 'import sys\nsys.setrecursionlimit(150)',
    second: 'def depth(n):\n    return n and 1 + depth(n - 1)\nassert depth(400) == 400',
  },
  {
    name: 'the precision of decimals',
    first: 'import decimal\ndecimal.getcontext().prec = 2',
    second: 'import decimal\nassert decimal.getcontext().prec == 28',
  },
  {
    name: 'the precision of decimals, by names that come with a star',
    first: 'from decimal import *\ncontext = getcontext()\ncontext.prec = 2',
    second: 'import decimal\nassert decimal.getcontext().prec == 28',
  },
  {
    name: 'a file opened by io',
    first: 'import io\nio.open("/tmp/left", "w").close()',
    second: 'import os\nassert os.listdir("/tmp") == []',
  },
  {
    name: 'a closed standard input',
    first: 'import sys\nsys.stdin.close()',
    second: 'import sys\nassert sys.stdin.read() == ""',
  },
  {
    name: 'a class of a module under another name',
    first: 'import json\nE = json.JSONEncoder\nE.item_separator = ";"',
    second: 'import json\nassert json.dumps([1, 2], indent=None) and json.JSONEncoder.item_separator == ", "',
  },
  {
    name: 'a class within a class of the candidate',
    candidate:
      'class Tree:\n    class Node:\n        count = 0\n    def add(self):\n        self.Node.count += 1\n        return self.Node.count\ndef double(n):\n    return Tree().add()\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'an attribute of a method of the candidate',
    candidate:
      'class Doubler:\n    def bump(self):\n        m = type(self).bump\n        m.calls = getattr(m, "calls", 0) + 1\n        return m.calls\ndef double(n):\n    return Doubler().bump()\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'a thread',
    first: 'import threading, time\nthreading.Thread(target=time.sleep, args=(3,), daemon=True).start()',
    second: 'import threading\nassert threading.active_count() == 1',
  },
  {
    name: 'a function at the exit',
    first: 'import atexit\natexit.register(print, "bye")',
    second: 'assert double(2) == 4',
    felt: false,
  },
  {
    name: 'a list of the candidate',
    candidate: 'SEEN = []\ndef double(n):\n    SEEN.append(n)\n    return len(SEEN)\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'a mutable default of the candidate',
    candidate: 'def double(n, seen=[]):\n    seen.append(n)\n    return len(seen)\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'a global of the candidate',
    candidate: 'COUNT = 0\ndef double(n):\n    global COUNT\n    COUNT += 1\n    return COUNT\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'a cache of the candidate',
    candidate:
      'import functools\nCALLS = []\n@functools.lru_cache(None)\ndef double(n):\n    CALLS.append(n)\n    return n * 2\n',
    first: 'double(1)',
    second: 'double(1)\nassert CALLS == [1]\nassert double.cache_info().hits == 0',
  },
  {
    name: 'an attribute of a function, set by itself',
    candidate:
      'def double(n):\n    double.calls = getattr(double, "calls", 0) + 1\n    return double.calls\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
  {
    name: 'an attribute of a function, set by the test',
    first: 'double.calls = 1',
    second: 'assert not hasattr(double, "calls")',
  },
  {
    name: 'an attribute of a class, set by the test',
    candidate: 'class Doubler:\n    factor = 2\ndef double(n):\n    return n * Doubler.factor\n',
    first: 'D = Doubler\nD.factor = 3',
    second: 'assert double(2) == 4',
  },
  {
    name: 'an attribute of a class, set by its instances',
    candidate:
      'class Doubler:\n    calls = 0\n    def run(self, n):\n        self.__class__.calls += 1\n        return self.calls\ndef double(n):\n    return Doubler().run(n)\n',
    first: 'double(1)',
    second: 'assert double(1) == 1',
  },
];

const contamination = suite('nothing passes from one cell to the next');
let careful: Sandbox;
let careless: Awaited<ReturnType<typeof openCareless>>;

contamination.before(async () => {
  careful = await Sandbox.open({ python: testPython(), workers: 1 });
  careless = await openCareless();
});

contamination.after(async () => {
  await careful?.close();
  await careless?.close();
});

async function verdicts(
  sandbox: Sandbox,
  isolation: Isolation,
  row: Row,
  codes: string[],
): Promise<string[]> {
  const found: string[] = [];
  const { candidate = 'def double(n):\n    return n * 2\n' } = row;
  const tests = codes.map((code) => ({ code, cases: ['assert'] }));
  await sandbox.execute({ candidate, tests, limits: DEFAULT_LIMITS, isolation }, (cells) => {
    for (const { index, result } of cells) found[index] = result.verdict;
  });
  return found;
}

for (const row of rows) {
  contamination(row.name, async () => {
    const { first, second, alone = 'pass', felt = true } = row;
    assert.equal(await verdicts(careful, 'cell', row, [second]), [alone], 'alone');
    const [, after] = await verdicts(careless.sandbox, 'candidate', row, [first, second]);
    assert.is(after !== alone, felt, `where nobody looks: ${after}`);

    const order = [second, first, second, second];
    const shared = await verdicts(careful, 'candidate', row, order);
    assert.equal([shared[0], shared[2], shared[3]], [alone, alone, alone]);
    assert.equal(shared, await verdicts(careful, 'cell', row, order), 'equal at both levels');
  });
}

contamination.run();
