// Whether llama.cpp sees the tiny model as its training did: the same tokens for the same text, and at temperature 0
// the same answers as PyTorch.
//
//   python3 models/tiny-ut/check_tokens.py TOKENIZER > tokens.jsonl
//   python3 models/tiny-ut/check_tokens.py TOKENIZER --checkpoint C --texts 20 > greedy.jsonl
//   node bench/tiny-ut-tokens.mjs MODEL.gguf tokens.jsonl greedy.jsonl
import { readFileSync } from 'node:fs';
import { LlamaGenerator } from '../dist/src/model/llama/llama-generator.js';
import { openModel } from '../dist/src/model/llama/model.js';

const [file, ...paths] = process.argv.slice(2);
const lines = paths.flatMap((path) => readFileSync(path, 'utf8').split('\n').filter(Boolean).map(JSON.parse));
const model = await openModel({ file, gpu: 'cpu', gpuLayers: null, threads: 1 });
const generator = new LlamaGenerator({ model, contextTokens: null, lanes: 4 });
const greedy = { temperature: 0, topP: 1, topK: 0, minP: 0, maxTokens: 256, stop: [] };

const texts = lines.filter(({ tokens }) => tokens !== undefined);
const unequal = texts.filter(({ text, tokens }) => String(model.tokenize(text)) !== String(tokens));
console.log(`${texts.length - unequal.length} of ${texts.length} texts have the same tokens`);
if (unequal.length > 0) {
  const [{ text, tokens }] = unequal;
  console.log(JSON.stringify({ text, expected: tokens, got: model.tokenize(text) }));
}

const asked = lines.filter(({ answer }) => answer !== undefined);
const requests = asked.map(({ text }, i) => ({
  taskId: String(i),
  promptTokens: model.tokenize(text),
  samples: [{ index: 0, seed: 1 }],
  sampler: greedy,
  wantHidden: false,
}));
let same = 0;
for await (const output of generator.generate(requests, new AbortController().signal)) {
  const { answer } = asked[Number(output.taskId)];
  if (output.text === answer) same += 1;
  else console.log(JSON.stringify({ expected: answer, got: output.text ?? output }));
}
console.log(`${same} of ${asked.length} greedy answers are the same`);
await generator.close();
await model.close();
