import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import { Cache } from '../../../src/cache/database.js';
import { lines } from '../../temporary.js';
import { withMounts } from '../coderm.js';
import { checkRows, EXECUTE, execute, FILES, type Row, row } from './rows.js';

const badInput = suite('cli: bad input, cache and matrices');

const sqlite = (change: (bytes: Buffer) => Buffer) => (folder: string) => {
  const file = join(folder, 'c.sqlite');
  const cache = Cache.open(file);
  for (let at = 0; at < 50; at++) cache.storeAnalysis(at.toString(16).padStart(64, '0'), 'y'.repeat(2000));
  cache.close();
  writeFileSync(file, change(readFileSync(file)));
};
const badCache: Row[] = [
  row(
    'a folder as cache',
    execute('--cache', '.'),
    2,
    /is a folder; expected a file that can be written, for the cache/,
  ),
  row('an empty name as cache', execute('--cache', ''), 2, /is a folder/),
  row('a cache file of zero bytes', execute('--out', 'r.jsonl'), 0, /cells +1 \(1 executed/, {
    files: { 'c.sqlite': '' },
  }),
  row('a text file as cache', execute('--cache', 's.jsonl'), 2, /s\.jsonl is not a cache/),
  row(
    'a cache below a file',
    execute('--cache', 's.jsonl/c.sqlite'),
    2,
    /cannot be made or written \((ENOTDIR|EEXIST)\)/,
  ),
  row('a cache in /proc', execute('--cache', '/proc/c.sqlite'), 2, /\/proc\/c\.sqlite/),
  row('a newer schema', EXECUTE, 2, /written by a newer coderm \(cache schema 99/, {
    // PRAGMA user_version is the big-endian word at byte 60 of the file.
    prepare: sqlite((bytes) => {
      bytes.writeUInt32BE(99, 60);
      return bytes;
    }),
  }),
  row('a truncated cache', EXECUTE, 2, /c\.sqlite is damaged: delete it/, {
    prepare: sqlite((bytes) => bytes.subarray(0, 5000)),
  }),
  row('cache info of a text file', ['cache', 'info', '--cache', 's.jsonl'], 2, /s\.jsonl is not a cache/),
  row(
    'a full disk for the cache',
    execute('--cache', 'full/c.sqlite'),
    2,
    /The disk is full: .*full\/c\.sqlite could not grow/,
    {
      under: withMounts('mkdir full && mount -t tmpfs -o size=8k none full'),
    },
  ),
  row('a disk that fills while the cache grows', execute('--cache', 'full/c.sqlite'), 2, /The disk is full/, {
    under: withMounts('mkdir full && mount -t tmpfs -o size=160k none full'),
    files: { 'u.jsonl': lines({ task_id: 'a', unit_tests: [`${'# long\n'.repeat(40_000)}${unitTest()}`] }) },
  }),
  row(
    'a cache in a read-only folder',
    execute('--cache', 'ro/c.sqlite'),
    2,
    /ro\/c\.sqlite cannot be made or written \(EROFS\)/,
    {
      under: withMounts('mkdir ro && mount -t tmpfs -o ro none ro'),
    },
  ),
];

const benchPrune = (...more: string[]) => [
  ...['bench', 'prune', '--matrix', 'm.jsonl', '--cache', 'c.sqlite', ...more],
];
const cell = { task_id: 'a', sol_id: 0, ut_id: 0, result: 'pass', verdict: 'pass' };
const codet = {
  task_id: 'a',
  tests: [['assert f()', 1]],
  solutions: [{ completion: 'x', count: 1, row: '1' }],
};
const given = ['--solutions', 's.jsonl', '--unit-tests', 'u.jsonl'];
const badMatrix = (name: string, content: unknown, says: RegExp, args: string[] = []): Row =>
  row(name, benchPrune(...args), 2, says, { files: { 'm.jsonl': lines(content) } });
const badMatrices: Row[] = [
  row('a matrix that is not named', ['bench', 'prune'], 2, /needs --matrix <file>/),
  badMatrix('a matrix of other lines', { task_id: 'a' }, /m\.jsonl:1 is not a line of an execution matrix/),
  badMatrix(
    'a matrix with an unknown verdict',
    { ...cell, verdict: 'fine' },
    /`verdict` should be a verdict/,
  ),
  badMatrix('a matrix without its files', cell, /holds verdicts and no code: expected the files/),
  badMatrix('a matrix of more candidates', { ...cell, sol_id: 1 }, /has 1 cells; expected the 1 × 1/, given),
  badMatrix('a matrix of other tasks', { ...cell, task_id: 'b' }, /have no task in common/, given),
  badMatrix('a CodeT matrix without problems', codet, /no problem of that id has one: .*--problems FILE/),
];

checkRows(badInput, badCache);
checkRows(badInput, badMatrices);

function unitTest(): string {
  return (JSON.parse(String(FILES['u.jsonl'])) as { unit_tests: string[] }).unit_tests[0]!;
}

badInput.run();
