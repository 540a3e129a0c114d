import { userInfo } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type { SandboxError } from '../error.js';
import type { Limits } from '../verdict.js';
import {
  type Fault,
  type LauncherConfig,
  type LauncherFrame,
  launcherFault,
  launcherPath,
  loadAddon,
  type NativeLauncher,
  type Outcome,
  type Ready,
} from './addon.js';
import { requireJail } from './jail.js';
import { readJailHost } from './jail-host.js';
import {
  explainNoLandlock,
  explainNoSeatbelt,
  explainRefusal,
  JailError,
  LEAST_LANDLOCK_ABI,
} from './refusal.js';

/**
 * Wall time that starting the interpreter may take; beyond it the fault is ours. A child may take as long again to
 * compile its texts (milliseconds).
 */
const START_MS = 30_000;

/** What a launcher may be late with ending a run (milliseconds). */
const GRACE_MS = 10_000;

/** The outcome of a run that was never begun, and why. */
export function notBegun(limit: 'cancelled' | 'memory'): Outcome {
  return {
    kind: 'outcome',
    id: 0,
    limit,
    cells: 0,
    exitCode: -1,
    signal: 0,
    mayHaveSignalled: true,
    cpuUs: 0,
    wallUs: 0,
    outputBytes: 0,
    output: Buffer.alloc(0),
    events: Buffer.alloc(0),
  };
}

interface Waiting {
  resolve: (outcome: Outcome) => void;
  reject: (error: Error) => void;
  owner: object | undefined;
  /** What it may take once it is its turn (milliseconds). */
  mostMs: number;
}

/** A fault of ours in one run: never a verdict. The run may be tried again. */
export class RunFault extends Error {
  /** `begun`: false for a run that was still waiting for its turn, so that the fault is not its own. */
  constructor(
    message: string,
    readonly begun = true,
  ) {
    super(message);
  }
}

/** One launcher process of this thread, started when it is first needed and again when it was lost. */
export class Launcher {
  private native: NativeLauncher | null = null;
  private ready: Promise<Ready> | null = null;
  /** Runs that were sent and not answered, in order, by id. */
  private readonly waiting = new Map<number, Waiting>();
  private readonly cancelled = new WeakSet<object>();
  private watch: NodeJS.Timeout | undefined;
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
    if (this.ready) return this.ready;
    const ready = this.open();
    this.ready = ready;
    ready.catch(() => {
      if (this.ready === ready) this.ready = null;
    });
    return ready;
  }

  private open(): Promise<Ready> {
    return new Promise((resolve, reject) => {
      requireJail(this.config.jail);
      const addon = loadAddon();
      const hear = (frame: LauncherFrame) => {
        if (frame.kind === 'ready') resolve(frame);
        else if (frame.kind === 'fault' && frame.id === 0) reject(jailError(frame, this.config));
        else if (frame.kind === 'closed') {
          this.native = null;
          this.ready = null;
          reject(this.startFault(`the launcher ended before it was ready: ${frame.reason}`));
          this.settle(frame);
        } else this.settle(frame);
      };
      try {
        this.native = new addon.Launcher(launcherPath(this.testBuild), this.config, hear);
      } catch (error) {
        throw this.startFault((error as Error).message);
      }
    });
  }

  private startFault(message: string): Error {
    return launcherFault(this.testBuild) ?? new RunFault(message);
  }

  /** Process id of the running launcher, for tests that take it away. */
  get pid(): number | null {
    return this.native?.pid ?? null;
  }

  /**
   * Runs one child of the warm interpreter to its end. Runs that are sent before earlier ones have ended wait at the
   * launcher for their turn. `owner`: who may cancel it.
   * @throws RunFault when the sandbox itself failed.
   */
  async run(job: string, mark: string, cells: number, limits: Limits, owner?: object): Promise<Outcome> {
    await this.start();
    if (owner && this.cancelled.has(owner)) return notBegun('cancelled');
    this.lastId += 1;
    const id = this.lastId;
    return new Promise<Outcome>((resolve, reject) => {
      this.native?.run({
        id,
        cells,
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
      this.waiting.set(id, {
        resolve,
        reject,
        owner,
        mostMs: 2 * START_MS + cells * limits.wallMs + GRACE_MS,
      });
      if (this.waiting.size === 1) this.watchFirst();
    });
  }

  /** Ends the owner's runs, those included that it has yet to ask for; their outcomes say `cancelled`. */
  cancel(owner: object): void {
    this.cancelled.add(owner);
    for (const [id, waiting] of this.waiting) if (waiting.owner === owner) this.native?.cancel(id);
  }

  close(): void {
    this.native?.close();
  }

  private settle(frame: LauncherFrame): void {
    if (frame.kind === 'closed') {
      const lost = [...this.waiting.values()];
      this.waiting.clear();
      for (const [place, { reject }] of lost.entries()) {
        reject(new RunFault(`the launcher ended: ${frame.reason}`, place === 0));
      }
    } else if (frame.kind !== 'ready') {
      const waiting = this.waiting.get(frame.id);
      this.waiting.delete(frame.id);
      if (frame.kind === 'outcome') waiting?.resolve(frame);
      else waiting?.reject(new RunFault(describe(frame)));
    }
    this.watchFirst();
  }

  /** The launcher keeps the deadlines; should it be stopped itself, this ends it, and the runs fail as ours. */
  private watchFirst(): void {
    clearTimeout(this.watch);
    const [first] = this.waiting.values();
    const pid = this.native?.pid;
    const end = () => {
      try {
        if (pid) process.kill(pid, 'SIGKILL');
      } catch {} // it has just ended by itself
    };
    if (first) this.watch = setTimeout(end, first.mostMs);
  }
}

function describe(fault: Fault): string {
  const detail = fault.detail.toString('utf8').trim().split('\n').at(-1) ?? '';
  return [fault.step, fault.error, detail].filter((part) => part !== '').join(': ');
}

function jailError(fault: Fault, { jail }: LauncherConfig): SandboxError {
  const failed = {
    step: fault.step,
    error: fault.errno > 0 ? getSystemErrorName(-fault.errno) : '',
    detail: fault.detail.toString('utf8').trim(),
  };
  if (jail === 'seatbelt') return new JailError(describe(fault), explainNoSeatbelt(userInfo().uid));
  const abi = loadAddon().landlockAbi;
  return jail === 'landlock'
    ? new JailError(describe(fault), explainNoLandlock(abi, userInfo().uid))
    : new JailError(describe(fault), explainRefusal(readJailHost(), failed), abi >= LEAST_LANDLOCK_ABI);
}
