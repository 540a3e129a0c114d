import { existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from './error.js';

/**
 * Makes a folder and what is missing above it, one at a time: where a file system refuses a folder as /proc does, Node's
 * own recursive way tries for ever.
 *
 * @throws the system's error, with its code
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder);
    } catch (error) {
      // Another process may have made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(path).isDirectory()) {
    throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
  }
}

/** A new folder beside `path`, in which it is prepared, and what is missing above. @throws InputError if refused. */
export function stagingFolder(path: string): string {
  try {
    makeFolder(dirname(path));
    return mkdtempSync(`${path}.partial-`);
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new InputError(`Expected to write ${path}, but it cannot be made (${code}); name another place.`, {
      cause,
    });
  }
}
