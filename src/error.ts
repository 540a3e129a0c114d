/** How a command ends. The numbers are part of the command line's contract. */
export const ExitCode = {
  done: 0,
  badInput: 2,
  partial: 3,
  sandboxUnavailable: 4,
  modelUnavailable: 5,
  /** A scheduler asked for the end (sysexits.h, EX_TEMPFAIL): run the same command again, and it continues. */
  requeue: 75,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * An expected failure: one sentence that says what was expected, what came and what to do next.
 * The command line prints the message alone; a stack is printed only for errors of any other class.
 */
export class CodermError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The user's files or flags are not usable (exit 2). */
export class InputError extends CodermError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, ExitCode.badInput, options);
  }
}

/** No jail can be built on this machine (exit 4). */
export class SandboxError extends CodermError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, ExitCode.sandboxUnavailable, options);
  }
}

/** The sandbox failed twice at one thing that it was to run: a fault of its task's line, while the others go on. */
export class SandboxFault extends SandboxError {}

/** The model file or the GPU cannot be used (exit 5). */
export class ModelError extends CodermError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, ExitCode.modelUnavailable, options);
  }
}
