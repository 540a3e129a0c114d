import Database from 'better-sqlite3';
import { sqliteFault } from './fault.js';

/** Rows are read back one by one, so that a large task is in memory only while it is used. */
interface Row {
  id: number;
  value: string;
}

/**
 * A temporary table on disk: JSON values under a key, read back per key in the order in which they were
 * added. It lets files be in any order and of any length without being held in memory. SQLite makes the
 * file in the folder for temporary files (SQLITE_TMPDIR or TMPDIR moves it), already unlinked, so that
 * no end of the process leaves it behind.
 */
export class Spool<T> {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[string, string]>;
  readonly #next: Database.Statement<[string, number], Row>;

  constructor() {
    this.#db = new Database('');
    this.#db.pragma('journal_mode = OFF');
    this.#db.pragma('synchronous = OFF');
    this.#db.pragma('cache_size = -16384'); // KiB held in memory; the rest is on disk
    this.#db.exec('CREATE TABLE item (id INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL)');
    this.#db.exec('CREATE INDEX item_key ON item (key)');
    this.#db.exec('BEGIN'); // one transaction for the table's whole life: nothing is ever to be kept
    this.#insert = this.#db.prepare('INSERT INTO item (key, value) VALUES (?, ?)');
    this.#next = this.#db.prepare('SELECT id, value FROM item WHERE key = ? AND id > ? ORDER BY id LIMIT 1');
  }

  /** Adds a JSON value. Throws InputError where the folder for temporary files is full. */
  add(key: string, value: T): void {
    try {
      // JSON keeps what SQLite's UTF-8 would not: lone surrogates and NUL.
      this.#insert.run(key, JSON.stringify(value));
    } catch (error) {
      throw sqliteFault(error, 'the temporary table of the input files');
    }
  }

  /** The values of the keys together, in the order in which they were added. */
  *read(...keys: string[]): Generator<T> {
    // Usually one key; with several, the heads are merged by their position.
    const heads = keys.map((key) => ({ key, row: this.#next.get(key, 0) }));
    for (;;) {
      const first = heads
        .filter((head) => head.row !== undefined)
        .reduce<(typeof heads)[number] | null>((a, b) => (a && a.row!.id < b.row!.id ? a : b), null);
      if (first === null) return;
      const { id, value } = first.row!;
      yield JSON.parse(value) as T;
      first.row = this.#next.get(first.key, id);
    }
  }

  close(): void {
    this.#db.close();
  }
}
