// Builds native/ into build/Release: with cmake-js where CMake is installed, else with node-gyp, offline.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPrerequisites, nodePrefix, runs, stop } from './prerequisites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

checkPrerequisites();

let command;
if (runs('cmake', '--version') && process.env.CODERM_BUILD !== 'node-gyp') {
  command = [
    require.resolve('cmake-js/bin/cmake-js'),
    'build',
    '--log-level',
    'error',
    '--config',
    'Release',
  ];
} else {
  const prefix = nodePrefix();
  if (!prefix)
    stop(
      `building without CMake needs Node's headers beside ${process.execPath}, and include/node was not found there. Install CMake, or set npm_config_nodedir.`,
    );
  let nodeGyp;
  try {
    nodeGyp = require.resolve('node-gyp/bin/node-gyp.js', {
      paths: [root, join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm')],
    });
  } catch {
    stop('building without CMake needs node-gyp, which comes with npm, and it was not found. Install CMake.');
  }
  command = [nodeGyp, 'rebuild', '--silent', '--release', `--nodedir=${prefix}`];
}

// Quiet when it works; all that the tools said when it does not.
const result = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}${result.stderr}`);
  console.error(
    'coderm: the native build failed; the compiler says above why. `npm run build:native` tries it again.',
  );
  process.exit(1);
}
