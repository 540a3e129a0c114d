import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../src/error.js';
import { renderChat, tokenizeChat } from '../../src/model/chat.js';
import { type GgufInfo, readGguf } from '../../src/model/gguf/gguf.js';
import { type Model, openModel } from '../../src/model/llama/model.js';
import { fixture, shared } from '../root.js';

const folder = mkdtempSync(join(tmpdir(), 'coderm-chat-'));
const chat = suite('chat');
const messages = [{ role: 'user', content: 'Hi, self.assertEqual' }];
const fit = { responsePrefix: '', compat: 'none' } as const;
const paper = { responsePrefix: '', compat: 'paper' } as const;
let chatml: Model;
let llama3: Model;

chat.before(async () => {
  const path = join(folder, 'llama3.gguf');
  execFileSync('python3', [fixture('make_random_gguf.py'), '--template', 'llama3', path]);
  chatml = await openModel({ file: fixture('random.gguf'), gpu: 'cpu', gpuLayers: null, threads: 1 });
  llama3 = await openModel({ file: path, gpu: 'cpu', gpuLayers: null, threads: 1 });
});
chat.after(async () => {
  await chatml?.close();
  await llama3?.close();
  rmSync(folder, { recursive: true });
});

chat('renders with the model’s own template', () => {
  const user = '<|im_start|>user\nHi, self.assertEqual<|im_end|>\n';
  assert.is(renderChat(chatml.info, messages, fit), `${user}<|im_start|>assistant\n`);
  assert.is(renderChat(chatml.info, messages, paper), user);
  const started = { ...fit, responsePrefix: '```python\nclass' };
  assert.is(renderChat(chatml.info, messages, started), `${user}<|im_start|>assistant\n\`\`\`python\nclass`);
});

chat('a template that writes the BOS itself: once, doubled as in the paper', () => {
  const { info, bos } = llama3;
  const text = renderChat(info, messages, fit);
  assert.ok(text.startsWith('<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi'));
  assert.ok(text.endsWith('<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n'));
  const count = (tokens: number[]) => tokens.filter((token) => token === bos).length;
  assert.ok(llama3.addsBos);
  assert.is(count(tokenizeChat(llama3, text, 'none')), 1);
  const doubled = tokenizeChat(llama3, renderChat(info, messages, paper), 'paper');
  assert.equal(doubled.slice(0, 2), [bos, bos]);
  assert.is(count(doubled), 2);
  assert.is(doubled.at(-1), info.vocabulary.tokens.indexOf('<|eot_id|>'));
});

chat('a template that leaves the BOS to the tokeniser', () => {
  const tokenize = () => [7, 8];
  const check = (addsBos: boolean, compat: 'none' | 'paper', expected: number[]) =>
    assert.equal(tokenizeChat({ tokenize, bos: 1, addsBos }, 'text', compat), expected);
  check(true, 'none', [1, 7, 8]);
  check(true, 'paper', [1, 7, 8]);
  check(false, 'none', [7, 8]);
  check(false, 'paper', [7, 8]);
  assert.equal(tokenizeChat({ tokenize, bos: null, addsBos: true }, 'text', 'none'), [7, 8]);
  assert.not.ok(chatml.addsBos);
});

chat('special tokens are parsed, and the text comes back', () => {
  const { tokens } = chatml.info.vocabulary;
  const ids = tokenizeChat(chatml, renderChat(chatml.info, messages, fit), 'none');
  assert.is(ids[0], tokens.indexOf('<|im_start|>'));
  assert.is(chatml.detokenize(ids), 'user\nHi, self.assertEqual\nassistant\n');
});

chat('a template that refuses or does not parse is the model’s fault', () => {
  const broken = (chatTemplate: string): GgufInfo => ({ ...chatml.info, chatTemplate });
  for (const [template, says] of [
    ["{{ raise_exception('no system role') }}", /no system role/],
    ['{% if %}', /chat template/],
  ] as const)
    assert.throws(
      () => renderChat(broken(template), messages, fit),
      (error: unknown) => error instanceof ModelError && says.test(error.message),
    );
});

chat('a template that asks for the date gets none', () => {
  const chatTemplate = "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}fixed{% endif %}";
  assert.is(renderChat({ ...chatml.info, chatTemplate }, messages, fit), 'fixed');
});

chat('the small chat model', async () => {
  const path = shared('models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (path === null) return;
  const text = renderChat(await readGguf(path), [{ role: 'user', content: 'Hi' }], fit);
  assert.is(
    text,
    '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' +
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
  );
});

chat.run();
