import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ModelError } from '../../error.js';
import { packageRoot } from '../../package-root.js';
import type { Sampler } from '../generator.js';
import type { LoopEvent, LoopSettings, NativeLoop } from './messages.js';

const path = join(packageRoot, 'build', 'Release', 'coderm_generator.node');

/** What decides which token is drawn. */
export type DrawSettings = Pick<Sampler, 'temperature' | 'topP' | 'topK' | 'minP'>;

/** The sampler's loops for one instruction set; all give the same bits. */
export type SamplerKernels = 'generic' | 'avx2' | 'avx512';

export interface ListedDevices {
  devices: { name: string; totalBytes: number; freeBytes: number }[];
  /** Lines of llama.cpp's log: devices with their drivers, where the backend says so, and errors. */
  log: string;
  /** Why the backend's library does not load; '' where it does. */
  unloaded: string;
}

export interface GeneratorAddon {
  /** llama.cpp's release whose headers it was compiled with. */
  release: string;
  /** Has the kernel end this process with the one that started it. */
  endWithParent(): void;
  /** What llama.cpp's library in these folders finds of a backend's devices; once a process. @throws Error in one sentence */
  listDevices(libraryFolder: string, fallbackFolder: string, backend: string): ListedDevices;
  NativeLoop: new (settings: LoopSettings, onEvent: (event: LoopEvent) => void) => NativeLoop;
  /** The kernels that this processor can run, the fastest (which is the default) first. */
  samplerKernels: SamplerKernels[];
  /**
   * `count` tokens, drawn one after another from the same logits (one a token of the vocabulary) with one stream of
   * random numbers. @throws RangeError where a logit is NaN or +Infinity, or all are -Infinity.
   */
  drawTokens(
    logits: Float32Array,
    settings: DrawSettings,
    seed: bigint,
    count: number,
    kernels?: SamplerKernels,
  ): Int32Array;
  /** The tokens that these settings can give, by id. */
  keptTokens(logits: Float32Array, settings: DrawSettings, kernels?: SamplerKernels): Int32Array;
  /** exp((logit - greatest logit) / temperature) of each token. */
  tokenWeights(logits: Float32Array, temperature: number, kernels?: SamplerKernels): Float32Array;
}

/** @throws ModelError where it was not built. */
export function requireGeneratorAddon(): void {
  if (existsSync(path)) return;
  throw new ModelError(
    `Expected the native generator as ${path}, but it is not built; run \`npm run build:native\`, or pass --generator node-llama-cpp.`,
  );
}

/** @throws ModelError where it was not built. */
export function loadGeneratorAddon(): GeneratorAddon {
  requireGeneratorAddon();
  return createRequire(import.meta.url)(path) as GeneratorAddon;
}
