import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NUMPY_STAND_IN } from '../src/allclose.js';
import { Cache } from '../src/cache/database.js';
import { groundTruth } from '../src/ground-truth.js';
import { openHiddenTests } from '../src/hidden-test.js';
import { openCandidates } from '../src/open-tasks.js';
import { Parser } from '../src/parser.js';
import { silent } from '../src/progress.js';
import type { ExecutionRun } from '../src/run.js';
import { Sandbox } from '../src/sandbox/sandbox.js';
import { emptyTally } from '../src/tally.js';
import { DEFAULT_LIMITS } from '../src/verdict.js';
import { shared } from './root.js';
import { all, inputError, lines, temporaryFolder } from './temporary.js';

// Hidden tests of every form, run in the jail on candidates whose truth is known.
const hiddenTest = suite('hidden-test');
const folder = temporaryFolder();
const { signal } = new AbortController();
const sandbox = await Sandbox.open({ workers: 2 });
const cache = Cache.open(folder.write('c.sqlite', ''));
hiddenTest.after(async () => {
  cache.close();
  await sandbox.close();
});

function newRun(): ExecutionRun {
  return {
    cache,
    sandbox,
    parser: new Parser(sandbox, cache, signal),
    limits: { ...DEFAULT_LIMITS, cpuMs: 500 },
    isolation: 'candidate',
    jail: 'namespaces',
    recheck: 0,
    dedup: true,
    progress: silent,
    tally: emptyTally(),
    signal,
  };
}

/** The verdicts of the candidates by these problems' hidden tests. */
async function judged(
  problems: string[],
  solutions: string,
  run = newRun(),
): Promise<Record<string, string>> {
  const tasks = await openCandidates({ solutions: [solutions], problems: problems.slice(0, 1) });
  const hidden = await openHiddenTests(problems);
  try {
    const found = await all(groundTruth(tasks, hidden, run));
    return Object.fromEntries(
      found.map(({ taskId, truths }) => [
        taskId,
        truths.map(({ passed, verdict }) => (passed ? 'right' : verdict)).join(' '),
      ]),
    );
  } finally {
    hidden.close();
    tasks.close();
  }
}

const humanEval = folder.write(
  'he.jsonl',
  lines({
    task_id: 'h',
    prompt: 'def double(n):\n    """Twice."""\n',
    entry_point: 'double',
    test: 'METADATA = {}\n\ndef check(candidate):\n    assert candidate(2) == 4\n    assert candidate(0.1) == 0.2\n',
  }),
);
const evalPlus = folder.write(
  'hp.jsonl',
  lines({
    task_id: 'h',
    prompt: 'def double(n):\n    """Twice."""\n',
    entry_point: 'double',
    test:
      'import numpy as np\n\ndef is_floats(x):\n    return isinstance(x, (float, np.ndarray)) or x == np.float32\n\n' +
      'def check(candidate):\n    assert np.allclose(candidate(3.0), 6.0000001, rtol=1e-07, atol=1e-6)\n' +
      '    assert candidate([1]) == [1, 1]\n',
  }),
);
const solutions = folder.write(
  'hs.jsonl',
  lines({
    task_id: 'h',
    solutions: [
      'def double(n):\n    return n + n\n', // right by both
      'def double(n):\n    return n + n if n != [1] else 2\n', // wrong by HumanEval+ only
      'def double(n):\n    return 4\n',
      'def twice(n):\n    return n + n\n',
      'def double(n):\n    while True: pass\n',
      'import os\ndef double(n):\n    os._exit(0)\n',
    ],
  }),
);

hiddenTest("HumanEval's check(candidate): only evidence of a pass is right", async () => {
  assert.equal(await judged([humanEval], solutions), { h: 'right right fail error timeout tampered' });
});

hiddenTest('of several files all must pass; a second run executes nothing', async () => {
  const expected = { h: 'right fail fail error timeout tampered' };
  assert.equal(await judged([humanEval, evalPlus], solutions), expected);
  const again = newRun();
  assert.equal(await judged([humanEval, evalPlus], solutions, again), expected);
  assert.is(again.tally.cells.executed, 0);
});

hiddenTest("MBPP's forms: a complete script, and a list of asserts", async () => {
  const problem = { task_id: 2, prompt: 'Write a function.', test_list: ['assert half(4) == 2'] };
  const script =
    'import numpy as np\nfrom math import inf\n\ninputs = [[4], [5]]\nresults = [2, 2.5]\n' +
    'for inp, exp in zip(inputs, results):\n    assert half(*inp) == exp\n';
  const plus = folder.write('mp.jsonl', lines({ ...problem, test: script }));
  const base = folder.write('m.jsonl', lines(problem));
  const halves = folder.write(
    'ms.jsonl',
    lines({
      task_id: '2',
      solutions: ['def half(n):\n    return n / 2\n', 'def half(n):\n    return n // 2\n'],
    }),
  );
  assert.equal(await judged([base], halves), { 2: 'right right' });
  assert.equal(await judged([plus], halves), { 2: 'right fail' });
});

hiddenTest('a task without a hidden test is not judged', async () => {
  const other = folder.write(
    'o.jsonl',
    lines({ task_id: 'x', test_list: ['assert True'], text: 'Write it.' }),
  );
  const hidden = await openHiddenTests([other]);
  const tasks = await openCandidates({ solutions: [solutions], problems: [] });
  assert.equal(await all(groundTruth(tasks, hidden, newRun())), []);
  tasks.close();
  hidden.close();
});

/** What numpy 2.4 answers; `error` is any exception. */
const CLOSE: [a: string, b: string, answer: 'True' | 'False' | 'error'][] = [
  ['1.0', '1.0 + 1e-7', 'True'],
  ['1.0', '1.00001', 'False'],
  ['1', 'True', 'True'],
  ['inf', 'inf', 'True'],
  ['-inf', 'inf', 'False'],
  ['nan', 'nan', 'False'],
  ['[1.0, 2.0]', '(1, 2)', 'True'],
  ['1.0', '[1.0, 1.0]', 'True'],
  ['[[1.0], [2.0]]', '[[1.0, 1.0], [2.0, 2.0]]', 'True'],
  ['[1.0, 2.0]', '[1.0, 2.0, 3.0]', 'error'],
  ['[5]', '[]', 'True'],
  ['[None]', '[]', 'True'],
  ['[None]', '[1.0]', 'error'],
  ['[]', '[{1}]', 'error'],
  ['["a"]', '[]', 'error'],
  ['[[1.0], 2.0]', '[1.0, 2.0]', 'error'],
  ['{1.0}', '[1.0]', 'error'],
  ['range(2)', '[0, 1]', 'True'],
  ['1 + 1e-9j', '1.0', 'True'],
];
hiddenTest('the stand-in answers as numpy does', async () => {
  const answers = CLOSE.map(
    ([a, b, answer]) => `assert ask(lambda: (${a}, ${b})) == "${answer}", ${JSON.stringify(`${a} ${b}`)}`,
  );
  const script =
    `${NUMPY_STAND_IN}\nfrom math import inf, nan\n\ndef ask(pair):\n    try:\n` +
    `        return str(np.allclose(*pair(), rtol=1e-07, atol=1e-6))\n    except Exception:\n        return "error"\n\n` +
    answers.join('\n');
  const problems = folder.write('n.jsonl', lines({ task_id: 'n', test: script }));
  const any = folder.write('ns.jsonl', lines({ task_id: 'n', solution: 'x = 1\n' }));
  const hidden = await openHiddenTests([problems]);
  const tasks = await openCandidates({ solutions: [any], problems: [] });
  const [task] = await all(groundTruth(tasks, hidden, newRun()));
  assert.equal(task!.truths, [{ solId: 0, passed: true, verdict: 'pass', detail: null }]);
  tasks.close();
  hidden.close();
});

hiddenTest('says what is wrong with a file of hidden tests', async () => {
  const bad: [object[], RegExp][] = [
    [[{ task_id: 'a', question: 'Write it.' }], /is not a problem with its hidden test/],
    [[{ task_id: 'a', entry_point: 'f', test: 'assert f(1)' }], /defines check\(candidate\)/],
    [
      [
        { task_id: 'a', test: 'x' },
        { task_id: 'a', test: 'x' },
      ],
      /repeats the task id "a"/,
    ],
  ];
  for (const [at, [given, message]] of bad.entries()) {
    assert.match(
      await inputError(() => openHiddenTests([folder.write(`b${at}.jsonl`, lines(...given))])),
      message,
    );
  }
});

const data = shared('data', 'humaneval', 'HumanEval.jsonl.gz');
const set = data && shared('data', 'humaneval', 'HumanEvalPlus.jsonl.gz');
hiddenTest('the real sets are read whole', async () => {
  if (!data || !set) return;
  const hidden = await openHiddenTests([data, set]);
  assert.is(hidden.of('HumanEval/0').length, 2);
  assert.match(hidden.of('HumanEval/0')[1]!, /^class np:/m);
  assert.is(hidden.of('HumanEval/164').length, 0);
  hidden.close();
});

hiddenTest.run();
