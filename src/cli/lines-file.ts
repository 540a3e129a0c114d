import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { InputError } from '../error.js';
import type { FileStamp, Manifest } from '../manifest.js';
import { jsonLine } from './printable.js';
import { snakeCase } from './snake-case.js';

/**
 * Where JSON lines go: standard output, or a file that appears under its name only when it is complete
 * (until then it is FILE.partial), so a killed run leaves no half result behind. What exists and is no regular
 * file (/dev/null, a named pipe) is written as it is, and has no manifest beside it.
 */
export class LinesFile {
  private readonly hash = createHash('sha256');
  private readonly fd: number;
  /** The name that the finished file gets; null where the lines go to their place at once. */
  private readonly name: string | null;
  private bytes = 0;
  private open = true;
  private named = false;

  /** @throws InputError where nothing can be written, or where it would overwrite one of the inputs. */
  constructor(
    private readonly path: string | null,
    inputs: readonly string[] = [],
  ) {
    this.name = path !== null && checkPlace('--out', path, inputs) ? path : null;
    try {
      this.fd = path === null ? 1 : openSync(this.name === null ? path : `${path}.partial`, 'w');
    } catch (error) {
      throw unwritable(path!, error);
    }
  }

  write(line: Record<string, unknown>): void {
    const data = Buffer.from(jsonLine(line));
    this.hash.update(data);
    this.bytes += data.length;
    try {
      for (let done = 0; done < data.length; ) done += this.writeSome(data.subarray(done));
    } catch (error) {
      throw unwritable(this.path ?? 'standard output', error);
    }
  }

  /** Gives the file its name, and writes what `describe` says of it beside it as FILE.manifest.json. */
  async complete(describe: (output: FileStamp) => Promise<Manifest>): Promise<void> {
    this.close();
    if (this.name === null) return;
    const output = { path: this.name, bytes: this.bytes, sha256: this.hash.digest('hex') };
    const manifest = await describe(output);
    try {
      writeFileSync(`${this.name}.manifest.json`, `${JSON.stringify(snakeCase(manifest), null, 2)}\n`);
    } catch (error) {
      throw unwritable(this.name, error);
    }
    this.finish();
  }

  /** Gives the file its name; for lines that are no result of a run, and have no manifest. */
  finish(): void {
    this.close();
    if (this.name === null) return;
    try {
      renameSync(`${this.name}.partial`, this.name);
      this.named = true;
    } catch (error) {
      throw unwritable(this.name, error);
    }
  }

  /** Takes an unfinished file away; a completed one stays. */
  abandon(): void {
    this.close();
    if (this.name !== null && !this.named) rmSync(`${this.name}.partial`, { force: true });
  }

  private close(): void {
    if (this.open && this.path !== null) closeSync(this.fd);
    this.open = false;
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

/**
 * Whether a regular file is (or will be) there.
 * @throws InputError where the flag names no file, a folder, or a file that is read
 */
export function checkPlace(flag: string, path: string, inputs: readonly string[]): boolean {
  if (path === '') throw new InputError(`${flag}: expected a file to write, got an empty name.`);
  let found: ReturnType<typeof statSync> | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unwritable(path, error);
  }
  if (found === undefined) return true;
  if (found.isDirectory())
    throw new InputError(`${flag}: expected a file to write, and ${path} is a folder.`);
  const same = inputs.find((input) => realpathSync(input) === realpathSync(path));
  if (same !== undefined)
    throw new InputError(`${flag}: ${path} is also read by this run; name another file.`);
  return found.isFile();
}

/** A failure to write, as one sentence; a closed pipe stays what it is. */
export function unwritable(path: string, error: unknown, flag = '--out'): unknown {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return error;
  const next = code === 'ENOSPC' ? 'free some space' : `name another file with ${flag}`;
  return new InputError(`${path} cannot be written (${code}): ${next}; what was computed is in the cache.`, {
    cause: error,
  });
}
