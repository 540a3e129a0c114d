import type { ChatMessage } from '../problem.js';

/** Who decodes: our own loop over llama.cpp's library, or node-llama-cpp's. */
export const GENERATOR_CHOICES = ['native', 'node-llama-cpp'] as const;
export type GeneratorChoice = (typeof GENERATOR_CHOICES)[number];

/** How the next token is drawn. Temperature 0 means greedy; topK 0 means the whole vocabulary. */
export interface Sampler {
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  /** Tokens of one response, at most. */
  maxTokens: number;
  /** Texts that end a response where they are written, themselves left out. */
  stop: readonly string[];
}

/** The paper's sampling settings (section 4): T 0.8, top-p 0.95, no top-k, 2048 new tokens. */
export const PAPER_SAMPLER: Readonly<Sampler> = {
  temperature: 0.8,
  topP: 0.95,
  topK: 0,
  minP: 0,
  maxTokens: 2048,
  stop: [],
};

/** Samples wanted of one prompt. */
export interface GenerationRequest {
  taskId: string;
  promptTokens: readonly number[];
  /** The prompt as a server takes it, raw text or messages; only there. */
  asked?: string | readonly ChatMessage[];
  sampler: Sampler;
  /** One entry a sample: its index within the task and the seed that its text depends on. */
  samples: readonly { index: number; seed: number }[];
  /** Also return the hidden state of the last prompt token (a generator that cannot says so by an error). */
  wantHidden: boolean;
}

/** One finished response. */
export interface Sample {
  taskId: string;
  index: number;
  seed: number;
  text: string;
  /** Tokens that were generated, the end token not counted. */
  tokens: number;
  /** `stop`: the model ended it, or wrote a stop text; `length`: it met maxTokens or the context's end. */
  stop: 'stop' | 'length';
}

/** A problem whose prompt cannot be run (too long for the context, say); the others go on. */
export interface GenerationFailure {
  taskId: string;
  reason: string;
}

/** What a prompt is to the model: the state of its last token after the final norm (n_embd). */
export interface HiddenState {
  taskId: string;
  hidden: Float32Array;
}

/**
 * The border between the flow and llama.cpp: requests of many problems in, finished samples out, in
 * any order. Ends early, without an error, when the signal is aborted.
 */
export interface Generator {
  /** Which implementation this is; part of the cache key of every sample. */
  readonly name: string;
  generate(
    requests: AsyncIterable<GenerationRequest> | Iterable<GenerationRequest>,
    signal: AbortSignal,
  ): AsyncIterable<Sample | GenerationFailure | HiddenState>;
  close(): Promise<void>;
}
