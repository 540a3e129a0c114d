import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadAddon } from '../../src/sandbox/addon.js';
import type { Jail } from '../../src/sandbox/jail.js';
import { root } from '../root.js';

const noLandlock = process.env.CI === undefined ? withoutLandlock() : null;
if (noLandlock) console.log(`skipped: the Landlock jail, since ${noLandlock}`);

/** Those of Linux: the one of macOS cannot be tried here. */
export type TestedJail = Exclude<Jail, 'seatbelt'>;

export const TESTED_JAILS: readonly TestedJail[] = noLandlock ? ['namespaces'] : ['namespaces', 'landlock'];

/** Behind the second jail every so many rows of the long tables that do not speak of walls; CODERM_EVERY_JAIL=1 tries all. */
const EACH = process.env.CODERM_EVERY_JAIL === '1' ? 1 : 6;

/** Those of a table's rows that are tried behind this jail. */
export function rowsBehind<Row>(jail: TestedJail, rows: readonly Row[]): readonly Row[] {
  return jail === 'namespaces' ? rows : rows.filter((_, at) => at % EACH === 0);
}

/** What Landlock lacks here, or null; CI has it all. */
export function withoutLandlock(): string | null {
  if (loadAddon().landlockAbi < 6) return 'this kernel has no Landlock ABI 6 (Linux 6.12)';
  if (process.getuid?.() !== 0) return null;
  for (let folder = root; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o1) === 0)
      return `root starts it as another user, who may not enter ${folder}`;
    if (folder === dirname(folder)) return null;
  }
}
