import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { GenerationRequest, Generator, Sample } from '../generator.js';
import { longestContext, sampleLimit } from '../limit.js';
import { type Output, Outputs } from '../outputs.js';
import type { Model } from './model.js';

/**
 * Theory of operation. A lane is one sequence of a llama.cpp context and runs one sample at a time;
 * node-llama-cpp decodes what all lanes have pending as one batch. Lanes draw samples from one queue,
 * so a lane that ends goes on with the same problem's next sample and then with the next problem's; a
 * request is pulled only when a lane is free for it. Nothing is shared between samples: each clears its
 * lane and prefills its prompt anew, so that no text depends on what the lane held before.
 *
 * The context is as long as the request in hand needs. A request that needs a longer one waits until
 * the lanes are idle and the context is opened again.
 */
export interface LlamaGeneratorOptions {
  model: Model;
  /** Prompt and response of one sample together, tokens; null for what each request needs. */
  contextTokens: number | null;
  /** Samples decoded at a time; null for the device's default. */
  lanes: number | null;
}

interface Job {
  request: GenerationRequest;
  index: number;
  seed: number;
  /** Tokens that may be generated before the sample counts as cut off. */
  limit: number;
}

/** Lengths of contexts are rounded up to this, so that few requests make the lanes wait for a new one. */
const CONTEXT_STEP = 1024;

export class LlamaGenerator implements Generator {
  readonly name = 'node-llama-cpp';
  readonly #options: LlamaGeneratorOptions;
  #context: LlamaContext | null = null;

  constructor(options: LlamaGeneratorOptions) {
    this.#options = options;
  }

  async *generate(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    signal: AbortSignal,
  ): AsyncGenerator<Output, void, undefined> {
    const outputs = new Outputs();
    const queue = new JobQueue(requests, outputs, (request) => this.#limit(request));
    const stop = () => {
      queue.stop();
      outputs.end();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const work = this.#work(queue, outputs).then(
      () => outputs.end(),
      (error) => outputs.end(error),
    );
    try {
      yield* outputs;
    } finally {
      // Also reached when the consumer stops reading: no lane may go on decoding for nobody.
      stop();
      signal.removeEventListener('abort', stop);
      await work;
      queue.close();
    }
  }

  /** Closes the lanes; the model stays open for its owner. */
  async close(): Promise<void> {
    await this.#context?.dispose();
    this.#context = null;
  }

  async #work(queue: JobQueue, outputs: Outputs): Promise<void> {
    for (let need = await queue.peek(); need !== null; need = await queue.peek()) {
      const context = await this.#open(need);
      const lanes = Array.from({ length: context.totalSequences }, () => context.getSequence());
      try {
        const runs = lanes.map((lane) =>
          this.#runLane(lane, queue, outputs, context.contextSize).catch((error) => {
            queue.stop();
            throw error;
          }),
        );
        const results = await Promise.allSettled(runs);
        for (const result of results) if (result.status === 'rejected') throw result.reason;
      } finally {
        await Promise.all(lanes.map((lane) => lane.dispose()));
      }
    }
  }

  /** A context for samples of `need` tokens: the open one if it is long enough. */
  async #open(need: number): Promise<LlamaContext> {
    if (this.#context !== null && this.#context.contextSize >= need) return this.#context;
    await this.close();
    const { model, lanes, contextTokens } = this.#options;
    const step = Math.ceil(need / CONTEXT_STEP) * CONTEXT_STEP;
    const length = Math.max(need, Math.min(step, longestContext(contextTokens, model.info.contextTokens)));
    this.#context = await model.openLanes(length, lanes);
    return this.#context;
  }

  async #runLane(lane: LlamaContextSequence, queue: JobQueue, outputs: Outputs, room: number): Promise<void> {
    for (let job = await queue.take(room); job !== null; job = await queue.take(room)) {
      const sample = await this.#sample(lane, job, queue);
      if (sample === null) return;
      await outputs.push(sample);
    }
  }

  /** One sample, or null when the run was stopped meanwhile. */
  async #sample(lane: LlamaContextSequence, job: Job, queue: JobQueue): Promise<Sample | null> {
    const { request, index, seed, limit } = job;
    const { temperature, topP, topK, minP, stop } = request.sampler;
    const prompt = request.promptTokens as Token[];
    await lane.clearHistory();
    const tokens: Token[] = [];
    for await (const token of lane.evaluate(prompt, { temperature, topP, topK, minP, seed })) {
      if (queue.stopped) return null;
      tokens.push(token);
      if (this.#endsWithin(stop, tokens)) break;
      // Asking for one more would decode this one for nothing.
      if (tokens.length >= limit) break;
    }
    if (queue.stopped) return null;
    const written = this.#options.model.detokenize(tokens, prompt);
    const ends = stop.map((text) => written.indexOf(text)).filter((at) => at >= 0);
    return {
      taskId: request.taskId,
      index,
      seed,
      text: ends.length > 0 ? written.slice(0, Math.min(...ends)) : written,
      tokens: tokens.length,
      // node-llama-cpp ends the iteration by itself at an end-of-generation token.
      stop: ends.length > 0 || tokens.length < limit ? 'stop' : 'length',
    };
  }

  /** Whether the newest token completes a stop text. A token is at least a byte, so few of them can hold it. */
  #endsWithin(stop: readonly string[], tokens: readonly Token[]): boolean {
    if (stop.length === 0) return false;
    const longest = Math.max(...stop.map((text) => Buffer.byteLength(text)));
    const tail = this.#options.model.detokenize(tokens.slice(-longest));
    return stop.some((text) => tail.includes(text));
  }

  /** Tokens that a request's samples may generate, or the reason why there can be none. */
  #limit(request: GenerationRequest): number | string {
    if (request.wantHidden)
      return 'expected a generator that returns hidden states, but node-llama-cpp cannot; pass --generator native';
    const { model, contextTokens } = this.#options;
    return sampleLimit(request, contextTokens, model.info.contextTokens);
  }
}

/** The samples still to run, in order: those of the request in hand, then the next request's. */
class JobQueue {
  readonly #iterator: AsyncIterator<GenerationRequest> | Iterator<GenerationRequest>;
  readonly #jobs: Job[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #done = false;
  #stop: () => void = () => {};
  readonly #stopping = new Promise<null>((resolve) => {
    this.#stop = () => resolve(null);
  });
  stopped = false;

  constructor(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    private readonly outputs: Outputs,
    private readonly limitOf: (request: GenerationRequest) => number | string,
  ) {
    this.#iterator =
      Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
  }

  /** Context tokens that the next sample needs, or null when there is none. */
  peek(): Promise<number | null> {
    return this.#inTurn(async () => {
      const job = await this.#first();
      return job === null ? null : need(job);
    });
  }

  /** The next sample if it fits a context of `room` tokens, else null. */
  take(room: number): Promise<Job | null> {
    return this.#inTurn(async () => {
      const job = await this.#first();
      if (job === null || need(job) > room) return null;
      return this.#jobs.shift()!;
    });
  }

  stop(): void {
    this.stopped = true;
    this.#stop();
  }

  /** Lets the producer of requests clean up, without waiting: it may be waiting for something itself. */
  close(): void {
    if (!this.#done) Promise.resolve(this.#iterator.return?.()).catch(() => {});
    this.#done = true;
  }

  async #first(): Promise<Job | null> {
    while (!this.stopped && this.#jobs.length === 0 && !this.#done) {
      const next = await Promise.race([this.#iterator.next(), this.#stopping]);
      if (next === null) break;
      if (next.done) this.#done = true;
      else await this.#add(next.value);
    }
    return this.stopped ? null : (this.#jobs[0] ?? null);
  }

  async #add(request: GenerationRequest): Promise<void> {
    const limit = this.limitOf(request);
    if (typeof limit === 'string') await this.outputs.push({ taskId: request.taskId, reason: limit });
    else for (const { index, seed } of request.samples) this.#jobs.push({ request, index, seed, limit });
  }

  /** Lanes ask at the same time, but a request is pulled once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

function need(job: Job): number {
  return job.request.promptTokens.length + job.limit;
}
