import { InputError } from '../error.js';

/**
 * SQLite's expected failures as one sentence about `file`; any other error is given back as it is.
 * They are the user's to mend (disk, permissions, a wrong path), so they are InputErrors.
 */
export function sqliteFault(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  const sentence = sentenceOf(code, file);
  return sentence === null ? error : new InputError(sentence, { cause: error });
}

function sentenceOf(code: string, file: string): string | null {
  const kind = code.split('_')[1]; // extended codes such as SQLITE_IOERR_WRITE go with their family
  switch (kind) {
    case 'FULL':
      return `The disk is full: ${file} could not grow; what was stored before is safe: free some space and run the command again.`;
    case 'READONLY':
      return `${file} may not be written: change its permissions or its folder's, or name another file with --cache.`;
    case 'NOTADB':
      return `${file} is not a cache: expected a file that coderm made, got something other than an SQLite database; name another file with --cache, or another one to merge.`;
    case 'CORRUPT':
      return `${file} is damaged: delete it (it is only a cache) or name another file with --cache.`;
    case 'BUSY':
    case 'LOCKED':
      return `${file} is held by another process: wait for it to end, or name another file with --cache.`;
    case 'IOERR':
      return `${file} could not be read or written (${code}): check the disk, or name another file with --cache.`;
    case 'CANTOPEN':
      return `${file} cannot be opened: check its folder and permissions, or name another file with --cache.`;
    case 'TOOBIG':
      return `${file} cannot hold a value of more than 1 GB: leave the large lines out of the input.`;
    default:
      return null;
  }
}

/** Whether the sentence is about a damaged file. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof InputError &&
    String((error.cause as { code?: unknown })?.code).startsWith('SQLITE_CORRUPT')
  );
}
