// Asks for more cells than a GPU has memory for, and prints what the engine says and whether it goes on, as one JSON
// object: {asked, lanes, cells, said, decoded}. It ends with 1 if nothing was decoded, and with 3 if everything fitted.
//
//   node tools/gpu/out-of-memory.mjs MODEL.gguf [LANES=254] [TOKENS=16384] [GPU=cuda]
import { requestOf } from '../../dist/src/bench/tokens.js';
import { readGguf } from '../../dist/src/model/gguf/gguf.js';
import { openBackend } from '../../dist/src/model/llama/backend.js';
import { NativeGenerator } from '../../dist/src/model/native/native-generator.js';
import { silent } from '../../dist/src/progress.js';

/** Tokens after which it counts as going on. */
const ENOUGH = 256;

const [model, lanes = '254', tokens = '16384', gpu = 'cuda'] = process.argv.slice(2);
const asked = Number(lanes);
const info = await readGguf(model);
const { backend } = await openBackend(gpu);
const said = [];
const generator = new NativeGenerator({
  info,
  backend,
  gpuLayers: null,
  threads: 1,
  contextTokens: null,
  lanes: asked,
  deterministic: false,
  detokenize: () => '',
  progress: { ...silent, say: (text) => said.push(text) },
  ignoreEnd: true,
});
const stop = new AbortController();
let stats = null;
const looking = setInterval(async () => {
  stats = (await generator.stats()) ?? stats;
  if (stats !== null && stats.decodeTokens >= ENOUGH) stop.abort();
}, 250);
try {
  const request = requestOf({ pp: 32, pl: asked }, Number(tokens), info.vocabulary);
  for await (const output of generator.generate([request], stop.signal)) {
    if ('reason' in output) throw new Error(output.reason);
  }
} catch (error) {
  if (!stop.signal.aborted) said.push(error.message);
} finally {
  clearInterval(looking);
  await generator.close();
}
const decoded = stats?.decodeTokens ?? 0;
const found = stats?.lanes ?? 0;
console.log(JSON.stringify({ asked, lanes: found, cells: stats?.cells ?? 0, said, decoded }));
process.exit(decoded < ENOUGH ? 1 : found === asked ? 3 : 0);
