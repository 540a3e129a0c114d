import { statSync } from 'node:fs';
import type { Progress } from '../../progress.js';
import { hashModel } from './gguf.js';

const MIB = 2 ** 20;

/** SHA-256 of a file in hex; the progress counts MiB. */
export async function checksum(path: string, progress: Progress): Promise<string> {
  const total = Math.ceil(statSync(path).size / MIB);
  const phase = progress.phase('hash', total, 'MiB');
  let shown = 0;
  try {
    return await hashModel(path, (bytes) => {
      const now = Math.floor(bytes / MIB);
      if (now > shown) phase.advance(now - shown);
      shown = Math.max(now, shown);
    });
  } finally {
    phase.advance(total - shown);
    phase.end();
  }
}
