import { availableParallelism } from 'node:os';
import { promptKey, promptMark } from '../cache/keys.js';
import { ModelError } from '../error.js';
import type { ChatMessage } from '../problem.js';
import type { Progress } from '../progress.js';
import { type ChatOptions, type Prompt, renderChat, tokenizeChat } from './chat.js';
import { findModel, type KnownModel, recogniseModel } from './files/registry.js';
import { type Generator, type GeneratorChoice, PAPER_SAMPLER } from './generator.js';
import { checksum } from './gguf/checksum.js';
import { type GgufInfo, readGguf } from './gguf/gguf.js';
import { type Backend, type BackendStamp, type GpuChoice, openBackend } from './llama/backend.js';
import { LlamaGenerator } from './llama/llama-generator.js';
import { type DecodeShape, estimateMemory, type MemoryNeed } from './llama/memory.js';
import { type Model, openModel } from './llama/model.js';
import { WITHOUT_NATIVE } from './native/library.js';
import {
  defaultLanes,
  NativeGenerator,
  nativeName,
  nativeTextsDependOnLanes,
} from './native/native-generator.js';
import type { ManifestModel, OpenModel } from './open-model.js';

export interface SessionOptions {
  /** Path of a GGUF file, or a name of the registry. */
  model: string;
  gpu: GpuChoice;
  /** Null: all layers. */
  gpuLayers: number | null;
  /** Tokens of prompt and response together; null: what the registry, or else the file, says of the model. */
  contextTokens: number | null;
  /** Samples decoded at a time; null: the device's default. */
  lanes: number | null;
  /** Threads that decode; null: one a core. They spin while they wait, so cores that are busy should be left out. */
  threads: number | null;
  /** Who decodes; default: native, and node-llama-cpp on the platforms that have no other. */
  generator?: GeneratorChoice;
  /** Decode steps of one shape only, so that no text depends on what runs beside it, on a GPU too. */
  deterministic?: boolean;
}

/** What a session remembers between runs. */
export interface SessionMemory {
  model(path: string, size: number, mtimeMs: number): string | undefined;
  rememberModel(path: string, size: number, mtimeMs: number, sha256: string): void;
  prompt(key: string): Prompt | undefined;
  storePrompt(key: string, prompt: Prompt, mark: number): void;
}

/**
 * A model in use. It is identified and its template read at once; its weights are loaded when the first prompt or
 * sample is missing from the memory, so a run that has everything loads nothing.
 */
export class ModelSession implements OpenModel {
  private opened: Promise<Model> | null = null;
  private running: Generator | null = null;

  private constructor(
    readonly info: GgufInfo,
    readonly sha256: string,
    private readonly known: KnownModel | null,
    private readonly backend: Backend,
    private readonly options: SessionOptions,
    private readonly memory: SessionMemory,
    private readonly progress: Progress,
  ) {}

  /** @throws ModelError when there is no such model, its file is not usable or the GPU is absent. */
  static async open(
    options: SessionOptions,
    memory: SessionMemory,
    progress: Progress,
  ): Promise<ModelSession> {
    const info = await readGguf(findModel(options.model));
    if (info.chatTemplate === null) {
      throw new ModelError(
        `Expected a chat model, but ${info.path} has no chat template; choose an instruction-tuned model.`,
      );
    }
    const sha256 = await identify(info, memory, progress);
    const asked = options.contextTokens ?? 0;
    if (asked > info.contextTokens) {
      progress.say(
        `--context ${asked}: the model was trained for ${info.contextTokens} tokens, which is used instead`,
      );
    }
    const backend = await openBackend(options.gpu);
    return new ModelSession(info, sha256, recogniseModel(sha256), backend, options, memory, progress);
  }

  get identity(): string {
    return this.sha256;
  }

  get description(): ManifestModel {
    const { path, bytes } = this.info;
    const { backend, device } = this.stamp;
    return {
      path,
      bytes,
      sha256: this.sha256,
      backend,
      device,
      generator: this.generatorName,
      texts_depend_on_lanes: this.textsDependOnLanes,
    };
  }

  /** What runs the model: part of a sample's cache key. */
  get stamp(): BackendStamp {
    const { backend, device, build } = this.backend;
    return { backend, device, build };
  }

  /** Who decodes: part of a sample's cache key too. */
  get generatorName(): string {
    return this.native ? nativeName(this.decoding) : 'node-llama-cpp';
  }

  private get decoding() {
    const { deterministic = false } = this.options;
    return { info: this.info, backend: this.stamp.backend, deterministic };
  }

  private get textsDependOnLanes(): boolean {
    return !this.native || nativeTextsDependOnLanes(this.decoding);
  }

  /** How this model's answers are started and ended unless the user says otherwise. */
  get defaults(): { responsePrefix: string | null; stop: readonly string[]; maxTokens: number } {
    return {
      responsePrefix: this.known?.response_prefix ?? null,
      stop: this.known?.response_stop ?? [],
      maxTokens: this.known?.response_tokens ?? PAPER_SAMPLER.maxTokens,
    };
  }

  /** Tokens of prompt and response together, at most. */
  get contextTokens(): number {
    const { contextTokens } = this.info;
    return Math.min(this.options.contextTokens ?? this.known?.context ?? contextTokens, contextTokens);
  }

  /**
   * Batches of problems that may be under way at a time. On a GPU the next ones are generated while the last one is
   * executed; on a CPU both would fight for the same cores, so they take turns.
   */
  get batchesAtOnce(): number {
    return this.stamp.backend === 'cpu' || this.generatorName === 'node-llama-cpp' ? 1 : 3;
  }

  /** Samples decoded at a time, if the memory allows. */
  get lanes(): number {
    return this.options.lanes ?? defaultLanes(this.stamp.backend);
  }

  estimateMemory(shape: Pick<DecodeShape, 'promptTokens' | 'sampleTokens'>): Promise<MemoryNeed> {
    const { lanes, options, info, backend } = this;
    return estimateMemory(info, backend, { ...shape, lanes, gpuLayers: options.gpuLayers });
  }

  /** The prompt as the model gets it; tokenised once per memory. */
  async prompt(
    messages: readonly ChatMessage[],
    prefix: string,
    compat: ChatOptions['compat'],
  ): Promise<Prompt> {
    const { build } = this.stamp;
    const key = promptKey({ model: this.sha256, build, messages, prefix, compat });
    const remembered = this.memory.prompt(key);
    if (remembered) return remembered;
    const text = renderChat(this.info, messages, { responsePrefix: prefix, compat });
    const prompt = { text, tokens: tokenizeChat(await this.model(), text, compat) };
    this.memory.storePrompt(key, prompt, promptMark());
    return prompt;
  }

  /** @throws ModelError where the native generator or its library is missing. */
  async generator(): Promise<Generator> {
    this.running ??= this.native ? await this.openNative() : await this.openOther();
    return this.running;
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const { running, opened } = this;
    this.running = null;
    this.opened = null;
    await running?.close();
    await (await opened?.catch(() => null))?.close();
    await this.backend.close();
  }

  private get native(): boolean {
    const { generator = 'native' } = this.options;
    return generator === 'native' && !WITHOUT_NATIVE.includes(`${process.platform}-${process.arch}`);
  }

  private async openNative(): Promise<Generator> {
    const { contextTokens, options, info, progress } = this;
    const { gpuLayers, lanes, threads, deterministic = false } = options;
    const model = await this.model();
    return new NativeGenerator({
      info,
      backend: this.backend.backend,
      gpuLayers,
      threads: threads ?? availableParallelism(),
      contextTokens,
      lanes,
      deterministic,
      detokenize: (tokens, before) => model.detokenize(tokens, before),
      progress,
    });
  }

  private async openOther(): Promise<Generator> {
    const { contextTokens, options } = this;
    return new LlamaGenerator({ model: await this.model(), contextTokens, lanes: options.lanes });
  }

  private model(): Promise<Model> {
    const { gpuLayers, threads } = this.options;
    this.opened ??= openModel({
      file: this.info,
      gpu: this.backend,
      gpuLayers,
      vocabularyOnly: this.native,
      ...(threads === null ? {} : { threads }),
    });
    return this.opened;
  }
}

/** The file's sha256: computed once, and remembered by path, size and time. */
export async function identify(
  info: GgufInfo,
  memory: Pick<SessionMemory, 'model' | 'rememberModel'>,
  progress: Progress,
): Promise<string> {
  const remembered = memory.model(info.path, info.bytes, info.mtimeMs);
  if (remembered) return remembered;
  const sha256 = await checksum(info.path, progress);
  memory.rememberModel(info.path, info.bytes, info.mtimeMs, sha256);
  return sha256;
}
