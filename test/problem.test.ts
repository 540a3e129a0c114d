import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Problem, readProblems } from '../src/problem.js';
import { shared } from './root.js';
import { all, inputError, lines, temporaryFolder } from './temporary.js';

const problem = suite('problem');
const folder = temporaryFolder();
let files = 0;
const write = (...values: unknown[]) => folder.write(`${files++}.jsonl`, lines(...values));
const readOne = async (value: unknown): Promise<Problem> => (await all(readProblems([write(value)])))[0]!;

const PROMPT = 'def add(a, b):\n    """Sum."""\n';
const UNIT_TEST_PROMPT =
  'Please write test cases with the unittest library.\n\n### question\nAdd two numbers.\n' +
  'assert add(1, 2) == 3\n\n### code solution\ndef add(a, b):\n    return a + b\n\nPlease add comments.\n';
const none = { entryPoint: null, prompt: null, starterCode: null, code: null, messages: null };
const user = (content: string) => [{ role: 'user', content }];

const recognised: [string, object, Problem][] = [
  [
    'HumanEval, without its solution and tests',
    {
      task_id: 'H/0',
      prompt: PROMPT,
      entry_point: 'add',
      canonical_solution: '    return a + b',
      test: 'check',
    },
    { ...none, taskId: 'H/0', question: PROMPT, entryPoint: 'add', prompt: PROMPT },
  ],
  [
    'MBPP, an integer id, without its code',
    {
      task_id: 2,
      text: 'Add them.',
      code: 'def add(a, b): pass',
      test_list: ['assert add(1, 2) == 3', 'assert 0'],
    },
    { ...none, taskId: '2', question: 'Add them.\nassert add(1, 2) == 3', entryPoint: 'add' },
  ],
  [
    'MBPP+, the call inside a comparison',
    {
      task_id: '3',
      prompt: 'Volume.',
      code: '',
      test_list: ['assert math.isclose(set(volume (3)), 2.0)'],
      test: '',
    },
    {
      ...none,
      taskId: '3',
      question: 'Volume.\nassert math.isclose(set(volume (3)), 2.0)',
      entryPoint: 'volume',
    },
  ],
  [
    'CodeRM, a ready unit-test prompt',
    { task_id: 'C/1', messages: user(UNIT_TEST_PROMPT) },
    {
      ...none,
      taskId: 'C/1',
      question: 'Add two numbers.\nassert add(1, 2) == 3',
      entryPoint: 'add',
      messages: user(UNIT_TEST_PROMPT),
    },
  ],
  [
    'CodeRM, a solution prompt with a signature',
    { task_id: 'C/2', messages: user(`Solve in a markdown code block:\n\`\`\`python\n${PROMPT}\n\`\`\`\n`) },
    { ...none, taskId: 'C/2', question: PROMPT, entryPoint: 'add', prompt: PROMPT },
  ],
  [
    'CodeRM, a solution prompt with words only',
    { task_id: 'C/3', messages: user('Solve:\n```python\n"""\nAdd.\nassert add(1) == 3\n"""\n\n```\n') },
    { ...none, taskId: 'C/3', question: 'Add.\nassert add(1) == 3', entryPoint: 'add' },
  ],
  [
    'CodeRM, free text',
    { task_id: 'C/4', messages: [{ role: 'system', content: 'Be brief.' }, ...user('Add two numbers.')] },
    { ...none, taskId: 'C/4', question: 'Add two numbers.' },
  ],
  [
    'LiveCodeBench',
    {
      question_id: 2727,
      question_title: 't',
      question_content: 'Count them.',
      starter_code:
        'class Solution:\n    def __init__(self):\n        pass\n    def countThem(self, n: int) -> int:\n        ',
      private_test_cases: 'eJx',
    },
    {
      ...none,
      taskId: '2727',
      question: 'Count them.',
      entryPoint: 'countThem',
      starterCode:
        'class Solution:\n    def __init__(self):\n        pass\n    def countThem(self, n: int) -> int:\n        ',
    },
  ],
  [
    'plain',
    { task_id: 'p', question: 'Add.', entry_point: null, code: 'def add(): pass' },
    { ...none, taskId: 'p', question: 'Add.', code: 'def add(): pass' },
  ],
  [
    'plain, the name taken from the starter code',
    { task_id: 'p', question: 'Add.', starter_code: 'def add(a, b):' },
    { ...none, taskId: 'p', question: 'Add.', entryPoint: 'add', starterCode: 'def add(a, b):' },
  ],
];
for (const [name, line, expected] of recognised) {
  problem(name, async () => assert.equal(await readOne(line), expected));
}

const good = { task_id: 'a', question: 'Add.' };
const refused: [string, unknown[], RegExp][] = [
  [
    'unknown fields',
    [good, { id: 1, foo: 2 }],
    /:2 is not a problem: expected .*HumanEval .*MBPP .*; came \{id, foo\}/,
  ],
  [
    'candidates',
    [{ task_id: 'a', solutions: [] }],
    /came \{task_id, solutions\} \(candidates: give them as --solutions\)/,
  ],
  ['unit tests', [{ task_id: 'a', unit_tests: [] }], /give them as --unit-tests/],
  ['an empty object', [{}], /came \{no field\}/],
  [
    'a wrong type',
    [good, { task_id: 'b', question: 7 }],
    /:2 .*plain.*`question` should be a string, and is the number "7"/,
  ],
  ['a fraction as id', [{ task_id: 1.5, question: 'q' }], /`task_id` should be .*, and is the number "1.5"/],
  ['an empty id', [{ task_id: '', question: 'q' }], /`task_id` should be/],
  [
    'a blank question',
    [{ task_id: 'a', question: ' \n' }],
    /`question` should be a string that is not blank/,
  ],
  [
    'an entry point that is no name',
    [{ ...good, entry_point: 'a(' }],
    /`entry_point` should be the name of a function/,
  ],
  [
    'no assert',
    [{ task_id: 1, text: 'q', test_list: [] }],
    /`test_list` should be .*assert, and is an empty array/,
  ],
  [
    'no user message',
    [{ task_id: 1, messages: [{ role: 'system', content: 'x' }] }],
    /`messages` should be an array with a user/,
  ],
  [
    'messages as a string',
    [{ task_id: 1, messages: 'x' }],
    /`messages` should be an array of \{role, content\}/,
  ],
  ['a repeated id', [good, { task_id: 'b', question: 'q' }, good], /:3 repeats the task id "a" of .*:1;/],
  [
    'an integer and a string id that are equal',
    [
      { task_id: 7, question: 'q' },
      { task_id: '7', question: 'q' },
    ],
    /:2 repeats/,
  ],
];
for (const [name, values, message] of refused) {
  problem(`refuses ${name}`, async () => {
    assert.match(await inputError(() => all(readProblems([write(...values)]))), message);
  });
}

problem('an id repeated in another file is refused, naming both lines', async () => {
  const first = write(good);
  const second = write({ task_id: 'b', question: 'q' }, good);
  const message = await inputError(() => all(readProblems([first, second])));
  assert.ok(message.startsWith(`${second}:2 repeats the task id "a" of ${first}:1;`), message);
});

problem('LiveCodeBench problems without a function are a counted skip', async () => {
  const skips = { withoutFunction: 0 };
  const stdin = { question_id: 'abc', question_content: 'Read n.', starter_code: '' };
  assert.is((await all(readProblems([write(stdin, good)], skips))).length, 1);
  assert.is(skips.withoutFunction, 1);
});

const real: [string, string[], number][] = [
  ['HumanEval', ['humaneval', 'HumanEval.jsonl.gz'], 164],
  ['HumanEval+', ['humaneval', 'HumanEvalPlus.jsonl.gz'], 164],
  ['MBPP+', ['mbpp', 'MbppPlus.jsonl.gz'], 378],
  ['CodeRM HumanEval+ solution prompts', ['coderm_inputs', 'input_humaneval+_sol.jsonl'], 164],
  ['CodeRM HumanEval+ unit-test prompts', ['coderm_inputs', 'input_humaneval+_ut.jsonl'], 164],
  ['CodeRM MBPP+ solution prompts', ['coderm_inputs', 'input_mbpp+_sol.jsonl'], 378],
  ['CodeRM MBPP+ unit-test prompts', ['coderm_inputs', 'input_mbpp+_ut.jsonl'], 378],
];
for (const [name, path, count] of real) {
  const file = shared('data', ...path);
  const test = file === null ? problem.skip : problem;
  test(`real: ${name}`, async () => {
    const problems = await all(readProblems([file!]));
    assert.is(problems.length, count);
    const ready = name.includes('unit-test');
    const withoutName: string[] = [];
    for (const one of problems) {
      assert.is(one.messages !== null, ready, one.taskId);
      assert.not.match(one.question, /```|### code solution/);
      if (one.entryPoint === null) withoutName.push(one.taskId);
    }
    assert.equal(withoutName, []);
  });
}

const humanEval = shared('data', 'humaneval', 'HumanEval.jsonl.gz');
const solutionPrompts = shared('data', 'coderm_inputs', 'input_humaneval+_sol.jsonl');
(humanEval && solutionPrompts ? problem : problem.skip)(
  'real: CodeRM prompts ask HumanEval’s questions',
  async () => {
    const byId = new Map((await all(readProblems([humanEval!]))).map((one) => [one.taskId, one]));
    let same = 0;
    for (const one of await all(readProblems([solutionPrompts!]))) {
      const original = byId.get(one.taskId)!;
      assert.is(one.entryPoint, original.entryPoint, one.taskId);
      if (one.question.trim() === original.question.trim()) same += 1;
    }
    assert.ok(same >= 163, `${same} of 164`); // one was corrected upstream
  },
);

problem.run();
