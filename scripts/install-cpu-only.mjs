// The install without llama.cpp's GPU libraries and without the linter: a fifth of the size. npm cannot leave out some of
// the optional packages: --omit=optional leaves out the CPU's library and TypeScript's compiler too. So everything
// optional is left out, and these two are named. `node scripts/install-cpu-only.mjs`, in place of `npm install`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPrerequisites } from './prerequisites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { platform, arch } = process;
const llama = { linux: `linux-${arch}`, darwin: arch === 'arm64' ? 'mac-arm64-metal' : 'mac-x64' }[platform];

checkPrerequisites();
const packages = [
  `@node-llama-cpp/${llama}@${dependencies['node-llama-cpp']}`,
  `@typescript/typescript-${platform}-${arch}@${devDependencies.typescript}`,
];
// Where packages are named, npm does not run the install script of the package that they are installed for.
for (const [command, ...args] of [
  ['npm', 'install', '--omit=optional', '--no-save', ...packages],
  [process.execPath, join(root, 'scripts', 'install.mjs')],
]) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`coderm: expected to run ${command}, but ${error.message}.`);
  if (status !== 0) process.exit(status ?? 1);
}
