import { VERSIONS } from '../../cache/keys.js';
import { ModelError } from '../../error.js';
import type { Progress } from '../../progress.js';
import type { GenerationRequest, Generator } from '../generator.js';
import type { GgufInfo } from '../gguf/gguf.js';
import { ModelFile } from '../gguf/model-file.js';
import { longestContext, sampleLimit } from '../limit.js';
import type { BackendStamp } from '../llama/backend.js';
import { type Output, Outputs } from '../outputs.js';
import { type Death, NativeChild } from './child.js';
import { findLibrary, type NativeLibrary } from './library.js';
import type { FromProcess, GeneratorStats, LoopSettings } from './messages.js';
import { NativeRun } from './run.js';
import { rowsMatter, stepRows } from './step-rows.js';

/**
 * Theory of operation. The loop that prefills, decodes and samples is native (native/generator/loop.h) and runs in a
 * process of its own. This side feeds it: a prompt once, its samples a few ahead of the lanes, as the consumer takes
 * what is finished. When the process dies, a new one gets what was not finished; nothing else is lost, since a
 * sample's text depends on its seed and not on when or beside what it runs.
 */
export interface NativeGeneratorOptions {
  info: GgufInfo;
  backend: BackendStamp['backend'];
  /** Layers on the GPU; null for all of them. */
  gpuLayers: number | null;
  /** Threads that decode. */
  threads: number;
  /** Prompt and response of one sample together, tokens; null for what the model was trained for. */
  contextTokens: number | null;
  /** Samples decoded at a time; null for the device's default. */
  lanes: number | null;
  /** Every decode step has the same shape, so that no sample depends on what runs beside it, on a GPU too. */
  deterministic: boolean;
  /** The text of generated tokens, given those before them. */
  detokenize: (tokens: readonly number[], before: readonly number[]) => string;
  progress: Progress;
  /** Generate to the limit, past end-of-generation tokens: for measuring. */
  ignoreEnd?: boolean;
}

const CPU_LANES = 8;
const GPU_LANES = 64;
/** llama.cpp's bound on sequences, 256, less those that hold prompts, in whole steps. */
const MAX_LANES = 252;
/** Tokens of a decode step under --deterministic, unless there are more lanes. */
const WIDTH = 32;
/** Deaths of the process without a finished sample between them, after which it is given up. */
const DEATHS = 3;

export class NativeGenerator implements Generator {
  readonly name: string;
  readonly #options: NativeGeneratorOptions;
  readonly #library: NativeLibrary;
  readonly #file: ModelFile;
  #child: NativeChild | null = null;
  #lanes: number;
  /** Calls of `generate` under way. */
  readonly #runs = new Set<NativeRun>();
  /** Settled when the newest of them has sent all its samples. */
  #sent: Promise<void> = Promise.resolve();
  #ready = false;
  #deaths = 0;
  #closing = false;
  #stats: ((stats: GeneratorStats | null) => void)[] = [];

  /** @throws ModelError where the addon or llama.cpp's library is missing. Nothing is loaded yet. */
  constructor(options: NativeGeneratorOptions) {
    this.#options = options;
    this.name = nativeName(options);
    this.#library = findLibrary(options.backend);
    this.#file = ModelFile.open(options.info);
    this.#lanes = Math.min(options.lanes ?? defaultLanes(options.backend), MAX_LANES);
  }

  /** The loop's process, once it has been started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async *generate(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    signal: AbortSignal,
  ): AsyncGenerator<Output, void, undefined> {
    const outputs = new Outputs();
    const { info, contextTokens, detokenize, ignoreEnd = false } = this.#options;
    const run = new NativeRun(requests, {
      outputs,
      limit: (request) => sampleLimit(request, contextTokens, info.contextTokens),
      ahead: () => 2 * this.#lanes,
      send: (message) => this.#start().send(message),
      detokenize,
      ignoreEnd,
    });
    if (this.#runs.size === 0) this.#deaths = 0;
    this.#runs.add(run);
    const stop = () => {
      run.stop();
      outputs.end();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#child?.keep(true);
    // A later call's samples fill the lanes that an earlier one leaves idle, and wait until then.
    const work = this.#sent.then(() => run.feed());
    this.#sent = run.sent;
    work.then(
      () => outputs.end(),
      (error) => outputs.end(error),
    );
    try {
      yield* outputs;
    } finally {
      // Also reached when the consumer stops reading: the loop may not go on decoding for nobody.
      stop();
      signal.removeEventListener('abort', stop);
      this.#runs.delete(run);
      if (run.unfinished) {
        this.#child?.send({ kind: 'cancel' });
        for (const other of this.#runs) other.resend();
      }
      this.#child?.keep(this.#runs.size > 0);
      run.close();
    }
  }

  /** What the loop has done since its process started; null before the first request. */
  stats(): Promise<GeneratorStats | null> {
    const child = this.#child;
    if (child === null) return Promise.resolve(null);
    child.keep(true);
    return new Promise((resolve) => {
      this.#stats.push((stats) => {
        child.keep(this.#runs.size > 0);
        resolve(stats);
      });
      child.send({ kind: 'stats' });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#child?.close();
    this.#child = null;
    this.#file.close();
  }

  #start(): NativeChild {
    if (this.#child !== null) return this.#child;
    this.#file.checkPath();
    this.#ready = false;
    const child: NativeChild = new NativeChild(
      (message) => this.#receive(message),
      (death) => this.#died(child, death),
    );
    this.#child = child;
    child.keep(this.#runs.size > 0);
    child.send({ kind: 'open', settings: this.#settings(), release: this.#library.release });
    return child;
  }

  #settings(): LoopSettings {
    const { info, backend, gpuLayers, threads, contextTokens, deterministic } = this.#options;
    const lanes: number[] = [];
    for (let some = this.#lanes; some >= 1; some = Math.floor(some / 2)) lanes.push(some);
    // On a CPU a stream for each sequence makes a sample's rounding its own, and costs nothing; on a GPU shared
    // cells hold more samples.
    const streams = deterministic || backend === 'cpu';
    const rows = stepRows(info);
    return {
      libraryFolder: this.#library.folder,
      fallbackFolder: this.#library.fallback,
      model: info.path,
      gpu: backend !== 'cpu',
      gpuLayers: gpuLayers ?? -1,
      threads,
      lanes: Int32Array.from(lanes),
      contextTokens: longestContext(contextTokens, info.contextTokens),
      unified: !streams,
      mixed: !streams,
      width: deterministic ? Math.max(WIDTH, this.#lanes) : 0,
      leastRows: rows.least,
      rowMultiple: rows.multiple,
    };
  }

  #receive(message: FromProcess): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        return;
      case 'lanes':
        if (message.reason !== '') this.#say(message.lanes, message.reason);
        this.#lanes = message.lanes;
        return;
      case 'hidden':
      case 'sample':
        this.#finished(message);
        return;
      case 'stats':
        this.#stats.shift()?.(message.stats);
        return;
      case 'failed':
        return; // told by the process's end
      default:
        message satisfies never;
    }
  }

  #finished(message: Extract<FromProcess, { kind: 'hidden' | 'sample' }>): void {
    try {
      // Weights that were overwritten beneath the loop write nonsense, which nobody may keep.
      this.#file.check();
    } catch (error) {
      for (const run of this.#runs) run.fail(error);
      return;
    }
    this.#deaths = 0;
    for (const run of this.#runs) run.receive(message); // it knows its own
  }

  #died(child: NativeChild, { reason, memory }: Death): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const resolve of this.#stats.splice(0)) resolve(null);
    const unfinished = [...this.#runs].filter((run) => run.unfinished);
    if (this.#closing || unfinished.length === 0) return;
    this.#deaths += 1;
    try {
      const fewer = memory ? Math.floor(this.#lanes / 2) : this.#lanes;
      if (fewer === 0 || this.#deaths >= DEATHS || (!this.#ready && !memory))
        throw this.#givenUp(reason, memory);
      this.#say(fewer, reason);
      this.#lanes = fewer;
      this.#start();
      for (const run of unfinished) run.resend();
    } catch (error) {
      for (const run of unfinished) run.fail(error);
    }
  }

  #say(lanes: number, reason: string): void {
    const how =
      lanes < this.#lanes ? `goes on with ${lanes} instead of ${this.#lanes} lanes` : 'is started again';
    this.#options.progress.say(`the generator ${how}: ${reason}`);
  }

  #givenUp(reason: string, memory: boolean): ModelError {
    const next = memory
      ? 'pass a smaller --parallel, --context, --max-tokens or --gpu-layers, or choose a smaller quantisation'
      : 'run it again, or pass --generator node-llama-cpp';
    return new ModelError(
      `Expected the native generator to run ${this.#options.info.path}, but ${reason}; ${next}.`,
    );
  }
}

export function defaultLanes(backend: BackendStamp['backend']): number {
  return backend === 'cpu' ? CPU_LANES : GPU_LANES;
}

/** What decides how a text is rounded. */
type Decoding = Pick<NativeGeneratorOptions, 'info' | 'backend' | 'deterministic'>;

/**
 * Which generator it is and, as far as that decides how a text is rounded, how it decodes: part of the cache key of
 * every sample.
 */
export function nativeName({ info, backend, deterministic }: Decoding): string {
  const { least, multiple } = stepRows(info);
  const how = deterministic
    ? 'deterministic'
    : backend === 'cpu'
      ? `rows by ${multiple} from ${least}`
      : 'shared cells';
  return `native ${VERSIONS.native}, ${how}`;
}

/** Whether a text may be rounded by what is decoded beside it, all the same. */
export function nativeTextsDependOnLanes({ info, backend, deterministic }: Decoding): boolean {
  return backend === 'cpu' ? rowsMatter(info) : !deterministic || info.experts > 0;
}
