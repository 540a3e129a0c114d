import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The Python that runs in the jail: what parses (`reader`), what executes (`runner`), and what both use (`syntax`). */
export const HARNESS = join(packageRoot, 'native', 'sandbox', 'harness');

/** Where a jail with a root of its own shows it. */
export const HARNESS_IN_JAIL = '/coderm';

/** sha256 of the harness's files, those that parse and those that execute; `syntax` is part of both. */
export interface HarnessHashes {
  reader: string;
  runner: string;
}

export function harnessHashes(harness: string): HarnessHashes {
  const of = (part: string) => hashFolders([part, 'syntax'].map((folder) => join(harness, folder)));
  return { reader: of('reader'), runner: of('runner') };
}

function hashFolders(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder).filter((file) => file.endsWith('.py'));
    for (const name of files.sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}
