import { join } from 'node:path';
import { SandboxError } from '../error.js';
import { BUILD_COMMAND, loadNative, whyUnusable } from '../native-file.js';
import { packageRoot } from '../package-root.js';
import type { Jail } from './jail.js';

/** A path of the host that the jail shows, read-only. */
export interface Bind {
  source: string;
  target: string;
}

/** What a launcher is told once, when it starts. */
export interface LauncherConfig {
  /** Path of the Python executable in the jail. */
  interpreter: string;
  arguments: string[];
  /** `NAME=value`; nothing else of the environment reaches the jail. */
  environment: string[];
  /** The warm interpreter's script: its path in the jail. */
  script: string;
  /** What the walls are made of. Where the jail has no root of its own the target of each bind is its source. */
  jail: Jail;
  binds: Bind[];
  /** Walls to leave out; only the test build of the launcher listens. */
  guardsOff: string[];
}

/** One child of the warm interpreter. Counts are whole numbers in the unit that their name ends in. */
export interface LauncherRun {
  id: number;
  /** That it may start: one that begins more has found the mark, and gets no time for them. */
  cells: number;
  limits: {
    cpuUs: number;
    wallUs: number;
    startUs: number;
    memoryBytes: number;
    outputBytes: number;
    processes: number;
    tmpBytes: number;
  };
  /** How an event line begins that says: here starts the next cell. */
  mark: string;
  /** What the warm interpreter is given (warm.py says its forms). */
  job: string;
}

/** What ended a run from outside. */
export type EndedBy = 'none' | 'cpu' | 'wall' | 'memory' | 'output' | 'events' | 'cancelled';

/** What the launcher saw of one run. */
export interface Outcome {
  kind: 'outcome';
  id: number;
  limit: EndedBy;
  /** Cells that were started; the last one is the one that met the limit. */
  cells: number;
  /** -1 when it ended by a signal. */
  exitCode: number;
  /** 0 when it exited. */
  signal: number;
  /**
   * False: nothing in the jail has asked the kernel for a signal, so the one that ended it came from outside. No text can
   * forge that. Always true where the kernel does not tell (before Linux 5.7, in some containers, on macOS).
   */
  mayHaveSignalled: boolean;
  cpuUs: number;
  wallUs: number;
  outputBytes: number;
  /** The first bytes of standard output and error. */
  output: Buffer;
  events: Buffer;
}

export interface Ready {
  kind: 'ready';
  jail: Jail;
  resources: string;
  user: 'root' | 'user';
}

/** A fault of ours. id 0: the launcher cannot serve at all. */
export interface Fault {
  kind: 'fault';
  id: number;
  step: string;
  errno: number;
  error: string;
  detail: Buffer;
}

export interface Closed {
  kind: 'closed';
  reason: string;
}

export type LauncherFrame = Ready | Outcome | Fault | Closed;

/** One launcher process, as the native addon gives it. */
export interface NativeLauncher {
  readonly pid: number;
  run(run: LauncherRun): void;
  cancel(id: number): void;
  close(): void;
}

export interface SandboxAddon {
  /** Landlock's ABI in this kernel; 0: none. */
  landlockAbi: number;
  Launcher: new (
    executable: string,
    config: LauncherConfig,
    onFrame: (frame: LauncherFrame) => void,
  ) => NativeLauncher;
}

const buildFolder = join(packageRoot, 'build', 'Release');

/** Path of the launcher; `testBuild` is the one whose walls can be left out. */
export function launcherPath(testBuild = false): string {
  return join(buildFolder, testBuild ? 'coderm-launcher-test' : 'coderm-launcher');
}

/** @throws SandboxError if there is none for this system, or it does not load; the message says why and what helps. */
export function loadAddon(): SandboxAddon {
  const path = join(buildFolder, 'coderm_sandbox.node');
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new SandboxError(
      `the sandbox runs on Linux, and this is ${process.platform}: run coderm on a Linux machine.`,
    );
  }
  return loadNative<SandboxAddon>(path, unusable);
}

/** Why the launcher could not start, if it is the file's own fault; else null. */
export function launcherFault(testBuild: boolean): SandboxError | null {
  const why = whyUnusable(launcherPath(testBuild));
  return why === null ? null : unusable(why);
}

function unusable(why: string): SandboxError {
  return new SandboxError(`no candidate can be executed: ${why}. Run: ${BUILD_COMMAND}`);
}
