import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { ModelError } from '../../error.js';
import type { GgufInfo } from './gguf.js';

/** A model's file while it is in use: its weights are mapped, so whoever writes to it changes the model. */
export class ModelFile {
  private constructor(
    private readonly info: GgufInfo,
    private readonly descriptor: number,
  ) {}

  static open(info: GgufInfo): ModelFile {
    return new ModelFile(info, openSync(info.path, 'r'));
  }

  /** @throws ModelError when the file is not what it was when its header was read. */
  check(): void {
    this.#same(fstatSync(this.descriptor), 'was changed');
  }

  /** The same for the file that the path names now, which a new process would open. */
  checkPath(): void {
    this.check();
    const now = statSync(this.info.path, { throwIfNoEntry: false });
    if (now === undefined || now.ino !== fstatSync(this.descriptor).ino)
      throw this.#fault('was replaced or removed');
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #same({ size, mtimeMs }: { size: number; mtimeMs: number }, what: string): void {
    if (size !== this.info.bytes || mtimeMs !== this.info.mtimeMs) throw this.#fault(what);
  }

  #fault(what: string): ModelError {
    return new ModelError(
      `Expected the model ${this.info.path} to stay as it is while it is in use, but it ${what}; bring the file back, or run it again with the new one.`,
    );
  }
}
