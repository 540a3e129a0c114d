import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeBundle } from '../../src/bundle/bundle.js';
import { type Target, thisTarget } from '../../src/bundle/target.js';
import { openBundle } from '../../src/bundle/unbundle.js';
import { InputError } from '../../src/error.js';
import { ModelsFolder } from '../../src/model/files/models-folder.js';
import { silent } from '../../src/progress.js';
import { refusal } from '../refusal.js';
import { fixture } from '../root.js';
import { temporaryFolder } from '../temporary.js';

const unbundle = suite('bundle: unbundle');
const temporary = temporaryFolder();
const HERE = thisTarget();
let number = 0;

interface Entry {
  path: string;
  type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice';
  content?: string;
  linkpath?: string;
}

function tgz(...entries: Entry[]): Buffer {
  const blocks = entries.map(({ path, type = 'File', content = '', linkpath }) => {
    const header = Buffer.alloc(512);
    const size = Buffer.byteLength(content);
    new Header({
      path,
      type,
      size,
      mode: 0o644,
      mtime: new Date(0),
      ...(linkpath === undefined ? {} : { linkpath }),
    }).encode(header, 0);
    const data = Buffer.alloc(Math.ceil(size / 512) * 512);
    data.write(content);
    return Buffer.concat([header, data]);
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const ENGINE: Entry[] = [
  { path: 'package/package.json', content: '{}' },
  { path: 'package/dist/src/cli/main.js', content: 'console.log("it runs")' },
];
const MODULES: Entry[] = [
  { path: 'node_modules/one/index.js', content: '1' },
  { path: 'build/Release/coderm_sandbox.node', content: 'elf' },
];

interface Parts {
  engine?: Entry[];
  modules?: Entry[];
  target?: Partial<Target>;
  place?: string;
}

/** A small bundle in a folder of its own, and where it is to be opened. */
async function bundle({ engine = ENGINE, modules = MODULES, target = {}, place = '' }: Parts = {}) {
  number += 1;
  const folder = join(temporary.path, String(number));
  const staging = join(folder, 'staging');
  mkdirSync(join(staging, 'models'), { recursive: true });
  writeFileSync(join(staging, 'engine.tgz'), tgz(...engine));
  writeFileSync(join(staging, 'modules.tgz'), tgz(...modules));
  copyFileSync(fixture('random.gguf'), join(staging, 'models', 'random.gguf'));
  const file = join(folder, 'b.tar');
  const needs = { ...HERE, glibc: HERE.glibc === null ? null : '2.2', ...target };
  await writeBundle(file, staging, { engine: place, target: needs }, silent);
  return { folder, file, to: join(folder, 'opened', 'here') };
}

type Made = Awaited<ReturnType<typeof bundle>>;

async function refused({ folder, file, to }: Made, says: RegExp): Promise<void> {
  await refusal(openBundle(file, to, silent), InputError, says);
  assert.not.ok(existsSync(to));
  const left = existsSync(join(folder, 'opened')) ? readdirSync(join(folder, 'opened')) : [];
  assert.equal(left, []);
  assert.equal(
    readdirSync(folder).filter((name) => !['staging', 'b.tar', 'opened'].includes(name)),
    [],
  );
}

unbundle('what is in it comes to its place', async () => {
  const { file, to } = await bundle();
  mkdirSync(to, { recursive: true }); // an empty folder will do
  await openBundle(file, to, silent);
  assert.equal(readdirSync(to).sort(), ['bin', 'lib', 'models']);
  assert.is(readFileSync(join(to, 'lib', 'node_modules', 'one', 'index.js'), 'utf8'), '1');
  assert.ok(existsSync(join(to, 'lib', 'build', 'Release', 'coderm_sandbox.node')));
  assert.ok((statSync(join(to, 'bin', 'coderm')).mode & 0o111) === 0o111);
  const models = new ModelsFolder(join(to, 'models'));
  assert.equal(
    models.records().map(({ file, source }) => [file, source]),
    [['random.gguf', 'bundle:b.tar']],
  );
  const again = await openBundle(file, to, silent).catch((error: Error) => error.message);
  assert.match(String(again), /to be new or empty, but it is not/);
});

unbundle('an engine that was installed as a package', async () => {
  const place = 'node_modules/coderm-engine';
  const modules = [MODULES[0]!, { path: `${place}/build/Release/coderm_sandbox.node`, content: 'elf' }];
  const { file, to } = await bundle({ place, modules });
  await openBundle(file, to, silent);
  assert.ok(existsSync(join(to, 'lib', place, 'dist', 'src', 'cli', 'main.js')));
  assert.match(
    readFileSync(join(to, 'bin', 'coderm'), 'utf8'),
    /lib\/node_modules\/coderm-engine\/dist\/src\/cli\/main\.js/,
  );
});

unbundle('bundles for another machine', async () => {
  await refused(
    await bundle({ target: { platform: 'linux-s390x' } }),
    /is not: it is for linux-s390x, and this machine is/,
  );
  await refused(
    await bundle({ target: { abi: '1', node: '4.0.0' } }),
    /compiled for Node 4, and this is Node/,
  );
  if (HERE.glibc !== null)
    await refused(
      await bundle({ target: { glibc: '9.99' } }),
      /needs glibc 9\.99 or newer, and this system has/,
    );
});

unbundle('bundles that were damaged', async () => {
  const whole = await bundle();
  const bytes = readFileSync(whole.file);
  const flipped = (at: number) => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy;
  };
  const data = bytes.indexOf('GGUF');
  const manifest = statSync(join(whole.folder, 'staging', 'manifest.json')).size;
  const second = bytes.indexOf('engine.tgz', 512 + manifest);
  const table: [content: Buffer | string, says: RegExp][] = [
    ['not a tar file at all', /it is cut off/],
    ['x'.repeat(4096), /manifest\.json is not where it should be/],
    [bytes.subarray(0, data + 1000), /it is cut off/],
    [flipped(data + 5000), /models\/random\.gguf has the SHA-256/],
    [flipped(second), /engine\.tgz is not where it should be/],
    [flipped(second + 600), /engine\.tgz has the SHA-256/],
    [
      Buffer.concat([bytes.subarray(0, bytes.length - 1024), bytes.subarray(0, 1024)]),
      /more follows than its manifest says/,
    ],
  ];
  for (const [content, says] of table) {
    const made = await bundle();
    writeFileSync(made.file, content);
    await refused(made, says);
  }
  await refused(
    { ...whole, file: join(whole.folder, 'none.tar') },
    /Expected a bundle at .*none\.tar, but ENOENT/,
  );
});

/** The manifest's text is replaced by one of the same length. */
unbundle('manifests that lie', async () => {
  const table: [from: string, to: string, says: RegExp][] = [
    ['"models/random.gguf"', '"models/../dom.gguf"', /not one that this version knows \(members\.2\.path\)/],
    ['"models/random.gguf"', '"/odels/random.gguf"', /not one that this version knows/],
    ['"engine": ""', '"engine":".."', /not one that this version knows/],
    ['"format": 1', '"format": 2', /not one that this version knows \(format\)/],
    ['"modules.tgz"', '"engine.tgz" ', /list engine\.tgz, modules\.tgz and every member once/],
  ];
  for (const [from, to, says] of table) {
    const made = await bundle();
    const bytes = readFileSync(made.file);
    const at = bytes.indexOf(from);
    assert.ok(at > 0, from);
    bytes.write(to.padEnd(from.length), at);
    writeFileSync(made.file, bytes);
    await refused(made, says);
  }
});

unbundle('archives that reach out of the folder', async () => {
  const table: [parts: Parts, says: RegExp][] = [
    [{ modules: [{ path: '../evil', content: 'x' }] }, /modules\.tgz holds File \.\.\/evil/],
    [
      { modules: [{ path: 'node_modules/../../evil', content: 'x' }] },
      /holds File node_modules\/\.\.\/\.\.\/evil/,
    ],
    [{ modules: [{ path: '/tmp/coderm-evil', content: 'x' }] }, /holds File \/tmp\/coderm-evil/],
    [{ modules: [{ path: 'bin/coderm', content: 'x' }] }, /holds File bin\/coderm/],
    [
      { modules: [...MODULES, { path: 'node_modules/out', type: 'SymbolicLink', linkpath: '/tmp' }] },
      /holds SymbolicLink/,
    ],
    [{ modules: [{ path: 'node_modules/out', type: 'Link', linkpath: '/etc/passwd' }] }, /holds Link/],
    [{ modules: [{ path: 'node_modules/dev', type: 'CharacterDevice' }] }, /holds CharacterDevice/],
    [{ engine: [...ENGINE, { path: 'package/../../evil', content: 'x' }] }, /engine\.tgz holds File package/],
    [{ engine: [{ path: 'node_modules/x', content: 'x' }] }, /engine\.tgz holds File node_modules\/x/],
  ];
  for (const [parts, says] of table) await refused(await bundle(parts), says);
  assert.not.ok(existsSync('/tmp/coderm-evil'));
});

unbundle.run();
