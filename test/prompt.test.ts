import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { promptParts, responsePrefix, stopTexts, unitTestPrompt } from '../src/prompt.js';
import { shared } from './root.js';

const prompt = suite('prompt');

prompt('is filled and split again', () => {
  const parts = { question: 'Add.\n\nTwo numbers.', code: 'def add(a, b):\n    return a + b' };
  const text = unitTestPrompt(parts);
  assert.equal(promptParts(text), parts);
  assert.ok(text.includes('\n\n### question\nAdd.'));
  assert.ok(text.includes('\n\n### code solution\ndef add'));
  assert.ok(text.endsWith('ability to throw exceptions.\n'));
});

prompt('is not mistaken for a plain question', () => {
  const text = unitTestPrompt({ question: 'q', code: 'c' });
  for (const other of [
    '',
    'Write a function.',
    text.slice(0, -1),
    text.slice(1),
    text.replace('### code', '## code'),
  ])
    assert.is(promptParts(other), null);
});

for (const [file, rows] of [
  ['input_humaneval+_ut.jsonl', 164],
  ['input_mbpp+_ut.jsonl', 378],
] as const) {
  prompt(`gives the authors' bytes: ${file}`, () => {
    const path = shared('data', 'coderm_inputs', file);
    if (path === null) return;
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.is(lines.length, rows);
    for (const line of lines) {
      const content: string = JSON.parse(line).messages[0].content;
      const parts = promptParts(content);
      assert.ok(parts, content);
      assert.is(unitTestPrompt(parts), content);
    }
  });
}

prompt('response prefix', () => {
  const check = (template: string, name: string | null, expected: string) =>
    assert.is(responsePrefix(template, name), expected);
  check('class Test{EntryPoint}:', 'has_close_elements', 'class TestHasCloseElements:');
  check('# {entry_point} {entry_point}', 'add', '# add add');
  check('{EntryPoint}', 'parseJSON', 'ParseJSON');
  check('{EntryPoint}', '_private__name_', 'PrivateName');
  check('{EntryPoint}|{entry_point}', '__', 'Solution|__');
  check('{EntryPoint}', '_1', 'Solution1');
  check('{EntryPoint}|{entry_point}', null, 'Solution|solution');
  check('{EntryPoint}', 'a b; import os', 'Solution');
  check('{entry_point}', 'a$&b', 'solution');
  check('{other} {}', 'add', '{other} {}');
});

prompt('an answer that was started inside a code block ends with the block', () => {
  for (const [prefix, stops] of [
    ['', []],
    ['class A:', []],
    ['```python\nclass A:', ['\n```']],
    ['```python\nx = 1\n```\nNow the tests:\n', []],
    ['```\nx\n```\n```python\n', ['\n```']],
  ] as const)
    assert.equal(stopTexts(prefix), stops, JSON.stringify(prefix));
});

prompt.run();
