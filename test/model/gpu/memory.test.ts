import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { readGguf } from '../../../src/model/gguf/gguf.js';
import { type Backend, openBackend } from '../../../src/model/llama/backend.js';
import { estimateMemory } from '../../../src/model/llama/memory.js';
import { type Model, openModel } from '../../../src/model/llama/model.js';
import { NativeGenerator, type NativeGeneratorOptions } from '../../../src/model/native/native-generator.js';
import { silent } from '../../../src/progress.js';
import { refusal } from '../../refusal.js';
import { fixture } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';
import { Bench, NEVER, SHORT } from '../generator-cases.js';
import { softwareVulkan } from './vulkan.js';

// A GPU's memory that is too small, or is used up in mid-run. The software device has all memory of the machine, so a
// layer of Vulkan between it and llama.cpp gives it as much as a file says, at any moment.
const memory = suite('memory of a GPU');
const temporary = temporaryFolder();
const heapFile = join(temporary.path, 'heap');
const MIB = 2 ** 20;
let backend: Backend;
let model: Model;
let bench: Bench;

/** The device has this many bytes from now on. */
function setHeap(bytes: number): void {
  writeFileSync(heapFile, String(bytes));
}

/** The environment with the layer in it, which is compiled for that; null, with the reason said, without a compiler. */
function smallHeap(): Record<string, string> | null {
  const vulkan = softwareVulkan();
  if (vulkan === null) return null;
  if (spawnSync('c++', ['--version']).error !== undefined) {
    if (process.env.CI) throw new Error('expected a C++ compiler, c++, and it is not here');
    process.stderr.write('  skipped: needs a C++ compiler, c++, which is not here\n');
    return null;
  }
  const library = join(temporary.path, 'small_heap.so');
  execFileSync('c++', ['-std=c++17', '-shared', '-fPIC', '-o', library, fixture('small_heap_layer.cc')]);
  const layer = {
    name: 'VK_LAYER_CODERM_small_heap',
    type: 'GLOBAL',
    library_path: library,
    api_version: '1.3.0',
    implementation_version: '1',
    description: 'a small heap',
  };
  temporary.write('layers/small_heap.json', JSON.stringify({ file_format_version: '1.1.2', layer }));
  return {
    ...vulkan,
    VK_LAYER_PATH: join(temporary.path, 'layers'),
    VK_INSTANCE_LAYERS: layer.name,
    SMALL_HEAP_FILE: heapFile,
  };
}

function listening(onSay: () => void = () => {}) {
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
    onSay();
  };
  return { said, progress: { ...silent, say } };
}

function native(options: Partial<NativeGeneratorOptions>): NativeGenerator {
  return new NativeGenerator({
    info: model.info,
    backend: 'vulkan',
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

const environment = smallHeap();
if (environment !== null) {
  Object.assign(process.env, environment);
  memory.before(async () => {
    const path = join(temporary.path, 'long.gguf');
    execFileSync('python3', [fixture('make_random_gguf.py'), '--context', '65536', path]);
    setHeap(256 * MIB);
    backend = await openBackend('vulkan');
    model = await openModel({ file: path, gpu: backend, gpuLayers: null, vocabularyOnly: true });
    bench = new Bench(model, native);
  });
  memory.before.each(() => setHeap(256 * MIB));
  memory.after(async () => {
    await model?.close();
    await backend?.close();
  });
  addCases();
}

/** Ends where the model writes any letter, after a few tokens. */
const ENDS_SOON = { ...SHORT, stop: [...'abcdefghijklmnopqrstuvwxyz'] };

function addCases(): void {
  memory('the device is as small as the layer says', async () => {
    const info = await readGguf(fixture('random.gguf'));
    const shape = { lanes: 8, promptTokens: 300, sampleTokens: 200, gpuLayers: null };
    const { gpu } = await estimateMemory(info, backend, shape);
    assert.is(gpu?.free, 256 * MIB);
  });

  memory('a model that does not fit is refused with the amounts', async () => {
    setHeap(20_000);
    const open = openModel({ file: fixture('random.gguf'), gpu: backend, gpuLayers: null });
    await refusal(
      open,
      ModelError,
      /Expected \d+ MiB of free GPU memory for the weights of .*random\.gguf, but \d+ MiB is free; pass a smaller --gpu-layers \(the model has \d+\)/,
    );
  });

  memory('weights that find no room when they are loaded are told with what to do', async () => {
    const generation = native({ lanes: 4 });
    setHeap(20_000); // somebody else took it between the estimate and the loading
    const generating = async () => {
      for await (const _ of generation.generate([bench.request('a', 1)], NEVER));
    };
    await refusal(generating(), ModelError, /^Expected the native generator to run .*; pass a smaller/);
    await generation.close();
  });

  memory('a context that does not fit is opened with fewer lanes, and no sample is lost', async () => {
    const { said, progress } = listening();
    const generation = native({ lanes: 64, progress });
    setHeap(24 * MIB);
    const requests = [bench.request('a', 20, { ...ENDS_SOON, maxTokens: 4000 })];
    const found = new Set<number>();
    for await (const output of generation.generate(requests, NEVER)) {
      assert.ok('text' in output);
      found.add(output.index);
    }
    const { lanes } = (await generation.stats())!;
    await generation.close();
    assert.is(found.size, 20);
    assert.ok(lanes >= 1 && lanes < 64, `${lanes} lanes`);
    assert.is(said.length, 1);
    assert.match(said[0]!, new RegExp(`goes on with ${lanes} instead of 64 lanes: llama.cpp cannot open`));
  });

  memory('memory that runs out in mid-run: it goes on with fewer lanes, and no sample is lost', async () => {
    const { said, progress } = listening(() => setHeap(256 * MIB));
    const generation = native({ lanes: 8, progress });
    const requests = [
      bench.request('a', 8, { ...SHORT, maxTokens: 40 }),
      bench.request('b', 8, { ...ENDS_SOON, maxTokens: 20 }, 'long '.repeat(120)),
    ];
    const found = new Set<string>();
    for await (const output of generation.generate(requests, NEVER)) {
      assert.ok('text' in output, JSON.stringify(output));
      found.add(`${output.taskId}#${output.index}`);
      if (found.size === 1) setHeap(0); // the next buffer that grows finds nothing
    }
    const { lanes } = (await generation.stats())!;
    await generation.close();
    assert.is(found.size, 16);
    assert.is(lanes, 4);
    assert.match(said.join('\n'), /goes on with 4 instead of 8 lanes: .*memory/i);
  });
}

memory.run();
