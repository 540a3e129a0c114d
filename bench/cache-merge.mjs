// How long `coderm cache merge` takes: two caches of a million cells each, a tenth of them in both.
//   node bench/cache-merge.mjs [CELLS]
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentKey } from '../dist/src/cache/content-key.js';
import { Cache } from '../dist/src/cache/database.js';
import { mergeCaches } from '../dist/src/cache/merge.js';

const CELLS = Number(process.argv[2] ?? 1_000_000);
const OVERLAP = CELLS / 10;
const BATCH = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'coderm-merge-'));

/** Rows as a run of asserts stores them: a case, a detail, the digests of two values. */
function rowOf(at) {
  const passes = at % 3 === 0;
  return {
    verdict: passes ? 'pass' : 'fail',
    cpuMs: at % 100,
    wallMs: at % 117,
    cases: [{ name: 'assert', end: passes ? 'pass' : 'fail' }],
    detail: passes ? null : 'assert: AssertionError',
    observed: [at % 1009, at % 2003].map((value) => value.toString(16).padStart(16, '0')),
  };
}

function fill(name, first) {
  const file = join(folder, name);
  const cache = Cache.open(file);
  // What fills the caches is no part of what is measured.
  cache.connection.pragma('synchronous = OFF');
  cache.connection.pragma('cache_size = -262144');
  for (let from = first; from < first + CELLS; from += BATCH) {
    const cells = Array.from({ length: BATCH }, (_, at) => ({
      key: contentKey('cell', { at: from + at }),
      row: rowOf(from + at),
    }));
    cache.storeCells(cells);
  }
  cache.close();
  return file;
}

/** Seconds that this process was ready and had no core (Linux; proc(5), schedstat), for machines that do other work. */
function waited() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e9;
  } catch {
    return 0;
  }
}

async function merge(into, files) {
  const start = performance.now();
  const waitedBefore = waited();
  const before = process.cpuUsage();
  const cache = Cache.open(into);
  const merged = await mergeCaches(cache, files);
  cache.close(); // the write-ahead log goes into the file: it is part of the work
  const rows = (kind) => merged.reduce((sum, one) => sum + one[kind].cells, 0);
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - start) / 1000,
    cpu: (user + system) / 1e6,
    waited: waited() - waitedBefore,
    added: rows('added'),
    known: rows('known'),
  };
}

try {
  const files = [fill('a.sqlite', 0), fill('b.sqlite', CELLS - OVERLAP)];
  const into = join(folder, 'into.sqlite');
  const show = (name, { seconds, cpu, waited, added, known }) =>
    console.log(
      `${name.padEnd(11)}${seconds.toFixed(1)} s (${cpu.toFixed(1)} of CPU, ${waited.toFixed(1)} without a core): ${added} cells added, ${known} known`,
    );
  console.log(`host       ${cpus()[0].model}, ${availableParallelism()} cores`);
  console.log(`caches     2 of ${CELLS} cells, ${Math.round(statSync(files[0]).size / 2 ** 20)} MiB each`);
  show('merge', await merge(into, files));
  show('again', await merge(into, files));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
