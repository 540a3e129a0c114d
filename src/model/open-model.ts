import type { ChatMessage } from '../problem.js';
import type { ChatOptions, Prompt } from './chat.js';
import type { Generator } from './generator.js';
import type { DecodeShape, MemoryNeed } from './llama/memory.js';

/** A model in use, whoever runs it: llama.cpp in this process's care, or a server behind an endpoint. */
export interface OpenModel {
  /** Which model it is, by its contents or, at an endpoint, by its name: part of a sample's cache key. */
  readonly identity: string;
  /** What runs it: part of a sample's cache key too. `build` is null where nobody says it. */
  readonly stamp: { backend: string; device: string; build: string | null };
  /** Who decodes: the same. */
  readonly generatorName: string;
  /** What a manifest says of it. */
  readonly description: ManifestModel;
  /** How its answers are started and ended unless the user says otherwise. */
  readonly defaults: { responsePrefix: string | null; stop: readonly string[]; maxTokens: number };
  /** Tokens of prompt and response together, at most; infinite where nobody says it. */
  readonly contextTokens: number;
  /** Batches of problems that may be under way at a time. */
  readonly batchesAtOnce: number;
  /** Samples written at a time. */
  readonly lanes: number;
  /** Null where the memory is not this machine's. */
  estimateMemory(shape: Pick<DecodeShape, 'promptTokens' | 'sampleTokens'>): Promise<MemoryNeed | null>;
  /** The prompt as the model gets it. */
  prompt(
    messages: readonly ChatMessage[],
    prefix: string,
    compat: ChatOptions['compat'],
  ): Promise<Prompt & Asked>;
  generator(): Promise<Generator>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** A prompt in the form that a server takes; absent where it goes to the model as tokens. */
export interface Asked {
  asked?: string | readonly ChatMessage[];
}

export interface ManifestModel {
  /** The file, or the endpoint's address. */
  path: string;
  bytes: number | null;
  sha256: string | null;
  backend: string;
  device: string;
  generator: string;
  /** Whether a text may be rounded by what was decoded beside it; null where nobody says it. */
  texts_depend_on_lanes: boolean | null;
  /** The model's name at the endpoint. */
  name?: string;
}
