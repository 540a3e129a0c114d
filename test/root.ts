import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, found from the compiled test's place (dist/test). */
export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Path of a committed fixture. */
export function fixture(...parts: string[]): string {
  return join(root, 'test', 'fixtures', ...parts);
}

/** Path of a file in `../shared`, or null (said aloud) where this machine does not have it. */
export function shared(...parts: string[]): string | null {
  const path = join(root, '..', 'shared', ...parts);
  if (existsSync(path)) return path;
  process.stderr.write(`  skipped: needs ${path}, which is not here\n`);
  return null;
}
