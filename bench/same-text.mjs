// Whether a sample's text depends on how many lanes run beside it: the same prompts and seeds on several numbers of
// lanes, at temperature 0 and 0.8, byte by byte. Ends with 1 if any differs.
//
//   node bench/same-text.mjs MODEL.gguf PROBLEMS.jsonl [--problems 20] [--tokens 96] [--lanes 1,2,4,8,32]
//       [--threads N] [--gpu auto] [--deterministic]
import { parseArgs } from 'node:util';
import { PAPER_SAMPLER } from '../dist/src/model/generator.js';
import { ModelSession } from '../dist/src/model/session.js';
import { readProblems } from '../dist/src/problem.js';
import { silent } from '../dist/src/progress.js';
import { unitTestPrompt } from '../dist/src/prompt.js';
import { noMemory } from './no-memory.mjs';

const {
  values: flags,
  positionals: [model, file],
} = parseArgs({
  allowPositionals: true,
  options: {
    problems: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '96' },
    lanes: { type: 'string', default: '1,2,4,8,32' },
    threads: { type: 'string' },
    gpu: { type: 'string', default: 'auto' },
    deterministic: { type: 'boolean', default: false },
  },
});
const problems = [];
for await (const problem of readProblems([file]))
  if (problems.length < Number(flags.problems)) problems.push(problem);

/** Texts by temperature, problem and sample; and the decode rate. */
async function texts(lanes) {
  const { gpu, deterministic } = flags;
  const threads = flags.threads === undefined ? null : Number(flags.threads);
  const session = await ModelSession.open(
    { model, gpu, gpuLayers: null, contextTokens: null, threads, lanes, deterministic },
    noMemory,
    silent,
  );
  const requests = [];
  for (const { taskId, question, code } of problems) {
    const content = unitTestPrompt({ question, code: code ?? '' });
    const { tokens } = await session.prompt([{ role: 'user', content }], '', 'none');
    for (const temperature of [0, 0.8]) {
      requests.push({
        taskId: `${temperature} ${taskId}`,
        promptTokens: tokens,
        sampler: { ...PAPER_SAMPLER, temperature, maxTokens: Number(flags.tokens) },
        samples: [0, 1].map((index) => ({ index, seed: 77 + index })),
        wantHidden: false,
      });
    }
  }
  const generator = await session.generator();
  const found = new Map();
  for await (const output of generator.generate(requests, new AbortController().signal)) {
    if ('reason' in output) throw new Error(output.reason);
    if ('text' in output) found.set(`${output.taskId} #${output.index}`, output.text);
  }
  const { decodeTokens, decodeSeconds, samplingSeconds } = await generator.stats();
  await session.close();
  return { found, rate: Math.round(decodeTokens / (decodeSeconds + samplingSeconds)) };
}

let first = null;
for (const number of flags.lanes.split(',').map(Number)) {
  const { found, rate } = await texts(number);
  first ??= found;
  const equal = (start) =>
    [...found].filter(([name, text]) => name.startsWith(start) && text === first.get(name)).length;
  const half = found.size / 2;
  console.log(
    `${number} ${number === 1 ? 'lane' : 'lanes'}: ${rate} tokens/s; as on the first: ${equal('0 ')} of ${half} at temperature 0, ` +
      `${equal('0.8 ')} of ${half} at 0.8`,
  );
  if (equal('0') < found.size) process.exitCode = 1;
}
