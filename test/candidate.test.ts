import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { completeCandidate, cutSample, promptKey, readCandidates } from '../src/candidate.js';
import { unfence } from '../src/markdown.js';
import type { Problem } from '../src/problem.js';
import { shared } from './root.js';
import { all, inputError, lines, temporaryFolder } from './temporary.js';

const candidate = suite('candidate');
const folder = temporaryFolder();
let files = 0;
const read = (...values: unknown[]) =>
  all(readCandidates([folder.write(`${files++}.jsonl`, lines(...values))]));

const forms: [string, object, string, [string, string][]][] = [
  [
    'CodeRM strings',
    { task_id: 'a', solutions: ['x = 1', ''] },
    'id:a',
    [
      ['program', 'x = 1'],
      ['program', ''],
    ],
  ],
  [
    'CodeRM objects',
    { task_id: 3, solutions: [{ solution: 'x', plus_status: 'pass' }] },
    'id:3',
    [['program', 'x']],
  ],
  ['CodeRM without solutions', { task_id: 'a', solutions: [] }, 'id:a', []],
  ['EvalPlus solution', { task_id: 'a', solution: 'x' }, 'id:a', [['program', 'x']]],
  ['HumanEval completion', { task_id: 'a', completion: '  x' }, 'id:a', [['completion', '  x']]],
  ['solution wins', { task_id: 'a', completion: 'no', solution: 'x' }, 'id:a', [['program', 'x']]],
  [
    'a null solution does not',
    { task_id: 'a', completion: 'y', solution: null },
    'id:a',
    [['completion', 'y']],
  ],
  [
    'CodeT',
    { prompt: 'def f():\n', samples: ['  1', '  2'] },
    promptKey('def f():'),
    [
      ['sample', '  1'],
      ['sample', '  2'],
    ],
  ],
];
for (const [name, line, key, expected] of forms) {
  candidate(name, async () => {
    const [found] = await read(line);
    assert.is(found!.key, key);
    assert.equal(
      found!.candidates.map((one) => [one.form, one.text]),
      expected,
    );
  });
}

const refused: [string, unknown, RegExp][] = [
  [
    'unknown fields',
    { task_id: 'a', code: 'x' },
    /:1 is not a line of candidates: expected CodeRM .*CodeT .*; came \{task_id, code\}/,
  ],
  ['a problem', { task_id: 'a', question: 'q' }, /give it as --problems/],
  [
    'null among the solutions',
    { task_id: 'a', solutions: ['x', null] },
    /`solutions.1` should be a string .*, and is null/,
  ],
  [
    'solutions that are one string',
    { task_id: 'a', solutions: 'x' },
    /`solutions` should be an array of strings .*"x"/,
  ],
  [
    'both null',
    { task_id: 'a', solution: null, completion: null },
    /a string in `solution` or in `completion`/,
  ],
  ['a number', { task_id: 'a', completion: 1 }, /`completion` should be a string, and is the number "1"/],
];
for (const [name, line, message] of refused) {
  candidate(`refuses ${name}`, async () => assert.match(await inputError(() => read(line)), message));
}

const code = 'def f():\n    return 1\n';
const answers: [string, string, string][] = [
  ['plain code', code, code],
  ['one block', `Here you are:\n\`\`\`python\n${code}\`\`\`\nIt works.`, code],
  ['one block, CRLF kept out of the fence', `\`\`\`python\r\n${code}\`\`\`\r\n`, code],
  ['a bare block', `\`\`\`\n${code}\`\`\`\n`, code],
  ['a python block beside others', `\`\`\`bash\npip\n\`\`\`\n\`\`\`py\n${code}\`\`\`\n`, code],
  ['an unclosed block', `\`\`\`python\n${code}`, code],
  [
    'two python blocks stay',
    `\`\`\`python\n${code}\`\`\`\n\`\`\`python\nf()\n\`\`\`\n`,
    `\`\`\`python\n${code}\`\`\`\n\`\`\`python\nf()\n\`\`\`\n`,
  ],
  [
    'code, a stray fence and an example stay',
    `${code}\`\`\`\nTry:\n\`\`\`python\nf()\n\`\`\`\n`,
    `${code}\`\`\`\nTry:\n\`\`\`python\nf()\n\`\`\`\n`,
  ],
  ['code and a stray fence at the end stay', `${code}\`\`\``, `${code}\`\`\``],
  [
    'a fence inside a docstring stays',
    `"""\n\`\`\`python\nf()\n\`\`\`\n"""\n${code}`,
    `"""\n\`\`\`python\nf()\n\`\`\`\n"""\n${code}`,
  ],
];
for (const [name, answer, expected] of answers) {
  candidate(`unfence: ${name}`, () => assert.is(unfence(answer), expected));
}

const cuts: [string, string][] = [
  ['  return 1\ndef g():\n  pass\n#', '  return 1'],
  ['  return 1\n# end\nclass A:', '  return 1'],
  ['  return 1\nif x:', '  return 1'],
  ['  return 1\nprint(1)', '  return 1'],
  ['  # kept\n  if x:\n    print(1)\n', '  # kept\n  if x:\n    print(1)\n'],
];
for (const [sample, expected] of cuts) {
  candidate(`cut: ${JSON.stringify(sample)}`, () => assert.is(cutSample(sample), expected));
}

const problem = (more: Partial<Problem>): Problem => ({
  taskId: 'a',
  question: 'q',
  entryPoint: 'f',
  prompt: null,
  starterCode: null,
  code: null,
  messages: null,
  ...more,
});
const given = (form: 'program' | 'completion' | 'sample', text: string) => ({
  form,
  text,
  file: 's.jsonl',
  line: 4,
});

candidate('a completion and a sample continue the prompt', () => {
  const owner = problem({ prompt: 'def f():\n' });
  const wanted = { solId: 2, program: 'def f():\n  pass', solution: 'def f():\n  pass' };
  assert.equal(completeCandidate(given('completion', '  pass'), 2, owner), wanted);
  assert.equal(completeCandidate(given('sample', '  pass\nprint(f())'), 2, owner), wanted);
});

candidate('a completion without a prompt is refused', async () => {
  const one = given('completion', '  pass');
  assert.match(
    await inputError(() => completeCandidate(one, 0, problem({}))),
    /^s.jsonl:4 gives a `completion` for "a"/,
  );
  assert.match(await inputError(() => completeCandidate(one, 0, null)), /^s.jsonl:4 .*add --problems FILE/);
});

candidate(
  'LiveCodeBench: a function that calls the method is added to the program, not to the solution',
  () => {
    const owner = problem({ starterCode: 'class Solution:\n    def f(self, n):\n' });
    const method = 'class Solution:\n    def f(self, n):\n        return n\n';
    const { program, solution } = completeCandidate(given('program', method), 0, owner);
    assert.is(solution, method);
    assert.is(
      program,
      `${method.trimEnd()}\n\n\ndef f(*args, **kwargs):\n    return Solution().f(*args, **kwargs)\n`,
    );
    const plain = 'def f(n):\n    return n\n';
    assert.is(completeCandidate(given('program', plain), 0, owner).program, plain);
  },
);

const gpt35 = shared('data', 'gpt35_humaneval', 'candidates.jsonl');
(gpt35 ? candidate : candidate.skip)('real: complete programs are untouched', async () => {
  let count = 0;
  for await (const line of readCandidates([gpt35!])) {
    for (const one of line.candidates) {
      assert.is(unfence(one.text), one.text);
      count += 1;
    }
  }
  assert.is(count, 8100);
});

candidate.run();
