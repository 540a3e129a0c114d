// `npm install` ends here: the native sandbox is built for this machine, and, on a checkout, TypeScript too.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function step(...args) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

step(join(root, 'scripts', 'build-native.mjs'));

let typescript = null;
try {
  typescript = createRequire(import.meta.url).resolve('typescript/package.json');
} catch {
  // A production install: the package brings its compiled JavaScript.
}
if (typescript) {
  step(join(dirname(typescript), 'bin', 'tsc'), '-p', join(root, 'tsconfig.json'));
  // npx does so only where it meets this folder for the first time.
  chmodSync(join(root, 'dist', 'src', 'cli', 'main.js'), 0o755);
} else if (!existsSync(join(root, 'dist', 'src', 'cli', 'main.js'))) {
  console.error(
    'coderm: this checkout is not compiled and TypeScript is not installed. Run: npm install --include=dev',
  );
  process.exit(1);
}
