import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { InputError } from '../error.js';

/**
 * Where JSON lines go: standard output, or a file that appears under its name only when it is complete
 * (until then it is FILE.partial), so a killed run leaves no half result behind.
 */
export class LinesFile {
  private readonly hash = createHash('sha256');
  private readonly fd: number;
  bytes = 0;

  constructor(private readonly path: string | null) {
    try {
      this.fd = path === null ? 1 : openSync(`${path}.partial`, 'w');
    } catch (error) {
      throw unwritable(path!, error);
    }
  }

  write(line: Record<string, unknown>): void {
    const data = Buffer.from(`${JSON.stringify(line)}\n`);
    this.hash.update(data);
    this.bytes += data.length;
    try {
      for (let done = 0; done < data.length; ) done += this.writeSome(data.subarray(done));
    } catch (error) {
      throw unwritable(this.path ?? 'standard output', error);
    }
  }

  /** Gives the file its name. @returns its sha256 */
  complete(): string {
    if (this.path !== null) {
      closeSync(this.fd);
      renameSync(`${this.path}.partial`, this.path);
    }
    return this.hash.digest('hex');
  }

  /** Takes an unfinished file away. */
  abandon(): void {
    if (this.path === null) return;
    closeSync(this.fd);
    rmSync(`${this.path}.partial`, { force: true });
  }

  private writeSome(data: Buffer): number {
    try {
      return writeSync(this.fd, data);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); // a full pipe: its reader is slow
      return 0;
    }
  }
}

function unwritable(path: string, error: unknown): InputError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const next = code === 'ENOSPC' ? 'free some space' : 'name another file with --out';
  return new InputError(`${path} cannot be written (${code}): ${next}; what was computed is in the cache.`, {
    cause: error,
  });
}
