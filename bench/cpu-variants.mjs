// llama.cpp's CPU library comes in a variant for each generation of processors, of which the best is chosen when it is
// loaded. Folders with all libraries but one variant only let each of them be tried.
import { cpSync, linkSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CPU = /^libggml-cpu-(.+)\.so$/;

/** The variants' names. */
export function cpuVariants(libraries) {
  return readdirSync(libraries)
    .flatMap((name) => CPU.exec(name)?.[1] ?? [])
    .sort();
}

/** Calls `work` with a folder that has only this variant. */
export async function withVariant(libraries, variant, work) {
  const folder = mkdtempSync(join(tmpdir(), 'coderm-variant-'));
  try {
    for (const name of readdirSync(libraries)) {
      if (!CPU.test(name) || CPU.exec(name)[1] === variant)
        linkOrCopy(join(libraries, name), join(folder, name));
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}
