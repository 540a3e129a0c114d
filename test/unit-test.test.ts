import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { promptKey } from '../src/candidate.js';
import { readUnitTests } from '../src/unit-test.js';
import { shared } from './root.js';
import { all, inputError, lines, temporaryFolder } from './temporary.js';

const unitTest = suite('unit-test');
const folder = temporaryFolder();
let files = 0;
const read = (...values: unknown[]) =>
  all(readUnitTests([folder.write(`${files++}.jsonl`, lines(...values))]));

unitTest('CodeRM: texts as they came, a null keeps its position', async () => {
  const [first] = await read({ task_id: 1, unit_tests: ['import unittest', null, 'x\nunittest.main()'] });
  assert.is(first!.key, 'id:1');
  assert.equal(first!.given, { kind: 'module', texts: ['import unittest', null, 'x\nunittest.main()'] });
});

unitTest('CodeT: the prompt that asks for tests belongs to the problem’s prompt', async () => {
  const prompt = 'def f(n):\n    """Count."""\n';
  const asking = `${prompt}    pass\n\n# check the correctness of f\nassert `;
  const [first] = await read({ prompt: asking, samples: [' f(1) == 1\nassert f(2) == 2'] });
  assert.is(first!.key, promptKey(prompt));
  assert.equal(first!.given, { kind: 'codet_samples', texts: [' f(1) == 1\nassert f(2) == 2'] });
});

const refused: [string, unknown, RegExp][] = [
  [
    'unknown fields',
    { task_id: 'a', tests: [] },
    /:1 is not a line of unit tests: expected CodeRM \{task_id, unit_tests\}, CodeT/,
  ],
  ['candidates', { task_id: 'a', solutions: [] }, /give them as --solutions/],
  ['one string', { task_id: 'a', unit_tests: 'x' }, /`unit_tests` should be an array of strings/],
  [
    'a number in the array',
    { task_id: 'a', unit_tests: ['x', 1] },
    /`unit_tests.1` should be a string or null, and is the number "1"/,
  ],
];
for (const [name, line, message] of refused) {
  unitTest(`refuses ${name}`, async () => assert.match(await inputError(() => read(line)), message));
}

const methods = shared('data', 'gemini_unittest', 'methods.jsonl');
(methods ? unitTest : unitTest.skip)('real: methods of a chat model', async () => {
  const found = await all(readUnitTests([methods!]));
  assert.is(found.length, 82);
  assert.is(
    found.reduce((sum, one) => sum + one.given.texts.length, 0),
    1610,
  );
});

const codet = shared(
  'data',
  'codet_codegen16b',
  'HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_test_case.jsonl',
);
(codet ? unitTest : unitTest.skip)('real: CodeT samples', async () => {
  const found = await all(readUnitTests([codet!]));
  assert.is(found.length, 164);
  assert.ok(found.every((one) => one.given.kind === 'codet_samples' && one.given.texts.length === 100));
});

unitTest.run();
