import { ExitCode } from '../error.js';

/**
 * Signals that end a run, and its exit code then. Ctrl-C and a kill have the shell's (128 and the number); what a
 * scheduler sends ahead of the end of a job's time (`sbatch --signal`) means that the rest has to run another time.
 */
const STOPS = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGUSR1: ExitCode.requeue,
  SIGUSR2: ExitCode.requeue,
} as const;

/** A run that has not ended by then is ended where it is: what is finished was stored when it was (milliseconds). */
const CLEAN_MS = 4000;

/** A second signal within this time is the first one again: a scheduler may send it to every process, and twice. */
const SAME_MS = 1000;

/** Ends long work on a signal, cleanly the first time and at once when a person asks once more. */
export class Interrupt {
  private readonly controller = new AbortController();
  private first: { code: number; at: number } | null = null;

  constructor() {
    for (const [name, code] of Object.entries(STOPS)) process.on(name, () => this.stop(name, code));
  }

  private stop(name: string, code: number): void {
    if (this.first !== null) {
      const meant = name === 'SIGINT' || name === 'SIGTERM';
      if (meant && performance.now() - this.first.at > SAME_MS) process.exit(code);
      return;
    }
    this.first = { code, at: performance.now() };
    process.stderr.write('\ncoderm: stopping; what is done is kept (once more ends it at once)\n');
    setTimeout(() => process.exit(code), CLEAN_MS).unref();
    this.controller.abort();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 130, 143 or 75 after a signal, else null. */
  get exitCode(): number | null {
    return this.first?.code ?? null;
  }
}
