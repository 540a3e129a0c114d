// Opens a bundle on a machine that has Node and tar, and no engine yet:
//     tar -xf BUNDLE unbundle.mjs && node unbundle.mjs BUNDLE FOLDER
// The engine that the bundle carries does the work: it is laid into a temporary folder and asked to.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [bundle, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('coderm: expected a bundle and a new folder: node unbundle.mjs BUNDLE FOLDER');
  process.exit(2);
}
const archive = resolve(bundle);
const work = mkdtempSync(join(tmpdir(), 'coderm-unbundle-'));

function tar(...args) {
  const { status, error } = spawnSync('tar', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  console.error(
    `coderm: expected ${archive} to be a bundle that tar can read (${error?.message ?? `tar ended with ${status}`}).`,
  );
  rmSync(work, { recursive: true, force: true });
  process.exit(2);
}

tar('-xf', archive, '-C', work, 'manifest.json', 'engine.tgz', 'modules.tgz');
const { engine } = JSON.parse(readFileSync(join(work, 'manifest.json'), 'utf8'));
const home = join(work, 'lib', engine);
mkdirSync(home, { recursive: true });
tar('-xzf', join(work, 'modules.tgz'), '-C', join(work, 'lib'));
tar('-xzf', join(work, 'engine.tgz'), '-C', home, '--strip-components=1');
const main = join(home, 'dist', 'src', 'cli', 'main.js');
const { status } = spawnSync(process.execPath, [main, 'models', 'unbundle', archive, folder], {
  stdio: 'inherit',
});
rmSync(work, { recursive: true, force: true });
process.exit(status ?? 1);
