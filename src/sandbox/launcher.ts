import { getSystemErrorName } from 'node:util';
import { SandboxError } from '../error.js';
import type { Limits } from '../verdict.js';
import {
  type Fault,
  type LauncherConfig,
  type LauncherFrame,
  launcherPath,
  loadAddon,
  type NativeLauncher,
  type Outcome,
  type Ready,
} from './addon.js';
import { readJailHost } from './jail-host.js';
import { explainRefusal, JailError } from './refusal.js';

/** Wall time that starting the interpreter may take; beyond it the fault is ours (milliseconds). */
const START_MS = 30_000;

/** What a launcher may be late with ending a run (milliseconds). */
const GRACE_MS = 10_000;

/** A fault of ours in one run: never a verdict. The run may be tried again. */
export class RunFault extends Error {}

/** One launcher process of this thread, started when it is first needed and again when it was lost. */
export class Launcher {
  private native: NativeLauncher | null = null;
  private ready: Promise<Ready> | null = null;
  private waiting: { resolve: (outcome: Outcome) => void; reject: (error: Error) => void } | null = null;
  private lastId = 0;

  constructor(
    private readonly config: LauncherConfig,
    private readonly testBuild = false,
  ) {}

  /**
   * Starts the launcher, which builds one jail to see that it can.
   * @throws SandboxError where this machine has no jail, with the setting that refuses it.
   */
  start(): Promise<Ready> {
    this.ready ??= new Promise((resolve, reject) => {
      const addon = loadAddon();
      this.native = new addon.Launcher(launcherPath(this.testBuild), this.config, (frame) => {
        if (frame.kind === 'ready') resolve(frame);
        else if (frame.kind === 'fault' && frame.id === 0) reject(jailError(frame));
        else if (frame.kind === 'closed') {
          this.native = null;
          this.ready = null;
          reject(new SandboxError(`the sandbox's launcher ended before it was ready: ${frame.reason}.`));
          this.settle(frame);
        } else this.settle(frame);
      });
    });
    return this.ready;
  }

  /** Process id of the running launcher, for tests that take it away. */
  get pid(): number | null {
    return this.native?.pid ?? null;
  }

  /**
   * Runs one child of the warm interpreter to its end. One run at a time.
   * @throws RunFault when the sandbox itself failed.
   */
  async run(job: string, mark: string, cells: number, limits: Limits): Promise<Outcome> {
    await this.start();
    if (this.waiting) throw new Error('a launcher runs one child at a time');
    this.lastId += 1;
    const id = this.lastId;
    let watch: NodeJS.Timeout | undefined;
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.waiting = { resolve, reject };
      // The launcher keeps the deadlines; should it be stopped itself, this ends it, and the run fails as ours.
      const pid = this.native?.pid;
      watch = setTimeout(
        () => pid && process.kill(pid, 'SIGKILL'),
        START_MS + cells * limits.wallMs + GRACE_MS,
      );
      this.native?.run({
        id,
        mark,
        job,
        limits: {
          cpuUs: limits.cpuMs * 1000,
          wallUs: limits.wallMs * 1000,
          startUs: START_MS * 1000,
          memoryBytes: limits.memoryMiB * 2 ** 20,
          outputBytes: limits.outputKiB * 2 ** 10,
          processes: limits.processes,
          tmpBytes: limits.tmpMiB * 2 ** 20,
        },
      });
    });
    try {
      return await outcome;
    } finally {
      clearTimeout(watch);
      this.waiting = null; // also when the run could not even be sent
    }
  }

  /** Ends the run in progress, if there is one; its outcome says `cancelled`. */
  cancel(): void {
    if (this.waiting) this.native?.cancel(this.lastId);
  }

  close(): void {
    this.native?.close();
  }

  private settle(frame: LauncherFrame): void {
    const waiting = this.waiting;
    if (!waiting) return;
    this.waiting = null;
    if (frame.kind === 'outcome') waiting.resolve(frame);
    else if (frame.kind === 'fault') waiting.reject(new RunFault(describe(frame)));
    else if (frame.kind === 'closed') waiting.reject(new RunFault(`the launcher ended: ${frame.reason}`));
  }
}

function describe(fault: Fault): string {
  const detail = fault.detail.toString('utf8').trim().split('\n').at(-1) ?? '';
  return [fault.step, fault.error, detail].filter((part) => part !== '').join(': ');
}

function jailError(fault: Fault): JailError {
  const failed = {
    step: fault.step,
    error: fault.errno > 0 ? getSystemErrorName(-fault.errno) : '',
    detail: fault.detail.toString('utf8').trim(),
  };
  return new JailError(describe(fault), explainRefusal(readJailHost(), failed));
}
