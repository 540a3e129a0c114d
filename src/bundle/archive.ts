import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Header } from 'tar';
import { InputError } from '../error.js';

/**
 * Reading a bundle: a tar file of a few regular files. The reader knows no other kind of entry and takes no path from
 * the archive: whoever asks for a member says which one comes next, how long it is and what its checksum is.
 */

const BLOCK = 512;
const CHUNK = 4 << 20;

export class ArchiveReader {
  readonly #fd: number;
  #at = 0;

  /** @throws InputError where there is no such file. */
  constructor(readonly path: string) {
    try {
      this.#fd = openSync(path, 'r');
    } catch (cause) {
      throw new InputError(`Expected a bundle at ${path}, but ${(cause as Error).message}; check the path.`, {
        cause,
      });
    }
  }

  /** The next member, whole, of at most so many bytes. */
  text(name: string, most: number): string {
    const bytes = this.#enter(name);
    if (bytes > most) throw this.#fault(`${name} has ${bytes} bytes`);
    return this.#read(bytes).toString('utf8');
  }

  /** Writes the next member into a new file, and checks it. */
  copy(name: string, bytes: number, sha256: string, to: string, onBytes: (bytes: number) => void): void {
    if (this.#enter(name) !== bytes) throw this.#fault(`${name} has another length than its manifest says`);
    const hash = createHash('sha256');
    const fd = openSync(to, 'wx');
    try {
      for (let left = bytes; left > 0; ) {
        const part = this.#read(Math.min(left, CHUNK), left <= CHUNK);
        hash.update(part);
        for (let done = 0; done < part.length; ) done += writeSync(fd, part, done);
        left -= part.length;
        onBytes(part.length);
      }
    } finally {
      closeSync(fd);
    }
    const found = hash.digest('hex');
    if (found !== sha256) throw this.#fault(`${name} has the SHA-256 ${found} and not ${sha256}`);
  }

  /** Nothing but the end may follow. */
  end(): void {
    if (this.#read(BLOCK).some((byte) => byte !== 0))
      throw this.#fault('more follows than its manifest says');
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Reads the header of the member that comes next, and returns its length. */
  #enter(name: string): number {
    const header = new Header(this.#read(BLOCK), 0);
    if (!header.cksumValid || header.type !== 'File' || header.path !== name || header.size === undefined)
      throw this.#fault(`${name} is not where it should be`);
    return header.size;
  }

  /** The next bytes; the last ones of a member are followed by what fills its block. */
  #read(bytes: number, last = true): Buffer {
    const buffer = Buffer.alloc(bytes);
    for (let done = 0; done < bytes; ) {
      const got = readSync(this.#fd, buffer, done, bytes - done, this.#at + done);
      if (got === 0) throw this.#fault('it is cut off');
      done += got;
    }
    this.#at += bytes;
    if (last) this.#at = Math.ceil(this.#at / BLOCK) * BLOCK;
    return buffer;
  }

  #fault(what: string): InputError {
    return new InputError(
      `Expected a whole bundle in ${this.path}, but ${what}; copy it again, or make it again with \`coderm models bundle\`.`,
    );
  }
}
