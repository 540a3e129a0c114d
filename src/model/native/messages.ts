/** What crosses the border to the native generator's process: prompts and samples once each, never a token alone. */

/** How a loop runs; fixed for the life of its process. */
export interface LoopSettings {
  /** Folder of llama.cpp's library and its backends. */
  libraryFolder: string;
  /** More backends, for where the folder's own find no GPU; '' for none. */
  fallbackFolder: string;
  /** Path of the GGUF file. */
  model: string;
  gpu: boolean;
  /** -1: all. */
  gpuLayers: number;
  /** Threads that decode. */
  threads: number;
  /** Numbers of lanes, tried from the left until one fits the memory. */
  lanes: Int32Array;
  /** Prompt and sample together at most, tokens. */
  contextTokens: number;
  /** Sequences share one pool of KV cells; else each has a stream of its own. */
  unified: boolean;
  /** Prompts are prefilled in pieces beside decoding lanes; else alone. */
  mixed: boolean;
  /** Tokens of every decode step; 0: as many as lanes are busy, filled up as the next two say. */
  width: number;
  /** Rows of a decode step, at least, and what they are a multiple of; not for shared cells. */
  leastRows: number;
  rowMultiple: number;
}

export interface LoopPrompt {
  id: number;
  tokens: Int32Array;
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  stop: string[];
  /** Tokens of one sample at most. */
  maxTokens: number;
  wantHidden: boolean;
  /** Go on at end-of-generation tokens, for measuring. */
  ignoreEnd: boolean;
}

export interface LoopSample {
  id: number;
  /** Id of its prompt. */
  prompt: number;
  seed: number;
}

/** What the loop has done since its process started. Seconds are of the clock. */
export interface GeneratorStats {
  prefillTokens: number;
  prefillSeconds: number;
  /** Tokens that became part of a sample; the first of each is drawn from its prompt's prefill and not counted. */
  decodeTokens: number;
  /** Without sampling. With a prefill that rides along, where there is one. */
  decodeSeconds: number;
  decodeSteps: number;
  samplingSeconds: number;
  /** From the first prompt to the first token that was drawn. */
  firstTokenSeconds: number;
  lanes: number;
  /** KV cells of the context, and the most that were reserved at one time. */
  cells: number;
  mostCells: number;
}

export type LoopEvent =
  | { kind: 'ready' }
  /** A context was opened; the reason says why it has fewer lanes than were asked for, '' where it does not. */
  | { kind: 'lanes'; lanes: number; reason: string }
  | { kind: 'hidden'; id: number; hidden: Float32Array }
  /** `stopped`: by the model or a stop text, not by its limit. */
  | { kind: 'sample'; id: number; tokens: Int32Array; stopped: boolean }
  | { kind: 'failed'; reason: string; memory: boolean };

export type ToProcess =
  | { kind: 'open'; settings: LoopSettings; release: string }
  | { kind: 'prompt'; prompt: LoopPrompt }
  | { kind: 'sample'; sample: LoopSample }
  /** No more samples of this prompt. */
  | { kind: 'finish'; id: number }
  /** Forget all prompts and samples. */
  | { kind: 'cancel' }
  | { kind: 'stats' };

export type FromProcess = LoopEvent | { kind: 'stats'; stats: GeneratorStats };

/** The addon's side of the same (native/generator/loop_binding.cc). */
export interface NativeLoop {
  prompt(prompt: LoopPrompt): void;
  sample(sample: LoopSample): void;
  finish(id: number): void;
  cancel(): void;
  stats(): GeneratorStats;
  close(): void;
}
