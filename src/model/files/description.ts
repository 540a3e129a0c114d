import { basename, dirname } from 'node:path';
import { PAPER_SAMPLER } from '../generator.js';
import { type GgufInfo, readGguf } from '../gguf/gguf.js';
import { type GpuChoice, openBackend } from '../llama/backend.js';
import { estimateMemory, type MemoryNeed } from '../llama/memory.js';
import { quantisationName } from '../llama/quantisation.js';
import { ModelsFolder } from './models-folder.js';
import { findModel, knownModel, recogniseModel } from './registry.js';

/** What is told of a model, as `models info` prints it. */
export interface ModelDescription {
  path: string;
  bytes: number;
  /** As recorded when it came; null for a file of which nothing is recorded. */
  sha256: string | null;
  /** The registry's name of it. */
  known: string | null;
  licence: string | null;
  name: string | null;
  architecture: string;
  quantisation: string | null;
  contextTokens: number;
  vocabulary: { kind: string; tokens: number };
  /** Jinja source; null for a base model. */
  template: string | null;
  templateKind: string | null;
  memory: {
    backend: string;
    promptTokens: number;
    sampleTokens: number;
    lanes: (MemoryNeed & { lanes: number })[];
  };
}

/** What to estimate the memory for. */
export interface DescriptionOptions {
  gpu: GpuChoice;
  /** Samples decoded at a time, each estimated. */
  lanes: readonly number[];
  promptTokens: number;
}

/** Reads the header and asks llama.cpp's arithmetic; no weights are loaded. @throws ModelError as `readGguf`. */
export async function describeModel(
  model: string,
  { gpu, lanes, promptTokens }: DescriptionOptions,
): Promise<ModelDescription> {
  const info = await readGguf(findModel(model));
  const sha256 = new ModelsFolder(dirname(info.path)).expected(basename(info.path));
  const known = (sha256 === null ? null : recogniseModel(sha256)) ?? knownModel(basename(info.path));
  const sampleTokens = Math.min(known?.response_tokens ?? PAPER_SAMPLER.maxTokens, info.contextTokens);
  const shape = { promptTokens: Math.min(promptTokens, info.contextTokens), sampleTokens };
  const backend = await openBackend(gpu);
  try {
    const needs: (MemoryNeed & { lanes: number })[] = [];
    for (const many of lanes)
      needs.push({
        lanes: many,
        ...(await estimateMemory(info, backend, { ...shape, lanes: many, gpuLayers: null })),
      });
    return {
      ...(await header(info)),
      sha256,
      known: known?.name ?? null,
      licence: known?.licence ?? null,
      memory: { backend: backend.device, ...shape, lanes: needs },
    };
  } finally {
    await backend.close();
  }
}

async function header(info: GgufInfo) {
  const { path, bytes, name, architecture, contextTokens, chatTemplate, vocabulary } = info;
  return {
    path,
    bytes,
    name,
    architecture,
    quantisation: await quantisationName(info),
    contextTokens,
    vocabulary: { kind: vocabulary.kind, tokens: vocabulary.tokens.length },
    template: chatTemplate,
    templateKind: chatTemplate === null ? null : templateKind(chatTemplate),
  };
}

/** What a template is called, by the token that opens its messages. */
const KINDS: readonly [token: string, name: string][] = [
  ['<|start_header_id|>', 'Llama 3'],
  ['<|im_start|>', 'ChatML'],
  ['[INST]', 'Llama 2 or Mistral'],
  ['<start_of_turn>', 'Gemma'],
];

function templateKind(template: string): string {
  return KINDS.find(([token]) => template.includes(token))?.[1] ?? 'of its own kind';
}
