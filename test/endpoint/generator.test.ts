import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type EndpointOptions, EndpointSession } from '../../src/endpoint/session.js';
import type { GenerationFailure, GenerationRequest, Sample } from '../../src/model/generator.js';
import { PAPER_SAMPLER } from '../../src/model/generator.js';
import { silent } from '../../src/progress.js';
import { completion, FAULTS, json, type Reply, serve } from './server.js';

// Against a server that fails in every way: no sample is lost, none is made up, and every end has its words.
const endpoint = suite('endpoint: generator');
const KEY = 'sk-very-secret';
const NEVER = new AbortController().signal;
const SAMPLER = { ...PAPER_SAMPLER, maxTokens: 64 };

const open = (url: string, more: Partial<EndpointOptions> = {}) =>
  new EndpointSession(
    {
      ...{
        url: `${url}/v1`,
        model: 'm',
        api: 'completions',
        plain: false,
        template: null,
        addsBos: false,
        known: null,
      },
      ...{ key: null, timeoutMs: 60_000, tries: 4, lanes: 8, ...more },
    },
    silent,
  );

const SOON_MS = 400;

const request = (
  taskId: string,
  samples: number,
  more: Partial<GenerationRequest> = {},
): GenerationRequest => ({
  ...{ taskId, promptTokens: [], asked: `prompt of ${taskId}`, sampler: SAMPLER, wantHidden: false },
  samples: Array.from({ length: samples }, (_, index) => ({ index, seed: 100 + index })),
  ...more,
});

async function run(session: EndpointSession, requests: GenerationRequest[], signal = NEVER) {
  const samples: Sample[] = [];
  const failures: GenerationFailure[] = [];
  try {
    const generator = await session.generator();
    for await (const output of generator.generate(requests, signal)) {
      if ('reason' in output) failures.push(output);
      else samples.push(output as Sample);
    }
  } finally {
    await session.close();
  }
  return { samples, failures };
}

/** Runs two samples of one prompt against the server, and gives the message of the error that ends the run. */
async function fault(reply: Reply, more: Partial<EndpointOptions> = {}): Promise<string> {
  const server = await serve(reply);
  try {
    await run(open(server.url, { tries: 2, ...more }), [request('a', 2)]);
  } catch (error) {
    assert.is((error as Error).name, 'ModelError');
    assert.is((error as { exitCode: number }).exitCode, 5);
    return (error as Error).message;
  } finally {
    await server.close();
  }
  throw new Error('expected a ModelError, and nothing was thrown');
}

const text = (prompt: string, seed: number) => `${prompt} ${seed}`;

endpoint('whatever fails for a while: every sample comes once, with the text of its own seed', async () => {
  const kinds = Object.values(FAULTS);
  const server = await serve((response, { body, before }) => {
    const answer = completion(text(body.prompt, body.seed));
    // Each sample meets one fault, every third one more, and then it is answered.
    const faults = body.seed % 3 === 0 ? 2 : 1;
    if (before < faults) kinds[(body.seed + before) % kinds.length]!(response, answer);
    else json(response, answer);
  });
  const { samples, failures } = await run(open(server.url, { tries: 10, timeoutMs: SOON_MS }), [
    request('a', 16),
    request('b', 16),
  ]);
  await server.close();
  assert.equal(failures, []);
  const found = samples
    .map(({ taskId, index, seed, text: wrote, stop }) => [taskId, index, seed, wrote, stop])
    .sort((a, b) => (`${a[0]} ${a[2]}` < `${b[0]} ${b[2]}` ? -1 : 1));
  const expected = ['a', 'b'].flatMap((taskId) =>
    Array.from({ length: 16 }, (_, index) => {
      const seed = 100 + index;
      return [taskId, index, seed, text(`prompt of ${taskId}`, seed), 'stop'];
    }),
  );
  assert.equal(found, expected);
  // One answer, one fault, and 5 of 16 seeds are divisible by 3; on a slow machine an answer may come too late.
  assert.ok(server.asked.length >= 2 * (16 + 16 + 5), `${server.asked.length} requests`);
  assert.ok(server.load.most <= 8, `${server.load.most} at a time`);
});

endpoint('what is asked: one sample a request, with its seed, and what is off said so', async () => {
  const server = await serve((response) => json(response, completion('x')));
  const sampler = { ...SAMPLER, stop: ['\n\n'] };
  await run(open(server.url, { key: KEY }), [request('a', 1, { sampler })]);
  const messages = [{ role: 'user', content: 'hi' }];
  await run(open(server.url, { api: 'chat', plain: true }), [request('b', 1, { asked: messages })]);
  await server.close();
  const [raw, chat] = server.asked;
  assert.equal([raw!.path, raw!.headers.authorization], ['/v1/completions', `Bearer ${KEY}`]);
  assert.equal(raw!.body, {
    ...{ model: 'm', prompt: 'prompt of a', n: 1, seed: 100, temperature: 0.8, top_p: 0.95 },
    ...{ top_k: -1, min_p: 0, max_tokens: 64, stop: ['\n\n'], stream: false },
  });
  assert.equal([chat!.path, chat!.headers.authorization], ['/v1/chat/completions', undefined]);
  assert.equal(chat!.body, {
    ...{ model: 'm', messages, n: 1, seed: 100, temperature: 0.8, top_p: 0.95 },
    ...{ max_tokens: 64, stream: false },
  });
});

endpoint(
  'how an answer ended is kept: by itself, at the limit, or at a stop text that the server passed over',
  async () => {
    const reasons = ['stop', 'length', 'length'];
    const server = await serve((response, { body }) => {
      const at = body.seed - 100;
      const answer = completion(at === 2 ? 'kept\n\ndropped' : 'whole', { finish_reason: reasons[at] });
      json(response, at === 1 ? { ...answer, usage: { completion_tokens: 64 } } : answer);
    });
    const sampler = { ...SAMPLER, stop: ['\n\n'] };
    const { samples } = await run(open(server.url), [request('a', 3, { sampler })]);
    await server.close();
    assert.equal(
      samples.sort((a, b) => a.index - b.index).map(({ text: wrote, stop, tokens }) => [wrote, stop, tokens]),
      [
        ['whole', 'stop', 5],
        ['whole', 'length', 64],
        ['kept', 'stop', 13],
      ],
    );
  },
);

endpoint('many requests at a time, and no warning about it', async () => {
  const warnings: string[] = [];
  const warned = (warning: Error) => warnings.push(warning.message);
  process.on('warning', warned);
  // Nobody is answered before all lanes ask, and then everybody.
  const waiting: (() => void)[] = [];
  let asked = 0;
  const server = await serve((response) => {
    asked += 1;
    waiting.push(() => json(response, completion('x')));
    if (asked >= 48) for (const answer of waiting.splice(0)) answer();
  });
  const { samples } = await run(open(server.url, { lanes: 48, timeoutMs: 60_000 }), [request('a', 96)]);
  await server.close();
  process.off('warning', warned);
  assert.equal([samples.length, server.load.most, warnings], [96, 48, []]);
});

endpoint('Retry-After is waited for', async () => {
  const server = await serve((response, { before }) => {
    if (before === 0) json(response, { message: 'later' }, 429, { 'retry-after': '1' });
    else json(response, completion('x'));
  });
  await run(open(server.url), [request('a', 1)]);
  await server.close();
  const [first, second] = server.asked;
  assert.ok(second!.at - first!.at >= 990, `${second!.at - first!.at} ms`);
});

endpoint('a prompt that does not fit fails its problem, and the others go on', async () => {
  const server = await serve((response, { body }) => {
    const long = { error: { message: "This model's maximum context length is 4096 tokens" } };
    if (body.prompt === 'prompt of long') json(response, long, 400);
    else json(response, completion('x'));
  });
  const { samples, failures } = await run(open(server.url), [request('long', 9), request('short', 3)]);
  await server.close();
  assert.equal(failures, [
    {
      taskId: 'long',
      reason: 'from the endpoint came 400 and "This model\'s maximum context length is 4096 tokens"',
    },
  ]);
  assert.is(samples.length, 3);
});

endpoint(
  'an answer that the server ends by a limit of its own fails its problem: it is not kept',
  async () => {
    const server = await serve((response, { body }) => {
      const half = body.prompt === 'prompt of long' ? { finish_reason: 'length' } : {};
      json(response, completion('half an answer', half));
    });
    const { samples, failures } = await run(open(server.url), [request('long', 3), request('short', 3)]);
    await server.close();
    assert.equal(
      failures.map(({ taskId }) => taskId),
      ['long'],
    );
    assert.match(
      failures[0]!.reason,
      /came an answer that ended after 14 of 64 tokens, by the server's own limit/,
    );
    assert.equal(
      samples.map(({ taskId }) => taskId),
      ['short', 'short', 'short'],
    );
  },
);

const always =
  (value: unknown, status = 200): Reply =>
  (response) =>
    json(response, value, status);
const { choices, usage } = completion('x');

for (const [name, reply, says] of [
  [
    'two choices where n is 1',
    always({ choices: [...choices, ...choices], usage }),
    /but there was expected 1 choice, got 2/,
  ],
  ['no choice', always({ choices: [], usage }), /expected 1 choice, got 0 where n is 1/],
  ['no usage', always({ choices }), /expected choices and usage\.completion_tokens, got "\{/],
  ['no text', always({ choices: [{ finish_reason: 'stop' }], usage }), /expected a choice with text/],
  [
    'no reason why it ended',
    always(completion('x', { finish_reason: null })),
    /finish_reason stop or length, got "null"/,
  ],
  ['another reason', always(completion('x', { finish_reason: 'content_filter' })), /got "content_filter"/],
  ['another document', always([1]), /expected choices and usage\.completion_tokens, got "\[1\]"/],
  [
    'no such model',
    always({ error: { message: 'no model m' } }, 404),
    /404 and "no model m"; check the address and the name/,
  ],
  [
    'a field that it does not know',
    always({ error: 'unknown top_k' }, 400),
    /400 and "unknown top_k"; .*--endpoint-plain/,
  ],
  [
    'a wait that is too long',
    (response) => json(response, {}, 429, { 'retry-after': '86400' }),
    /but there was 429 and/,
  ],
  ['a redirect', always({}, 307), /but there was 307 and "\{\}"/],
  [
    'nothing but drops',
    (response) => response.destroy(),
    /after 2 tries there was (socket hang up|read ECONNRESET|.*other side)/,
  ],
  [
    'nothing but garbage',
    FAULTS.garbage!,
    /after 2 tries there was expected JSON, got "<html> \[31mnot JSON<\/html>"/,
  ],
  ['nothing but a drip', FAULTS.drip!, /after 2 tries there was no whole answer within 0\.4 s/],
  ['nothing but errors', always({ detail: 'é'.repeat(5000) }, 503), /^.{150,500}$/],
] satisfies [string, Reply, RegExp][]) {
  endpoint(`${name}: an error with the server's words`, async () => {
    // A busy machine may take as long for an answer: only what never comes is waited for so briefly.
    const message = await fault(reply, reply === FAULTS.drip ? { timeoutMs: SOON_MS } : {});
    assert.match(message, says);
    assert.match(message, /^Expected a completion from http:\/\/127\.0\.0\.1:\d+\/v1\/completions, but/);
  });
}

endpoint('the key is in no message, also where the server repeats it', async () => {
  const message = await fault(always({ error: { message: `Incorrect key ${KEY}` } }, 401), { key: KEY });
  assert.match(message, /401 and "Incorrect key \[key\]"; give its key in the environment/);
  assert.not.match(message, /secret/);
});

endpoint(
  'a text that repeats the key is no sample; a placeholder in its place may be in a text',
  async () => {
    const key = `${KEY}-of-a-real-length`;
    const message = await fault(always(completion(`print("${key}")`)), { key });
    assert.match(message, /there was a text with the key in it/);
    assert.not.match(message, /secret/);
    const server = await serve(always(completion('EMPTY = 1')));
    const { samples } = await run(open(server.url, { key: 'EMPTY' }), [request('a', 1)]);
    await server.close();
    assert.is(samples[0]!.text, 'EMPTY = 1');
  },
);

endpoint('a redirect to another server is not followed, and the key does not go there', async () => {
  const away = await serve(always(completion('x')));
  const to = { location: `${away.url}/v1/completions` };
  for (const status of [301, 302, 307, 308])
    assert.match(
      await fault((response) => json(response, {}, status, to), { key: KEY }),
      `was ${status} and`,
    );
  await away.close();
  assert.equal(away.asked, []);
});

endpoint('nobody listens: said after the tries', async () => {
  const server = await serve(() => {});
  await server.close();
  try {
    await run(open(server.url, { tries: 2 }), [request('a', 3)]);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /after 2 tries there was connect ECONNREFUSED 127\.0\.0\.1/);
  }
});

endpoint('a signal ends it at once and without an error, and what was finished is given', async () => {
  const stop = new AbortController();
  const server = await serve((response, { body }) => {
    if (body.seed < 102) json(response, completion('x'));
    else setTimeout(() => stop.abort(), 100); // never answered
  });
  const { samples, failures } = await run(open(server.url), [request('a', 6)], stop.signal);
  assert.equal([samples.length, failures], [2, []]);
  assert.is(server.asked.length, 6, 'nobody has asked again');
  await server.close();
});

endpoint.run();
