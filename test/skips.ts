import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noSlurm } from './cluster/slurm.js';
import { chromiumPath } from './page/chromium.js';
import { root } from './root.js';
import { withoutLandlock } from './sandbox/jails.js';

/** What is skipped on this machine, and why; the tests say so again where they skip. */
export function skips(): { what: string; why: string }[] {
  const slurm = noSlurm();
  const landlock = withoutLandlock();
  const data = join(root, '..', 'shared');
  const network = process.getuid?.() === 0 ? ['-n'] : ['-r', '-n'];
  const found: [what: string, why: string | null][] = [
    ['tests on real data', existsSync(data) ? null : `${data} is not here`],
    ['the Landlock jail', landlock],
    [
      'pages in a browser',
      chromiumPath() === null ? 'Chromium is not here (apt-get install chromium)' : null,
    ],
    ['runs on a Slurm cluster', slurm === null ? null : `they need ${slurm}`],
    [
      'runs without a network',
      spawnSync('unshare', [...network, 'true']).status === 0
        ? null
        : `unshare ${network.join(' ')} is refused`,
    ],
    [
      'what only an ordinary user is refused',
      process.getuid?.() === 0 ? 'root may write to read-only files and folders' : null,
    ],
  ];
  return found.flatMap(([what, why]) => (why === null ? [] : [{ what, why }]));
}
