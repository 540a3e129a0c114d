import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { GPU_CHOICES, openBackend } from '../../../src/model/llama/backend.js';
import { openModel } from '../../../src/model/llama/model.js';
import { refusal } from '../../refusal.js';
import { fixture, root, shared } from '../../root.js';

const folder = mkdtempSync(join(tmpdir(), 'coderm-model-'));
const model = suite('model');
model.after(() => rmSync(folder, { recursive: true }));

/** llama.cpp's libraries that this process has loaded, where the system says so. */
function loadedLibraries(): string[] {
  const maps = '/proc/self/maps';
  const lines = existsSync(maps) ? readFileSync(maps, 'utf8').split('\n') : [];
  return lines.filter((line) => /llama|ggml/.test(line));
}

const refused = (work: Promise<unknown>, says: RegExp) => refusal(work, ModelError, says);

model('the CPU’s stamp needs no library', async () => {
  const before = loadedLibraries();
  const backend = await openBackend('cpu');
  assert.equal(loadedLibraries(), before);
  assert.equal([backend.backend, backend.device], ['cpu', 'cpu']);
  assert.match(backend.build, /^node-llama-cpp \d+\.\d+\.\d+, llama\.cpp \S+$/);
  await backend.close();
});

model('auto finds something; a GPU that is asked for is there or is an error', async () => {
  const auto = await openBackend('auto');
  assert.is(auto.device === 'cpu', auto.backend === 'cpu');
  await auto.close();
  for (const gpu of GPU_CHOICES) {
    if (gpu === 'auto' || gpu === 'cpu' || gpu === auto.backend) continue;
    // A machine may have more than one kind; then this one opens.
    const opened = await openBackend(gpu).catch((error: unknown) => error);
    if (opened instanceof Error)
      await refused(Promise.reject(opened), new RegExp(`--gpu ${gpu}, but .*--gpu auto`));
    else await (opened as Awaited<ReturnType<typeof openBackend>>).close();
  }
});

model('an open backend stays its owner’s', async () => {
  const backend = await openBackend('cpu');
  for (let i = 0; i < 2; i++) {
    const opened = await openModel({ file: fixture('random.gguf'), gpu: backend, gpuLayers: null });
    assert.is(opened.tokenize('ab').length, 2);
    await opened.close();
  }
  await backend.close();
});

model('lanes that do not fit say how much is needed', async () => {
  const path = shared('models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  const opened = await openModel({ file: path ?? fixture('random.gguf'), gpu: 'cpu', gpuLayers: null });
  try {
    await refused(opened.openLanes(2048, 257), /--parallel of at most 256 lanes, but got 257/);
    // 47 GiB of keys and values; a machine that has them would really open the lanes.
    if (path !== null && totalmem() < 40 * 2 ** 30)
      await refused(
        opened.openLanes(8192, 256),
        /Expected \d{5} MiB.*256 lanes of 8192 tokens, but \d+ MiB.*--parallel/,
      );
  } finally {
    await opened.close();
  }
});

model('a GGUF that llama.cpp does not take is one sentence, and its log stays out of stderr', () => {
  const bytes = readFileSync(fixture('random.gguf'));
  const at = bytes.indexOf('llama', bytes.indexOf('general.architecture'));
  bytes.write('llamx', at);
  const path = join(folder, 'unknown.gguf');
  writeFileSync(path, bytes);
  const url = JSON.stringify(join(root, 'dist', 'src', 'model', 'llama', 'model.js'));
  const script = join(folder, 'open.mjs');
  writeFileSync(
    script,
    `const { openModel } = await import(${url});
    await openModel({ file: ${JSON.stringify(path)}, gpu: 'cpu', gpuLayers: null })
      .catch((error) => console.log(error.name + ': ' + error.message));`,
  );
  const child = spawnSync(process.execPath, [script], { encoding: 'utf8', env: { PATH: process.env.PATH } });
  assert.is(child.stderr, '');
  assert.match(child.stdout, /^ModelError: Expected llama\.cpp to load .*\(llamx\), but .*\n$/);
});

model.run();
