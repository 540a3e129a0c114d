import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import { Parser } from '../../src/parser.js';
import { silent } from '../../src/progress.js';
import type { ExecutionRun } from '../../src/run.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { executeGrids } from '../../src/stages/execute.js';
import { recheckGrids } from '../../src/stages/recheck.js';
import { emptyTally } from '../../src/tally.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { testPython } from '../sandbox/python.js';
import { temporaryFolder } from '../temporary.js';

const recheck = suite('flaky unit tests');
const folder = temporaryFolder();
let sandbox: Sandbox;

recheck.before(async () => {
  sandbox = await Sandbox.open({ python: testPython(), workers: 2 });
});
recheck.after(() => sandbox.close());

const PROGRAMS = [
  'def letters():\n    return sorted({"a", "b", "c", "d", "e", "f", "g", "h"})\n',
  'def letters():\n    return list({"a", "b", "c", "d", "e", "f", "g", "h"})\n',
  'def letters():\n    return []\n',
];
const TESTS = [
  'assert letters() == list("abcdefgh")', // the second one passes by the luck of its hash seed, if at all
  'assert len(letters()) == 8', // contested, and steady
  'assert isinstance(letters(), list)', // passed by all: not contested
  'import random\nassert letters() and random.random() > 0.5', // 0.84 under the usual seed
];

recheck('a verdict that changes under another hash seed costs the unit test its vote', async () => {
  const cache = Cache.open(`${folder.path}/cache.sqlite`);
  const signal = new AbortController().signal;
  const parser = new Parser(sandbox, cache, signal);
  const run: ExecutionRun = {
    cache,
    sandbox,
    parser,
    limits: DEFAULT_LIMITS,
    isolation: 'candidate',
    jail: 'namespaces',
    recheck: 5,
    dedup: true,
    progress: silent,
    tally: emptyTally(),
    signal,
  };
  const programs = await parser.programs(PROGRAMS);
  const candidates = PROGRAMS.map((program, solId) => ({ solId, solution: program, program }));
  const found = await parser.tests(TESTS);
  const unitTests = found.map((test, utId) => {
    if ('drop' in test) throw new Error(test.detail);
    return { utId, count: 1, ...test };
  });
  const grid = { taskId: 't', candidates, programs, unitTests };
  const rows = await executeGrids([grid], run);
  assert.equal(
    rows[0]!.map((row) => row.map((cell) => cell?.verdict)),
    [
      ['pass', 'pass', 'pass', 'pass'],
      [rows[0]![1]![0]?.verdict, 'pass', 'pass', 'pass'],
      ['fail', 'fail', 'pass', 'fail'],
    ],
  );
  const [flaky] = await recheckGrids([grid], rows, run);
  assert.equal([...flaky!], [3]);
  assert.ok(run.tally.cells.rechecked > 0);
  assert.is(run.tally.flaky, 1);

  const before = run.tally.cells.rechecked;
  assert.equal(await recheckGrids([grid], rows, run), [flaky]);
  assert.is(run.tally.cells.rechecked, before, 'rechecks are in the cache too');
  cache.close();
});

recheck.run();
