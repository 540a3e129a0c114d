import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ModelError } from '../error.js';
import type { GenerationFailure, GenerationRequest, Generator, Sample, Sampler } from '../model/generator.js';
import { type Output, Outputs } from '../model/outputs.js';
import type { Progress } from '../progress.js';
import { type Completion, readAnswer, withoutKey, words } from './answer.js';
import type { Client, Reply } from './client.js';
import { type RequestShape, requestBody, requestPath } from './request.js';
import { LONGEST_WAIT_MS, waitMs, worthAnother } from './retry.js';

export interface EndpointGeneratorOptions {
  client: Client;
  shape: RequestShape;
  /** Requests at one time, over all that is generated. */
  lanes: number;
  /** Tries of one request, at least 1. */
  tries: number;
  /** Left out of every message and of every sample; null where there is none. */
  key: string | null;
  progress: Progress;
}

interface Job {
  request: GenerationRequest;
  index: number;
  seed: number;
}

/** A reply that is no completion. */
interface Trouble {
  what: string;
  /** Whether another try may help. */
  again: boolean;
  /** The prompt, or an answer to it, does not fit: the problem fails, and the others go on. */
  noRoom: boolean;
  retryAfter: string | null;
  status: number | null;
}

/**
 * Samples from a server. Each sample is a request of its own; one that fails for a while is sent again, and one that
 * fails for good ends the run with the server's words. No sample is made up, and what came before stays in the cache.
 */
export class EndpointGenerator implements Generator {
  readonly name: string;
  /** Requests that may still be sent, and who waits to send one: batches of problems overlap. */
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #said = new Set<string>();

  constructor(private readonly options: EndpointGeneratorOptions) {
    this.name = `endpoint ${options.shape.api}`;
    this.#free = options.lanes;
  }

  async *generate(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    signal: AbortSignal,
  ): AsyncGenerator<Sample | GenerationFailure> {
    const outputs = new Outputs();
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    setMaxListeners(0, either); // every request under way has one
    const jobs = jobsOf(requests);
    const failed = new Set<string>();
    const workers = Array.from({ length: this.options.lanes }, () =>
      this.#work(jobs, failed, outputs, either),
    );
    Promise.all(workers).then(
      () => outputs.end(),
      (error) => {
        outputs.end(error);
        ended.abort();
      },
    );
    try {
      for await (const output of outputs) yield output as Sample | GenerationFailure;
    } finally {
      ended.abort();
      outputs.end();
      await Promise.allSettled(workers);
    }
  }

  async close(): Promise<void> {
    this.options.client.close();
  }

  async #work(
    jobs: AsyncGenerator<Job>,
    failed: Set<string>,
    outputs: Outputs,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const job of shared(jobs)) {
      if (signal.aborted) return;
      const { taskId } = job.request;
      if (failed.has(taskId)) continue;
      await this.#turn();
      let output: Output | null;
      try {
        output = await this.#sample(job, signal);
      } finally {
        this.#free += 1;
        this.#waiting.shift()?.();
      }
      if (output === null) return;
      if ('reason' in output) {
        if (failed.has(taskId)) continue; // two of its samples were under way
        failed.add(taskId);
      }
      await outputs.push(output);
    }
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
  }

  /** @returns null when the signal ended it */
  async #sample(
    { request, index, seed }: Job,
    signal: AbortSignal,
  ): Promise<Sample | GenerationFailure | null> {
    const { client, shape, tries } = this.options;
    const { taskId, sampler, asked } = request;
    if (asked === undefined) throw new TypeError('a server takes no token ids');
    const body = requestBody(asked, sampler, seed, shape);
    for (let failures = 1; !signal.aborted; failures += 1) {
      const reply = await client.post(requestPath(shape.api), body, signal);
      if (signal.aborted) return null;
      const found = this.#judge(reply, sampler);
      if ('text' in found) return { taskId, index, seed, ...found };
      if (found.noRoom) return { taskId, reason: `from the endpoint came ${found.what}` };
      const wait = waitMs(failures, found.retryAfter, Date.now(), Math.random());
      if (!found.again || failures >= tries || wait > LONGEST_WAIT_MS) throw this.#fault(found, failures);
      this.#say(found.what);
      await delay(wait, undefined, { signal }).catch(() => {});
    }
    return null;
  }

  #judge(reply: Reply, { stop, maxTokens }: Sampler): Completion | Trouble {
    const { key, shape } = this.options;
    const none = { noRoom: false, retryAfter: null, status: null };
    if ('dropped' in reply) return { ...none, what: withoutKey(reply.dropped, key), again: true };
    const { status, body, retryAfter } = reply;
    if (status === 200) {
      const answer = readAnswer(body, { api: shape.api, stops: stop, maxTokens, key });
      if ('text' in answer) return answer;
      return { ...none, what: answer.bad, again: answer.again, noRoom: answer.noRoom ?? false, status };
    }
    const said = words(body, key);
    return {
      what: `${status} and ${said}`,
      again: worthAnother(status),
      noRoom: [400, 413, 422].includes(status) && /context|too (long|large|many tokens)|maximum/i.test(said),
      retryAfter,
      status,
    };
  }

  /** Each kind of trouble once: many requests meet the same. */
  #say(what: string): void {
    if (this.#said.has(what) || this.#said.size > 20) return;
    this.#said.add(what);
    this.options.progress.say(`${this.options.client.url}: ${what}; trying again`);
  }

  #fault({ what, status }: Trouble, failures: number): ModelError {
    const { client, shape } = this.options;
    const tries = failures === 1 ? '' : ` after ${failures} tries`;
    return new ModelError(
      `Expected a completion from ${client.url}${requestPath(shape.api)}, but${tries} there was ${what}; ${next(status)} ` +
        '(what was sampled is in the cache).',
    );
  }
}

function next(status: number | null): string {
  if (status === 401 || status === 403) return 'give its key in the environment, as CODERM_ENDPOINT_KEY';
  if (status === 404) return 'check the address and the name of the model';
  if (status === 400 || status === 422)
    return "check --endpoint-api, or pass --endpoint-plain for a server that knows only OpenAI's fields";
  return 'check the server, then run this again';
}

async function* jobsOf(
  requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
): AsyncGenerator<Job> {
  for await (const request of requests) {
    if (request.wantHidden)
      throw new ModelError(
        'Expected a model that gives hidden states, but a server does not; pass --model GGUF alone.',
      );
    for (const { index, seed } of request.samples) yield { request, index, seed };
  }
}

/** The generator's items for one of several readers: its end is not the end for the others. */
function shared<T>(items: AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => items.next() }) };
}
