import { ADDRESSED, ADDRESSED_NAMES, type AddressedName } from './addressed.js';
import type { Connection } from './connection.js';
import type { Cache } from './database.js';

export interface PruneOptions {
  /** Delete what was stored before (Unix seconds); null: whatever its age. */
  before: number | null;
  /** Then the oldest rows until the file is no larger (bytes); null: whatever its size. */
  mostBytes: number | null;
}

/** Deletes old answers and gives the disk back. @returns the number of deleted rows, by part */
export function pruneCache({ connection }: Cache, options: PruneOptions): Record<AddressedName, number> {
  const gone = { prompts: 0, samples: 0, analyses: 0, cells: 0 };
  const { before, mostBytes } = options;
  connection.transaction('immediate', () => {
    if (before !== null) {
      for (const name of ADDRESSED_NAMES) {
        gone[name] += connection.run(`DELETE FROM ${ADDRESSED[name].table} WHERE stored < ?`, before);
      }
    }
    if (mostBytes !== null) shrink(connection, mostBytes, gone);
  });
  connection.vacuum();
  return gone;
}

/**
 * Deletes the oldest rows, of every part the same share, until what is left fits. What it takes on disk follows the
 * number of rows only roughly, so it is measured and done again.
 */
function shrink(connection: Connection, mostBytes: number, gone: Record<AddressedName, number>): void {
  for (let used = usedBytes(connection); used > mostBytes; used = usedBytes(connection)) {
    let deleted = 0;
    for (const name of ADDRESSED_NAMES) {
      const { table } = ADDRESSED[name];
      const { rows } = connection.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)!;
      const share = Math.ceil(rows * (1 - mostBytes / used));
      deleted += connection.run(
        `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} ORDER BY stored, rowid LIMIT ?)`,
        share,
      );
      gone[name] += share;
    }
    if (deleted === 0) return; // empty tables have their size too
  }
}

/** Bytes of the pages that hold something: what the file has after a VACUUM, about. */
function usedBytes(connection: Connection): number {
  const pages = connection.pragma<number>('page_count') - connection.pragma<number>('freelist_count');
  return pages * connection.pragma<number>('page_size');
}
