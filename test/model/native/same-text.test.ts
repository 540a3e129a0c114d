import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Model, openModel } from '../../../src/model/llama/model.js';
import { findLibrary } from '../../../src/model/native/library.js';
import { NativeGenerator } from '../../../src/model/native/native-generator.js';
import { silent } from '../../../src/progress.js';
import { fixture } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';
import { Bench, SHORT, sorted } from '../generator-cases.js';

// What llama.cpp's kernels do with the number of rows depends on the type of the weights, so one set of random weights
// is quantised to each of the types that people use. Without the rows that fill a step (src/model/native/step-rows.ts)
// Q4_K_M and IQ4_XS give other texts on eight lanes than on one.
const texts = suite('texts by lanes and quantisation');
const temporary = temporaryFolder();

/** A random model of 512 numbers per token. */
function make(name: string, ...options: string[]): string {
  const path = join(temporary.path, `${name}.gguf`);
  execFileSync('python3', [fixture('make_random_gguf.py'), '--type', 'f32', '--wide', ...options, path]);
  return path;
}

function quantise(path: string, type: string): string {
  const out = path.replace('.gguf', `.${type}.gguf`);
  execFileSync('python3', [fixture('quantise.py'), findLibrary('cpu').folder, path, out, type]);
  return out;
}

let wide: string;
texts.before(() => {
  wide = make('wide');
});

function open(path: string): Promise<Model> {
  return openModel({ file: path, gpu: 'cpu', gpuLayers: null, threads: 1, vocabularyOnly: true });
}

function benchOf(model: Model, threads: number): Bench {
  const { info } = model;
  const detokenize = (tokens: readonly number[], before: readonly number[]) =>
    model.detokenize(tokens, before);
  const common = { info, detokenize, threads, gpuLayers: null, deterministic: false, progress: silent };
  return new Bench(model, (options) => new NativeGenerator({ ...common, backend: 'cpu', ...options }));
}

async function check(path: string, lanes: readonly number[]): Promise<void> {
  const model = await open(path);
  const bench = benchOf(model, 1);
  const requests = [0, 0.8].flatMap((temperature) => {
    const sampler = { ...SHORT, temperature, maxTokens: 64 };
    return [
      bench.request(`short at ${temperature}`, 5, sampler),
      bench.request(`long at ${temperature}`, 4, sampler, 'A longer text. '.repeat(40)),
    ];
  });
  const first = await bench.run(requests, lanes[0]!);
  assert.is(first.samples.size, 18);
  for (const some of lanes.slice(1))
    assert.equal(sorted((await bench.run(requests, some)).samples), sorted(first.samples), `${some} lanes`);
  await model.close();
}

for (const type of ['f16', 'q8_0', 'q4_0', 'q5_k_m', 'q6_k', 'iq4_xs'])
  texts(`${type}: 1, 2, 4 and 8 lanes`, () => check(quantise(wide, type), [1, 2, 4, 8]));

texts('q4_k_m: 1, 2, 3, 4, 8 and 32 lanes', () => check(quantise(wide, 'q4_k_m'), [1, 2, 3, 4, 8, 32]));

texts('a sliding window, q4_k_m: 1, 2, 4 and 8 lanes', () =>
  check(quantise(make('sliding', '--window', '64'), 'q4_k_m'), [1, 2, 4, 8]),
);

// Flash attention splits a piece of one token over the threads, so no prompt may end with one.
texts('a prompt of one token more than a whole piece: one thread and two', async () => {
  const model = await open(quantise(wide, 'q8_0'));
  const run = async (threads: number) => {
    const bench = benchOf(model, threads);
    const request = bench.request('long', 6, { ...SHORT, maxTokens: 32 }, 'More and more. '.repeat(80));
    return sorted(
      (await bench.run([{ ...request, promptTokens: request.promptTokens.slice(0, 513) }], 2)).samples,
    );
  };
  assert.equal(await run(2), await run(1));
  await model.close();
});

texts.run();
