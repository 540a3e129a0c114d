import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderChat, tokenizeChat } from '../../src/model/chat.js';
import type { GenerationFailure, GenerationRequest, Sample } from '../../src/model/generator.js';
import { PAPER_SAMPLER } from '../../src/model/generator.js';
import { LlamaGenerator } from '../../src/model/llama-generator.js';
import { type Model, openModel } from '../../src/model/model.js';
import { sampleSeed } from '../../src/seed.js';
import { fixture, shared } from '../root.js';

const generator = suite('llama generator');
let model: Model;
generator.before(async () => {
  model = await openModel({ file: fixture('random.gguf'), gpu: 'cpu', gpuLayers: null, threads: 1 });
});
generator.after(async () => {
  await model?.close();
});

const NEVER = new AbortController().signal;
const SHORT = { ...PAPER_SAMPLER, maxTokens: 40 };

function request(
  taskId: string,
  samples: number,
  sampler = SHORT,
  text = `Task ${taskId}`,
): GenerationRequest {
  const rendered = renderChat(model.info, [{ role: 'user', content: text }], {
    responsePrefix: '',
    compat: 'none',
  });
  return {
    taskId,
    promptTokens: tokenizeChat(model, rendered, 'none'),
    sampler,
    samples: Array.from({ length: samples }, (_, index) => ({ index, seed: sampleSeed(1, taskId, index) })),
    wantHidden: false,
  };
}

/** Runs to the end: samples by `task#index`, and failures. */
async function run(requests: GenerationRequest[], lanes: number, contextTokens: number | null = null) {
  const samples = new Map<string, Sample>();
  const failures: GenerationFailure[] = [];
  const generation = new LlamaGenerator({ model, contextTokens, lanes });
  for await (const output of generation.generate(requests, NEVER)) {
    if ('reason' in output) failures.push(output);
    else samples.set(`${output.taskId}#${output.index}`, output);
  }
  await generation.close();
  return { samples, failures };
}

const sorted = (samples: Map<string, Sample>) => [...samples].sort(([a], [b]) => (a < b ? -1 : 1));

generator('a sample is the same whatever the number of lanes', async () => {
  const requests = [request('a', 7), request('b', 5, SHORT, 'long '.repeat(120)), request('c', 4)];
  const alone = await run(requests, 1);
  assert.is(alone.samples.size, 16);
  assert.equal(
    new Set([...alone.samples.values()].map((sample) => sample.stop)),
    new Set(['stop', 'length']),
  );
  for (const lanes of [2, 3, 8])
    assert.equal(sorted((await run(requests, lanes)).samples), sorted(alone.samples), `${lanes} lanes`);
});

generator('a stop text ends the sample where it is written, and is left out', async () => {
  const { samples } = await run([request('a', 8)], 4);
  const free = [...samples.values()].find(({ stop, text }) => stop === 'length' && text.length > 20);
  assert.ok(free, 'some sample runs to its limit');
  const text = free.text.slice(10, 13);
  const stopped = await run([request('a', 8, { ...SHORT, stop: ['never written', text] })], 4);
  const sample = stopped.samples.get(`a#${free.index}`);
  assert.is(sample?.text, free.text.slice(0, free.text.indexOf(text)));
  assert.is(sample?.stop, 'stop');
  assert.ok((sample?.tokens ?? Number.POSITIVE_INFINITY) < free.tokens, 'and saves the tokens after it');
});

generator('sample 7 is the same whether 8 or 100 are asked for', async () => {
  const few = await run([request('a', 8)], 8);
  const many = await run([request('b', 3), request('a', 100)], 8);
  assert.is(many.samples.size, 103);
  for (const [key, sample] of few.samples) assert.equal(many.samples.get(key), sample);
  assert.ok(new Set([...many.samples.values()].map((sample) => sample.text)).size > 60);
});

generator('greedy text, byte for byte', async () => {
  const greedy = { ...SHORT, temperature: 0, maxTokens: 24 };
  const { samples } = await run([request('golden', 2, greedy)], 2);
  assert.equal(samples.get('golden#0')?.text, samples.get('golden#1')?.text);
  const { text, tokens, stop } = samples.get('golden#0')!;
  assert.is(text, 'u\ufffdp#\u0018ro\u0014 #s\ufffdalD\u001a\u0018');
  assert.equal([tokens, stop], [15, 'stop']);
});

generator('samplers narrow the choice', async () => {
  const greedy = { ...SHORT, temperature: 0 };
  const expected = (await run([request('a', 1, greedy)], 1)).samples.get('a#0')?.text;
  for (const sampler of [
    { ...SHORT, topK: 1 },
    { ...SHORT, topP: 1e-6 },
    { ...SHORT, minP: 1 },
  ])
    assert.is((await run([request('a', 1, sampler)], 1)).samples.get('a#0')?.text, expected);
});

generator('length: at maxTokens, and at the context’s end', async () => {
  const greedy = { ...SHORT, temperature: 0, maxTokens: 3 };
  const cut = (await run([request('golden', 1, greedy)], 1)).samples.get('golden#0');
  assert.is(cut?.tokens, 3);
  assert.is(cut?.stop, 'length');
  const { promptTokens } = request('a', 1);
  const narrow = (await run([request('a', 6)], 3, promptTokens.length + 5)).samples;
  for (const sample of narrow.values()) assert.ok(sample.tokens < 5 || sample.stop === 'length');
  assert.ok([...narrow.values()].some((sample) => sample.tokens === 5 && sample.stop === 'length'));
});

generator('a prompt that is too long fails alone', async () => {
  const long = request('long', 4, SHORT, 'word '.repeat(900));
  const hidden = { ...request('hidden', 1), wantHidden: true };
  const { samples, failures } = await run([request('a', 2), long, hidden, request('b', 2)], 2);
  assert.equal([...samples.keys()].sort(), ['a#0', 'a#1', 'b#0', 'b#1']);
  assert.equal(failures.map((failure) => failure.taskId).sort(), ['hidden', 'long']);
  assert.match(
    failures.find((failure) => failure.taskId === 'long')!.reason,
    /context of 2048 tokens.*model/,
  );
  const capped = await run([long], 2, 512);
  assert.match(capped.failures[0]!.reason, /context of 512 tokens.*--context \d+/);
});

generator('requests are pulled when a lane is free for them', async () => {
  let pulled = 0;
  async function* requests() {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      pulled++;
      yield request(name, 2);
    }
  }
  const generation = new LlamaGenerator({ model, contextTokens: null, lanes: 2 });
  for await (const output of generation.generate(requests(), NEVER)) {
    assert.ok('text' in output);
    assert.ok(pulled <= 3, String(pulled));
    break;
  }
  await generation.close();
});

generator('abort ends the stream at once, and finished samples are kept', async () => {
  const abort = new AbortController();
  const generation = new LlamaGenerator({ model, contextTokens: null, lanes: 4 });
  const requests = [request('a', 400, { ...SHORT, maxTokens: 1500 })];
  let samples = 0;
  let aborted = 0;
  for await (const _ of generation.generate(requests, abort.signal)) {
    samples++;
    if (samples === 2) {
      aborted = performance.now();
      abort.abort();
    }
  }
  assert.ok(samples >= 2 && samples < 10, String(samples));
  assert.ok(performance.now() - aborted < 1000);
  for await (const _ of generation.generate(requests, abort.signal)) assert.unreachable();
  await generation.close();
});

generator(
  'a consumer that stops reading leaves nothing running, and the generator serves the next',
  async () => {
    const generation = new LlamaGenerator({ model, contextTokens: null, lanes: 4 });
    for await (const _ of generation.generate([request('a', 50)], NEVER)) break;
    const again: string[] = [];
    for await (const output of generation.generate([request('b', 2)], NEVER)) again.push(output.taskId);
    assert.equal(again, ['b', 'b']);
    // A producer that never gives its next request must not hold the end up.
    async function* stuck() {
      yield request('c', 1);
      await new Promise(() => {});
    }
    for await (const _ of generation.generate(stuck(), NEVER)) break;
    await generation.close();
  },
);

generator('a producer’s error reaches the consumer', async () => {
  async function* broken() {
    yield request('a', 1);
    throw new Error('from the producer');
  }
  const generation = new LlamaGenerator({ model, contextTokens: null, lanes: 2 });
  try {
    for await (const _ of generation.generate(broken(), NEVER));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'from the producer');
  }
  await generation.close();
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

generator.run();
