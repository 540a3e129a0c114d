import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import type { Sample } from '../../../src/model/generator.js';
import { readGguf } from '../../../src/model/gguf/gguf.js';
import { loadGeneratorAddon } from '../../../src/model/native/addon.js';
import { type Death, lastWords, NativeChild } from '../../../src/model/native/child.js';
import { findLibrary } from '../../../src/model/native/library.js';
import type { LoopSettings } from '../../../src/model/native/messages.js';
import { NativeGenerator, type NativeGeneratorOptions } from '../../../src/model/native/native-generator.js';
import type { Output } from '../../../src/model/outputs.js';
import { silent } from '../../../src/progress.js';
import { fixture, root } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';
import { addCases, Bench, NEVER, openRandom, SHORT, sorted } from '../generator-cases.js';

// The native generator is not optional: where it does not load, these tests fail.
const generator = suite('native generator');
const temporary = temporaryFolder();
let bench: Bench;

function native(options: Partial<NativeGeneratorOptions>): NativeGenerator {
  const { model } = bench;
  return new NativeGenerator({
    info: model.info,
    backend: 'cpu',
    gpuLayers: null,
    threads: 1,
    contextTokens: null,
    lanes: null,
    deterministic: false,
    detokenize: (tokens, before) => model.detokenize(tokens, before),
    progress: silent,
    ...options,
  });
}

generator.before(async () => {
  bench = new Bench(await openRandom(true), native);
});
generator.after(async () => {
  await bench?.model.close();
});

addCases(generator, () => bench);

/** A progress that remembers what was said. */
function listening() {
  const said: string[] = [];
  return { said, progress: { ...silent, say: (line: string) => said.push(line) } };
}

const LONG = { ...SHORT, maxTokens: 300 };

generator('samples of one prompt share its prefill', async () => {
  const { promptTokens } = bench.request('a', 1);
  const generation = native({ lanes: 8 });
  for await (const _ of generation.generate([bench.request('a', 32)], NEVER));
  const stats = (await generation.stats())!;
  assert.is(stats.prefillTokens, promptTokens.length);
  assert.is(stats.lanes, 8);
  assert.ok(stats.decodeTokens > 100 && stats.decodeSteps < stats.decodeTokens / 4, JSON.stringify(stats));
  assert.ok(stats.firstTokenSeconds > 0 && stats.samplingSeconds > 0 && stats.decodeSeconds > 0);
  await generation.close();
});

generator('--deterministic gives the same text on any number of lanes', async () => {
  const requests = [bench.request('a', 5), bench.request('b', 3, SHORT, 'long '.repeat(120))];
  const texts = async (lanes: number) => {
    const generation = native({ lanes, deterministic: true });
    const found: string[] = [];
    for await (const output of generation.generate(requests, NEVER))
      if ('text' in output) found.push(`${output.taskId}#${output.index}: ${output.text}`);
    await generation.close();
    return found.sort();
  };
  const alone = await texts(1);
  assert.is(alone.length, 8);
  assert.equal(await texts(6), alone);
});

generator('the hidden state of a prompt’s last token comes with its prefill', async () => {
  const requests = ['a', 'b', 'a'].map((text, at) => ({
    ...bench.request(`${text}${at}`, at === 1 ? 0 : 2, SHORT, `Task ${text}`),
    wantHidden: true,
  }));
  const one = await bench.run(requests, 1);
  const eight = await bench.run(requests, 8);
  assert.equal([...one.hidden.keys()].sort(), ['a0', 'a2', 'b1']);
  assert.is(one.samples.size, 4);
  const [a, b] = [one.hidden.get('a0')!, one.hidden.get('b1')!];
  assert.is(a.length, 64); // n_embd of the fixture
  assert.ok(a.every(Number.isFinite) && a.some((value) => value !== 0));
  assert.equal(eight.hidden.get('a0'), a);
  assert.equal(one.hidden.get('a2'), a);
  assert.not.equal(b, a);
  // The final norm leaves a mean square of one, up to the norm's own weights, which are all one here.
  const square = a.reduce((sum, value) => sum + value * value, 0) / a.length;
  assert.ok(Math.abs(square - 1) < 0.01, String(square));
});

/** Everything that a call gives, by `task#index`. */
async function drain(call: AsyncIterable<Output>, onSample = () => {}) {
  const found = new Map<string, Sample>();
  for await (const output of call) {
    if (!('text' in output)) continue;
    found.set(`${output.taskId}#${output.index}`, output);
    onSample();
  }
  return found;
}

generator('calls may overlap: the later one fills the lanes that the earlier one leaves idle', async () => {
  const [a, b] = [[bench.request('a', 9, LONG)], [bench.request('b', 6, LONG), bench.request('c', 3)]];
  const whole = await bench.run([...a, ...b], 4);
  const order: string[] = [];
  const generation = native({ lanes: 4 });
  const both = await Promise.all([
    drain(generation.generate(a, NEVER), () => order.push('first')),
    drain(generation.generate(b, NEVER), () => order.push('second')),
  ]);
  await generation.close();
  assert.equal(sorted(new Map(both.flatMap((found) => [...found]))), sorted(whole.samples));
  assert.ok(order.lastIndexOf('first') < order.lastIndexOf('second'), order.join(' '));
});

generator('a call that is stopped takes nothing from one beside it', async () => {
  const requests = [bench.request('a', 8, LONG)];
  const whole = await bench.run(requests, 4);
  const generation = native({ lanes: 4 });
  const stop = new AbortController();
  const stopped = drain(generation.generate([bench.request('b', 40, LONG)], stop.signal), () => stop.abort());
  const [some, all] = await Promise.all([stopped, drain(generation.generate(requests, NEVER))]);
  await generation.close();
  assert.ok(some.size < 40);
  assert.equal(sorted(all), sorted(whole.samples));
});

generator('a killed process is started again, and no sample is lost or changed', async () => {
  const requests = [bench.request('a', 6, LONG), bench.request('b', 6, LONG)];
  const whole = await bench.run(requests, 4);
  const { said, progress } = listening();
  const generation = native({ lanes: 4, progress });
  const found = new Map();
  for await (const output of generation.generate(requests, NEVER)) {
    if (!('text' in output)) continue;
    found.set(`${output.taskId}#${output.index}`, output);
    if (found.size === 2) process.kill(generation.pid!, 'SIGKILL');
  }
  const { pid } = generation;
  await generation.close();
  assert.equal(sorted(found), sorted(whole.samples));
  assert.match(said.join('\n'), /goes on with 2 instead of 4 lanes: it was ended by SIGKILL/);
  assert.not.ok(existsSync(`/proc/${pid}/mem`), 'and nothing is left behind');
});

generator('a process that always dies is given up with what happened', async () => {
  const generation = native({ lanes: 1 });
  const timer = setInterval(() => {
    if (generation.pid !== undefined) process.kill(generation.pid, 'SIGABRT');
  }, 20);
  try {
    const requests = [bench.request('a', 1, { ...SHORT, maxTokens: 1500 })];
    for await (const _ of generation.generate(requests, NEVER)) assert.unreachable();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ModelError);
    assert.match((error as Error).message, /random\.gguf, but it was ended by SIGABRT.*; run it again/);
  } finally {
    clearInterval(timer);
    await generation.close();
  }
});

/** Runs on a copy of the model that `change` does something to after the first sample. */
async function whileInUse(name: string, change: (path: string, pid: number) => void): Promise<number> {
  const path = join(temporary.path, name);
  copyFileSync(fixture('random.gguf'), path);
  const generation = native({ info: await readGguf(path), lanes: 2 });
  let samples = 0;
  try {
    for await (const _ of generation.generate([bench.request('a', 8, LONG)], NEVER)) {
      samples += 1;
      if (samples === 1) change(path, generation.pid!);
    }
  } finally {
    await generation.close();
  }
  return samples;
}

const faults: [what: string, change: (path: string, pid: number) => void, message: RegExp][] = [
  ['cut off', (path) => truncateSync(path, 4096), /stay as it is while it is in use, but it was changed/],
  ['written to', (path) => utimesSync(path, 1, 1), /stay as it is while it is in use, but it was changed/],
  [
    'replaced, and then the process dies',
    (path, pid) => {
      copyFileSync(path, `${path}.new`);
      renameSync(`${path}.new`, path);
      process.kill(pid, 'SIGKILL');
    },
    /stay as it is while it is in use, but it was replaced or removed/,
  ],
];
for (const [what, change, message] of faults) {
  generator(`a model that is ${what} while it is in use ends the run`, async () => {
    try {
      await whileInUse(`${what.slice(0, 3)}.gguf`, change);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ModelError);
      assert.match((error as Error).message, message);
    }
  });
}

generator('a model that is replaced while it is mapped stays what it was', async () => {
  const samples = await whileInUse('renamed.gguf', (path) => {
    copyFileSync(path, `${path}.new`);
    renameSync(`${path}.new`, path);
  });
  assert.is(samples, 8);
});

generator('a context that no memory holds is refused with the amounts', async () => {
  const info = { ...bench.model.info, contextTokens: 2 ** 31 - 1 };
  const generation = native({ info, lanes: 4 });
  try {
    const requests = [bench.request('a', 1, { ...SHORT, maxTokens: 2 ** 30 })];
    for await (const _ of generation.generate(requests, NEVER)) assert.unreachable();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ModelError);
    assert.match((error as Error).message, /needs \d+ MiB of memory, and \d+ MiB is free; pass a smaller/);
  }
  await generation.close();
});

/** How a process ends that is told to open this. */
function deathOf(settings: Partial<LoopSettings>, release?: string): Promise<Death> {
  const library = findLibrary('cpu');
  return new Promise((resolve) => {
    const child = new NativeChild(() => {}, resolve);
    child.keep(true);
    child.send({
      kind: 'open',
      release: release ?? library.release,
      settings: {
        libraryFolder: library.folder,
        fallbackFolder: '',
        model: fixture('random.gguf'),
        gpu: false,
        gpuLayers: 0,
        threads: 1,
        lanes: Int32Array.of(1),
        contextTokens: 2048,
        unified: false,
        mixed: false,
        width: 0,
        leastRows: 2,
        rowMultiple: 2,
        ...settings,
      },
    });
  });
}

generator('the addon was compiled for the library that is installed, and another is refused', async () => {
  assert.is(loadGeneratorAddon().release, findLibrary('cpu').release);
  assert.match(
    (await deathOf({}, 'v0.0.1')).reason,
    /compiled for llama.cpp v\S+ and the installed library is v0.0.1/,
  );
  assert.match(
    (await deathOf({ libraryFolder: temporary.path })).reason,
    /expected libllama in .*there is none/,
  );
  const text = temporary.write('text.gguf', 'GGUF, or so it says');
  assert.match((await deathOf({ model: text })).reason, /llama.cpp does not load .*text\.gguf: /);
});

/** A library in llama.cpp's place, with all that the addon asks for, which aborts as CUDA's does when memory is full. */
function abortingLibrary(): string {
  const header = readFileSync(join(root, 'native', 'generator', 'llama_library.h'), 'utf8');
  const names = [...header.matchAll(/ROW\((\w+)\)/g)].map(([, name]) => name!);
  const own = ['llama_log_set', 'ggml_set_abort_callback', 'llama_model_load_from_file'];
  assert.ok(
    own.every((name) => names.includes(name)),
    names.join(' '),
  );
  const source = temporary.write(
    'aborting/aborting.cc',
    `#include <cstdlib>
    void (*log_to)(int, const char*, void*) = nullptr;
    void (*say_abort)(const char*) = nullptr;
    extern "C" {
    ${names
      .filter((name) => !own.includes(name))
      .map((name) => `void* ${name}() { return nullptr; }`)
      .join('\n')}
    void llama_log_set(decltype(log_to) log, void*) { log_to = log; }
    void ggml_set_abort_callback(decltype(say_abort) say) { say_abort = say; }
    void* llama_model_load_from_file() {
      log_to(4, "CUDA error: out of memory\\n", nullptr);
      log_to(4, "  current device: 0, in function alloc at ggml-cuda.cu:550\\n", nullptr);
      if (say_abort) say_abort("ggml-cuda.cu:108: CUDA error");
      abort();
    }
    }`,
  );
  const folder = join(temporary.path, 'aborting');
  execFileSync('c++', ['-shared', '-fPIC', '-w', '-o', join(folder, 'libllama.aborting.so'), source]);
  return folder;
}

generator(
  'llama.cpp’s last words before it aborts are kept, and memory that is full is recognised',
  async () => {
    const { reason, memory } = await deathOf({ libraryFolder: abortingLibrary() });
    assert.match(
      reason,
      /^it was ended by SIGABRT: CUDA error: out of memory; +current device.*function alloc.*; ggml-cuda\.cu:108: CUDA error$/,
    );
    assert.ok(memory);
  },
);

generator('a stack trace is no reason', () => {
  const node =
    'FATAL ERROR: Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n';
  const trace = ' 1: 0xb9c310 node::Abort() [/usr/bin/node]\n12: 0xf5144d  [/usr/bin/node]\n';
  assert.is(lastWords(node + trace), 'FATAL ERROR: Allocation failed - JavaScript heap out of memory');
  const ggml =
    'a.cu:108: CUDA error\n/lib/libggml-base.so(ggml_abort+0x152) [0x7f3a5c]\n[0x7ffd10]\n#3  0x1 in x ()\n';
  assert.is(lastWords(ggml), 'a.cu:108: CUDA error');
  assert.is(lastWords('1\n2\n\n3\n4\n'), '2; 3; 4');
});

generator('memory stays flat over many requests', async () => {
  if (process.platform !== 'linux') return;
  const generation = native({ lanes: 4 });
  const resident = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${generation.pid}/status`, 'utf8'))?.[1]);
  const requests = Array.from({ length: 400 }, (_, at) =>
    bench.request(`t${at}`, 1, { ...SHORT, maxTokens: 4 }),
  );
  let done = 0;
  let early = 0;
  for await (const _ of generation.generate(requests, NEVER)) if (++done === 200) early = resident();
  const late = resident();
  await generation.close();
  assert.is(done, 400);
  assert.ok(late - early < 4096, `${early} KiB after 200, ${late} KiB after 400`);
});

generator.run();
