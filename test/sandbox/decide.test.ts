import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingOf } from '../../src/missing-module.js';
import type { Outcome } from '../../src/sandbox/addon.js';
import { decide } from '../../src/sandbox/decide.js';
import { readEvents } from '../../src/sandbox/evidence.js';
import type { Verdict } from '../../src/verdict.js';

const verdicts = suite('verdicts from evidence');

const ended = (...names: string[]) =>
  names.flatMap((name) => [`["start","${name}"]`, `["end","${name}","pass",""]`]);

/** Every line of the harness begins with the secret of its run. */
const marked = (line: string) => line.replace(/^\[/, '["s3cret",');

/** What the launcher reports of a run whose harness wrote these lines. */
function outcome(lines: string[], change: Partial<Outcome> = {}): Outcome {
  return {
    kind: 'outcome',
    id: 1,
    limit: 'none',
    exitCode: 0,
    signal: 0,
    mayHaveSignalled: false,
    cpuUs: 1500,
    wallUs: 2500,
    cells: 1,
    outputBytes: 0,
    output: Buffer.alloc(0),
    events: Buffer.from(['["cell","0"]', ...lines, ''].map(marked).join('\n')),
    ...change,
  };
}

const done = '["done","1000000","2000000","a1b2"]';
const rows: [name: string, outcome: Outcome, expected: string[], verdict: Verdict][] = [
  ['all cases pass', outcome([...ended('T.a', 'T.b'), done]), ['T.a', 'T.b'], 'pass'],
  ['more cases than promised, all pass', outcome([...ended('T.a', 'T.b'), done]), ['T.a'], 'pass'],
  [
    'one fails',
    outcome([...ended('T.a'), '["start","T.b"]', '["end","T.b","fail","x"]', done]),
    ['T.a', 'T.b'],
    'fail',
  ],
  [
    'one errs and one fails',
    outcome([
      '["start","T.a"]',
      '["end","T.a","fail","x"]',
      '["start","T.b"]',
      '["end","T.b","error","x"]',
      done,
    ]),
    ['T.a', 'T.b'],
    'error',
  ],
  [
    'one is skipped, one passes',
    outcome([...ended('T.a'), '["start","T.b"]', '["end","T.b","skip",""]', done]),
    ['T.a', 'T.b'],
    'pass',
  ],
  ['all are skipped', outcome(['["start","T.a"]', '["end","T.a","skip",""]', done]), ['T.a'], 'invalid'],
  ['a class whose set-up skips it', outcome(['["skipped","setUpClass (T)"]', done]), ['T.a'], 'invalid'],
  ['no case at all', outcome([done]), [], 'invalid'],
  ['a promised case is missing', outcome([...ended('T.a'), done]), ['T.a', 'T.b'], 'tampered'],
  ['exit 0 before the end', outcome(['["start","T.a"]']), ['T.a'], 'tampered'],
  ['exit 0 with a pass but no end', outcome(ended('T.a')), ['T.a'], 'tampered'],
  ['exit 1 before the end', outcome(['["start","T.a"]'], { exitCode: 1 }), ['T.a'], 'crash'],
  ['a signal', outcome(['["start","T.a"]'], { exitCode: -1, signal: 11 }), ['T.a'], 'crash'],
  ['the candidate does not load', outcome(['["load","candidate","SyntaxError: x"]', done]), ['T.a'], 'error'],
  [
    'an allocation was refused',
    outcome(['["start","T.a"]', '["memory"]', '["end","T.a","error","MemoryError"]', done]),
    ['T.a'],
    'memory',
  ],
  [
    'changed machinery',
    outcome([...ended('T.a'), '["tampered","TestCase.assertEqual"]', done]),
    ['T.a'],
    'tampered',
  ],
  ['CPU limit', outcome(['["start","T.a"]'], { limit: 'cpu', exitCode: -1, signal: 9 }), ['T.a'], 'timeout'],
  [
    'wall limit',
    outcome(['["start","T.a"]'], { limit: 'wall', exitCode: -1, signal: 9 }),
    ['T.a'],
    'timeout',
  ],
  [
    'memory limit',
    outcome(['["start","T.a"]'], { limit: 'memory', exitCode: -1, signal: 9 }),
    ['T.a'],
    'memory',
  ],
  [
    'output limit',
    outcome(['["start","T.a"]'], { limit: 'output', exitCode: -1, signal: 9 }),
    ['T.a'],
    'output',
  ],
  [
    'a limit met after all cases passed',
    outcome(ended('T.a'), { limit: 'cpu', exitCode: -1, signal: 9 }),
    ['T.a'],
    'timeout',
  ],
  ['a flood of events', outcome([], { limit: 'events', exitCode: -1, signal: 9 }), ['T.a'], 'tampered'],
  ['a line that is no event', outcome([...ended('T.a'), 'pass', done]), ['T.a'], 'tampered'],
  ['an event of another kind', outcome([...ended('T.a'), '["won"]', done]), ['T.a'], 'tampered'],
  ['an event that is no list of strings', outcome(['["start",1]', done]), ['T.a'], 'tampered'],
  ['an end without a start', outcome(['["end","T.a","pass",""]', done]), ['T.a'], 'tampered'],
  ['a start within a case', outcome(['["start","T.a"]', ...ended('T.b'), done]), ['T.b'], 'tampered'],
  ['a line without the secret', outcome([...ended('T.a'), ' ["s","done"]', done]), ['T.a'], 'tampered'],
  ['events after the end', outcome([...ended('T.a'), done, ...ended('T.b')]), ['T.a', 'T.b'], 'tampered'],
  [
    'an unknown way to end',
    outcome(['["start","T.a"]', '["end","T.a","won",""]', done]),
    ['T.a'],
    'tampered',
  ],
];

function decideRun(seen: Outcome, cases: string[], idle: string[] = []) {
  const events = readEvents(seen.events.toString('utf8'), 's3cret');
  return decide(seen, events && events.cells[0]!, { cases, idle });
}

for (const [name, seen, expected, verdict] of rows) {
  verdicts(`${name}: ${verdict}`, () => {
    const result = decideRun(seen, expected);
    assert.is(result.verdict, verdict, result.detail ?? '');
    assert.is(result.detail === null, verdict === 'pass', 'a reason for everything but a pass');
    assert.is(result.cpuMs, 2);
  });
}

verdicts('what asserts nothing and received nothing is invalid: by its text, or by what it returned', () => {
  const nothing = '["done","1000000","2000000"]';
  const verdictOf = (lines: string[], idle: string[]) =>
    decideRun(outcome(lines), ['T.a', 'T.b'], idle).verdict;
  const both = ended('T.a', 'T.b');
  assert.is(verdictOf([...both, nothing], ['T.a', 'T.b']), 'invalid');
  assert.is(verdictOf([...both, '["idle","T.b"]', nothing], ['T.a']), 'invalid');
  assert.is(verdictOf([...both, nothing], ['T.a']), 'pass', 'the other one can fail');
  assert.is(verdictOf([...both, done], ['T.a', 'T.b']), 'pass', 'an assertion has received a value');
  const failed = ['["start","T.a"]', '["end","T.a","fail","x"]', ...ended('T.b'), nothing];
  assert.is(verdictOf(failed, ['T.a', 'T.b']), 'fail');
});

verdicts('a module that is missing is named where the verdict is error, and nowhere else', () => {
  const missing = '["missing","test","numpy"]';
  const error = decideRun(outcome([missing, '["load","test","ModuleNotFoundError: x"]', done]), ['T.a']);
  assert.is(error.verdict, 'error');
  assert.equal(missingOf(error.detail), { module: 'numpy', importer: 'test' });
  assert.is(decideRun(outcome([missing, ...ended('T.a'), done]), ['T.a']).detail, null);
  assert.is(missingOf('missing_module.test_a: numpy (imported by the unit test): x'), null);
});

verdicts('a cancelled run has none', () => {
  assert.throws(() => decideRun(outcome([], { limit: 'cancelled' }), []), /no verdict/);
});

verdicts.run();
