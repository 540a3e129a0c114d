import { loadAddon } from '../../src/sandbox/addon.js';
import type { Jail } from '../../src/sandbox/job.js';

/** What Landlock needs, and CI has. */
const hasLandlock = loadAddon().landlockAbi >= 6 || process.env.CI !== undefined;
if (!hasLandlock)
  console.log('skipped: the Landlock jail, since this kernel has no Landlock ABI 6 (Linux 6.12)');

/** Those of Linux: the one of macOS cannot be tried here. */
export type TestedJail = Exclude<Jail, 'seatbelt'>;

export const TESTED_JAILS: readonly TestedJail[] = hasLandlock ? ['namespaces', 'landlock'] : ['namespaces'];
