import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromProcess, ToProcess } from './messages.js';

/** What a process wrote last, kept for the reason of its end, bytes: room for a stack trace after it. */
const KEPT_STDERR = 16_384;

/** How a process of the native generator ended. */
export interface Death {
  reason: string;
  /** For lack of memory, as far as can be told: fewer lanes may work. */
  memory: boolean;
}

/** One process of the native generator. */
export class NativeChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #failure: Death | null = null;
  #stderr = '';

  constructor(onMessage: (message: FromProcess) => void, onDeath: (death: Death) => void) {
    const path = fileURLToPath(new URL('./process.js', import.meta.url));
    const child = fork(path, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: FromProcess) => {
      if (message.kind === 'failed') {
        this.#failure ??= message;
        child.kill('SIGKILL');
      } else onMessage(message);
    });
    // What it sent before its end is read to the last before the end is told.
    this.#ended = Promise.all([
      new Promise((resolve) => child.once('disconnect', resolve)),
      new Promise((resolve) => child.once('close', resolve)),
    ]).then(() => onDeath(this.#failure ?? this.#death()));
    child.once('error', (error) => {
      this.#failure ??= { reason: error.message, memory: false };
    });
    this.keep(false);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToProcess): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // a dead process tells by its end
  }

  /** Whether Node stays for this process. */
  keep(alive: boolean): void {
    for (const held of [
      this.#child,
      this.#child.channel,
      this.#child.stderr as unknown as { ref(): void; unref(): void },
    ])
      if (alive) held?.ref();
      else held?.unref();
  }

  async close(): Promise<void> {
    this.keep(true);
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #death(): Death {
    const { exitCode, signalCode } = this.#child;
    const how = signalCode === null ? `it exited with ${exitCode}` : `it was ended by ${signalCode}`;
    const said = lastWords(this.#stderr);
    return {
      reason: said === '' ? how : `${how}: ${said}`,
      // The kernel ends by SIGKILL whoever takes the last of the memory.
      memory: signalCode === 'SIGKILL' || /out of memory|alloc/i.test(said),
    };
  }
}

/** Lines of a stack trace: `12: 0xf5144d  [node]` of Node, `libc.so.6(+0x29d90) [0x7f…]` of ggml, `#3 0x…` of a debugger. */
const OF_TRACE = /^\s*(\d+: 0x[0-9a-f]+ |#\d+ |at )|\[0x[0-9a-f]+\]$|^-+ .*stack ?trace.* -+$/i;

/** The last lines that a process wrote, without the traces of its stack. */
export function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !OF_TRACE.test(line));
  return lines.slice(-3).join('; ');
}
