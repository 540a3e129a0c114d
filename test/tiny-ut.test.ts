import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unitTestPrompt } from '../src/prompt.js';
import { root } from './root.js';

const tiny = suite('models/tiny-ut');
const folder = join(root, 'models', 'tiny-ut');

function python(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync('python3', ['-B', ...args], { cwd: folder, encoding: 'utf8' });
}

tiny('the corpus of the tiny model keeps its promises', () => {
  const { status, stderr } = python('-m', 'unittest', 'test_corpus');
  assert.is(status, 0, stderr);
  assert.match(stderr, /Ran \d\d tests/);
});

tiny("the corpus has the engine's prompt, byte for byte", () => {
  const parts = { question: 'Return {x} "so".', code: 'def f(x):\n    return x' };
  const script =
    'import json, sys, prompt; q, c = json.load(sys.stdin); sys.stdout.write(prompt.HEAD + q + prompt.MIDDLE + c + prompt.TAIL)';
  const { stdout } = spawnSync('python3', ['-B', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    input: JSON.stringify([parts.question, parts.code]),
  });
  assert.is(stdout, unitTestPrompt(parts));
});

tiny.run();
