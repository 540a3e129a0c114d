import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CellRow } from '../../src/cache/cell-row.js';
import { contentKey } from '../../src/cache/content-key.js';
import { Cache } from '../../src/cache/database.js';
import { exportedLines, importLines } from '../../src/cache/lines.js';
import { mergeCaches } from '../../src/cache/merge.js';
import { pruneCache } from '../../src/cache/prune.js';
import { verifyCache } from '../../src/cache/verify.js';
import { inShard } from '../../src/shard.js';
import { inputError, lines, temporaryFolder } from '../temporary.js';

const merging = suite('cache: merge, export, prune, verify');
const folder = temporaryFolder();
let files = 0;
const fresh = () => join(folder.path, `${files++}.sqlite`);
const key = (part: unknown) => contentKey('test', { part });

const cell = (at: number, more: Partial<CellRow> = {}): CellRow => ({
  verdict: at % 3 === 0 ? 'pass' : 'fail',
  cpuMs: at,
  wallMs: 2 * at,
  cases: [{ name: `T.test_${at}`, end: at % 3 === 0 ? 'pass' : 'fail' }],
  detail: at % 3 === 0 ? null : `é\u0000${at}`,
  observed: at % 2 === 0 ? null : [`${at}`],
  ...more,
});

/** Everything of one task, into the cache of whoever ran it. */
function storeTask(cache: Cache, at: number): void {
  cache.storePrompt(key(['p', at]), { text: `ask ${at}`, tokens: [at, 128_000] });
  cache.storeSample(key(['s', at]), { text: `say ${at}`, tokens: at, stop: 'stop' });
  cache.storeAnalysis(key(['a', at]), JSON.stringify({ at }));
  cache.storeCells([{ key: key(['c', at]), row: cell(at) }]);
}

const storeTasks = (cache: Cache, list: readonly number[]) => {
  for (const at of list) storeTask(cache, at);
};

/** A closed cache file that `fill` filled. */
function cacheFile(fill: (cache: Cache) => void): string {
  const file = fresh();
  const cache = Cache.open(file);
  fill(cache);
  cache.close();
  return file;
}

/** All rows in the order of their keys, without the second at which they were stored. */
function contents(file: string): string[] {
  const cache = Cache.open(file);
  const rows = [...exportedLines(cache)].map(({ stored: _, ...line }) => JSON.stringify(line));
  cache.close();
  return rows.sort();
}

async function merged(sources: readonly string[], into = fresh()): Promise<string> {
  const cache = Cache.open(into);
  try {
    await mergeCaches(cache, sources);
  } finally {
    cache.close();
  }
  return into;
}

const TASKS = 60;
const tasks = Array.from({ length: TASKS }, (_, at) => at);
const whole = contents(cacheFile((cache) => storeTasks(cache, tasks)));

/** A small generator of numbers from 0 to 1 (mulberry32), so that a failure can be met again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

merging(
  'every split into 1 to 17 shards, by hash and at random with overlaps, has the same union',
  async () => {
    assert.is(whole.length, 4 * TASKS);
    for (let count = 1; count <= 17; count += 1) {
      const draw = random(count);
      const parts = Array.from({ length: count }, (_, index) =>
        cacheFile((cache) => {
          for (const at of tasks) {
            if (inShard(String(at), { index, count }) || draw() < 0.1) storeTask(cache, at);
          }
        }),
      );
      parts.sort(() => draw() - 0.5);
      assert.equal(contents(await merged(parts)), whole, `${count} shards`);
    }
  },
);

merging('merging again, or in another order, changes nothing; what was there stays', async () => {
  const a = cacheFile((cache) => storeTasks(cache, tasks.slice(0, 40)));
  const b = cacheFile((cache) => storeTasks(cache, tasks.slice(30)));
  const into = await merged([a, b]);
  assert.equal(contents(into), whole);
  const cache = Cache.open(into);
  const [first, second] = await mergeCaches(cache, [b, b]);
  cache.close();
  for (const one of [first!, second!]) {
    assert.equal(one.added, { prompts: 0, samples: 0, analyses: 0, cells: 0 });
    assert.equal(one.known, { prompts: 30, samples: 30, analyses: 30, cells: 30 });
  }
  assert.equal(contents(into), whole);
  assert.equal(contents(await merged([b, a])), contents(await merged([a, b])));
});

merging('of two runs of one cell the earlier stays, whichever is merged first', async () => {
  const [fast, slow] = [1, 9].map((cpuMs) =>
    cacheFile((cache) => cache.storeCells([{ key: key('c'), row: cell(0, { cpuMs }) }])),
  );
  const back = Cache.open(slow!);
  back.connection.run('UPDATE cell SET stored = stored - 60');
  back.close();
  for (const order of [
    [fast!, slow!],
    [slow!, fast!],
  ]) {
    const cache = Cache.open(await merged(order));
    assert.is(cache.cells([key('c')]).get(key('c'))!.cpuMs, 9);
    cache.close();
  }
});

const planted: [name: string, store: (cache: Cache, other: boolean) => void, says: RegExp][] = [
  [
    'a verdict',
    (cache, other) => cache.storeCells([{ key: key('c'), row: cell(0, other ? { verdict: 'fail' } : {}) }]),
    /cell [0-9a-f]{16}… has verdict "pass" in the first and verdict "fail" in the second/,
  ],
  [
    'values of assertions',
    (cache, other) => cache.storeCells([{ key: key('c'), row: cell(0, other ? { observed: ['x'] } : {}) }]),
    /has observed null in the first and observed "\[\\"x\\"\]"/,
  ],
  [
    'a response',
    (cache, other) => cache.storeSample(key('s'), { text: other ? 'b' : 'a', tokens: 1, stop: 'stop' }),
    /sample [0-9a-f]{16}… has text "a" in the first and text "b"/,
  ],
  [
    'tokens of a prompt',
    (cache, other) => cache.storePrompt(key('p'), { text: 'a', tokens: other ? [1] : [2] }),
    /prompt .* has tokens 02000000 in the first and tokens 01000000/,
  ],
];
for (const [name, store, says] of planted) {
  merging(`a planted conflict is refused, and both files are named: ${name}`, async () => {
    const other = cacheFile((cache) => storeTask(cache, 1));
    const one = cacheFile((cache) => store(cache, false));
    const two = cacheFile((cache) => store(cache, true));
    const into = fresh();
    const message = await inputError(() => merged([other, one, two], into));
    assert.match(message, says);
    assert.match(message, `${one} and ${two} answer one key differently`);
    assert.equal(contents(into), contents(await merged([other, one])), 'nothing of the second');
    const third = cacheFile((cache) => store(cache, false));
    assert.match(await inputError(() => merged([two], third)), `${third} and ${two} answer`);
  });
}

merging('a merge that is interrupted leaves nothing', async () => {
  const many = cacheFile((cache) => {
    const rows = Array.from({ length: 25_000 }, (_, at) => ({ key: key(['m', at]), row: cell(at) }));
    cache.storeCells(rows);
  });
  const into = Cache.open(fresh());
  const interrupt = new AbortController();
  const merge = mergeCaches(into, [many], interrupt.signal);
  interrupt.abort(new Error('interrupted'));
  assert.match(String(await merge.catch(String)), 'interrupted');
  assert.is(into.info().cells, 0);
  into.close();
});

merging('refuses a file that is not there, one that is no cache, and the target itself', async () => {
  const into = cacheFile(() => {});
  assert.match(await inputError(() => merged([join(folder.path, 'none.sqlite')], into)), /does not exist/);
  const text = folder.write('text.sqlite', 'hello '.repeat(300));
  assert.match(await inputError(() => merged([text], into)), /is not a cache/);
  assert.match(await inputError(() => merged([into], into)), /is also --into/);
});

merging('a damaged file is named, and not the one that it was to go into', async () => {
  const sound = cacheFile((cache) => storeTasks(cache, tasks));
  const file = cacheFile((cache) =>
    storeTasks(
      cache,
      Array.from({ length: 2000 }, (_, at) => 1000 + at),
    ),
  );
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 20_000);
  writeFileSync(file, bytes);
  const into = fresh();
  const message = await inputError(() => merged([sound, file], into));
  assert.match(message, `${file} is damaged: expected a sound cache; leave it out`);
  assert.equal(contents(into), whole, 'what was merged before it');
});

merging(
  'export and import give the same cache; a line that answers otherwise or is no row is refused',
  async () => {
    const from = cacheFile((cache) => storeTasks(cache, tasks));
    const cache = Cache.open(from);
    const exported = [...exportedLines(cache)];
    cache.close();
    const file = folder.write('rows.jsonl', lines(...exported));
    const into = Cache.open(fresh());
    assert.equal((await importLines(into, file)).added, {
      prompts: 60,
      samples: 60,
      analyses: 60,
      cells: 60,
    });
    assert.equal((await importLines(into, file)).known, {
      prompts: 60,
      samples: 60,
      analyses: 60,
      cells: 60,
    });
    const other = exported.map((line) => (line.part === 'cells' ? { ...line, verdict: 'crash' } : line));
    const bad = folder.write('other.jsonl', lines(...other));
    assert.match(
      await inputError(() => importLines(into, bad)),
      /other\.jsonl:\d+ answer one key differently/,
    );
    const rows: [unknown, RegExp][] = [
      [{ ...exported[0], key: 'x' }, /`key` should be 64 hex digits, and is the string "x"/],
      [{ ...exported.at(-1), verdict: 'maybe' }, /`verdict` should be a verdict, and is the string "maybe"/],
      [{ task_id: 'a' }, /is not a row of a cache: expected coderm cache export/],
    ];
    for (const [line, says] of rows) {
      const wrong = folder.write('wrong.jsonl', lines({ ...exported[1], key: key('new') }, line));
      assert.match(await inputError(() => importLines(into, wrong)), says);
    }
    assert.is(into.sample(key('new')), undefined, 'the good line before a bad one is not kept either');
    const { file: target } = into;
    into.close();
    assert.equal(contents(target), whole);
  },
);

merging('prune: by age, then the oldest until the file is small enough', () => {
  const file = cacheFile((cache) => {
    for (let at = 0; at < 400; at += 1) storeTask(cache, at);
    for (let at = 0; at < 400; at += 1)
      cache.storeSample(key(['big', at]), { text: 'x'.repeat(4000), tokens: at, stop: 'stop' });
    cache.connection.run('UPDATE sample SET stored = tokens + 1000'); // each a second after the one before it
    cache.connection.run('UPDATE cell SET stored = 500 WHERE cpu_ms < 100');
  });
  const cache = Cache.open(file);
  const gone = pruneCache(cache, { before: 600, mostBytes: null });
  assert.equal(gone, { prompts: 0, samples: 0, analyses: 0, cells: 100 });
  const before = cache.info();
  assert.ok(before.bytes > 1_500_000 && before.cells === 300);
  pruneCache(cache, { before: null, mostBytes: 500_000 });
  const after = cache.info();
  assert.ok(after.bytes <= 550_000 && after.bytes > 200_000, `${after.bytes} bytes`);
  assert.ok(after.samples > 0 && after.samples < 300 && after.cells > 0);
  assert.is(cache.sample(key(['big', 0])), undefined);
  assert.is(cache.sample(key(['big', 399]))!.tokens, 399);
  pruneCache(cache, { before: null, mostBytes: 0 });
  assert.is(cache.info().samples + cache.info().cells, 0);
  assert.equal(verifyCache(cache), { rows: 0, faults: [] });
  cache.close();
});

merging('verify reads every row', () => {
  const cache = Cache.open(cacheFile((made) => storeTasks(made, tasks)));
  assert.equal(verifyCache(cache), { rows: 4 * TASKS, faults: [] });
  cache.connection.run("UPDATE cell SET verdict = 'maybe' WHERE cpu_ms = 3");
  cache.connection.run("UPDATE analysis SET json = '{' WHERE key = ?", Buffer.from(key(['a', 5]), 'hex'));
  cache.connection.run("UPDATE prompt SET key = x'00' WHERE text = 'ask 7'");
  assert.equal(
    verifyCache(cache).faults.map((fault) => fault.replace(/[0-9a-f]{16}/, '')),
    [
      'prompts: row 00… has a key of 1 bytes, and not a sha256',
      'analyses: row … is no JSON',
      'cells: row … has verdict maybe',
    ],
  );
  cache.close();
});

merging.run();
