// Many problems through one native generator, memory of its process and of this one looked at ten times on the way.
//
//   node bench/generator-soak.mjs MODEL.gguf [PROBLEMS=1000] [SAMPLES=4] [TOKENS=32] [LANES=8]
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { PAPER_SAMPLER } from '../dist/src/model/generator.js';
import { readGguf } from '../dist/src/model/gguf/gguf.js';
import { NativeGenerator } from '../dist/src/model/native/native-generator.js';
import { silent } from '../dist/src/progress.js';

const [path, problems = 1000, samples = 4, maxTokens = 32, lanes = 8] = process.argv
  .slice(2)
  .map((text, at) => (at === 0 ? text : Number(text)));
const info = await readGguf(path);
const generator = new NativeGenerator({
  info,
  backend: 'cpu',
  gpuLayers: null,
  threads: availableParallelism(),
  contextTokens: null,
  lanes,
  deterministic: false,
  detokenize: () => '',
  progress: { ...silent, say: (line) => console.error(line) },
  ignoreEnd: true,
});

/** Prompts of 50 to 350 tokens, each another. */
function* requests() {
  const most = info.vocabulary.tokens.length;
  for (let at = 0; at < problems; at++) {
    const length = 50 + ((at * 37) % 300);
    yield {
      taskId: String(at),
      promptTokens: Array.from({ length }, (_, i) => (at * 7919 + i * 104_729) % Math.min(most, 100_000)),
      sampler: { ...PAPER_SAMPLER, maxTokens },
      samples: Array.from({ length: samples }, (_, index) => ({ index, seed: at * samples + index })),
      wantHidden: at % 2 === 0,
    };
  }
}

const resident = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
const step = Math.ceil((problems * samples) / 10);
let done = 0;
const start = performance.now();
for await (const output of generator.generate(requests(), new AbortController().signal)) {
  if (!('text' in output)) continue;
  done += 1;
  if (done % step === 0 || done === problems * samples)
    console.log(
      `${done} samples, ${((performance.now() - start) / 1000).toFixed(1)} s: generator ${resident(generator.pid)} MiB, Node ${resident(process.pid)} MiB`,
    );
}
console.log(JSON.stringify(await generator.stats()));
await generator.close();
