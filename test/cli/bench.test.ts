import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LEVELS } from '../../src/bench/level.js';
import type { SandboxBench } from '../../src/bench/sandbox.js';
import { testPython } from '../sandbox/python.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

const bench = suite('cli: bench sandbox');
const temporary = temporaryFolder();

const tests = (...values: [number, number][]) =>
  values.map(
    ([given, result]) =>
      `import unittest\n\nclass TestDouble(unittest.TestCase):\n    def test_${given}(self):\n` +
      `        self.assertEqual(double(${given}), ${result})\n`,
  );
temporary.write(
  's.jsonl',
  lines({
    task_id: 'double',
    solutions: [
      'def double(n):\n    return n * 2\n',
      'import os\ndef double(n):\n    return n + 2 if n < 3 else os.abort()\n',
      'def double(n):\n    while n > 2:\n        pass\n    return n * 2\n',
    ],
  }),
);
temporary.write(
  'u.jsonl',
  lines({ task_id: 'double', unit_tests: [...tests([2, 4], [1, 2], [3, 6]), 'assert double(0) == 0\n'] }),
);

/** Takes what the authors' harness takes and leaves what it leaves; theirs is not ours to copy. */
const HARNESS = `
import argparse, io, json, os, signal, unittest
from tqdm import tqdm

def run(code):
    names = {"unittest": unittest, "output": io.StringIO(), "locals_dict": {}}
    signal.alarm(1)
    exec(code, names)
    os._exit(42 if names["locals_dict"]["result"].wasSuccessful() else 1)

parser = argparse.ArgumentParser()
for flag in ("--input_path", "--output_path", "--mp_num"):
    parser.add_argument(flag)
flags = parser.parse_args()
with open(flags.input_path) as source, open(flags.output_path, "w") as sink:
    for line in tqdm(source.readlines()):
        cell = json.loads(line)
        child = os.fork()
        if child == 0:
            run(cell.pop("code"))
        status = os.waitpid(child, 0)[1]
        passed = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 42
        sink.write(json.dumps({**cell, "result": "pass" if passed else "fail"}) + "\\n")
`;
temporary.write('harness.py', HARNESS);

const FLAGS = [
  ...['bench', 'sandbox', '--solutions', 's.jsonl', '--unit-tests', 'u.jsonl'],
  ...['--cpu-ms', '200', '--rounds', '1', '--python', testPython()],
];
const run = (...args: string[]) => coderm([...FLAGS, ...args], { cwd: temporary.path });

bench('every level has a rate and a time per time-out, and all agree on every cell', async () => {
  const { code, stdout, stderr } = await run('--authors', 'harness.py', '--json');
  assert.is(code, 0, stderr);
  const report = JSON.parse(stdout) as SandboxBench;
  assert.equal(report.verdicts, { pass: 8, fail: 2, crash: 1, timeout: 1 });
  assert.equal([report.cells, report.ended_by_a_limit, report.timeouts_measured], [11, 1, 1]);
  assert.equal(report.differences, []);
  assert.equal(Object.keys(report.levels), LEVELS);
  for (const name of LEVELS) {
    const level = report.levels[name]!;
    assert.ok(level.cells_per_s > 0 && level.times_unprotected! > 0 && level.times_authors! > 0, name);
    assert.ok(level.seconds_per_timeout! >= 0.2, `${name}: ${level.seconds_per_timeout}`);
  }
});

bench('the table names the levels that were measured', async () => {
  const { code, stdout, stderr } = await run('--cells', '4');
  assert.is(code, 0, stderr);
  assert.match(stdout, /^level +cells\/s .*\n(candidate|cell|fork|unprotected) /);
  assert.match(stdout, /^unprotected .* 1 /m);
  assert.not.match(stdout, /^authors/m);
  assert.match(stdout, /Every level agrees with level cell/);
});

bench('a harness that is not there is one sentence', async () => {
  const { code, stderr } = await run('--authors', 'nowhere.py');
  assert.is(code, 2);
  assert.match(stderr, /--authors: expected the path of .*main\.py .* nowhere\.py cannot be read \(ENOENT\)/);
});

bench.run();
