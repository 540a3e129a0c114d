// What differs between two backends at temperature 0: the same prompts on both, token by token. Rounding differs between
// kernels, so a text may part from the other one where two tokens are almost as likely; a wrong kernel parts at once.
//
//   node bench/backend-text.mjs MODEL.gguf PROBLEMS.jsonl [PROMPTS=10] [TOKENS=64] [BACKENDS=cpu,vulkan] [LANES=1] [deterministic]
//
// Without a GPU, Vulkan can be Mesa's software device (Debian: mesa-vulkan-drivers libvulkan1): GGML_VK_VISIBLE_DEVICES=0.
import { availableParallelism } from 'node:os';
import { renderChat, tokenizeChat } from '../dist/src/model/chat.js';
import { PAPER_SAMPLER } from '../dist/src/model/generator.js';
import { openBackend } from '../dist/src/model/llama/backend.js';
import { openModel } from '../dist/src/model/llama/model.js';
import { NativeGenerator } from '../dist/src/model/native/native-generator.js';
import { readProblems } from '../dist/src/problem.js';
import { silent } from '../dist/src/progress.js';
import { unitTestPrompt } from '../dist/src/prompt.js';

const [path, file, count = '10', maxTokens = '64', backends = 'cpu,vulkan', lanes = '1', how = ''] =
  process.argv.slice(2);
const problems = [];
for await (const problem of readProblems([file])) if (problems.length < Number(count)) problems.push(problem);

/** Token ids by problem; a stamp of what wrote them; and seconds. */
async function tokensOn(gpu) {
  const backend = await openBackend(gpu);
  const model = await openModel({ file: path, gpu: backend, gpuLayers: null, vocabularyOnly: true });
  const generator = new NativeGenerator({
    info: model.info,
    backend: backend.backend,
    gpuLayers: null,
    threads: availableParallelism(),
    contextTokens: null,
    lanes: Number(lanes),
    deterministic: how === 'deterministic',
    detokenize: (tokens) => tokens.join(' '), // what is compared is tokens
    progress: silent,
  });
  const requests = problems.map(({ taskId, question, code }) => {
    const content = unitTestPrompt({ question, code: code ?? '' });
    const text = renderChat(model.info, [{ role: 'user', content }], { responsePrefix: '', compat: 'none' });
    return {
      taskId,
      promptTokens: tokenizeChat(model, text, 'none'),
      sampler: { ...PAPER_SAMPLER, temperature: 0, maxTokens: Number(maxTokens) },
      samples: [{ index: 0, seed: 1 }],
      wantHidden: false,
    };
  });
  const start = performance.now();
  const found = new Map();
  for await (const output of generator.generate(requests, new AbortController().signal)) {
    if ('reason' in output) throw new Error(output.reason);
    found.set(output.taskId, output.text.split(' ').map(Number));
  }
  const seconds = (performance.now() - start) / 1000;
  const words = (tokens) => JSON.stringify(model.detokenize(tokens));
  const { device } = backend;
  await generator.close();
  return { device, found, seconds, words, close: () => model.close().then(() => backend.close()) };
}

const [one, other] = backends.split(',');
const [a, b] = [await tokensOn(one), await tokensOn(other)];
console.log(`${a.device}: ${a.seconds.toFixed(1)} s; ${b.device}: ${b.seconds.toFixed(1)} s`);
let equal = 0;
for (const [taskId, tokens] of a.found) {
  const others = b.found.get(taskId);
  const at = tokens.findIndex((token, place) => token !== others[place]);
  const parts = at >= 0 ? at : others.length > tokens.length ? tokens.length : null;
  if (parts === null) {
    equal += 1;
    console.log(`${taskId}: equal, ${tokens.length} tokens`);
  } else {
    const next = ({ words }, list) => (parts < list.length ? words([list[parts]]) : 'the end');
    console.log(
      `${taskId}: differs from token ${parts + 1} of ${tokens.length} on: ${next(a, tokens)} on ${one}, ${next(b, others)} on ${other}`,
    );
  }
}
console.log(`${equal} of ${a.found.size} texts equal`);
await a.close();
await b.close();
