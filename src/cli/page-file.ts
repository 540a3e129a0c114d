import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../error.js';
import { checkPlace, unwritable } from './lines-file.js';

/** The file that --report names: written beside it first, it gets its name only when it is complete. */
export class PageFile {
  private readonly fd: number;
  /** Where the page is written first; its own place where that is no regular file. */
  private readonly partial: string;
  private open = true;

  /**
   * @param files what the run reads, and by flag what else it writes
   * @throws InputError where nothing can be written, or where it would overwrite one of the files
   */
  constructor(
    private readonly path: string,
    { inputs, outputs }: { inputs: readonly string[]; outputs: Readonly<Record<string, string | undefined>> },
  ) {
    const regular = checkPlace('--report', path, inputs);
    for (const [flag, output] of Object.entries(outputs)) {
      if (output === undefined || resolve(output) !== resolve(path)) continue;
      throw new InputError(`--report: ${path} is also where ${flag} writes its lines; name another file.`);
    }
    this.partial = regular ? `${path}.partial` : path;
    try {
      this.fd = openSync(this.partial, 'w');
    } catch (error) {
      throw unwritable(path, error, '--report');
    }
  }

  write(text: string): void {
    const data = Buffer.from(text);
    try {
      for (let done = 0; done < data.length; ) done += writeSync(this.fd, data, done);
    } catch (error) {
      throw unwritable(this.path, error, '--report');
    }
  }

  /** Gives the file its name. */
  complete(): void {
    this.close();
    try {
      if (this.partial !== this.path) renameSync(this.partial, this.path);
    } catch (error) {
      throw unwritable(this.path, error, '--report');
    }
  }

  /** Takes an unfinished file away; a completed one stays. */
  abandon(): void {
    if (!this.open) return;
    this.close();
    if (this.partial !== this.path) rmSync(this.partial, { force: true });
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.fd);
  }
}
