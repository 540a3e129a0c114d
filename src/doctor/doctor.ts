import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gpuDriver } from '../bench/gpu-driver.js';
import { SandboxError } from '../error.js';
import { examineBackends, type ModelHost } from '../model/devices/backends.js';
import type { Progress } from '../progress.js';
import { HARNESS, HARNESS_IN_JAIL } from '../sandbox/harness.js';
import type { Jail } from '../sandbox/jail.js';
import { JailError, type Refusal } from '../sandbox/refusal.js';
import { Sandbox, type SandboxOptions } from '../sandbox/sandbox.js';
import type { Canary, Walls } from './attacks.js';
import { calibrate, type Speed } from './calibrate.js';
import { type Host, readHost } from './host.js';
import { attacksOn } from './other-jails.js';
import { attackWalls, honestCandidate, type WallReport } from './walls.js';

/** What `coderm doctor` found. The fields are part of the command line's contract. */
export interface Diagnosis {
  /** Candidates can be executed here: there is a jail, it works, and every wall holds. */
  holds: boolean;
  host: Host;
  /** Null: no usable one was found. */
  python: { executable: string; version: string } | null;
  /** The jail that was asked for. */
  asked: Jail;
  /** Null: this machine gives none of that kind. */
  jail: Walls | null;
  /** Why there is no jail, or why nothing works in it. */
  problem: string | null;
  /** The same in parts, where the kernel refused the jail. */
  refusal: (Refusal & { failed: string; orLandlock: boolean }) | null;
  walls: WallReport[];
  speed: Speed | null;
  /** Where models run; `holds` does not depend on it. */
  models: ModelHost;
}

/**
 * Attacks this machine's own jail and measures its speed, and looks where models run. It throws nothing that the machine
 * is to blame for.
 */
export async function examine(
  options: Pick<SandboxOptions, 'python' | 'workers' | 'jail'>,
  progress: Progress,
  signal?: AbortSignal,
): Promise<Diagnosis> {
  const found: Diagnosis = {
    holds: false,
    asked: options.jail ?? 'namespaces',
    host: readHost(),
    python: null,
    jail: null,
    problem: null,
    refusal: null,
    walls: [],
    speed: null,
    // Before anything is measured: the processes that look for GPUs would take part in it.
    models: await examineBackends(async (backend) => (backend === 'cuda' ? gpuDriver() : null), signal),
  };
  signal?.throwIfAborted();
  let sandbox: Sandbox | null = null;
  try {
    sandbox = await Sandbox.open(options);
    const { executable, version } = sandbox.interpreter;
    found.python = { executable, version };
    const given = await sandbox.describe();
    found.jail = { ...given, landlockAbi: given.jail === 'landlock' ? found.host.landlockAbi : null };
    await examineJail(sandbox, found.jail, found, progress, signal);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    found.problem = error.message;
    if (error instanceof JailError) {
      const { failed, refusal, orLandlock } = error;
      found.refusal = { failed, ...refusal, orLandlock };
    }
  } finally {
    await sandbox?.close();
  }
  return found;
}

async function examineJail(
  sandbox: Sandbox,
  walls: Walls,
  found: Diagnosis,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const met = await honestCandidate(sandbox, signal);
  if (met !== null) {
    found.problem = `an honest candidate does not pass in the jail (${met}): another Python may, with --python PATH.`;
    return;
  }
  signal?.throwIfAborted();
  const phase = progress.phase('attack', attacksOn(walls.jail).length, 'attacks');
  try {
    found.walls = await withCanary(walls.jail, (canary) =>
      attackWalls(sandbox, walls, canary, () => phase.advance(1), signal),
    );
  } finally {
    phase.end();
  }
  signal?.throwIfAborted();
  found.speed = await calibrate(sandbox, signal);
  signal?.throwIfAborted();
  found.holds = found.walls.every(({ holds }) => holds);
}

/** Something outside the jail for the attacks to reach, taken away afterwards. */
export async function withCanary<T>(jail: Jail, work: (canary: Canary) => Promise<T>): Promise<T> {
  const folder = temporaryFolder();
  try {
    chmodSync(folder, 0o755); // what keeps the file from a candidate is the jail, not its mode
    const secretFile = join(folder, 'secret');
    const secret = randomUUID();
    writeFileSync(secretFile, secret, { mode: 0o644 });
    // Nobody listens for the attack on the network, since coderm opens no socket: making one is what is refused.
    const shown = jail === 'namespaces' ? HARNESS_IN_JAIL : HARNESS;
    return await work({ secretFile, secret, shown, port: 9, hostName: hostname(), pid: process.pid });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    // There only if an attack got through.
    rmSync(join(HARNESS, 'written'), { force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'coderm-doctor-'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SandboxError(
      `the attacks need a file to reach for, and ${tmpdir()} cannot be written (${code}): name another folder with TMPDIR.`,
    );
  }
}
