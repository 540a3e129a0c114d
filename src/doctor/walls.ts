import type { CellResult } from '../sandbox/decide.js';
import type { CellJob } from '../sandbox/job.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../verdict.js';
import { ATTACK_TEST, type Attack, type Canary, type Walls } from './attacks.js';
import { attacksOn } from './other-jails.js';

/** What one attack met. */
export interface WallReport {
  wall: string;
  attack: string;
  carriedBy: string;
  holds: boolean;
  /** Null: the sandbox itself failed, and `detail` says how. */
  verdict: string | null;
  /** In the attack's own words, which are untrusted text. */
  detail: string;
}

/** Without it, a jail in which nothing at all works would look like one that holds. */
const HONEST = 'def attack():\n    return "worked"';

/** Runs every attack on a jail of this kind as an ordinary cell. `onDone` is called after each. */
export async function attackWalls(
  sandbox: Sandbox,
  walls: Walls,
  canary: Canary,
  onDone: () => void,
  signal?: AbortSignal,
): Promise<WallReport[]> {
  return Promise.all(
    attacksOn(walls.jail).map(async (attack) => {
      const report = await attackWall(sandbox, walls, canary, attack, signal);
      onDone();
      return report;
    }),
  );
}

async function attackWall(
  sandbox: Sandbox,
  walls: Walls,
  canary: Canary,
  attack: Attack,
  signal?: AbortSignal,
): Promise<WallReport> {
  const known = { wall: attack.wall, attack: attack.name, carriedBy: attack.carrier(walls) };
  try {
    const result = await runCell(sandbox, attack.candidate(canary), attack.limits, signal);
    return { ...known, holds: stopped(attack, result), verdict: result.verdict, detail: result.detail ?? '' };
  } catch (error) {
    return { ...known, holds: false, verdict: null, detail: (error as Error).message };
  }
}

/** Whether an attack failed in exactly the way that its wall makes it fail. */
export function stopped(
  { walled }: Pick<Attack, 'walled'>,
  { verdict, detail }: Pick<CellResult, 'verdict' | 'detail'>,
): boolean {
  return verdict === walled.verdict && walled.detail.test(detail ?? '');
}

/** Runs a candidate that does no harm. @returns null if it passes, else what it met */
export async function honestCandidate(sandbox: Sandbox, signal?: AbortSignal): Promise<string | null> {
  const { verdict, detail } = await runCell(sandbox, HONEST, {}, signal);
  return verdict === 'pass' ? null : `${verdict}: ${detail}`;
}

async function runCell(
  sandbox: Sandbox,
  candidate: string,
  limits: Attack['limits'],
  signal?: AbortSignal,
): Promise<CellResult> {
  const seen: CellResult[] = [];
  const job: CellJob = {
    candidate,
    tests: [ATTACK_TEST],
    limits: { ...DEFAULT_LIMITS, ...limits },
    isolation: 'candidate',
  };
  await sandbox.execute(job, (cells) => seen.push(...cells.map(({ result }) => result)), signal);
  if (!seen[0]) throw new Error('the cell was not run');
  return seen[0];
}
