import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, installedPackages } from '../../src/bundle/packages.js';
import { inputError, temporaryFolder } from '../temporary.js';

const packages = suite('bundle: packages');
const OWN = `${process.platform === 'darwin' ? 'mac' : process.platform}-${process.arch}`;

/** A folder with these packages: where each lies, and what its package.json says. */
function tree(found: Record<string, object>) {
  const temporary = temporaryFolder();
  for (const [place, json] of Object.entries(found))
    temporary.write(join(place, 'package.json'), JSON.stringify(json));
  return temporary;
}

packages('a checkout: what is needed at run time, wherever npm has put it', () => {
  const { path } = tree({
    '.': { dependencies: { one: '1' }, devDependencies: { tool: '1' } },
    'node_modules/one': {
      dependencies: { two: '1', '@a/three': '1' },
      optionalDependencies: { absent: '1' },
    },
    'node_modules/one/node_modules/two': {
      peerDependencies: { four: '1', tool: '1' },
      peerDependenciesMeta: { tool: { optional: true } },
    },
    'node_modules/two': {},
    'node_modules/@a/three': { dependencies: { one: '1' } }, // a circle
    'node_modules/four': {},
    'node_modules/tool': {},
  });
  assert.equal(installedPackages(path, false), {
    base: path,
    packages: [
      'node_modules/@a/three',
      'node_modules/four',
      'node_modules/one',
      'node_modules/one/node_modules/two',
    ],
  });
});

packages('an engine that is itself a package', () => {
  const { path } = tree({
    '.': { dependencies: { other: '1' } },
    'node_modules/other': {},
    'node_modules/coderm-engine': { dependencies: { one: '1', two: '1' } },
    'node_modules/coderm-engine/node_modules/one': {},
    'node_modules/two': {},
  });
  assert.equal(installedPackages(join(path, 'node_modules', 'coderm-engine'), false), {
    base: path,
    packages: ['node_modules/coderm-engine/node_modules/one', 'node_modules/two'],
  });
});

packages('of the binaries only what this kind of machine can use', () => {
  const names = [OWN, `${OWN}-cuda`, `${OWN}-vulkan`, 'linux-riscv64', 'win-x64'];
  const { path } = tree({
    '.': { optionalDependencies: Object.fromEntries(names.map((name) => [`@node-llama-cpp/${name}`, '1'])) },
    ...Object.fromEntries(names.map((name) => [`node_modules/@node-llama-cpp/${name}`, {}])),
  });
  const found = (gpu: boolean) =>
    installedPackages(path, gpu).packages.map((place) => place.replace('node_modules/@node-llama-cpp/', ''));
  assert.equal(found(false), [OWN]);
  assert.equal(found(true), [OWN, `${OWN}-cuda`, `${OWN}-vulkan`]);
});

packages('installs that cannot be packed', async () => {
  const missing = tree({ '.': { dependencies: { one: '1' } } });
  assert.match(
    await inputError(() => installedPackages(missing.path, false)),
    /Expected one in node_modules of .*is missing/,
  );
  const linked = tree({ '.': { dependencies: { one: '1' } }, 'store/one': {}, 'node_modules/two': {} });
  symlinkSync(join(linked.path, 'store', 'one'), join(linked.path, 'node_modules', 'one'));
  assert.match(
    await inputError(() => installedPackages(linked.path, false)),
    /but it is a link; install with `npm install`/,
  );
});

packages('the files of a package: no links, no leftovers of a build, no other packages', () => {
  const { path, write } = temporaryFolder();
  const kept = ['a/build/Release/a.node', 'a/index.js', 'a/lib/b.js'];
  const left = [
    'a/node_modules/b/index.js',
    'a/.bin/x',
    'a/build/Release/obj/a.o',
    'a/build/Makefile',
    'a/__pycache__/m.pyc',
  ];
  for (const file of [...kept, ...left]) write(file, 'x');
  symlinkSync('/etc/passwd', join(path, 'a', 'link'));
  assert.equal(filesOf(path, 'a'), kept);
});

packages.run();
