import type { GgufInfo } from '../gguf/gguf.js';
import { filledRows, stepRows } from '../native/step-rows.js';
import type { Backend } from './backend.js';

/** How samples would be decoded. */
export interface DecodeShape {
  lanes: number;
  /** Tokens of a prompt and of a sample, at most. */
  promptTokens: number;
  sampleTokens: number;
  /** Null: all. */
  gpuLayers: number | null;
}

/** Bytes that loading a model and decoding would take, and what there is. */
export interface MemoryNeed {
  /** What would run it, as the backend's stamp names it. */
  device: string;
  /** Null on a CPU. */
  gpu: MemoryShare | null;
  /** Of the machine; weights are mapped from the file and may be shared. */
  ram: MemoryShare;
}

export interface MemoryShare {
  weights: number;
  context: number;
  free: number;
  total: number;
}

/** Estimated by node-llama-cpp from the file's metadata; no weights are loaded. */
export async function estimateMemory(
  info: GgufInfo,
  backend: Backend,
  { lanes, promptTokens, sampleTokens, gpuLayers }: DecodeShape,
): Promise<MemoryNeed> {
  const { GgufInsights, readGgufFileInfo } = await import('node-llama-cpp');
  const llama = await backend.llama();
  const insights = await GgufInsights.from(await readGgufFileInfo(info.path, { logWarnings: false }), llama);
  const onGpu = llama.gpu !== false;
  const layers = onGpu ? Math.min(gpuLayers ?? insights.totalLayers, insights.totalLayers) : 0;
  const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: layers });
  const context = await insights.estimateContextResourceRequirementsV2({
    // On a GPU the lanes share the cells of their prompt; on a CPU each has its own, and so has the prompt.
    ...(onGpu
      ? { contextSize: 2 * promptTokens + lanes * sampleTokens, sequences: 1 }
      : { contextSize: promptTokens + sampleTokens, sequences: filledRows(stepRows(info), lanes) + 1 }),
    modelGpuLayers: layers,
    flashAttention: 'auto',
  });
  const { gpu, ram } = await deviceMemory(backend);
  return {
    device: backend.device,
    gpu: gpu && { weights: weights.gpuVram, context: context.gpuVram, ...gpu },
    ram: { weights: weights.cpuRam, context: context.cpuRam, ...ram },
  };
}

/** Bytes of a GPU (of all of them together; null on a CPU) and of the machine. */
export async function deviceMemory(
  backend: Backend,
): Promise<{ gpu: { free: number; total: number } | null; ram: { free: number; total: number } }> {
  const llama = await backend.llama();
  const amounts = ({ free, total }: { free: number; total: number }) => ({ free, total });
  return {
    gpu: llama.gpu === false ? null : amounts(await llama.getVramState()),
    ram: amounts(await llama.getRamState()),
  };
}
