// How many cells may share a process, asked of the harness itself, in a jail.
import { join } from 'node:path';
import { packageRoot } from '../dist/src/package-root.js';
import { HARNESS, HARNESS_IN_JAIL } from '../dist/src/sandbox/harness.js';

const LIMITS = {
  cpuMs: 600_000,
  wallMs: 1_200_000,
  memoryMiB: 2048,
  outputKiB: 1024,
  processes: 4,
  tmpMiB: 16,
};
const folder = join(packageRoot, 'bench', 'sandbox');

/** One sentence about {candidates, tests} of many tasks. */
export async function countShare(jobs, sandbox, harness = HARNESS) {
  const tasks = [];
  for await (const { candidates, tests } of jobs)
    tasks.push({ candidates, tests: tests.map(({ code }) => code) });
  const request = { harness: sandbox.jail === 'namespaces' ? HARNESS_IN_JAIL : harness, tasks };
  const found = await sandbox.runScript({ folder, name: 'share.py', request, limits: LIMITS });
  if ('ended' in found) throw new Error(`the count ended: ${found.ended}`);
  const {
    cells,
    plain,
    candidates,
    reusable,
    tests,
    plain_tests: plainTests,
    plain_candidates: alike,
  } = found.answer;
  const share = (part, whole) => `${((100 * part) / whole).toFixed(2)}%`;
  return (
    `${share(plain, cells)} of ${cells} cells may share a process (${share(alike, candidates)} of ${candidates} ` +
    `candidates and ${share(plainTests, tests)} of ${tests} unit tests are plain); ${share(reusable, candidates)} of the ` +
    'candidates are executed once for all'
  );
}
