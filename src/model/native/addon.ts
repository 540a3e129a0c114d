import { join } from 'node:path';
import { ModelError } from '../../error.js';
import { BUILD_COMMAND, loadNative, whyUnusable } from '../../native-file.js';
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

/** Why the generator cannot work on this machine, by its file alone; null if nothing speaks against it. */
export const generatorProblem = (): string | null => whyUnusable(path);

/** @throws ModelError if it was not built, or not for this machine */
export function requireGeneratorAddon(): void {
  const why = generatorProblem();
  if (why !== null) throw unusable(why);
}

/** @throws ModelError if it does not load */
export const loadGeneratorAddon = (): GeneratorAddon => loadNative<GeneratorAddon>(path, unusable);

function unusable(why: string): ModelError {
  return new ModelError(
    `The native generator cannot be used: ${why}. Run: ${BUILD_COMMAND}, or pass --generator node-llama-cpp.`,
  );
}
