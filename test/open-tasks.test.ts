import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openExecutionTasks, openTasks } from '../src/open-tasks.js';
import { noCounts, skipSentences, type TaskCounts } from '../src/task.js';
import { root, shared } from './root.js';
import { inputError, lines, temporaryFolder } from './temporary.js';

const task = suite('open-tasks');
const folder = temporaryFolder();
let files = 0;
const write = (...values: unknown[]) => folder.write(`${files++}.jsonl`, lines(...values));

const plain = (id: string | number) => ({ task_id: id, question: `Question ${id}.` });
const humanEval = (id: string, prompt: string) => ({ task_id: id, prompt, entry_point: 'f' });
const nothing = noCounts();

interface Case {
  name: string;
  problems: unknown[];
  solutions: unknown[];
  limit?: number;
  candidates?: number;
  /** Task id and programs, in order. */
  expected: [string, string[]][];
  counts: Partial<TaskCounts>;
}
const joined: Case[] = [
  {
    name: 'problem order, whatever the order of the solutions; positions over several lines',
    problems: [plain('a'), plain(2)],
    solutions: [
      { task_id: '2', solution: 'p' },
      { task_id: 'a', solutions: ['q'] },
      { task_id: 2, solution: 'r' },
    ],
    expected: [
      ['a', ['q']],
      ['2', ['p', 'r']],
    ],
    counts: { problems: 2, tasks: 2, candidates: 3 },
  },
  {
    name: 'skips are counted',
    problems: [
      plain('a'),
      plain('b'),
      { question_id: 'c', question_content: 'Read n.', starter_code: '' },
      plain('d'),
    ],
    solutions: [
      { task_id: 'b', solution: 'p' },
      { task_id: 'd', solutions: [] },
      { task_id: 'x', solutions: ['q', 'r'] },
    ],
    expected: [['b', ['p']]],
    counts: {
      problems: 3,
      tasks: 1,
      candidates: 1,
      problemsWithoutCandidates: 2,
      problemsWithoutFunction: 1,
      tasksWithoutProblem: 1,
      candidatesWithoutProblem: 2,
    },
  },
  {
    name: 'the limit counts problems that have candidates',
    problems: [plain('a'), plain('b'), plain('c'), plain('d')],
    solutions: ['b', 'c', 'd'].map((id) => ({ task_id: id, solutions: ['1', '2', '3'] })),
    limit: 2,
    candidates: 2,
    expected: [
      ['b', ['1', '2']],
      ['c', ['1', '2']],
    ],
    counts: {
      problems: 4,
      tasks: 2,
      candidates: 4,
      problemsWithoutCandidates: 1,
      tasksOverLimit: 1,
      candidatesOverLimit: 2,
    },
  },
  {
    name: 'lines by id and by prompt are one task, in file order',
    problems: [humanEval('a', 'def f():\n')],
    solutions: [
      { task_id: 'a', completion: '  1' },
      { prompt: 'def f():\n', samples: ['  2\nprint()', '  3'] },
      { task_id: 'a', solution: 'x = 4' },
    ],
    expected: [['a', ['def f():\n  1', 'def f():\n  2', 'def f():\n  3', 'x = 4']]],
    counts: { problems: 1, tasks: 1, candidates: 4 },
  },
];
for (const { name, problems, solutions, limit = null, candidates = null, expected, counts } of joined) {
  task(name, async () => {
    const tasks = await openTasks({
      problems: [write(...problems)],
      solutions: [write(...solutions)],
      limit,
      candidates,
    });
    for (const round of ['first', 'second']) {
      const found = [...tasks].map((one) => [one.problem.taskId, one.candidates.map((each) => each.program)]);
      assert.equal(found, expected, `${round} iteration`);
    }
    assert.equal(
      [...tasks].map((one) => one.candidates.map((each) => each.solId)),
      expected.map(([, all]) => all.map((_, at) => at)),
    );
    assert.equal(tasks.counts, { ...nothing, ...counts });
    tasks.close();
  });
}

const refused: [string, unknown[], unknown[], RegExp][] = [
  [
    'no common id',
    [plain(2), plain(3)],
    [{ task_id: 'Mbpp/2', solution: 'p' }],
    /No task of .* \(2 problems\) has candidates: the problems are "2", "3" …, .* has candidates for "Mbpp\/2"/,
  ],
  [
    'a completion without a prompt',
    [plain('b'), plain('a')],
    [
      { task_id: 'b', solution: '' },
      { task_id: 'a', completion: 'x' },
    ],
    /:2 gives a `completion` for "a"/,
  ],
  ['a bad last line', [plain('a'), { x: 1 }], [{ task_id: 'a', solution: 'p' }], /:2 is not a problem/],
];
for (const [name, problems, solutions, message] of refused) {
  task(`refuses ${name}, before any task`, async () => {
    const options = { problems: [write(...problems)], solutions: [write(...solutions)] };
    assert.match(await inputError(() => openTasks(options)), message);
  });
}

task('text that UTF-8 cannot hold comes back as it was', async () => {
  const odd = 'x = "\u0000 \ud800 é"';
  const tasks = await openTasks({
    problems: [write(plain('a'))],
    solutions: [write({ task_id: 'a', solution: odd })],
  });
  assert.is([...tasks][0]!.candidates[0]!.program, odd);
  tasks.close();
});

task('execute: by task ids alone, in the order of the solutions', async () => {
  const tasks = await openExecutionTasks({
    solutions: [
      write(
        { task_id: 'b', solutions: ['p', 'q'] },
        { task_id: 'a', solution: 'r' },
        { task_id: 'c', solution: 's' },
      ),
    ],
    unitTests: [
      write(
        { task_id: 'a', unit_tests: ['t', null] },
        { task_id: 'x', unit_tests: ['u'] },
        { task_id: 'b', unit_tests: ['v'] },
        { task_id: 'c', unit_tests: [] },
        { task_id: 'b', unit_tests: ['w'] },
      ),
    ],
    candidates: 1,
  });
  assert.equal(
    [...tasks].map((one) => [
      one.taskId,
      one.problem,
      one.candidates.map((each) => each.program),
      one.unitTests.texts,
    ]),
    [
      ['b', null, ['p'], ['v', 'w']],
      ['a', null, ['r'], ['t', null]],
    ],
  );
  assert.equal(tasks.counts, {
    ...nothing,
    tasks: 2,
    candidates: 2,
    candidatesOverLimit: 1,
    tasksWithoutUnitTests: 1,
    unitTestsWithoutCandidates: 1,
  });
  assert.equal(skipSentences(tasks.counts), ['1 task has no unit test', '1 task has unit tests only']);
  tasks.close();
});

const CODET_TESTS = {
  prompt: 'def f():\n    pass\n\n# check the correctness of f\nassert ',
  samples: ['f() == 1'],
};
task('execute: CodeT’s files are joined through the problems', async () => {
  const solutions = [write({ prompt: 'def f():\n', samples: ['  return 1'] })];
  const unitTests = [write(CODET_TESTS)];
  const tasks = await openExecutionTasks({
    problems: [write(humanEval('a', 'def f():\n'))],
    solutions,
    unitTests,
  });
  const [first] = [...tasks];
  assert.is(first!.problem!.taskId, 'a');
  assert.equal(
    first!.candidates.map((one) => one.program),
    ['def f():\n  return 1'],
  );
  assert.equal(first!.unitTests, { kind: 'codet_samples', texts: ['f() == 1'] });
  tasks.close();
  assert.match(
    await inputError(() => openExecutionTasks({ solutions, unitTests })),
    /joined by the problem's prompt .*add --problems FILE/,
  );
});

task(
  'execute: refuses completions without problems, two forms of tests, and files that do not meet',
  async () => {
    const tests = { task_id: 'a', unit_tests: ['t'] };
    const open =
      (solutions: unknown[], unitTests: unknown[], problems: unknown[] = []) =>
      () =>
        openExecutionTasks({
          problems: problems.length ? [write(...problems)] : [],
          solutions: [write(...solutions)],
          unitTests: [write(...unitTests)],
        });
    assert.match(
      await inputError(open([{ task_id: 'a', completion: 'x' }], [tests])),
      /:1 gives a `completion`.*add --problems/,
    );
    assert.match(
      await inputError(
        open([{ task_id: 'a', solution: 'x' }], [tests, CODET_TESTS], [humanEval('a', 'def f():\n')]),
      ),
      /"a" unit tests in two forms/,
    );
    assert.match(
      await inputError(open([{ task_id: 'b', solution: 'x' }], [tests])),
      /has both candidates and unit tests: .*for "b", unit tests for "a"/,
    );
  },
);

const problems = shared('data', 'humaneval', 'HumanEval.jsonl.gz');
const gpt35 = shared('data', 'gpt35_humaneval', 'candidates.jsonl');
(problems && gpt35 ? task : task.skip)('real: GPT-3.5 candidates of HumanEval', async () => {
  const tasks = await openTasks({ problems: [problems!], solutions: [gpt35!], limit: 5, candidates: 20 });
  assert.is(tasks.counts.problems, 164);
  assert.is(tasks.counts.problemsWithoutCandidates, 83);
  assert.is(tasks.counts.tasksOverLimit, 76);
  assert.equal(
    [...tasks].map((one) => one.candidates.length),
    [20, 20, 20, 20, 20],
  );
  tasks.close();
});

const codet = (name: string) => shared('data', 'codet_codegen16b', name);
const codetProblems = codet('HumanEval_for_code_generation.jsonl');
const codetSolutions = codet('HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_code_solution.jsonl');
const codetTests = codet('HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_test_case.jsonl');
const codetMatrix = codet('exec_matrix.jsonl.gz');
(codetProblems && codetSolutions && codetTests && codetMatrix ? task : task.skip)(
  'real: CodeT, cut as its execution matrix has it',
  async () => {
    const tasks = await openExecutionTasks({
      problems: [codetProblems!],
      solutions: [codetSolutions!],
      unitTests: [codetTests!],
    });
    assert.equal(tasks.counts, { ...nothing, problems: 164, tasks: 164, candidates: 16_400 });
    const rows = gunzipSync(readFileSync(codetMatrix!)).toString().trim().split('\n');
    const matrix = new Map(
      rows.map((row) => {
        const { task_id, solutions } = JSON.parse(row) as {
          task_id: string;
          solutions: { completion: string }[];
        };
        return [task_id, new Set(solutions.map((one) => one.completion))];
      }),
    );
    for (const { taskId, problem, candidates, unitTests } of tasks) {
      const cut = new Set(candidates.map((one) => one.program.slice(problem!.prompt!.length)));
      assert.equal([...cut].sort(), [...matrix.get(taskId)!].sort(), taskId);
      assert.is(unitTests.texts.length, 100);
    }
    tasks.close();
  },
);

task('memory does not grow with the number of problems', () => {
  // In a process of its own, counting what is alive after a collection: resident memory also
  // counts garbage, and how much of that there is depends on the machine.
  const ids = Array.from({ length: 3000 }, (_, at) => `t/${at}`);
  const problems = write(...ids.map(plain));
  const solutions = join(folder.path, 'large.jsonl');
  const out = openSync(solutions, 'w'); // 240 MB
  for (const id of ids.toReversed()) {
    writeSync(out, lines({ task_id: id, solutions: ['#'.repeat(40_000), '?'.repeat(40_000)] }));
  }
  closeSync(out);
  const script = `
    import { openTasks } from ${JSON.stringify(join(root, 'dist', 'src', 'open-tasks.js'))};
    const tasks = await openTasks({ problems: [process.argv[1]], solutions: [process.argv[2]] });
    let count = 0;
    let peak = 0;
    for (const task of tasks) {
      if (count % 600 === 0) {
        gc();
        const { heapUsed, external } = process.memoryUsage();
        peak = Math.max(peak, heapUsed + external);
      }
      count += task.candidates.length;
    }
    process.stdout.write(count + " " + peak);`;
  const flags = ['--expose-gc', '--input-type=module', '-e'];
  const printed = execFileSync(process.execPath, [...flags, script, problems, solutions]);
  const [count, peak] = printed.toString().split(' ').map(Number);
  assert.is(count, 6000);
  assert.ok(peak! < 60e6, `${peak} bytes alive`);
});

task.run();
