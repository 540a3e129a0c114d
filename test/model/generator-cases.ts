import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderChat, tokenizeChat } from '../../src/model/chat.js';
import type { GenerationFailure, GenerationRequest, Generator, Sample } from '../../src/model/generator.js';
import { PAPER_SAMPLER } from '../../src/model/generator.js';
import { type Model, openModel } from '../../src/model/llama/model.js';
import { sampleSeed } from '../../src/seed.js';
import { fixture } from '../root.js';

/** What every generator promises, as cases that each one's test file runs. */

export interface Opened {
  contextTokens: number | null;
  lanes: number | null;
}

export const NEVER: AbortSignal = new AbortController().signal;
export const SHORT = { ...PAPER_SAMPLER, maxTokens: 40 };
export const GREEDY = { ...SHORT, temperature: 0, maxTokens: 24 };

/** A generator under test: how it is opened over a model, and the prompts of that model. */
export class Bench {
  constructor(
    readonly model: Model,
    readonly open: (options: Opened) => Generator,
  ) {}

  request(taskId: string, samples: number, sampler = SHORT, text = `Task ${taskId}`): GenerationRequest {
    const rendered = renderChat(this.model.info, [{ role: 'user', content: text }], {
      responsePrefix: '',
      compat: 'none',
    });
    return {
      taskId,
      promptTokens: tokenizeChat(this.model, rendered, 'none'),
      sampler,
      samples: Array.from({ length: samples }, (_, index) => ({ index, seed: sampleSeed(1, taskId, index) })),
      wantHidden: false,
    };
  }

  /** Runs to the end: samples by `task#index`, hidden states by task, and failures. */
  async run(requests: GenerationRequest[], lanes: number, contextTokens: number | null = null) {
    const samples = new Map<string, Sample>();
    const hidden = new Map<string, Float32Array>();
    const failures: GenerationFailure[] = [];
    const generation = this.open({ contextTokens, lanes });
    for await (const output of generation.generate(requests, NEVER)) {
      if ('reason' in output) failures.push(output);
      else if ('hidden' in output) hidden.set(output.taskId, output.hidden);
      else samples.set(`${output.taskId}#${output.index}`, output);
    }
    await generation.close();
    return { samples, hidden, failures };
  }
}

export function openRandom(vocabularyOnly: boolean): Promise<Model> {
  return openModel({ file: fixture('random.gguf'), gpu: 'cpu', gpuLayers: null, threads: 1, vocabularyOnly });
}

export const sorted = (samples: Map<string, Sample>) => [...samples].sort(([a], [b]) => (a < b ? -1 : 1));

/** Adds the cases to a suite; `bench` is called when they run. */
export function addCases(generator: Test, bench: () => Bench): void {
  addTextCases(generator, bench);
  addFlowCases(generator, bench);
}

/** What holds where a sample's text depends on nothing that runs beside it. */
function addTextCases(generator: Test, bench: () => Bench): void {
  generator('a sample is the same whatever the number of lanes', async () => {
    const requests = [
      bench().request('a', 7),
      bench().request('b', 5, SHORT, 'long '.repeat(120)),
      bench().request('c', 4),
    ];
    const alone = await bench().run(requests, 1);
    assert.is(alone.samples.size, 16);
    assert.equal(
      new Set([...alone.samples.values()].map((sample) => sample.stop)),
      new Set(['stop', 'length']),
    );
    for (const lanes of [2, 3, 8])
      assert.equal(
        sorted((await bench().run(requests, lanes)).samples),
        sorted(alone.samples),
        `${lanes} lanes`,
      );
  });

  generator('a stop text ends the sample where it is written, and is left out', async () => {
    const { samples } = await bench().run([bench().request('a', 8)], 4);
    const free = [...samples.values()].find(({ stop, text }) => stop === 'length' && text.length > 20);
    assert.ok(free, 'some sample runs to its limit');
    const text = /[ -~]{2}/.exec(free.text.slice(5))?.[0]; // not of characters that were cut off
    assert.ok(text);
    const stopped = await bench().run(
      [bench().request('a', 8, { ...SHORT, stop: ['never written', text] })],
      4,
    );
    const sample = stopped.samples.get(`a#${free.index}`);
    assert.is(sample?.text, free.text.slice(0, free.text.indexOf(text)));
    assert.is(sample?.stop, 'stop');
    assert.ok((sample?.tokens ?? Number.POSITIVE_INFINITY) < free.tokens, 'and saves the tokens after it');
  });

  generator('sample 7 is the same whether 8 or 100 are asked for', async () => {
    const few = await bench().run([bench().request('a', 8)], 8);
    const many = await bench().run([bench().request('b', 3), bench().request('a', 100)], 8);
    assert.is(many.samples.size, 103);
    for (const [key, sample] of few.samples) assert.equal(many.samples.get(key), sample);
    assert.ok(new Set([...many.samples.values()].map((sample) => sample.text)).size > 60);
  });

  generator('greedy text, as far as all kernels draw the same', async () => {
    const { samples } = await bench().run([bench().request('golden', 2, GREEDY)], 2);
    assert.equal(samples.get('golden#0')?.text, samples.get('golden#1')?.text);
    // Then two tokens are almost as likely, and it depends on the order of sums which of them comes.
    assert.is(samples.get('golden#0')?.text.slice(0, 7), 'u\ufffdp#\u0018ro');
  });
}

/** What holds however the texts are rounded. */
export function addFlowCases(generator: Test, bench: () => Bench): void {
  generator('samplers narrow the choice', async () => {
    const greedy = { ...SHORT, temperature: 0 };
    const expected = (await bench().run([bench().request('a', 1, greedy)], 1)).samples.get('a#0')?.text;
    for (const sampler of [
      { ...SHORT, topK: 1 },
      { ...SHORT, topP: 1e-6 },
      { ...SHORT, minP: 1 },
    ])
      assert.is(
        (await bench().run([bench().request('a', 1, sampler)], 1)).samples.get('a#0')?.text,
        expected,
      );
  });

  generator('length: at maxTokens, and at the context’s end', async () => {
    const greedy = { ...SHORT, temperature: 0, maxTokens: 3 };
    const cut = (await bench().run([bench().request('golden', 1, greedy)], 1)).samples.get('golden#0');
    assert.is(cut?.tokens, 3);
    assert.is(cut?.stop, 'length');
    const { promptTokens } = bench().request('a', 1);
    const narrow = (await bench().run([bench().request('a', 6)], 3, promptTokens.length + 5)).samples;
    for (const sample of narrow.values()) assert.ok(sample.tokens < 5 || sample.stop === 'length');
    assert.ok([...narrow.values()].some((sample) => sample.tokens === 5 && sample.stop === 'length'));
  });

  generator('a prompt that is too long fails alone', async () => {
    const long = bench().request('long', 4, SHORT, 'word '.repeat(900));
    const { samples, failures } = await bench().run(
      [bench().request('a', 2), long, bench().request('b', 2)],
      2,
    );
    assert.equal([...samples.keys()].sort(), ['a#0', 'a#1', 'b#0', 'b#1']);
    assert.equal(
      failures.map(({ taskId }) => taskId),
      ['long'],
    );
    assert.match(failures[0]!.reason, /context of 2048 tokens.*model/);
    const capped = await bench().run([long], 2, 512);
    assert.match(capped.failures[0]!.reason, /context of 512 tokens.*--context \d+/);
  });

  generator('requests are pulled when a lane is free for them', async () => {
    let pulled = 0;
    async function* requests() {
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
        pulled++;
        yield bench().request(name, 2);
      }
    }
    const generation = bench().open({ contextTokens: null, lanes: 2 });
    for await (const output of generation.generate(requests(), NEVER)) {
      assert.ok('text' in output);
      assert.ok(pulled <= 3, String(pulled));
      break;
    }
    await generation.close();
  });

  generator('abort ends the stream at once, and finished samples are kept', async () => {
    const abort = new AbortController();
    const generation = bench().open({ contextTokens: null, lanes: 4 });
    const requests = [bench().request('a', 400, { ...SHORT, maxTokens: 1500 })];
    const begun = performance.now();
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
    // What ends at once takes less than the samples before it did; a machine that is busy is so for both.
    assert.ok(performance.now() - aborted < Math.max(1000, aborted - begun));
    for await (const _ of generation.generate(requests, abort.signal)) assert.unreachable();
    await generation.close();
  });

  generator(
    'a consumer that stops reading leaves nothing running, and the generator serves the next',
    async () => {
      const generation = bench().open({ contextTokens: null, lanes: 4 });
      for await (const _ of generation.generate([bench().request('a', 50)], NEVER)) break;
      const again: string[] = [];
      for await (const output of generation.generate([bench().request('b', 2)], NEVER))
        again.push(output.taskId);
      assert.equal(again, ['b', 'b']);
      // A producer that never gives its next request must not hold the end up.
      async function* stuck() {
        yield bench().request('c', 1);
        await new Promise(() => {});
      }
      for await (const _ of generation.generate(stuck(), NEVER)) break;
      await generation.close();
    },
  );

  generator('a producer’s error reaches the consumer', async () => {
    async function* broken() {
      yield bench().request('a', 1);
      throw new Error('from the producer');
    }
    const generation = bench().open({ contextTokens: null, lanes: 2 });
    try {
      for await (const _ of generation.generate(broken(), NEVER));
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, 'from the producer');
    }
    await generation.close();
  });
}
