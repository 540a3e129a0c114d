// Golden run: greedy answers of one model from every CPU variant of llama.cpp's library that this processor can execute,
// token by token, against the one that is chosen by itself. Ends with 1 where a variant's answers differ from each other
// in two runs.
//
//   node bench/golden.mjs [MODEL=models/tiny-ut/tiny-ut.gguf] [PROBLEMS=models/tiny-ut/demo/problems.jsonl] [CANDIDATES=…]
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadGeneratorAddon } from '../dist/src/model/native/addon.js';
import { NativeChild } from '../dist/src/model/native/child.js';
import { findLibrary } from '../dist/src/model/native/library.js';
import { ModelSession } from '../dist/src/model/session.js';
import { openTasks } from '../dist/src/open-tasks.js';
import { packageRoot } from '../dist/src/package-root.js';
import { silent } from '../dist/src/progress.js';
import { unitTestPrompt } from '../dist/src/prompt.js';
import { cpuVariants, withVariant } from './cpu-variants.mjs';
import { noMemory } from './no-memory.mjs';

const own = (name) => join(packageRoot, 'models', 'tiny-ut', name);
const [
  model = own('tiny-ut.gguf'),
  problems = own('demo/problems.jsonl'),
  solutions = own('demo/candidates.jsonl'),
] = process.argv.slice(2);
const TOKENS = 256;
const library = findLibrary('cpu');

/** Token ids of the prompts of all problems. */
async function prompts() {
  const common = { gpuLayers: null, contextTokens: null, threads: 1, lanes: 1, deterministic: false };
  const session = await ModelSession.open({ model, gpu: 'cpu', ...common }, noMemory, silent);
  const tasks = await openTasks({ problems: [problems], solutions: [solutions] });
  const found = [];
  for (const { problem, candidates } of tasks) {
    const content = unitTestPrompt({ question: problem.question, code: candidates[0].program });
    found.push((await session.prompt([{ role: 'user', content }], '', 'none')).tokens);
  }
  tasks.close();
  await session.close();
  return found;
}

/** Greedy answers from the libraries of one folder, or the reason why there are none. */
function answers(libraryFolder, wanted) {
  return new Promise((resolve) => {
    const found = new Map();
    const child = new NativeChild(
      (message) => {
        if (message.kind !== 'sample') return;
        found.set(message.id, [...message.tokens]);
        if (found.size === wanted.length) void child.close();
      },
      ({ reason }) => resolve(found.size === wanted.length ? found : reason),
    );
    child.keep(true);
    const settings = {
      ...{ libraryFolder, fallbackFolder: '', model, gpu: false, gpuLayers: 0, threads: 1 },
      ...{ lanes: Int32Array.of(4), contextTokens: 2048, unified: false, mixed: false, width: 0 },
      ...{ leastRows: 4, rowMultiple: 4 },
    };
    child.send({ kind: 'open', settings, release: loadGeneratorAddon().release });
    for (const [id, tokens] of wanted.entries()) {
      const sampler = { temperature: 0, topP: 1, topK: 0, minP: 0, stop: [], maxTokens: TOKENS };
      const how = { wantHidden: false, ignoreEnd: false };
      child.send({ kind: 'prompt', prompt: { id, tokens: Int32Array.from(tokens), ...sampler, ...how } });
      child.send({ kind: 'sample', sample: { id, prompt: id, seed: 1 } });
      child.send({ kind: 'finish', id });
    }
  });
}

const digest = (found) =>
  createHash('sha256')
    .update(JSON.stringify([...found]))
    .digest('hex')
    .slice(0, 16);

const wanted = await prompts();
const chosen = await answers(library.folder, wanted);
if (typeof chosen === 'string') throw new Error(chosen);
console.log(
  `${wanted.length} prompts, greedy, at most ${TOKENS} tokens; chosen by itself: ${digest(chosen)}`,
);
console.log('| variant | answers | sha256 | equal to the chosen one | first difference (token) |');
console.log('| --- | --- | --- | --- | --- |');
let unstable = 0;
for (const variant of cpuVariants(library.folder)) {
  await withVariant(library.folder, variant, async (folder) => {
    const [found, again] = [await answers(folder, wanted), await answers(folder, wanted)];
    if (typeof found === 'string') {
      console.log(`| ${variant} | cannot be executed here | | | |`);
      return;
    }
    if (digest(found) !== digest(again)) unstable += 1;
    const equal = [...found].filter(([id, tokens]) => String(tokens) === String(chosen.get(id))).length;
    const first = [...found].flatMap(([id, tokens]) =>
      tokens.findIndex((token, at) => token !== chosen.get(id)[at]),
    );
    const places = first.filter((at) => at >= 0);
    console.log(
      `| ${variant} | ${found.size} | ${digest(found)} | ${equal} of ${found.size} | ${places.length > 0 ? Math.min(...places) : ''} |`,
    );
  });
}
if (unstable > 0) console.log(`${unstable} variants gave other answers the second time`);
process.exitCode = unstable > 0 ? 1 : 0;
