import { existsSync, realpathSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { InputError } from '../error.js';
import {
  ADDRESSED,
  ADDRESSED_NAMES,
  type AddressedName,
  type AddressedRow,
  addressedRow,
  addressedRows,
  putRow,
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

/** Rows between two looks at the signal. */
const ROWS_AT_ONCE = 20_000;

/** Pages of SQLite's held in memory while a file is merged (KiB): rows come in no order of their keys. */
const CACHE_KIB = 256 * 1024;

/**
 * Adds everything that the files have under content keys. All or nothing, also where the signal ends it: it is one
 * transaction. Merging again changes nothing, and the order of the files does not matter.
 * @throws InputError for a file that is no cache, and where two files answer one key differently.
 */
export async function mergeCaches(
  into: Cache,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Merged[]> {
  for (const file of files) checkSource(file, into.file);
  into.connection.pragma(`cache_size = -${CACHE_KIB}`);
  return into.connection.transactionOf(async () => {
    const merged: Merged[] = [];
    for (const [at, file] of files.entries()) {
      merged.push(await mergeOne(into, file, files.slice(0, at), signal));
    }
    return merged;
  });
}

async function mergeOne(
  into: Cache,
  file: string,
  before: readonly string[],
  signal?: AbortSignal,
): Promise<Merged> {
  const merged = noRows(file);
  let rows = 0;
  const source = Connection.open(file);
  try {
    for (const name of ADDRESSED_NAMES) {
      for (const row of addressedRows(source, name)) {
        const put = putRow(into.connection, name, row);
        if (put === 'conflict') throw conflict(name, row, into, file, before);
        merged[put][name] += 1;
        rows += 1;
        if (rows % ROWS_AT_ONCE > 0) continue;
        await setImmediate(); // a signal of the process is heard between two turns of its loop only
        signal?.throwIfAborted();
      }
    }
  } finally {
    source.close();
  }
  return merged;
}

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
  row: AddressedRow,
  into: Cache,
  file: string,
  before: readonly string[],
): InputError {
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
      'of the two files out and run its tasks again. Nothing was merged.',
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
