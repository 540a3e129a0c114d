import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellResult } from '../../src/sandbox/decide.js';
import { ISOLATIONS, type Isolation } from '../../src/sandbox/job.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { copyHarness } from './edited-harness.js';
import { EQUALITY, HONEST } from './forged-equality.js';
import { HONEST_LIBRARY, LIBRARY } from './forged-library.js';
import { HONEST_NAMES, WHOSE } from './forged-names.js';
import { VALUES } from './forged-values.js';
import { type Forgery, MACHINERY, NAMES, TWO_CASES } from './forgeries.js';
import { HONEST_CLASSES } from './honest-classes.js';
import { rowsBehind, TESTED_JAILS } from './jails.js';
import { NOT_PROMISED } from './not-promised.js';
import { testPython } from './python.js';
import { PERMITTED, SKIPS } from './skips.js';
import { SWALLOWED } from './swallowed.js';

// Wrong candidates that would pass. Each runs under the usual runner too, where it must pass (else the row proves
// nothing), and under the harness at both levels of isolation. Behind Landlock it is some rows of each table;
// CODERM_EVERY_JAIL=1 takes all.

/** Candidate and test in one process; what unittest says at the end is believed. */
const USUAL_RUNNER = `
    import io, types, unittest
    def module_of(name, code, names):
        module = modules[name] = types.ModuleType(name)
        vars(module).update(names, __builtins__=everybodys_builtins)
        exec(code, vars(module))
        return module
    solution = module_of("solution", job["candidate"], {})
    names = {name: value for name, value in vars(solution).items() if name[:2] != "__"}
    module = module_of("unit_test", job["tests"][0]["code"], names)
    suite = unittest.TestLoader().loadTestsFromModule(module)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    leave(0 if result.wasSuccessful() else 1)
    child = Child(`;

async function run(among: Sandbox, row: Forgery, isolation: Isolation): Promise<CellResult> {
  const { candidate, test = TWO_CASES } = row;
  const results: CellResult[] = [];
  const job = { candidate, tests: [test], limits: DEFAULT_LIMITS, isolation };
  await among.execute(job, (cells) => results.push(...cells.map(({ result }) => result)));
  assert.is(results.length, 1);
  return results[0]!;
}

const tables = {
  ...{ MACHINERY, NAMES, EQUALITY, HONEST, VALUES, HONEST_CLASSES, SWALLOWED },
  ...{ LIBRARY, HONEST_LIBRARY, WHOSE, HONEST_NAMES },
  SKIPS,
  PERMITTED,
  NOT_PROMISED,
};

for (const jail of TESTED_JAILS) {
  const forgeries = suite(`no candidate forges a pass: ${jail}`);
  let folder: string;
  let sandbox: Sandbox;
  let usual: Sandbox;

  forgeries.before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'coderm-forgery-'));
    chmodSync(folder, 0o755); // the jail's user reads it
    copyHarness(folder, [
      ['cell.py', '    child = Child(', USUAL_RUNNER],
      ['warm.py', '    parts.install()\n    checks.watch()\n', ''],
    ]);
    sandbox = await Sandbox.open({ python: testPython(), workers: 2, jail });
    usual = await Sandbox.open({ python: testPython(), workers: 1, harness: folder, jail });
  });

  forgeries.after(async () => {
    await sandbox?.close();
    await usual?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rowsBehind(jail, rows)) {
      forgeries(`${table.toLowerCase()}: ${row.name}: ${row.verdict}`, async () => {
        if (row.since !== undefined && Number(sandbox.interpreter.version.split('.')[1]) < row.since) return;
        const { detail } = await run(usual, row, 'cell');
        const believed = detail?.includes('exit code 0') ? 'pass' : 'fail';
        assert.is(believed, row.usual ?? 'pass', `the usual runner: ${detail}`);
        for (const isolation of ISOLATIONS) {
          const result = await run(sandbox, row, isolation);
          assert.is(result.verdict, row.verdict, `${isolation}: ${result.detail}`);
          if (row.detail) assert.match(result.detail ?? '', row.detail);
        }
      });
    }
  }

  forgeries.run();
}
