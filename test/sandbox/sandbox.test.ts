import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellResult } from '../../src/sandbox/decide.js';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/verdict.js';
import { listProcesses, processOf } from '../processes.js';
import { root } from '../root.js';
import { temporaryFolder } from '../temporary.js';
import { TESTED_JAILS } from './jails.js';
import { testPython } from './python.js';

const jobs = suite('jobs of the sandbox');
let sandbox: Sandbox;
const sandboxes: Sandbox[] = []; // one a jail

jobs.before(async () => {
  for (const jail of TESTED_JAILS) {
    sandboxes.push(await Sandbox.open({ python: testPython(), workers: 2, jail }));
  }
  sandbox = sandboxes[0]!;
});
jobs.after(async () => {
  for (const one of sandboxes) await one.close();
});

async function execute(
  candidate: string,
  tests: { code: string; cases: string[] }[],
  limits: Partial<Limits> = {},
  signal?: AbortSignal,
  isolation: Isolation = 'cell',
  among: Sandbox = sandbox,
): Promise<CellResult[]> {
  const results: CellResult[] = [];
  await among.execute(
    { candidate, tests, limits: { ...DEFAULT_LIMITS, ...limits }, isolation },
    (cells) => {
      for (const { index, result } of cells) results[index] = result;
    },
    signal,
  );
  return results;
}

const plain = (code: string) => ({ code, cases: ['assert'] });
const double = 'def double(n):\n    return n * 2\n';

interface Row {
  name: string;
  candidate?: string;
  test: { code: string; cases: string[] };
  verdict: string;
  detail?: RegExp;
}

const inClass = (body: string, ...cases: string[]) => ({
  code: `import unittest\n\nclass TestDouble(unittest.TestCase):\n${body.replace(/^(?=.)/gm, '    ')}\n`,
  cases: cases.map((name) => `TestDouble.${name}`),
});

const rows: Row[] = [
  { name: 'a right assert', test: plain('assert double(2) == 4'), verdict: 'pass' },
  { name: 'a wrong assert', test: plain('assert double(2) == 5'), verdict: 'fail', detail: /AssertionError/ },
  {
    name: 'an assert that raises',
    test: plain('assert double() == 5'),
    verdict: 'error',
    detail: /TypeError/,
  },
  {
    name: 'a class',
    test: inClass('def test_a(self):\n    self.assertEqual(double(2), 4)', 'test_a'),
    verdict: 'pass',
  },
  {
    name: 'one of two methods fails',
    test: inClass(
      'def test_a(self):\n    self.assertEqual(double(2), 4)\ndef test_b(self):\n    self.assertEqual(double(2), 5)',
      'test_a',
      'test_b',
    ),
    verdict: 'fail',
    detail: /TestDouble\.test_b/,
  },
  {
    name: 'a failing subtest',
    test: inClass(
      'def test_a(self):\n    for n in (1, 2):\n        with self.subTest(n=n):\n            self.assertEqual(double(n), 2)',
      'test_a',
    ),
    verdict: 'fail',
  },
  {
    name: 'setUpClass that raises',
    test: inClass(
      '@classmethod\ndef setUpClass(cls):\n    raise RuntimeError("no")\ndef test_a(self):\n    self.assertEqual(double(2), 4)',
      'test_a',
    ),
    verdict: 'error',
    detail: /setUpClass/,
  },
  {
    name: 'an object that is equal to everything',
    candidate:
      'class Any:\n    def __eq__(self, other):\n        return True\ndef double(n):\n    return [Any()]\n',
    test: inClass('def test_a(self):\n    self.assertEqual(double(2), [4])', 'test_a'),
    verdict: 'tampered',
    detail: /what it means to be equal/,
  },
  {
    name: 'unittest.mock.ANY as the answer, and a plain assertion',
    candidate: 'from unittest.mock import ANY\ndef double(n):\n    return ANY\n',
    test: plain('assert double(2) == 4'),
    verdict: 'tampered',
  },
  {
    name: 'a stand-in of the unit test itself',
    candidate: double,
    test: plain('from unittest.mock import ANY\nassert double(2) == ANY'),
    verdict: 'pass',
  },
  {
    name: 'a class that knows only its own kind',
    candidate:
      'class Twice:\n    def __init__(self, n):\n        self.n = 2 * n\n    def __eq__(self, other):\n        return self.n == other.n\ndef double(n):\n    return Twice(n)\n',
    test: plain('assert double(2) == Twice(2)'),
    verdict: 'pass',
  },
  {
    name: 'a failure that the test itself expects',
    candidate: double,
    test: inClass(
      '@unittest.expectedFailure\ndef test_a(self):\n    self.assertEqual(double(2), 5)',
      'test_a',
    ),
    verdict: 'pass',
  },
  {
    name: 'skipped cases only',
    test: inClass('@unittest.skip("later")\ndef test_a(self):\n    self.fail()', 'test_a'),
    verdict: 'invalid',
  },
  { name: 'a class without a case', test: inClass('pass'), verdict: 'invalid' },
  {
    name: 'the solution imported by a made-up name',
    test: {
      code: 'import unittest\nimport your_solution\nfrom your_module import double as twice\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(twice(2), your_solution.double(2))\n',
      cases: ['T.test_a'],
    },
    verdict: 'pass',
  },
  {
    name: 'sys.exit(0) in the function',
    candidate: 'import sys\ndef double(n):\n    sys.exit(0)\n',
    test: inClass('def test_a(self):\n    self.assertEqual(double(2), 4)', 'test_a'),
    verdict: 'error',
    detail: /SystemExit/,
  },
  {
    name: 'dataclasses and typing in the candidate',
    candidate:
      'from __future__ import annotations\nfrom dataclasses import dataclass\nimport typing\n@dataclass\nclass P:\n    x: int\ndef double(n: int) -> int:\n    typing.get_type_hints(P)\n    return P(n).x * 2\n',
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'a main guard is not run',
    candidate: `${double}if __name__ == "__main__":\n    raise SystemExit(input())\n`,
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'a candidate that does not parse',
    candidate: 'def double(:',
    test: plain('assert 1'),
    verdict: 'error',
  },
  {
    name: 'text with every kind of character',
    candidate: `${double}NAME = "zażółć \u2028 \\ud800 \u{1f600}"\n`,
    test: plain('assert len(NAME) > 5 and double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'output is allowed below its limit, and kept out of the verdict',
    candidate:
      'import os\ndef double(n):\n    print("x" * 1000)\n    os.write(2, b"\\xff\\x00")\n    return n * 2\n',
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'settings, aliases and stand-ins that tests are meant to use',
    test: {
      code: 'import unittest\nunittest.TestCase.maxDiff = None\nunittest.TestCase.assertItemsEqual = unittest.TestCase.assertCountEqual\nimport builtins\nbuiltins.input = lambda *a: "3"\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertItemsEqual([double(2)], [4])\n',
      cases: ['T.test_a'],
    },
    verdict: 'pass',
  },
  {
    name: 'exit() and __file__ are there, and the source can be inspected',
    candidate: `${double}import inspect, os\ndef leave():\n    exit(1)\nFOLDER = os.path.dirname(os.path.abspath(__file__))\n`,
    test: {
      code: 'import unittest, inspect\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        with self.assertRaises(SystemExit):\n            leave()\n        self.assertIn("n * 2", inspect.getsource(double))\n        self.assertEqual(FOLDER, "/tmp")\n',
      cases: ['T.test_a'],
    },
    verdict: 'pass',
  },
  {
    name: 'setUpModule runs once for two classes, and the candidate has one of its own',
    candidate: `${double}def setUpModule():\n    raise RuntimeError("not yours")\n`,
    test: {
      code: 'import unittest\ncalls = []\ndef setUpModule():\n    calls.append(1)\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(calls, [1])\n\nclass B(unittest.TestCase):\n    def test_b(self):\n        self.assertEqual(calls, [1])\n',
      cases: ['A.test_a', 'B.test_b'],
    },
    verdict: 'pass',
  },
  {
    name: 'a class that skips itself',
    test: inClass(
      '@classmethod\ndef setUpClass(cls):\n    raise unittest.SkipTest("later")\ndef test_a(self):\n    self.fail()',
      'test_a',
    ),
    verdict: 'invalid',
  },
  {
    name: 'a forked child that leaves by sys.exit',
    candidate:
      'import os, sys\ndef double(n):\n    child = os.fork()\n    if child == 0:\n        sys.exit(0)\n    os.waitpid(child, 0)\n    return n * 2\n',
    test: inClass('def test_a(self):\n    self.assertEqual(double(2), 4)', 'test_a'),
    verdict: 'pass',
  },
  {
    name: 'asyncio works without sockets',
    candidate:
      'import asyncio\nasync def one():\n    return 4\ndef double(n):\n    return asyncio.run(one())\n',
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'asyncio waits for a program, whose end a file descriptor need not tell',
    candidate:
      'import asyncio, sys\nasync def one(n):\n    started = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", f"raise SystemExit({n} * 2)")\n    return await started.wait()\ndef double(n):\n    return asyncio.run(one(n))\n',
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
  {
    name: 'what a program asks of its own processes',
    candidate: `import os, subprocess, sys, threading, time
def double(n):
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    assert os.getpgid(child.pid) == os.getsid(child.pid) == child.pid
    assert os.sched_getaffinity(child.pid) == os.sched_getaffinity(0) == os.sched_getaffinity(threading.get_native_id())
    assert os.getpriority(os.PRIO_PROCESS, 0) == os.nice(0)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER and os.sched_getparam(0).sched_priority == 0
    clock = time.pthread_getcpuclockid(threading.get_ident())
    assert time.clock_gettime(clock) > 0 and time.process_time() > 0 and time.thread_time() > 0
    os.killpg(os.getpgid(child.pid), 15)
    return 4 if child.wait() == -15 else 0
`,
    test: plain('assert double(2) == 4'),
    verdict: 'pass',
  },
];

for (const { name, candidate = double, test, verdict, detail } of rows) {
  jobs(`${name}: ${verdict}`, async () => {
    for (const among of sandboxes) {
      for (const isolation of ISOLATIONS) {
        const [result] = await execute(candidate, [test], {}, undefined, isolation, among);
        assert.is(result?.verdict, verdict, `${among.jail}, ${isolation}: ${result?.detail}`);
        if (detail) assert.match(result?.detail ?? '', detail);
      }
    }
  });
}

jobs('one candidate, many tests: each in a process of its own', async () => {
  const candidate = 'calls = []\ndef double(n):\n    calls.append(n)\n    return len(calls)\n';
  const results = await execute(
    candidate,
    Array.from({ length: 3 }, () => plain('assert double(2) == 1')),
  );
  assert.equal(
    results.map(({ verdict }) => verdict),
    ['pass', 'pass', 'pass'],
  );
});

const hostile: [name: string, candidate: string][] = [
  ['a condition too deep to be looked at', `x = 1\nif ${'x+'.repeat(400)}x:\n    y = 1\n`],
  ['a number behind too many signs', `x = ${'-'.repeat(20_000)}1\n`],
  ['nested too deep for the parser', `x = ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
  ['a million parts', `x = f"${'{1}'.repeat(200_000)}"\n`],
  ['a null byte', 'x = 1\0\n'],
  ['SIGSTOP to itself', 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n'],
  ['SIGKILL to itself', 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n'],
  ['another program', 'import os, sys\nos.execv(sys.executable, [sys.executable, "-c", "print(1)"])\n'],
  ['closed descriptors', 'import os\nos.closerange(0, 100)\n'],
  ['garbage among the events', 'import os\nos.write(4, b"\\xff\\0[garbage\\n" * 100)\n'],
  ['tree of folders', 'import os\nfor _ in range(1500):\n    os.mkdir("d")\n    os.chdir("d")\n'],
];
for (const [name, candidate] of hostile) {
  jobs(`a candidate that harms itself gets its verdicts: ${name}`, async () => {
    for (const isolation of ISOLATIONS) {
      const tests = [1, 2, 3, 4].map((n) => plain(`assert ${n}`));
      const results = await execute(candidate, tests, { wallMs: 1500 }, undefined, isolation);
      assert.is(results.filter(Boolean).length, 4, isolation);
      assert.is((await execute(double, [plain('assert double(2) == 4')]))[0]?.verdict, 'pass');
    }
  });
}

jobs('cancel ends the running cell; what was not run is not answered', async () => {
  const abort = new AbortController();
  until(() => jailed(process.pid).length > 0).then(() => abort.abort());
  const results = await execute(
    'import time\ndef double(n):\n    time.sleep(600)\n',
    [plain('assert double(2)'), plain('assert double(3)')],
    { wallMs: 600_000 },
    abort.signal,
  );
  assert.is(results.length, 0);
  assert.is(
    (await execute(double, [plain('assert double(2) == 4')]))[0]?.verdict,
    'pass',
    'and serves the next',
  );
});

jobs('a launcher that is killed is our fault: tried again, and no verdict', async () => {
  const slow = 'import time\ndef double(n):\n    time.sleep(1.5)\n    return n * 2\n';
  const running = execute(slow, [plain('assert double(2) == 4')], { wallMs: 60_000 });
  assert.ok(await until(() => jailed(process.pid).length > 0), 'the cell runs');
  for (const pid of launchers(process.pid)) process.kill(pid, 'SIGKILL');
  assert.is((await running)[0]?.verdict, 'pass');
});

jobs('kill -9 of Node leaves no process behind', async () => {
  const script = temporaryFolder().write(
    'host.mjs',
    `import { Sandbox } from ${JSON.stringify(join(root, 'dist', 'src', 'sandbox', 'sandbox.js'))};
const sandbox = await Sandbox.open({ python: ${JSON.stringify(testPython())}, workers: 2 });
const job = (n) => ({ isolation: 'cell', candidate: 'import time\\ndef f():\\n    time.sleep(' + n + ')\\n', tests: [{ code: 'assert f()', cases: ['assert'] }],
  limits: ${JSON.stringify({ ...DEFAULT_LIMITS, wallMs: 120_000 })} });
await Promise.all([sandbox.execute(job(100), () => {}), sandbox.execute(job(101), () => {})]);`,
  );
  const host = spawn(process.execPath, [script], { stdio: 'ignore' });
  const started = await until(() => jailed(host.pid!).length === 2);
  assert.ok(started, 'two cells run');
  const pids = [...launchers(host.pid!), ...jailed(host.pid!)];
  host.kill('SIGKILL');
  assert.ok(await until(() => pids.every((pid) => !alive(pid))), 'all processes end with Node');
});

function children(parent: number): number[] {
  return listProcesses().flatMap((one) => (one.parent === parent ? [one.pid] : []));
}

function launchers(host: number): number[] {
  return children(host).filter((pid) => processOf(pid)?.name.startsWith('coderm-launcher'));
}

function jailed(host: number): number[] {
  return launchers(host).flatMap(children).flatMap(children);
}

function alive(pid: number): boolean {
  const found = processOf(pid);
  return found !== null && found.state !== 'Z';
}

async function until(condition: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return condition();
}

jobs.run();
