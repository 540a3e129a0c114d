import { existsSync, realpathSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { InputError } from '../error.js';
import {
  ADDRESSED,
  ADDRESSED_NAMES,
  type AddressedName,
  type AddressedRow,
  addressedRow,
} from './addressed.js';
import { Connection, type SqlValue } from './connection.js';
import type { Cache } from './database.js';
import { isDamage } from './fault.js';

/** Rows that came from one file, by part. */
export interface Merged {
  file: string;
  added: Record<AddressedName, number>;
  /** Rows that were there already. */
  known: Record<AddressedName, number>;
}

/** Rows between two looks at the signal: some tenths of a second. */
const ROWS_AT_ONCE = 50_000;

/**
 * Pages held in memory while a file is merged, at most (KiB). Rows are met in the order of their keys, in which the
 * index of the target is written from one end to the other; in the file they lie in the order in which they were stored.
 */
const INTO_KIB = 768 * 1024;
const SOURCE_KIB = 256 * 1024;

/**
 * Adds everything that the files have under content keys, one file after the other, each all or nothing. Merging again
 * changes nothing, and the order of the files does not matter: of two rows that agree the earlier stays.
 * @throws InputError for a file that is no cache, and where two files answer one key differently.
 */
export async function mergeCaches(
  into: Cache,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Merged[]> {
  for (const file of files) {
    checkSource(file, into.file);
    Connection.open(file).close(); // refuses what is no cache, and brings an older one to this schema
  }
  const { connection } = into;
  connection.pragma(`main.cache_size = -${INTO_KIB}`);
  const merged: Merged[] = [];
  for (const [at, file] of files.entries()) {
    connection.attachSource(file);
    try {
      connection.pragma(`source.cache_size = -${SOURCE_KIB}`);
      const before = files.slice(0, at);
      merged.push(await connection.transactionOf(() => mergeOne(into, file, before, signal)));
    } catch (error) {
      throw isDamage(error) && isDamaged(file) ? damaged(file, error) : error;
    } finally {
      connection.detachSource();
    }
  }
  return merged;
}

async function mergeOne(
  into: Cache,
  file: string,
  before: readonly string[],
  signal?: AbortSignal,
): Promise<Merged> {
  const { connection } = into;
  const merged = noRows(file);
  for (const name of ADDRESSED_NAMES) {
    const { last, compare, upsert, append } = STATEMENTS[name];
    const empty = connection.get(`SELECT 1 FROM main.${ADDRESSED[name].table} LIMIT 1`) === undefined;
    const end = connection.get<{ last: number | null }>(last)!.last ?? 0;
    for (const range of keyRanges(Math.ceil(end / ROWS_AT_ONCE))) {
      await setImmediate(); // a signal of the process is heard between two turns of its loop only
      signal?.throwIfAborted();
      if (empty) {
        // nothing to compare with
        merged.added[name] += connection.run(append, ...range);
        continue;
      }
      const found = connection.get<Compared>(compare, ...range)!;
      if (found.conflict !== null) throw conflict(name, found.conflict, into, file, before);
      if (found.known < found.rows || found.earlier > 0) connection.run(upsert, ...range);
      merged.added[name] += found.rows - found.known;
      merged.known[name] += found.known;
    }
  }
  return merged;
}

/** Bounds of `count` parts of all keys, which are digests and so lie evenly: from the first up to the second. */
function keyRanges(count: number): [Buffer, Buffer][] {
  const bound = (at: number): Buffer => {
    if (at === count) return Buffer.alloc(33, 0xff); // beyond every key of 32 bytes
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(Math.floor((at * 2 ** 32) / count));
    return at === 0 ? Buffer.alloc(0) : bytes;
  };
  return Array.from({ length: count }, (_, at) => [bound(at), bound(at + 1)]);
}

interface Compared {
  rows: number;
  known: number;
  /** Of those that are known, how many the source has from an earlier run. */
  earlier: number;
  /** The rowid, in the source, of a row that is there with another answer. */
  conflict: number | null;
}

/** Of a range of the source's keys: how many rows are there already, and the union, for each part. */
const STATEMENTS = Object.fromEntries(
  ADDRESSED_NAMES.map((name) => {
    const { table, content, measured } = ADDRESSED[name];
    const columns = ['key', ...content, ...measured].join(', ');
    const differs = content.map((column) => `theirs.${column} IS NOT ours.${column}`).join(' OR ');
    const order = (of: string) => measured.map((column) => `ifnull(${of}.${column}, '')`).join(', ');
    const earlier = `(${order('theirs')}) < (${order('ours')})`;
    const range = 'theirs.key >= ? AND theirs.key < ?';
    const append = `INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM source.${table} theirs WHERE ${range} ORDER BY theirs.key`;
    return [
      name,
      {
        last: `SELECT max(rowid) AS last FROM source.${table}`,
        compare: `SELECT count(*) AS rows, count(ours.key) AS known,
            total(ours.key IS NOT NULL AND ${earlier}) AS earlier,
            min(CASE WHEN ours.key IS NOT NULL AND (${differs}) THEN theirs.rowid END) AS conflict
          FROM source.${table} theirs LEFT JOIN main.${table} ours ON ours.key = theirs.key WHERE ${range}`,
        append,
        upsert: `${append}
          ON CONFLICT (key) DO UPDATE SET ${measured.map((column) => `${column} = excluded.${column}`).join(', ')}
          WHERE (${order('excluded')}) < (${order(table)})`,
      },
    ];
  }),
) as Record<AddressedName, { last: string; compare: string; append: string; upsert: string }>;

export function noRows(file: string): Merged {
  const none = () => ({ prompts: 0, samples: 0, analyses: 0, cells: 0 });
  return { file, added: none(), known: none() };
}

function checkSource(file: string, into: string): void {
  if (!existsSync(file)) {
    throw new InputError(`${file} does not exist; expected the cache of a shard: check the path.`);
  }
  if (realpathSync(file) === realpathSync(into)) {
    throw new InputError(`${file} is also --into: expected another file to merge into it.`);
  }
}

/** SQLite does not say which of two files is damaged. */
function isDamaged(file: string): boolean {
  try {
    const source = Connection.open(file);
    try {
      return source.integrityCheck().length > 0;
    } finally {
      source.close();
    }
  } catch {
    return true;
  }
}

function damaged(file: string, cause: unknown): InputError {
  return new InputError(
    `${file} is damaged: expected a sound cache; leave it out and run its tasks again. Nothing of it was merged.`,
    { cause },
  );
}

/** Names both files: the row that is there came from one of the files before this one, or was there all along. */
function conflict(
  name: AddressedName,
  rowid: number,
  into: Cache,
  file: string,
  before: readonly string[],
): InputError {
  const { table } = ADDRESSED[name];
  const row = into.connection.get<AddressedRow>(`SELECT * FROM source.${table} WHERE rowid = ?`, rowid)!;
  const there = addressedRow(into.connection, name, row.key)!;
  const from = before.find((one) => {
    const source = Connection.open(one);
    try {
      return addressedRow(source, name, row.key) !== undefined;
    } finally {
      source.close();
    }
  });
  return conflictError(name, row, file, there, from ?? into.file);
}

export function conflictError(
  name: AddressedName,
  row: AddressedRow,
  file: string,
  there: AddressedRow,
  where: string,
): InputError {
  const { table, content } = ADDRESSED[name];
  const column = content.find((one) => shown(one, row) !== shown(one, there))!;
  return new InputError(
    `${where} and ${file} answer one key differently: ${table} ${row.key.toString('hex').slice(0, 16)}… has ` +
      `${excerpt(shown(column, there))} in the first and ${excerpt(shown(column, row))} in the second; expected equal rows: leave one ` +
      `of the two files out and run its tasks again. Nothing of ${file} was merged.`,
  );
}

/** A column and its value, as far as a sentence can hold it. */
const LONGEST_SHOWN = 60;

function excerpt(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function shown(column: string, row: AddressedRow): string {
  const value: SqlValue = row[column]!;
  return `${column} ${value instanceof Buffer ? value.toString('hex') : JSON.stringify(value)}`;
}
