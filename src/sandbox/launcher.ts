import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
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

/** Wall time that starting the interpreter may take; beyond it the fault is ours (milliseconds). */
const START_MS = 30_000;

/** What a launcher may be late with ending a run (milliseconds). */
const GRACE_MS = 10_000;

interface Waiting {
  resolve: (outcome: Outcome) => void;
  reject: (error: Error) => void;
  /** What it may take once it is its turn (milliseconds). */
  mostMs: number;
}

/** A fault of ours in one run: never a verdict. The run may be tried again. */
export class RunFault extends Error {}

/** One launcher process of this thread, started when it is first needed and again when it was lost. */
export class Launcher {
  private native: NativeLauncher | null = null;
  private ready: Promise<Ready> | null = null;
  /** Runs that were sent and not answered, in order, by id. */
  private readonly waiting = new Map<number, Waiting>();
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
    this.ready ??= new Promise((resolve, reject) => {
      const addon = loadAddon();
      this.native = new addon.Launcher(launcherPath(this.testBuild), this.config, (frame) => {
        if (frame.kind === 'ready') resolve(frame);
        else if (frame.kind === 'fault' && frame.id === 0) reject(jailError(frame, this.config));
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
   * Runs one child of the warm interpreter to its end. Runs that are sent before earlier ones have ended wait at the
   * launcher for their turn.
   * @throws RunFault when the sandbox itself failed.
   */
  async run(job: string, mark: string, cells: number, limits: Limits): Promise<Outcome> {
    await this.start();
    this.lastId += 1;
    const id = this.lastId;
    return new Promise<Outcome>((resolve, reject) => {
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
      this.waiting.set(id, { resolve, reject, mostMs: START_MS + cells * limits.wallMs + GRACE_MS });
      if (this.waiting.size === 1) this.watchFirst();
    });
  }

  /** Ends all runs that were sent; their outcomes say `cancelled`. */
  cancel(): void {
    if (this.waiting.size > 0) this.native?.cancel(this.lastId);
  }

  close(): void {
    this.native?.close();
  }

  private settle(frame: LauncherFrame): void {
    if (frame.kind === 'closed') {
      const lost = [...this.waiting.values()];
      this.waiting.clear();
      for (const { reject } of lost) reject(new RunFault(`the launcher ended: ${frame.reason}`));
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

/** Settings of Linux that refuse user namespaces, and what to do about each. */
const REFUSALS: { file: string; refuses: (value: string) => boolean; fix: string }[] = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    refuses: (value) => value === '1',
    fix: 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    refuses: (value) => value === '0',
    fix: 'sudo sysctl kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    refuses: (value) => value === '0',
    fix: 'sudo sysctl user.max_user_namespaces=10000',
  },
];

/** The oldest Landlock that keeps signals and abstract sockets in (the launcher knows it too). */
const LEAST_LANDLOCK_ABI = 6;

function jailError(fault: Fault, { jail }: LauncherConfig): SandboxError {
  const abi = loadAddon().landlockAbi;
  if (jail === 'landlock') return landlockError(fault, abi);
  const refusal = REFUSALS.find(
    ({ file, refuses }) => existsSync(file) && refuses(readFileSync(file, 'utf8').trim()),
  );
  const advice = refusal
    ? `${refusal.file} refuses user namespaces. Allow them with: ${refusal.fix}`
    : 'In a container, allow user namespaces and mounts (Docker: --security-opt seccomp=unconfined ' +
      '--security-opt systempaths=unconfined), or run on the host.';
  const other = abi >= LEAST_LANDLOCK_ABI ? ' This kernel also has the jail of --jail landlock.' : '';
  return new SandboxError(
    `candidates only run in a jail, and this machine did not give one (${describe(fault)}). ${advice}${other}`,
  );
}

function landlockError(fault: Fault, abi: number): SandboxError {
  const { uid } = userInfo();
  const advice =
    abi < LEAST_LANDLOCK_ABI
      ? `It needs ABI ${LEAST_LANDLOCK_ABI} (Linux 6.12 or newer), and this kernel has ${abi || 'none'}; ` +
        'run with --jail namespaces.'
      : uid === 0
        ? 'Started by root it runs as another user, who must be able to read this package and its Python.'
        : 'Run with --jail namespaces.';
  return new SandboxError(
    `--jail landlock: candidates only run in a jail, and this one could not be built (${describe(fault)}). ${advice}`,
  );
}
