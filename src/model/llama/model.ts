import { availableParallelism } from 'node:os';
import type {
  CustomBatchingPrioritizationStrategy,
  Llama,
  LlamaContext,
  LlamaModel,
  LlamaModelOptions,
  Token,
} from 'node-llama-cpp';
import { ModelError } from '../../error.js';
import type { Tokenizer } from '../chat.js';
import { type GgufInfo, readGguf } from '../gguf/gguf.js';
import { decodeTokens, isByteLevel } from '../gguf/vocabulary.js';
import { Backend, type GpuChoice, openBackend } from './backend.js';

export interface ModelOptions {
  /** The GGUF file, as a path or already read. */
  file: string | GgufInfo;
  /** Where to run; an open backend stays open when the model closes. */
  gpu: GpuChoice | Backend;
  /** Layers on the GPU; null for all of them. Ignored on the CPU. */
  gpuLayers: number | null;
  /** Threads that decode; default: the cores. They spin while they wait, so busy cores should be left out. */
  threads?: number;
  /** Load what tokenises and nothing else: the weights are loaded by the native generator's process. */
  vocabularyOnly?: boolean;
}

/** Tokens that one decode step may hold. */
const BATCH_TOKENS = 512;
const CPU_LANES = 8;
/** llama.cpp's own bound on the sequences of a context. */
const MAX_LANES = 256;
/** Tried from the left until one fits the GPU's memory. */
const GPU_LANES = [64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1];
const MIB = 2 ** 20;

/**
 * Loads a model. Throws ModelError when the file is no usable GGUF, the GPU is absent, or the model
 * does not fit its memory.
 */
export async function openModel({
  file,
  gpu,
  gpuLayers,
  threads,
  vocabularyOnly = false,
}: ModelOptions): Promise<Model> {
  const info = typeof file === 'string' ? await readGguf(file) : file;
  const backend = gpu instanceof Backend ? gpu : await openBackend(gpu);
  const owned = gpu instanceof Backend ? null : backend;
  try {
    const llama = await backend.llama();
    const layers = llama.gpu === false ? 0 : gpuLayers;
    if (layers !== 0) await checkModelFits(llama, info, layers);
    const model = await load(llama, info, layers, vocabularyOnly);
    return new Model(info, backend, model, threads ?? availableParallelism(), owned);
  } catch (error) {
    await owned?.close();
    throw error;
  }
}

async function load(
  llama: Llama,
  info: GgufInfo,
  gpuLayers: number | null,
  vocabOnly: boolean,
): Promise<LlamaModel> {
  // node-llama-cpp reads vocabOnly but does not declare it.
  const options: LlamaModelOptions & { vocabOnly: boolean } = {
    modelPath: info.path,
    gpuLayers: vocabOnly ? 0 : (gpuLayers ?? 'max'),
    vocabOnly,
  };
  try {
    return await llama.loadModel(options);
  } catch (cause) {
    throw new ModelError(
      `Expected llama.cpp to load ${info.path} (${info.architecture}), but it says "${firstLine(cause)}"; download the file again or choose another model.`,
      { cause },
    );
  }
}

/** Whether the model's tokeniser puts a BOS before every text: the file alone does not always say so. */
export async function tokeniserAddsBos(info: GgufInfo): Promise<boolean> {
  const model = await openModel({ file: info, gpu: 'cpu', gpuLayers: 0, vocabularyOnly: true });
  try {
    return model.addsBos;
  } finally {
    await model.close();
  }
}

/** node-llama-cpp refuses too, but without saying how much is needed. */
async function checkModelFits(llama: Llama, info: GgufInfo, gpuLayers: number | null): Promise<void> {
  const { GgufInsights, readGgufFileInfo } = await import('node-llama-cpp');
  const insights = await GgufInsights.from(await readGgufFileInfo(info.path, { logWarnings: false }), llama);
  const need = await insights.estimateModelResourceRequirementsV2({
    gpuLayers: Math.min(gpuLayers ?? insights.totalLayers, insights.totalLayers),
  });
  const { free } = await llama.getVramState();
  if (need.gpuVram > free)
    throw new ModelError(
      `Expected ${mib(need.gpuVram)} of free GPU memory for the weights of ${info.path}, but ${mib(free)} is free; pass a smaller --gpu-layers (the model has ${insights.totalLayers}), choose a smaller quantisation, or pass --gpu cpu.`,
    );
}

/** An open model: tokenises, and opens lanes to decode on. */
export class Model implements Tokenizer {
  readonly bos: number | null;
  readonly addsBos: boolean;

  constructor(
    readonly info: GgufInfo,
    readonly backend: Backend,
    readonly llama: LlamaModel,
    private readonly threads: number,
    private readonly owned: Backend | null,
  ) {
    this.bos = llama.tokens.bos;
    this.addsBos = llama.tokens.shouldPrependBosToken;
  }

  tokenize(text: string): number[] {
    return this.llama.tokenize(text, true);
  }

  /** The text of `tokens`, which were generated after `before`. */
  detokenize(tokens: readonly number[], before: readonly number[] = []): string {
    const { vocabulary } = this.info;
    if (isByteLevel(vocabulary)) return decodeTokens(vocabulary, tokens);
    return this.llama.detokenize(tokens as Token[], false, before as Token[]);
  }

  /**
   * Opens a context of `lanes` sequences of `contextTokens` tokens each; null lanes: 8 on the CPU, as
   * many as fit (up to 64) on a GPU. Throws ModelError with the amounts when it does not fit.
   */
  async openLanes(contextTokens: number, lanes: number | null): Promise<LlamaContext> {
    if (lanes !== null && lanes > MAX_LANES)
      throw new ModelError(
        `Expected --parallel of at most ${MAX_LANES} lanes, but got ${lanes}; pass a smaller one.`,
      );
    const candidates = lanes !== null ? [lanes] : this.llama.gpuLayers === 0 ? [CPU_LANES] : GPU_LANES;
    for (const sequences of candidates) {
      const lack = await this.#lack(contextTokens, sequences);
      if (lack === null) return this.#createContext(contextTokens, sequences);
      if (sequences === candidates.at(-1)) throw doesNotFit(lack, contextTokens, sequences);
    }
    throw new RangeError('no number of lanes to try');
  }

  async close(): Promise<void> {
    await this.llama.dispose();
    await this.owned?.close();
  }

  #contextOptions(contextTokens: number, sequences: number) {
    return {
      sequences,
      contextSize: contextTokens,
      batchSize: Math.max(BATCH_TOKENS, sequences),
      threads: this.threads,
      // On the CPU, flash attention splits the work in another way for one sequence than for several,
      // and with it the rounding: a sample's text would depend on how many lanes run beside it.
      flashAttention: this.backend.backend === 'cpu' ? false : this.llama.defaultContextFlashAttention,
    };
  }

  async #lack(contextTokens: number, sequences: number): Promise<Lack | null> {
    const need = await this.llama.fileInsights.estimateContextResourceRequirementsV2({
      ...this.#contextOptions(contextTokens, sequences),
      modelGpuLayers: this.llama.gpuLayers,
    });
    const { llama } = this.llama;
    const vram = llama.gpu === false ? null : (await llama.getVramState()).free;
    if (vram !== null && need.gpuVram > vram) return { what: 'GPU memory', need: need.gpuVram, free: vram };
    const ram = (await llama.getRamState()).free;
    return need.cpuRam > ram ? { what: 'memory', need: need.cpuRam, free: ram } : null;
  }

  async #createContext(contextTokens: number, sequences: number): Promise<LlamaContext> {
    try {
      return await this.llama.createContext({
        ...this.#contextOptions(contextTokens, sequences),
        batching: { itemPrioritizationStrategy: prefillAlone },
        // A smaller context than asked for would cut samples off without a word.
        failedCreationRemedy: false,
      });
    } catch (cause) {
      throw new ModelError(
        `Expected a context of ${sequences} lanes of ${contextTokens} tokens, but llama.cpp says "${firstLine(cause)}"; pass a smaller --parallel, --context or --gpu-layers.`,
        { cause },
      );
    }
  }
}

/**
 * What one decode step takes from the lanes' pending tokens: one lane's prefill and nothing else, or
 * one token of every lane. Mixed, llama.cpp would cut a prefill at places that depend on the other
 * lanes, and a piece of one token goes through other kernels than a longer one, with other rounding.
 */
const prefillAlone: CustomBatchingPrioritizationStrategy = ({ items, size }) => {
  const prefill = items.find((item) => item.tokens.length > 1);
  if (prefill !== undefined)
    return [{ item: prefill, processAmount: Math.min(BATCH_TOKENS, prefill.tokens.length) }];
  return items.slice(0, size).map((item) => ({ item, processAmount: 1 }));
};

interface Lack {
  what: string;
  /** Bytes. */
  need: number;
  /** Bytes. */
  free: number;
}

function doesNotFit({ what, need, free }: Lack, contextTokens: number, lanes: number): ModelError {
  const layers = what === 'GPU memory' ? ', --gpu-layers' : '';
  return new ModelError(
    `Expected ${mib(need)} of free ${what} for ${lanes} lanes of ${contextTokens} tokens, but ${mib(free)} is free; pass a smaller --parallel, --context${layers} or --max-tokens.`,
  );
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
