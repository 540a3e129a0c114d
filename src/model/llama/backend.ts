import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Llama } from 'node-llama-cpp';
import { ModelError } from '../../error.js';
import { autoChoice, isSoftwareDevice } from '../devices/device.js';

/** `auto` takes the best GPU that works here and the CPU where there is none; never a software device. */
export const GPU_CHOICES = ['auto', 'cuda', 'metal', 'vulkan', 'cpu'] as const;
export type GpuChoice = (typeof GPU_CHOICES)[number];

/** What runs the model: the part of a sample's cache key that the machine gives. */
export interface BackendStamp {
  backend: Exclude<GpuChoice, 'auto'>;
  /** `cpu`, or the backend and its devices' names: `cuda:NVIDIA H100 80GB HBM3`. */
  device: string;
  /** `node-llama-cpp 3.22.1, llama.cpp b1234`. */
  build: string;
}

/** A loaded llama.cpp runtime with its stamp. The one who opens it closes it. */
export class Backend implements BackendStamp {
  #llama: Promise<Llama> | null;

  constructor(
    readonly backend: BackendStamp['backend'],
    readonly device: string,
    readonly build: string,
    llama: Llama | null,
  ) {
    this.#llama = llama === null ? null : Promise.resolve(llama);
  }

  /** The runtime; on the CPU it is loaded at the first call, so that a stamp costs nothing. */
  llama(): Promise<Llama> {
    this.#llama ??= loadLlama(this.backend);
    return this.#llama;
  }

  async close(): Promise<void> {
    const llama = this.#llama;
    this.#llama = null;
    await (await llama)?.dispose();
  }
}

/**
 * Finds the backend for `--gpu`. No model is loaded: `cpu` takes a millisecond, the others load
 * llama.cpp's library and ask its devices (about a second).
 * Throws ModelError when a GPU is asked for and this machine does not have it; never falls back.
 */
export async function openBackend(gpu: GpuChoice): Promise<Backend> {
  const build = runtimeBuild();
  if (gpu === 'cpu') return new Backend('cpu', 'cpu', build, null);
  const llama = await loadLlama(gpu);
  if (llama.gpu === false && gpu === 'auto') return new Backend('cpu', 'cpu', build, llama);
  if (llama.gpu === false) {
    await llama.dispose(); // what node-llama-cpp gives for Metal elsewhere than on a Mac
    throw absent(gpu, 'llama.cpp has none here');
  }
  const names = await llama.getGpuDeviceNames();
  const choice = gpu === 'auto' ? autoChoice(names) : names.length > 0 ? 'take' : 'leave';
  if (choice !== 'take') {
    await llama.dispose();
    if (choice === 'refuse') throw mixed(names);
    if (gpu === 'auto') return openBackend('cpu');
    throw absent(gpu, 'its library loads but finds no device');
  }
  return new Backend(llama.gpu, `${llama.gpu}:${names.join('+')}`, build, llama);
}

/** What `--gpu auto` takes here. */
export async function autoBackend(): Promise<Pick<BackendStamp, 'backend' | 'device'>> {
  const opened = await openBackend('auto');
  try {
    return { backend: opened.backend, device: opened.device };
  } finally {
    await opened.close();
  }
}

async function loadLlama(gpu: GpuChoice): Promise<Llama> {
  const { getLlama, getLlamaGpuTypes, LlamaLogLevel } = await import('node-llama-cpp');
  try {
    return await getLlama({
      gpu: gpu === 'cpu' ? false : gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
      // What llama.cpp would print is told as one sentence by whoever catches the failure.
      logger: () => {},
      // Its threads spin while they wait, so one more than the cores costs a factor, not a percentage.
      maxThreads: availableParallelism(),
    });
  } catch (cause) {
    const found = (await getLlamaGpuTypes('supported')).map((type) => (type === false ? 'cpu' : type));
    throw absent(gpu, `this machine offers ${found.join(', ') || 'no backend at all'}`, cause);
  }
}

function absent(gpu: GpuChoice, found: string, cause?: unknown): ModelError {
  const what = gpu === 'cpu' || gpu === 'auto' ? 'llama.cpp to load' : `a ${gpu} GPU for --gpu ${gpu}`;
  const next =
    gpu === 'cpu' || gpu === 'auto'
      ? 'run `npm install` again so that node-llama-cpp brings its binaries'
      : 'install its driver and runtime libraries, or pass --gpu auto or --gpu cpu';
  return new ModelError(`Expected ${what}, but ${found}; ${next}.`, { cause });
}

function mixed(names: readonly string[]): ModelError {
  const software = names.filter(isSoftwareDevice).join(', ');
  return new ModelError(
    `Expected only real devices for --gpu auto, but GGML_VK_VISIBLE_DEVICES names ${software} too, which would hold and slow down a share of the layers; take it out of the variable, or pass --gpu vulkan to use all of them.`,
  );
}

/** Versions of what generates, read from the package's files: loading it would take half a second. */
function runtimeBuild(): string {
  const json = (path: string) =>
    JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.resolve('node-llama-cpp'))), 'utf8'));
  const { version } = json('../package.json');
  const { release } = json('../llama/binariesGithubRelease.json');
  return `node-llama-cpp ${version}, llama.cpp ${release}`;
}
