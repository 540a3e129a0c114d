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

/** Rows that came from one file, by part. */
export interface Merged {
  file: string;
  added: Record<AddressedName, number>;
  /** Rows that were there already. */
  known: Record<AddressedName, number>;
}

/** Rows between two looks at the signal: some tenths of a second. */
const ROWS_AT_ONCE = 50_000;

/** Pages held in memory while a file is merged, at most (KiB): rows come in no order of their keys. */
const CACHE_KIB = 768 * 1024;

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
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  const merged: Merged[] = [];
  for (const [at, file] of files.entries()) {
    connection.attachSource(file);
    try {
      const before = files.slice(0, at);
      merged.push(await connection.transactionOf(() => mergeOne(into, file, before, signal)));
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
    for (let from = 0; from < end; from += ROWS_AT_ONCE) {
      const range = [from, from + ROWS_AT_ONCE];
      await setImmediate(); // a signal of the process is heard between two turns of its loop only
      signal?.throwIfAborted();
      if (empty) {
        // nothing to compare with
        merged.added[name] += connection.run(append, ...range);
        continue;
      }
      const found = connection.get<Compared>(compare, ...range)!;
      if (found.conflict !== null) throw conflict(name, found.conflict, into, file, before);
      connection.run(upsert, ...range);
      merged.added[name] += found.rows - found.known;
      merged.known[name] += found.known;
    }
  }
  return merged;
}

interface Compared {
  rows: number;
  known: number;
  /** The rowid, in the source, of a row that is there with another answer. */
  conflict: number | null;
}

/** Of a range of the source's rowids: how many rows are there already, and the union, for each part. */
const STATEMENTS = Object.fromEntries(
  ADDRESSED_NAMES.map((name) => {
    const { table, content, measured } = ADDRESSED[name];
    const columns = ['key', ...content, ...measured].join(', ');
    const differs = content.map((column) => `theirs.${column} IS NOT ours.${column}`).join(' OR ');
    const order = (of: string) => measured.map((column) => `ifnull(${of}.${column}, '')`).join(', ');
    const range = 'theirs.rowid > ? AND theirs.rowid <= ?';
    const append = `INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM source.${table} theirs WHERE ${range}`;
    return [
      name,
      {
        last: `SELECT max(rowid) AS last FROM source.${table}`,
        compare: `SELECT count(*) AS rows, count(ours.key) AS known,
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
