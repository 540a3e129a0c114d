import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../root.js';
import { temporaryFolder } from '../temporary.js';

const report = suite('what is wrong with a file of tests');
const temporary = temporaryFolder();
const uvu = pathToFileURL(join(root, 'node_modules', 'uvu', 'dist', 'index.mjs')).href;
let number = 0;

interface Totals {
  Total: number;
  Passed: number;
  Skipped: number;
}

/** What scripts/test.mjs says of a file with this text, and uvu's exit code. */
async function judge(text: string): Promise<{ problem: string | null; code: number | null }> {
  number += 1;
  temporary.write(
    `${number}.test.mjs`,
    `import { suite } from ${JSON.stringify(uvu)};\nconst all = suite('all');\n${text}\nall.run();\n`,
  );
  const bin = join(root, 'node_modules', 'uvu', 'bin.js');
  const args = [bin, temporary.path, `^${number}\\.test\\.mjs$`];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const scripts: {
    readTotals(output: string): { totals: Totals | null };
    wrongWith(code: number | null, totals: Totals | null): string | null;
  } = await import(pathToFileURL(join(root, 'scripts', 'test-report.mjs')).href);
  return { problem: scripts.wrongWith(status, scripts.readTotals(stdout).totals), code: status };
}

const PASSES = "all('a', () => {});\nall('b', () => {});";
const FAILS = "all('c', () => { throw new Error('no'); });";
const rows: [name: string, text: string, problem: RegExp | null, code: number][] = [
  ['nothing', PASSES, null, 0],
  ['a test', `${PASSES}\n${FAILS}`, /^1 of 3 tests$/, 1],
  [
    'a hook before them',
    `all.before(() => { throw new Error('no'); });\n${PASSES}`,
    /^2 of 2 tests did not/,
    0,
  ],
  [
    'a hook after a test that failed',
    `all.after.each(() => { throw 1; });\n${FAILS}`,
    /^1 of 1 tests did not/,
    0,
  ],
  ['a hook after them', `all.after(() => { throw new Error('no'); });\n${PASSES}`, /without a total/, 1],
  ['a text that does not load', 'throw new Error("no");', /without a total/, 1],
  ['one that this machine cannot run', `${PASSES}\nall.skip('c', () => {});`, null, 0],
  ['no test', '', /no test/, 0],
];
for (const [name, text, problem, code] of rows) {
  report(name, async () => {
    const found = await judge(text);
    if (problem === null) assert.is(found.problem, null);
    else assert.match(found.problem ?? 'nothing', problem);
    assert.is(found.code, code);
  });
}

report.run();
