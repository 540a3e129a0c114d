import type { GenerationRequest } from '../generator.js';
import type { Outputs } from '../outputs.js';
import type { FromProcess, LoopPrompt, ToProcess } from './messages.js';

export interface NativeRunOptions {
  outputs: Outputs;
  /** Tokens that a request's samples may generate, or the reason why there can be none. */
  limit: (request: GenerationRequest) => number | string;
  /** Samples that are sent before the consumer has taken earlier ones. */
  ahead: () => number;
  send: (message: ToProcess) => void;
  detokenize: (tokens: readonly number[], before: readonly number[]) => string;
  ignoreEnd: boolean;
}

/** A request that the loop works on. */
interface OpenRequest {
  request: GenerationRequest;
  prompt: LoopPrompt;
  /** Samples that were sent and are not back yet, by the id under which they were sent. */
  sent: Map<number, { index: number; seed: number }>;
  /** All its samples were sent. */
  finished: boolean;
}

/** Ids are never used twice, so that what comes late from a run that was stopped is recognised. */
let nextId = 1;

/** One call of `generate`: what the loop was given, what is still out, and what it gave back. */
export class NativeRun {
  readonly #iterator: AsyncIterator<GenerationRequest> | Iterator<GenerationRequest>;
  readonly #options: NativeRunOptions;
  readonly #open = new Map<number, OpenRequest>();
  /** Samples and hidden states that the consumer has not taken, finished or not. */
  #outstanding = 0;
  #exhausted = false;
  #stopped = false;
  #moved: () => void = () => {};

  constructor(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    options: NativeRunOptions,
  ) {
    this.#iterator =
      Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
    this.#options = options;
  }

  /** Whether the loop still works for this run. */
  get unfinished(): boolean {
    return this.#open.size > 0;
  }

  /** Pulls requests and sends their samples, until all that came of them has been taken. */
  async feed(): Promise<void> {
    try {
      await this.#sendAll();
    } finally {
      this.#allSent();
    }
    while (this.#outstanding > 0 && !this.#stopped) await this.#change();
  }

  /** Takes what the loop has finished. */
  receive(message: Extract<FromProcess, { kind: 'hidden' | 'sample' }>): void {
    if (message.kind === 'hidden') this.#receiveHidden(message.id, message.hidden);
    else this.#receiveSample(message.id, message.tokens, message.stopped);
  }

  /** Gives a new process all that the last one did not finish. */
  resend(): void {
    for (const { prompt, sent, finished } of this.#open.values()) {
      this.#options.send({ kind: 'prompt', prompt });
      for (const [id, { seed }] of sent) this.#sendSample(prompt.id, id, seed);
      if (finished) this.#options.send({ kind: 'finish', id: prompt.id });
    }
  }

  fail(error: unknown): void {
    this.#options.outputs.end(error);
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopNow(null);
    this.#moved();
  }

  /** Lets the producer of requests clean up, without waiting: it may be waiting for something itself. */
  close(): void {
    if (!this.#exhausted) Promise.resolve(this.#iterator.return?.()).catch(() => {});
    this.#exhausted = true;
  }

  #allSent: () => void = () => {};
  /** Settled when no further sample of this run will be sent. */
  readonly sent = new Promise<void>((resolve) => {
    this.#allSent = resolve;
  });

  #stopNow: (nothing: null) => void = () => {};
  readonly #stop = new Promise<null>((resolve) => {
    this.#stopNow = resolve;
  });

  /** Waits until the loop may get one more; false when the run was stopped. */
  async #room(): Promise<boolean> {
    while (this.#outstanding >= this.#options.ahead() && !this.#stopped) await this.#change();
    return !this.#stopped;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#moved = resolve;
    });
  }

  async #sendAll(): Promise<void> {
    while (await this.#room()) {
      const next = await Promise.race([this.#iterator.next(), this.#stop]);
      if (next === null) return;
      if (next.done) {
        this.#exhausted = true;
        return;
      }
      await this.#feedOne(next.value);
    }
  }

  async #feedOne(request: GenerationRequest): Promise<void> {
    const { taskId, promptTokens, sampler, samples, wantHidden } = request;
    const limit = this.#options.limit(request);
    if (typeof limit === 'string') {
      await Promise.race([this.#options.outputs.push({ taskId, reason: limit }), this.#stop]);
      return;
    }
    if (samples.length === 0 && !wantHidden) return;
    const { temperature, topP, topK, minP, stop } = sampler;
    const { ignoreEnd } = this.#options;
    const tokens = Int32Array.from(promptTokens);
    const prompt = {
      id: nextId++,
      tokens,
      temperature,
      topP,
      topK,
      minP,
      stop: [...stop],
      maxTokens: limit,
      wantHidden,
      ignoreEnd,
    };
    const open: OpenRequest = { request, prompt, sent: new Map(), finished: false };
    this.#open.set(prompt.id, open);
    if (wantHidden) this.#outstanding += 1;
    this.#options.send({ kind: 'prompt', prompt });
    for (const { index, seed } of samples) {
      if (!(await this.#room())) return;
      const id = nextId++;
      open.sent.set(id, { index, seed });
      this.#outstanding += 1;
      this.#sendSample(prompt.id, id, seed);
    }
    open.finished = true;
    this.#options.send({ kind: 'finish', id: prompt.id });
    this.#forgetIfDone(open);
  }

  #sendSample(prompt: number, id: number, seed: number): void {
    this.#options.send({ kind: 'sample', sample: { id, prompt, seed } });
  }

  #receiveHidden(id: number, hidden: Float32Array): void {
    const open = this.#open.get(id);
    if (!open?.prompt.wantHidden) return; // of a run before this one, or once more after a restart
    open.prompt = { ...open.prompt, wantHidden: false };
    this.#give({ taskId: open.request.taskId, hidden });
    this.#forgetIfDone(open);
  }

  #receiveSample(id: number, tokens: Int32Array, stopped: boolean): void {
    for (const open of this.#open.values()) {
      const sample = open.sent.get(id);
      if (sample === undefined) continue;
      open.sent.delete(id);
      const { taskId, promptTokens, sampler } = open.request;
      const written = this.#options.detokenize(Array.from(tokens), promptTokens);
      const ends = sampler.stop.map((text) => written.indexOf(text)).filter((at) => at >= 0);
      this.#give({
        taskId,
        ...sample,
        text: ends.length > 0 ? written.slice(0, Math.min(...ends)) : written,
        tokens: tokens.length,
        stop: stopped || ends.length > 0 ? 'stop' : 'length',
      });
      this.#forgetIfDone(open);
      return;
    }
  }

  #give(output: Parameters<Outputs['push']>[0]): void {
    this.#options.outputs.push(output).then(() => {
      this.#outstanding -= 1;
      this.#moved();
    });
  }

  #forgetIfDone(open: OpenRequest): void {
    if (open.finished && open.sent.size === 0 && !open.prompt.wantHidden) this.#open.delete(open.prompt.id);
  }
}
