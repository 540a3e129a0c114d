import type { GenerationFailure, HiddenState, Sample } from './generator.js';

export type Output = Sample | GenerationFailure | HiddenState;

/** What lanes hand to the consumer. Who pushes may wait until the consumer has taken what it gave. */
export class Outputs implements AsyncIterable<Output> {
  readonly #ready: { output: Output; taken: () => void }[] = [];
  #wake: () => void = () => {};
  #ended = false;
  #error: unknown = null;

  push(output: Output): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((taken) => {
      this.#ready.push({ output, taken });
      this.#wake();
    });
  }

  /** No more comes; what the consumer has not taken yet is still given unless this is an error. */
  end(error: unknown = null): void {
    this.#error ??= error;
    this.#ended = true;
    for (const { taken } of this.#ready) taken();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Output, void, undefined> {
    while (true) {
      const next = this.#ready.shift();
      if (next !== undefined) {
        next.taken();
        yield next.output;
      } else if (this.#ended) {
        if (this.#error !== null) throw this.#error;
        return;
      } else
        await new Promise<void>((wake) => {
          this.#wake = wake;
        });
    }
  }
}
