import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Jail } from '../../src/sandbox/jail.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { copyHarness, type HarnessEdit } from './edited-harness.js';
import { testPython } from './python.js';

/** A harness that lets every cell into the shared process, executes the candidate once and never looks back. */
const CARELESS: readonly HarnessEdit[] = [
  ['cell.py', 'apart = self.shared and not candidate.plain', 'apart = False'],
  ['cell.py', 'plains = [not apart and plain(candidate, unit_test) for', 'plains = [True for'],
  ['cell.py', 'self.doubt(cell, cpu, candidate, unit_test) if self.shared else None', 'None'],
  ['cell.py', 'if self.shared and candidate.reusable and', 'if self.shared and'],
  [
    'cell.py',
    '        if changed:\n            tell("tampered"',
    '        if False:\n            tell("tampered"',
  ],
  ['cell.py', 'self.means = candidate.means', 'self.means = None'],
  ['cell.py', '    set_random_state(random_state)\n', ''],
  ['cell.py', '    set_recursion_limit(RECURSION_LIMIT)\n', ''],
];

/** A sandbox in which cells of a candidate can notice each other; closed by `close`. */
export async function openCareless(
  changes: readonly HarnessEdit[] = CARELESS,
  jail: Jail = 'namespaces',
): Promise<{ sandbox: Sandbox; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'coderm-careless-'));
  chmodSync(folder, 0o755); // the jail's user reads it
  copyHarness(folder, changes);
  const sandbox = await Sandbox.open({ python: testPython(), harness: folder, jail });
  return {
    sandbox,
    close: async () => {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
