import type { GgufInfo } from '../gguf/gguf.js';

/** `Q4_K_M`, or null where the file does not say or llama.cpp has no name for it. */
export async function quantisationName({ fileType }: GgufInfo): Promise<string | null> {
  const { GgufFileType } = await import('node-llama-cpp');
  return fileType === null ? null : (GgufFileType[fileType]?.replace(/^[A-Z]+_/, '') ?? null);
}
