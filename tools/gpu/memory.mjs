// What CodeRM-8B takes of a GPU's memory, by the engine's own estimate, and how many lanes fit which card: a table for
// docs/gpu.md. Any GPU will do, since only the arithmetic is asked for; Mesa's software Vulkan is one.
//
//   GGML_VK_VISIBLE_DEVICES=0 node tools/gpu/memory.mjs [--gpu vulkan] [--prompt 600] [--tokens 2048]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GgufInsights, readGgufFileInfo } from 'node-llama-cpp';
import { readGguf } from '../../dist/src/model/gguf/gguf.js';
import { openBackend } from '../../dist/src/model/llama/backend.js';
import { estimateMemory } from '../../dist/src/model/llama/memory.js';

const { values: flags } = parseArgs({
  options: {
    gpu: { type: 'string', default: 'vulkan' },
    prompt: { type: 'string', default: '600' },
    tokens: { type: 'string', default: '2048' },
  },
});
const CARDS_GIB = [8, 12, 16, 24, 48, 80];
/** Of a card's memory; the rest is the driver's, the display's and what llama.cpp needs besides. */
const USABLE = 0.92;
/** The engine's default on a GPU. */
const MOST_LANES = 64;
const SOME_LANES = 17;
const GIB = 2 ** 30;

/** Bytes on a GPU, by the file: a software device would not take the largest matrix, and the estimate follows it. */
async function weightsOf(path) {
  const file = await readGgufFileInfo(path, { logWarnings: false });
  const insights = await GgufInsights.from(file, await backend.llama());
  return insights.estimateModelResourceRequirements({ gpuLayers: insights.totalLayers }).gpuVram;
}

const folder = mkdtempSync(join(tmpdir(), 'coderm-memory-'));
const backend = await openBackend(flags.gpu);
try {
  console.log(`A prompt of ${flags.prompt} tokens, samples of ${flags.tokens}, all layers on the GPU.\n`);
  const lanesOf = CARDS_GIB.map((gib) => `lanes on ${gib} GiB`);
  console.log(`| 8B as | weights, GiB | a lane, MiB | with 64 lanes, GiB | ${lanesOf.join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(3 + CARDS_GIB.length)}`);
  for (const type of ['q4_k_m', 'q6_k', 'q8_0', 'f16']) {
    const path = join(folder, `${type}.gguf`);
    const script = join(dirname(fileURLToPath(import.meta.url)), 'make_twin.py');
    execFileSync('python3', ['-B', script, '--shape', '8b', '--type', type, '--empty', path]);
    const info = await readGguf(path);
    const shape = { promptTokens: Number(flags.prompt), sampleTokens: Number(flags.tokens), gpuLayers: null };
    const need = async (lanes) => (await estimateMemory(info, backend, { ...shape, lanes })).gpu;
    // Memory grows by the lane; a software device has no room to ask about many.
    const [one, some] = [await need(1), await need(SOME_LANES)];
    const lane = (some.context - one.context) / (SOME_LANES - 1);
    const weights = await weightsOf(path);
    const most = weights + one.context + (MOST_LANES - 1) * lane;
    const fitting = CARDS_GIB.map((gib) => {
      const lanes = Math.floor((gib * GIB * USABLE - weights - one.context) / lane) + 1;
      return lanes < 1 ? '–' : String(Math.min(MOST_LANES, lanes));
    });
    const sizes = [(weights / GIB).toFixed(1), (lane / 2 ** 20).toFixed(0), (most / GIB).toFixed(1)];
    console.log(`| ${type.toUpperCase()} | ${[...sizes, ...fitting].join(' | ')} |`);
  }
} finally {
  await backend.close();
  rmSync(folder, { recursive: true, force: true });
}
