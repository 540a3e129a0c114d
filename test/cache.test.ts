import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellRow } from '../src/cache/cell-row.js';
import { canonicalJson, contentKey } from '../src/cache/content-key.js';
import { Cache } from '../src/cache/database.js';
import { defaultCachePath } from '../src/cache/place.js';
import { SCHEMA_VERSION } from '../src/cache/schema.js';
import { Spool } from '../src/cache/spool.js';
import { root } from './root.js';
import { inputError, temporaryFolder } from './temporary.js';

const cacheTest = suite('cache');
const folder = temporaryFolder();
let files = 0;
const fresh = () => join(folder.path, `${files++}`, 'cache.sqlite');
const key = (part: unknown) => contentKey('test', { part });

const cell = (more: Partial<CellRow> = {}): CellRow => ({
  verdict: 'fail',
  cpuMs: 12.25,
  wallMs: 30,
  cases: [
    { name: 'T.test_a', end: 'pass' },
    { name: 'T.test_b', end: 'fail' },
  ],
  detail: 'AssertionError: 1 != 2\u0000é',
  observed: ['ab', 'cd'],
  ...more,
});

cacheTest('gives back what was stored, also after it was closed', () => {
  const file = fresh();
  const sample = { text: 'a\nb', tokens: 3, stop: 'length' as const };
  const rows = [cell(), cell({ verdict: 'timeout', cases: [], detail: null, observed: null })];
  const cache = Cache.open(file);
  cache.rememberModel('/m.gguf', 5_000_000_000, 1700000000123.456, 'aa');
  cache.storePrompt(key('p'), { text: 'ask', tokens: [1, 128_000, 2_000_000] });
  cache.storeSample(key('s'), sample);
  cache.storeAnalysis(key('a'), '{"x":1}');
  cache.storeRate(key('rate'), 100, 10);
  cache.storeRate(key('rate'), 250, 5); // the older one counts half
  cache.storeCells(rows.map((row, at) => ({ key: key(at), row })));
  cache.close();
  cache.close();

  const again = Cache.open(file);
  assert.is(again.model('/m.gguf', 5_000_000_000, 1700000000123.456), 'aa');
  assert.is(again.model('/m.gguf', 5_000_000_001, 1700000000123.456), undefined);
  assert.is(again.model('/m.gguf', 5_000_000_000, 1700000000124), undefined);
  assert.equal(again.prompt(key('p')), { text: 'ask', tokens: [1, 128_000, 2_000_000] });
  assert.equal(again.sample(key('s')), sample);
  assert.is(again.analysis(key('a')), '{"x":1}');
  assert.equal(
    [...again.cells([key(1), key('none'), key(0)])],
    [
      [key(1), rows[1]],
      [key(0), rows[0]],
    ],
  );
  assert.is(again.prompt(key('none')), undefined);
  assert.is(again.sample(key('none')), undefined);
  assert.is(again.analysis(key('none')), undefined);
  assert.is(again.rate(key('none')), undefined);
  assert.is(again.rate(key('rate')), 30);
  assert.equal(again.integrityCheck(), []);
  const { bytes, ...info } = again.info();
  assert.equal(info, {
    file,
    schema: SCHEMA_VERSION,
    models: 1,
    prompts: 1,
    samples: 1,
    analyses: 1,
    cells: 2,
    rates: 1,
  });
  assert.ok(bytes >= 4096);
  again.close();
});

cacheTest('the first sample and the first cell under a key stay', () => {
  const cache = Cache.open(fresh());
  cache.storeSample(key(1), { text: 'first', tokens: 1, stop: 'stop' });
  cache.storeSample(key(1), { text: 'second', tokens: 1, stop: 'stop' });
  assert.is(cache.sample(key(1))!.text, 'first');
  cache.storeCells([
    { key: key(2), row: cell({ cpuMs: 1 }) },
    { key: key(2), row: cell({ cpuMs: 2 }) },
  ]);
  assert.is(cache.cells([key(2)]).get(key(2))!.cpuMs, 1);
  cache.close();
});

cacheTest('clear: one part, then everything; the disk is given back', () => {
  const cache = Cache.open(fresh());
  for (let at = 0; at < 50; at++)
    cache.storeSample(key(at), { text: 'x'.repeat(20_000), tokens: 1, stop: 'stop' });
  cache.storeCells([{ key: key('c'), row: cell() }]);
  const before = cache.info().bytes;
  assert.equal(cache.clear('samples'), {
    models: 0,
    prompts: 0,
    samples: 50,
    analyses: 0,
    cells: 0,
    rates: 0,
  });
  assert.ok(cache.info().bytes < before / 5);
  assert.is(cache.info().cells, 1);
  assert.is(cache.clear().cells, 1);
  assert.is(cache.info().cells, 0);
  cache.close();
});

cacheTest('an empty file becomes a cache', () => {
  const file = folder.write('empty.sqlite', '');
  Cache.open(file).close();
  assert.ok(statSync(file).size > 0);
});

/** A cache file that `damage` changed after it was closed. */
function changed(damage: (file: string) => void): string {
  const file = fresh();
  const cache = Cache.open(file);
  for (let at = 0; at < 200; at++) cache.storeAnalysis(key(at), 'y'.repeat(1000));
  cache.close();
  damage(file);
  return file;
}
const foreign = (sql: string) => {
  const file = join(folder.path, `foreign${files++}.sqlite`);
  new Database(file).exec(sql).close();
  return file;
};
const asRoot = process.getuid?.() === 0;

const refused: [string, () => string, RegExp][] = [
  ['a text file', () => folder.write('text.sqlite', 'hello '.repeat(300)), /is not a cache: .*--cache/],
  ['a short text file', () => folder.write('short.sqlite', 'hello'), /is not a cache/],
  ['another program’s database', () => foreign('CREATE TABLE t (x)'), /SQLite database of another program/],
  [
    'another program’s schema number',
    () => foreign('PRAGMA user_version = 1'),
    /SQLite database of another program/,
  ],
  [
    'a newer schema',
    () => changed((file) => new Database(file).exec('PRAGMA user_version = 99').close()),
    /written by a newer coderm \(cache schema 99; this one knows \d+\): update/,
  ],
  ['a folder', () => folder.path, /is a folder; expected a file/],
  ['a device', () => '/dev/null', /is not a regular file/],
  [
    'a path under a file',
    () => join(folder.write('file', 'x'), 'deep', 'cache.sqlite'),
    /cannot be made or written \((ENOTDIR|EEXIST)\)/,
  ],
  [
    'a truncated file',
    () => changed((file) => writeFileSync(file, readFileSync(file).subarray(0, 6000))),
    /is damaged: delete it/,
  ],
];
for (const [name, make, message] of refused) {
  cacheTest(`refuses ${name}`, async () => {
    const file = make();
    const use = () => {
      const cache = Cache.open(file);
      try {
        cache.info();
        cache.clear();
      } finally {
        cache.close();
      }
    };
    assert.match(await inputError(use), message);
  });
}

(asRoot ? cacheTest.skip : cacheTest)('refuses a read-only file and a read-only folder', async () => {
  const file = changed((made) => chmodSync(made, 0o400));
  assert.match(await inputError(() => Cache.open(file)), /cannot be made or written \(EACCES\)/);
  const locked = join(folder.path, 'locked');
  mkdirSync(locked, { mode: 0o500 });
  assert.match(
    await inputError(() => Cache.open(join(locked, 'cache.sqlite'))),
    /cannot be made or written \(EACCES\)/,
  );
});

cacheTest('a foreign database is not changed by the refusal', async () => {
  const file = foreign('CREATE TABLE t (x)');
  const before = readFileSync(file);
  await inputError(() => Cache.open(file));
  assert.ok(before.equals(readFileSync(file)));
});

cacheTest('a full disk is one sentence, and what was stored before is kept', async () => {
  const file = fresh();
  const cache = Cache.open(file, { maxPages: 40 });
  const fill = () => {
    for (let at = 0; at < 1000; at++) cache.storeAnalysis(key(at), 'z'.repeat(4000));
  };
  assert.match(await inputError(fill), /^The disk is full: .* could not grow/);
  const rows = Array.from({ length: 500 }, (_, at) => ({
    key: key(at),
    row: cell({ detail: 'd'.repeat(500) }),
  }));
  assert.match(await inputError(() => cache.storeCells(rows)), /^The disk is full/);
  assert.is(cache.info().cells, 0); // all or nothing
  assert.is(cache.analysis(key(0))!.length, 4000);
  assert.equal(cache.integrityCheck(), []);
  cache.close();
});

cacheTest('a lock that is not given back is one sentence', async () => {
  const file = fresh();
  const cache = Cache.open(file, { busyTimeoutMs: 50 });
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  assert.match(await inputError(() => cache.storeAnalysis(key(1), '1')), /held by another process/);
  other.close();
  cache.storeAnalysis(key(1), '1');
  cache.close();
});

/** Opens argv[1] and stores cells under argv[2] … until argv[3], or without end. */
const WRITER = `
  import { Cache } from ${JSON.stringify(join(root, 'dist', 'src', 'cache', 'database.js'))};
  import { contentKey } from ${JSON.stringify(join(root, 'dist', 'src', 'cache', 'content-key.js'))};
  const [file, name, count] = process.argv.slice(1);
  const cache = Cache.open(file);
  for (let at = 0; at < Number(count); at++) {
    const row = { verdict: 'pass', cpuMs: 1, wallMs: 1, cases: [], detail: null, observed: null };
    cache.storeCells([0, 1].map((half) => ({ key: contentKey(name, { at, half }), row })));
    cache.storeSample(contentKey(name, { at }), { text: 'x'.repeat(3000), tokens: 1, stop: 'stop' });
    if (at === 20) console.log('on its way');
  }
  cache.close();`;
const node = (...args: string[]) => ['--input-type=module', '-e', WRITER, ...args];

cacheTest('processes that make and write one file at once lose nothing', async () => {
  const file = fresh();
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => promisify(execFile)(process.execPath, node(file, name, '100'))));
  const cache = Cache.open(file);
  assert.is(cache.info().cells, 800);
  assert.is(cache.info().samples, 400);
  assert.equal(cache.integrityCheck(), []);
  cache.close();
});

cacheTest('processes that make the same files at once take none for another program’s', async () => {
  const files = Array.from({ length: 60 }, fresh);
  const program = `
  import { Cache } from ${JSON.stringify(new URL('../src/cache/database.js', import.meta.url).href)};
  for (const file of process.argv.slice(1)) Cache.open(file).close();`;
  const open = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, ...files]);
  await Promise.all([open(), open(), open(), open()]);
  for (const file of files) Cache.open(file).close();
});

cacheTest(
  'kill -9 while it writes: finished writes are there, pairs are whole, the file is sound',
  async () => {
    for (let round = 0; round < 3; round++) {
      const file = fresh();
      const child = spawn(process.execPath, node(file, 'k', '1000000'), {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((done) => child.stdout.once('data', done));
      await new Promise((done) => setTimeout(done, 20 + 37 * round));
      child.kill('SIGKILL');
      await new Promise((done) => child.once('close', done));
      const cache = Cache.open(file);
      const { cells, samples } = cache.info();
      assert.ok(
        samples >= 21 && cells % 2 === 0 && cells / 2 - samples <= 1,
        `${cells} cells, ${samples} samples`,
      );
      assert.equal(cache.integrityCheck(), []);
      cache.close();
    }
  },
);

cacheTest('keys: order does not matter, values and kinds do, what JSON blurs is refused', () => {
  assert.is(
    contentKey('k', { a: 1, b: { d: [1, 2], c: 'x' } }),
    contentKey('k', { b: { c: 'x', d: [1, 2] }, a: 1 }),
  );
  assert.match(contentKey('k', {}), /^[0-9a-f]{64}$/);
  const distinct = [
    { a: 1 },
    { a: '1' },
    { a: [1] },
    { a: [[1]] },
    { a: null },
    {},
    { a: true },
    { a: { b: 1 } },
    { b: 1 },
  ];
  assert.is(new Set(distinct.map((parts) => contentKey('k', parts))).size, distinct.length);
  assert.is.not(contentKey('k', {}), contentKey('l', {}));
  assert.is(contentKey('k', { a: undefined }), contentKey('k', {}));
  assert.is(canonicalJson(Uint32Array.of(1, 2)), '[1,2]');
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, new Map(), undefined]) {
    assert.throws(() => canonicalJson([bad]), /cache key/);
  }
  const cache = Cache.open(fresh());
  assert.throws(() => cache.sample('x'), /Not a content key/);
  cache.close();
});

cacheTest('default place', () => {
  assert.is(defaultCachePath({ XDG_CACHE_HOME: '/x', HOME: '/h' }), '/x/coderm/cache.sqlite');
  assert.is(defaultCachePath({ XDG_CACHE_HOME: 'relative', HOME: '/h' }), '/h/.cache/coderm/cache.sqlite');
  assert.is(defaultCachePath({}), join(homedir(), '.cache', 'coderm', 'cache.sqlite'));
});

cacheTest('spool: per key in the order of adding, several keys merged, also while it grows', () => {
  const spool = new Spool<number>();
  for (let at = 0; at < 10; at++) spool.add(at % 3 === 0 ? 'a' : at % 3 === 1 ? 'b' : 'c', at);
  assert.equal([...spool.read('a')], [0, 3, 6, 9]);
  assert.equal([...spool.read('c', 'a')], [0, 2, 3, 5, 6, 8, 9]);
  assert.equal([...spool.read('none')], []);
  const found: number[] = [];
  for (const value of spool.read('b')) {
    if (found.length === 0) spool.add('b', 100);
    found.push(value, ...spool.read('none'));
  }
  assert.equal(found, [1, 4, 7, 100]);
  spool.close();
});

cacheTest.run();
