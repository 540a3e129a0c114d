// Whether a llama-server that is asked through an endpoint writes what the local path writes: the unit-test prompts of
// some problems at temperature 0, text by text. Where two differ, it says how close the two likeliest tokens are there.
// Ends with 1 if any differs.
//
//   node bench/endpoint.mjs LLAMA_SERVER MODEL.gguf PROBLEMS.jsonl [PROBLEMS=10] [TOKENS=96] [threads=2]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { EndpointSession } from '../dist/src/endpoint/session.js';
import { PAPER_SAMPLER } from '../dist/src/model/generator.js';
import { readGguf } from '../dist/src/model/gguf/gguf.js';
import { tokeniserAddsBos } from '../dist/src/model/llama/model.js';
import { ModelSession } from '../dist/src/model/session.js';
import { readProblems } from '../dist/src/problem.js';
import { silent } from '../dist/src/progress.js';
import { responsePrefix, stopTexts, unitTestPrompt } from '../dist/src/prompt.js';
import { noMemory } from './no-memory.mjs';

const [program, model, file, count = '10', maxTokens = '96', threads = '2'] = process.argv.slice(2);
const problems = [];
for await (const problem of readProblems([file])) if (problems.length < Number(count)) problems.push(problem);

const local = await ModelSession.open(
  { model, gpu: 'cpu', gpuLayers: null, contextTokens: null, threads: Number(threads), lanes: 1 },
  noMemory,
  silent,
);
/** What the registry says of the model holds on both sides. */
const { defaults } = local;

/** Texts by problem, and what was sent for each. */
async function texts(session) {
  const requests = [];
  for (const { taskId, question, code, entryPoint } of problems) {
    const content = unitTestPrompt({ question, code: code ?? '' });
    const prefix = responsePrefix(defaults.responsePrefix ?? '', entryPoint);
    const { tokens, asked } = await session.prompt([{ role: 'user', content }], prefix, 'none');
    const stop = [...stopTexts(prefix), ...defaults.stop];
    requests.push({
      ...{ taskId, promptTokens: tokens, asked, wantHidden: false },
      sampler: { ...PAPER_SAMPLER, temperature: 0, maxTokens: Number(maxTokens), stop },
      samples: [{ index: 0, seed: 1 }],
    });
  }
  const generator = await session.generator();
  const found = new Map();
  for await (const output of generator.generate(requests, new AbortController().signal)) {
    if ('reason' in output) throw new Error(output.reason);
    const { asked } = requests.find(({ taskId }) => taskId === output.taskId);
    found.set(output.taskId, { ...output, asked });
  }
  await session.close();
  return found;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function started(port) {
  // One sequence with flash attention, as the local path: without it sums round otherwise, and near ties with them.
  const flags = [
    '-m',
    model,
    '--port',
    port,
    '-np',
    1,
    '-c',
    2048,
    '-t',
    threads,
    '-fa',
    'on',
    '--no-warmup',
  ];
  const child = spawn(program, flags.map(String), { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-2000);
  });
  for (let tries = 0; tries < 240; tries++) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${log}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok) return child;
    await delay(250);
  }
  child.kill();
  throw new Error(`${program} does not get ready: ${log}`);
}

/** The likeliest tokens after this text, with their log probabilities, as the server has them. */
async function likeliest(port, prompt) {
  const body = { model: 'm', prompt, max_tokens: 1, temperature: 0, logprobs: 2, n_probs: 2 };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const [first] = (await answer.json()).choices[0].logprobs?.content ?? [];
  return (first?.top_logprobs ?? []).map(
    ({ token, logprob }) => `${JSON.stringify(token)} ${logprob.toFixed(4)}`,
  );
}

const port = await freePort();
const child = await started(port);
try {
  const template = await readGguf(model);
  const addsBos = await tokeniserAddsBos(template);
  const remote = new EndpointSession(
    {
      ...{
        url: `http://127.0.0.1:${port}/v1`,
        model: 'm',
        api: 'completions',
        plain: false,
        template,
        addsBos,
      },
      ...{ known: null, key: null, timeoutMs: 300_000, tries: 3, lanes: 1 },
    },
    silent,
  );
  const there = await texts(remote);
  const here = await texts(local);
  let equal = 0;
  for (const [taskId, one] of here) {
    const other = there.get(taskId);
    if (one.text === other.text && one.stop === other.stop) {
      equal += 1;
      continue;
    }
    const at = [...one.text].findIndex((character, i) => character !== other.text[i]);
    const common = one.text.slice(0, at < 0 ? one.text.length : at);
    console.log(
      `${taskId}: equal for ${common.length} of ${one.text.length} and ${other.text.length} characters`,
    );
    console.log(`  here  ${JSON.stringify(one.text.slice(common.length, common.length + 60))} (${one.stop})`);
    console.log(
      `  there ${JSON.stringify(other.text.slice(common.length, common.length + 60))} (${other.stop})`,
    );
    console.log(`  likeliest there: ${(await likeliest(port, other.asked + common)).join(', ')}`);
  }
  const tokens = [...here.values()].reduce((sum, one) => sum + one.tokens, 0);
  console.log(`${equal} of ${here.size} texts are equal (${tokens} tokens, temperature 0)`);
  process.exitCode = equal === here.size ? 0 : 1;
} finally {
  child.kill();
}
