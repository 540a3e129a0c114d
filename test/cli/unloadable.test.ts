import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { builtFor, whyUnusable } from '../../src/native-file.js';
import { root } from '../root.js';
import { lines, temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Compiled files that do not work on this machine, in a copy of the package: half a file, one of another processor, one
// that needs a newer libc, none at all.
const unloadable = suite('cli: compiled files that do not load');
const folder = temporaryFolder();
const copy = join(folder.path, 'package');
const built = join(copy, 'build', 'Release');

for (const part of ['package.json', 'dist/src', 'native/sandbox', 'models/registry.json']) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
folder.write('s.jsonl', lines({ task_id: 'a', solutions: ['def f():\n    return 1\n'] }));
folder.write('u.jsonl', lines({ task_id: 'a', unit_tests: ['assert f() == 1'] }));
folder.write('p.jsonl', lines({ task_id: 'a', question: 'Write f().', entry_point: 'f' }));

const ELF = process.platform === 'linux';

/** The build folder with one file changed; null: without it. */
function breakFile(name: string, change: ((file: Buffer) => Buffer) | null): void {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  cpSync(join(root, 'build', 'Release'), built, { recursive: true });
  const file = join(built, name);
  const bytes = readFileSync(file);
  rmSync(file);
  if (change !== null) writeFileSync(file, change(bytes), { mode: 0o755 });
}

const half = (file: Buffer) => file.subarray(0, file.length / 2);
const text = () => Buffer.from('a text, and no program');
const empty = () => Buffer.alloc(0);

function otherProcessor(file: Buffer): Buffer {
  const other = Buffer.from(file);
  other.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
  return other;
}

/** With the name of another version of a symbol, of the same length. */
function newerLibc(file: Buffer): Buffer {
  const other = Buffer.from(file);
  for (let at = other.indexOf('GLIBC_2.'); at >= 0; at = other.indexOf('GLIBC_2.', at + 1)) {
    const end = other.indexOf(0, at);
    other.write('GLIBC_2.99'.padEnd(end - at, '9').slice(0, end - at), at, 'latin1');
  }
  return other;
}

const BROKEN: [what: string, change: ((file: Buffer) => Buffer) | null, says: RegExp][] = [
  ['missing', null, /is missing: it was not built/],
  ['half', half, /is incomplete: \d+ of \d+ bytes or more/],
  ['a text', text, /is no compiled file: it is empty or damaged/],
  ['empty', empty, /is no compiled file: it is empty or damaged/],
  [
    'of another processor',
    otherProcessor,
    /was built for Linux on (arm64|x64)( with glibc 2\.\d+ or newer)?, and this is Linux on/,
  ],
  [
    'for a newer libc',
    newerLibc,
    /was built for .* with glibc 2\.99\d* or newer, and this is .* with glibc 2\.\d+/,
  ],
];

const place = { cwd: folder.path, main: join(copy, 'dist', 'src', 'cli', 'main.js') };
const execute = ['execute', '--solutions', 's.jsonl', '--unit-tests', 'u.jsonl'];

for (const file of ['coderm_sandbox.node', 'coderm-launcher']) {
  for (const [what, change, says] of ELF ? BROKEN : BROKEN.slice(0, 4)) {
    unloadable(`${file} is ${what}: exit 4, which file, why and what helps`, async () => {
      breakFile(file, change);
      const { code, stderr } = await coderm(execute, place);
      assert.is(code, 4, stderr);
      const last = stderr.trim().split('\n').at(-1)!;
      assert.match(last, new RegExp(`^coderm: no candidate can be executed: .*${file}`));
      assert.match(last, says);
      assert.match(last, /\. Run: npm run build:native$/);
      assert.not.match(stderr, /failed twice|please report/);
    });
  }
}

for (const [what, change, says] of ELF ? BROKEN : BROKEN.slice(0, 4)) {
  unloadable(`coderm_generator.node is ${what}: exit 5`, async () => {
    breakFile('coderm_generator.node', change);
    const model = join(root, 'models', 'tiny-ut', 'tiny-ut.gguf');
    const rerank = [
      'rerank',
      '--problems',
      'p.jsonl',
      '--solutions',
      's.jsonl',
      '--model',
      model,
      '--gpu',
      'cpu',
    ];
    const { code, stderr } = await coderm(rerank, place);
    assert.is(code, 5, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /Run: npm run build:native, or pass --generator node-llama-cpp/);
  });
}

unloadable('the doctor reports it as a finding', async () => {
  breakFile('coderm_sandbox.node', half);
  const sandbox = await coderm(['doctor'], place);
  assert.is(sandbox.code, 4);
  assert.match(
    sandbox.stdout.replace(/\s+/g, ' '),
    /coderm_sandbox\.node is incomplete: .* npm run build:native/,
  );
  assert.not.match(sandbox.stderr + sandbox.stdout, /please report/);
  breakFile('coderm_generator.node', half);
  const generator = await coderm(['doctor', '--json'], place);
  const { models } = JSON.parse(generator.stdout) as {
    models: { backends: { problem: string; advice: string }[] };
  };
  for (const { problem, advice } of models.backends) {
    if (/is not installed/.test(problem)) continue;
    assert.match(problem, /coderm_generator\.node is incomplete/);
    assert.is(advice, 'run `npm run build:native`');
  }
});

unloadable("an addon that works says nothing, and a Mac's is known", () => {
  for (const name of ['coderm_sandbox.node', 'coderm-launcher', 'coderm_generator.node'])
    assert.is(whyUnusable(join(root, 'build', 'Release', name)), null);
  const mac = Buffer.alloc(64);
  mac.writeUInt32LE(0xfeedfacf, 0);
  mac.writeUInt32LE(0x0100000c, 4);
  assert.equal(builtFor(mac), { platform: 'darwin', arch: 'arm64', libc: null, leastBytes: 32 });
});

unloadable.run();
