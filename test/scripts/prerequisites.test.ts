import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../root.js';
import { temporaryFolder } from '../temporary.js';

const prerequisites = suite('prerequisites');
const temporary = temporaryFolder();
const ALL = ['c++', 'python3', 'git', 'make', 'cmake'];
let number = 0;

/** What the script says on a machine that has these programs and no others. */
function said(programs: readonly string[], failing: readonly string[] = []) {
  number += 1;
  const bin = join(temporary.path, `bin-${number}`);
  mkdirSync(bin);
  for (const name of programs) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexit ${failing.includes(name) ? 1 : 0}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { PATH: bin, npm_config_nodedir: temporary.path };
  const script = join(root, 'scripts', 'prerequisites.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

prerequisites('all is here', () => {
  const { status, stdout, stderr } = said(ALL);
  assert.is(status, 0, stderr);
  assert.match(stdout, /everything that an install needs is here/);
  const ninja = said(['c++', 'python3', 'git', 'cmake', 'ninja']);
  if (process.versions.node.startsWith('20.'))
    assert.match(ninja.stderr, /needs make/); // for better-sqlite3
  else assert.is(ninja.status, 0, 'ninja does what make does');
});

prerequisites('what is missing is one sentence with the command that installs it', () => {
  const table: [has: string[], failing: string[], says: RegExp][] = [
    [
      ALL.slice(1),
      [],
      /needs a C\+\+17 compiler \('c\+\+' does not run\), which this machine lacks\. Install with: \S/,
    ],
    [ALL, ['python3'], /needs Python 3\.9 or newer as python3, which.*\bpython/],
    [['c++', 'python3', 'make', 'cmake'], [], /needs git, which.*\bgit$/m],
    [['c++', 'python3', 'git', 'cmake'], [], /needs make, which.*\bmake$/m],
    [['git', 'cmake'], [], /'c\+\+' does not run\), Python 3\.9 or newer as python3 and make, which/],
  ];
  for (const [has, failing, says] of table) {
    const { status, stderr } = said(has, failing);
    assert.is(status, 1);
    assert.match(stderr, says);
    assert.is(stderr.trim().split('\n').length, 1, stderr);
  }
});

prerequisites('the releases of Node are those that package.json names', async () => {
  const { nodeServes } = (await import(join(root, 'scripts', 'prerequisites.mjs'))) as {
    nodeServes: (version: string) => boolean;
  };
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.is(engines.node, '^20.17.0 || ^22.14.0 || >=24.0.0');
  for (const version of ['20.17.0', '20.20.2', '22.14.0', '22.23.3', '24.0.0', '24.21.0', '26.10.0'])
    assert.ok(nodeServes(version), version);
  for (const version of ['18.20.8', '20.16.0', '21.7.3', '22.13.1', '23.11.0'])
    assert.not(nodeServes(version), version);
});

prerequisites.run();
