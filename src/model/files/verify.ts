import { existsSync, statSync } from 'node:fs';
import { ModelError } from '../../error.js';
import type { Progress } from '../../progress.js';
import { checksum } from '../gguf/checksum.js';
import { readGguf } from '../gguf/gguf.js';
import type { ModelsFolder } from './models-folder.js';
import { knownModel } from './registry.js';

/** `unknown`: neither the record nor the registry says what the file should be. */
export type Soundness = 'sound' | 'damaged' | 'missing' | 'unknown';

export interface VerifiedModel {
  file: string;
  state: Soundness;
  /** Of the file as it is now, hex; null where it is missing. */
  sha256: string | null;
  expected: string | null;
  bytes: number | null;
  /** Why it is damaged; null where it is not. */
  reason: string | null;
}

/**
 * Reads the models of the folder, or those that are named, to the last byte and compares their checksums.
 * @throws ModelError for a name that is neither in the folder nor recorded.
 */
export async function verifyModels(
  folder: ModelsFolder,
  names: readonly string[],
  progress: Progress,
): Promise<VerifiedModel[]> {
  const all = folder.files();
  const wanted = names.map((name) => knownModel(name)?.file ?? name);
  for (const name of wanted) {
    if (all.includes(name)) continue;
    const there = all.length === 0 ? 'it holds none' : `it holds ${all.join(', ')}`;
    throw new ModelError(`Expected a model of ${folder.path}, got "${name}"; ${there}.`);
  }
  const verified: VerifiedModel[] = [];
  for (const file of names.length === 0 ? all : wanted) verified.push(await verify(folder, file, progress));
  return verified;
}

async function verify(folder: ModelsFolder, file: string, progress: Progress): Promise<VerifiedModel> {
  const path = folder.place(file);
  const expected = folder.expected(file);
  if (!existsSync(path)) return { file, state: 'missing', sha256: null, expected, bytes: null, reason: null };
  const broken = await readGguf(path).then(
    () => null,
    (error: Error) => error.message,
  );
  const sha256 = await checksum(path, progress);
  const changed = expected !== null && sha256 !== expected ? 'its contents are not what they were' : null;
  const reason = broken ?? changed;
  const state = reason !== null ? 'damaged' : expected === null ? 'unknown' : 'sound';
  return { file, state, sha256, expected, bytes: statSync(path).size, reason };
}
