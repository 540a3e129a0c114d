import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderChat, tokenizeChat } from '../../../src/model/chat.js';
import { PAPER_SAMPLER } from '../../../src/model/generator.js';
import { LlamaGenerator } from '../../../src/model/llama/llama-generator.js';
import { openModel } from '../../../src/model/llama/model.js';
import { shared } from '../../root.js';
import { addCases, Bench, GREEDY, NEVER, openRandom } from '../generator-cases.js';

const generator = suite('llama generator');
let bench: Bench;
generator.before(async () => {
  const model = await openRandom(false);
  bench = new Bench(model, (options) => new LlamaGenerator({ model, ...options }));
});
generator.after(async () => {
  await bench?.model.close();
});

addCases(generator, () => bench);

generator('hidden states are refused, and the other problems go on', async () => {
  const hidden = { ...bench.request('hidden', 1), wantHidden: true };
  const { samples, failures } = await bench.run([hidden, bench.request('b', 2)], 2);
  assert.equal([...samples.keys()].sort(), ['b#0', 'b#1']);
  assert.match(failures[0]!.reason, /--generator native/);
});

generator('the small chat model, greedy', async () => {
  const path = shared('models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (path === null) return;
  const small = await openModel({ file: path, gpu: 'cpu', gpuLayers: null, threads: 1 });
  const generation = new LlamaGenerator({ model: small, contextTokens: null, lanes: 2 });
  try {
    const question = [{ role: 'user', content: 'Answer with one word: what is the capital of France?' }];
    const text = renderChat(small.info, question, { responsePrefix: '', compat: 'none' });
    const promptTokens = tokenizeChat(small, text, 'none');
    const sampler = { ...PAPER_SAMPLER, temperature: 0, maxTokens: 16 };
    const samples = [{ index: 0, seed: 1 }];
    const wantHidden = false;
    for await (const output of generation.generate(
      [{ taskId: 'p', promptTokens, sampler, samples, wantHidden }],
      NEVER,
    )) {
      assert.ok('text' in output);
      assert.match(output.text, /Paris/);
      assert.is(output.stop, 'stop');
    }
  } finally {
    await generation.close();
    await small.close();
  }
});

generator('greedy text, byte for byte', async () => {
  const { samples } = await bench.run([bench.request('golden', 1, GREEDY)], 2);
  const { text, tokens, stop } = samples.get('golden#0')!;
  assert.is(text, 'u\ufffdp#\u0018ro\u0014 #s\ufffdalD\u001a\u0018');
  assert.equal([tokens, stop], [15, 'stop']);
});

generator.run();
