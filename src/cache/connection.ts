import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { InputError } from '../error.js';
import { loadNative } from '../native-file.js';
import { sqliteFault } from './fault.js';
import { checkPlace } from './place.js';
import { migrate } from './schema.js';

const BUSY_TIMEOUT_MS = 10_000;

export interface CacheOptions {
  /** How long a write waits for another process's write. */
  busyTimeoutMs?: number;
  /** Largest size of the file in 4 KiB pages; beyond it a write fails as on a full disk. */
  maxPages?: number;
}

export type SqlValue = string | number | Buffer | null;

/** An open cache file: what the files of this folder say SQL to. Failures of SQLite come as InputError (fault.ts). */
export class Connection {
  readonly file: string;
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  private constructor(file: string, db: Database.Database) {
    this.file = file;
    this.#db = db;
  }

  /** Opens the file, made (with its folders) if there is none; an empty file becomes a cache. */
  static open(path: string, options: CacheOptions = {}): Connection {
    if (!isMainThread) throw new Error('The cache is opened on the main thread only');
    const file = resolve(path);
    checkPlace(file);
    let db: Database.Database | null = null;
    try {
      requireSqlite();
      db = new Database(file, { timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS });
      if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
      migrate(db, file); // first: nothing is written into a file that is not ours
      useWriteAheadLog(db, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
      db.pragma('synchronous = NORMAL');
      return new Connection(file, db);
    } catch (error) {
      db?.close();
      throw sqliteFault(error, file);
    }
  }

  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guard(() => this.#prepared(sql).get(...values) as Row | undefined);
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#guard(() => this.#prepared(sql).run(...values).changes);
  }

  /** The rows one by one. The statement is its own, so that it may be read beside others. */
  *rows<Row>(sql: string, ...values: SqlValue[]): Generator<Row> {
    const found = this.#guard(() => this.#db.prepare(sql).iterate(...values)) as Iterator<Row>;
    try {
      for (;;) {
        const next = this.#guard(() => found.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      found.return?.();
    }
  }

  /** Shows another cache file as schema `source`, for statements about both. */
  attachSource(file: string): void {
    this.#guard(() => this.#db.prepare('ATTACH ? AS source').run(file));
  }

  detachSource(): void {
    this.#guard(() => this.#db.exec('DETACH source'));
  }

  pragma<Value>(text: string): Value {
    return this.#guard(() => this.#db.pragma(text, { simple: true }) as Value);
  }

  transaction<T>(mode: 'deferred' | 'immediate', work: () => T): T {
    return this.#guard(() => this.#db.transaction(work)[mode]());
  }

  /** The same around work that waits, for files that are read by stream; nobody else may use the connection meanwhile. */
  async transactionOf<T>(work: () => Promise<T>): Promise<T> {
    this.#guard(() => this.#db.exec('BEGIN IMMEDIATE'));
    try {
      const result = await work();
      this.#guard(() => this.#db.exec('COMMIT'));
      return result;
    } finally {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    }
  }

  /** Gives the disk what deleted rows left. */
  vacuum(): void {
    this.#guard(() => {
      this.#db.exec('VACUUM');
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  /** What SQLite finds wrong with the file; empty if it is sound. */
  integrityCheck(): string[] {
    const rows = this.#guard(() => this.#db.pragma('integrity_check')) as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((found) => found !== 'ok');
  }

  /** May be called twice. */
  close(): void {
    this.#guard(() => this.#db.close());
  }

  #prepared(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteFault(error, this.file);
    }
  }
}

let loads = false;

/** @throws InputError if SQLite's addon does not load on this machine, which would else look like a bug of ours */
function requireSqlite(): void {
  if (loads) return;
  const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  loadNative(join(folder, 'build', 'Release', 'better_sqlite3.node'), (why) => {
    return new InputError(`The cache needs SQLite: ${why}. Run: npm rebuild better-sqlite3`);
  });
  loads = true;
}

/** SQLite does not wait for other processes when it changes the journal's kind, so the wait is here. */
function useWriteAheadLog(db: Database.Database, timeoutMs: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; db.pragma('journal_mode', { simple: true }) !== 'wal'; waitedMs += 10) {
    try {
      db.pragma('journal_mode = WAL');
      return; // a file system without shared memory keeps its journal, which is as safe
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY' || waitedMs >= timeoutMs) throw error;
      Atomics.wait(pause, 0, 0, 10);
    }
  }
}
