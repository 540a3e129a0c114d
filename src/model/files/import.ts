import { constants, copyFileSync, existsSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ModelError } from '../../error.js';
import type { Progress } from '../../progress.js';
import { checksum } from '../gguf/checksum.js';
import { readGguf } from '../gguf/gguf.js';
import type { ModelRecord, ModelsFolder } from './models-folder.js';
import { knownModel, knownModels, recogniseModel } from './registry.js';

export interface ImportOptions {
  /** A symbolic link in the place of a copy. */
  link: boolean;
  /** The known model that the file is, by name; null: told by its contents, else it keeps its own name. */
  as: string | null;
  /** What its contents must be, hex; null: what the registry says, where it says something. */
  sha256: string | null;
}

/**
 * Brings a GGUF file into the models folder: checks its form and its checksum, copies or links it, and records it.
 * A file that lies in the folder already is only recorded.
 * @throws ModelError when the file is not what was expected, or another one has its name.
 */
export async function importModel(
  file: string,
  folder: ModelsFolder,
  { link, as, sha256 }: ImportOptions,
  progress: Progress,
): Promise<ModelRecord> {
  const known = as === null ? null : knownModel(as);
  if (as !== null && known === null) {
    const names = knownModels().map(({ name }) => name);
    throw new ModelError(
      `Expected --as to be a known model, got "${as}"; known names are ${names.join(', ')}.`,
    );
  }
  const path = resolve(file);
  const { bytes } = await readGguf(path);
  folder.make();
  const found = await checksum(path, progress);
  checkContents(path, found, sha256 ?? known?.sha256 ?? null);
  const name = (known ?? recogniseModel(found))?.file ?? basename(path);
  if (!/^[^.].*\.gguf$/i.test(name))
    throw new ModelError(
      `Expected a file whose name ends in .gguf, got ${name}; rename it, or say what it is with --as.`,
    );
  const place = folder.place(name);
  if (existsSync(place)) {
    if (realpathSync(place) !== realpathSync(path)) checkSame(place, await checksum(place, progress), found);
  } else if (link) symlinkSync(path, place);
  else await copy(path, place, found, progress);
  const record = { file: name, sha256: found, bytes, source: path };
  folder.keep(record);
  return record;
}

/** @throws ModelError when the contents are others than were asked for. */
export function checkContents(path: string, found: string, expected: string | null): void {
  if (expected === null || found === expected.toLowerCase()) return;
  throw new ModelError(
    `Expected ${path} to have the SHA-256 ${expected.toLowerCase()}, but it has ${found}; it is another file or a damaged one, so get it again.`,
  );
}

function checkSame(place: string, there: string, found: string): void {
  if (there === found) return;
  throw new ModelError(
    `Expected no other model at ${place}, but there is one with the SHA-256 ${there}; remove it, or rename the file that you import.`,
  );
}

/** The copy gets its name when its contents were read back and are right. */
async function copy(path: string, place: string, sha256: string, progress: Progress): Promise<void> {
  const partial = `${place}.partial`;
  try {
    copyFileSync(path, partial, constants.COPYFILE_FICLONE);
    checkContents(partial, await checksum(partial, progress), sha256);
    renameSync(partial, place);
  } catch (cause) {
    rmSync(partial, { force: true });
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(
      `Expected to copy ${path} to ${place}, but ${(cause as Error).message}; make room there, or pass --link.`,
      { cause },
    );
  }
}
