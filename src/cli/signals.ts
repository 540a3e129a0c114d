/** Ends long work on Ctrl-C or a TERM signal, cleanly the first time and at once the second. */
export class Interrupt {
  private readonly controller = new AbortController();
  private number = 0;

  constructor() {
    for (const [name, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
    ] as const) {
      process.on(name, () => {
        if (this.number !== 0) process.exit(128 + number);
        this.number = number;
        process.stderr.write('\ncoderm: stopping; what is done is kept (once more ends it at once)\n');
        this.controller.abort();
      });
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 130 or 143 after a signal, else null. */
  get exitCode(): number | null {
    return this.number === 0 ? null : 128 + this.number;
  }
}
