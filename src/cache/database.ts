import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { InputError } from '../error.js';
import type { CaseEnd, CaseResult, Verdict } from '../verdict.js';
import { sqliteFault } from './fault.js';
import { migrate, SCHEMA_VERSION } from './schema.js';

export interface CachedPrompt {
  text: string;
  /** Token ids. */
  tokens: number[];
}

export interface CachedSample {
  text: string;
  /** How many tokens were generated. */
  tokens: number;
  stop: 'stop' | 'length';
}

/** One cell of the execution matrix, with the times of the run that filled it. */
export interface CellRow {
  verdict: Verdict;
  cpuMs: number;
  wallMs: number;
  cases: CaseResult[];
  detail: string | null;
  /** Digests of the values that the assertions received; null where they were not recorded. */
  observed: string[] | null;
}

export interface CacheInfo {
  file: string;
  schema: number;
  /** Size on disk, the write-ahead log included. */
  bytes: number;
  models: number;
  prompts: number;
  samples: number;
  analyses: number;
  cells: number;
  rates: number;
}

/** What `clear` can clear, and the table that holds it. */
const TABLES = {
  models: 'model',
  prompts: 'prompt',
  samples: 'sample',
  analyses: 'analysis',
  cells: 'cell',
  rates: 'rate',
} as const;

export type CachePart = keyof typeof TABLES;
export const CACHE_PARTS = Object.keys(TABLES) as CachePart[];

const BUSY_TIMEOUT_MS = 10_000;

export interface CacheOptions {
  /** How long a write waits for another process's write. */
  busyTimeoutMs?: number;
  /** Largest size of the file in 4 KiB pages; beyond it a write fails as on a full disk. */
  maxPages?: number;
}

/** `$XDG_CACHE_HOME/coderm/cache.sqlite`, or `~/.cache/coderm/cache.sqlite`. */
export function defaultCachePath(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME;
  // The XDG rules say to ignore a relative path.
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  return join(base, 'coderm', 'cache.sqlite');
}

/**
 * Everything that was computed once, in one SQLite file, under content keys (`contentKey`). Main thread
 * only. The write-ahead log with synchronous=NORMAL keeps every finished write through a kill of the
 * process, and lets several processes share the file. All methods throw InputError, one sentence, for a
 * full disk, a damaged or read-only file and a lock that is not given back.
 */
export class Cache {
  readonly file: string;
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  private constructor(file: string, db: Database.Database) {
    this.file = file;
    this.#db = db;
  }

  /** Opens the file, made (with its folders) if there is none; an empty file becomes a cache. */
  static open(path: string, options: CacheOptions = {}): Cache {
    if (!isMainThread) throw new Error('The cache is opened on the main thread only');
    const file = resolve(path);
    checkPlace(file);
    let db: Database.Database | null = null;
    try {
      db = new Database(file, { timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS });
      if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
      migrate(db, file); // first: nothing is written into a file that is not ours
      useWriteAheadLog(db, options.busyTimeoutMs ?? BUSY_TIMEOUT_MS);
      db.pragma('synchronous = NORMAL');
      return new Cache(file, db);
    } catch (error) {
      db?.close();
      throw sqliteFault(error, file);
    }
  }

  /** The sha256 of a model file, if it was computed while the file had this size and time. */
  model(path: string, size: number, mtimeMs: number): string | undefined {
    const row = this.#get<{ sha256: string }>(
      'SELECT sha256 FROM model WHERE path = ? AND size = ? AND mtime_ms = ?',
      path,
      size,
      mtimeMs,
    );
    return row?.sha256;
  }

  rememberModel(path: string, size: number, mtimeMs: number, sha256: string): void {
    this.#run('INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?)', path, size, mtimeMs, sha256);
  }

  prompt(key: string): CachedPrompt | undefined {
    const row = this.#get<{ text: string; tokens: Buffer }>(
      'SELECT text, tokens FROM prompt WHERE key = ?',
      digest(key),
    );
    return row && { text: row.text, tokens: unpackTokens(row.tokens) };
  }

  storePrompt(key: string, { text, tokens }: { text: string; tokens: readonly number[] }): void {
    this.#run('INSERT OR REPLACE INTO prompt VALUES (?, ?, ?)', digest(key), text, packTokens(tokens));
  }

  sample(key: string): CachedSample | undefined {
    return this.#get<CachedSample>('SELECT text, tokens, stop FROM sample WHERE key = ?', digest(key));
  }

  storeSample(key: string, { text, tokens, stop }: CachedSample): void {
    // The first answer stays: another process may have used it already.
    this.#run('INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?)', digest(key), text, tokens, stop);
  }

  /** JSON text. */
  analysis(key: string): string | undefined {
    return this.#get<{ json: string }>('SELECT json FROM analysis WHERE key = ?', digest(key))?.json;
  }

  storeAnalysis(key: string, json: string): void {
    this.#run('INSERT OR REPLACE INTO analysis VALUES (?, ?)', digest(key), json);
  }

  /** The cells that are known, under their keys; one consistent read. */
  cells(keys: readonly string[]): Map<string, CellRow> {
    const found = new Map<string, CellRow>();
    this.#transaction('deferred', () => {
      for (const key of keys) {
        const row = this.#get<StoredCell>('SELECT * FROM cell WHERE key = ?', digest(key));
        if (row) found.set(key, unpackCell(row));
      }
    });
    return found;
  }

  /** Stores the cells together or not at all. A key that is there already keeps its row and its times. */
  storeCells(cells: readonly { key: string; row: CellRow }[]): void {
    if (cells.length === 0) return;
    this.#transaction('immediate', () => {
      for (const { key, row } of cells) {
        this.#run(
          'INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)',
          digest(key),
          row.verdict,
          row.cpuMs,
          row.wallMs,
          JSON.stringify(row.cases.map(({ name, end }) => [name, end])),
          row.detail,
          row.observed && JSON.stringify(row.observed),
        );
      }
    });
  }

  /** How much came of one unit (of tokens in a second, say) in earlier runs, newer ones counting more. */
  rate(key: string): number | undefined {
    const row = this.#get<{ rate: number }>(
      'SELECT amount / per AS rate FROM rate WHERE key = ? AND per > 0',
      digest(key),
    );
    return row?.rate;
  }

  storeRate(key: string, amount: number, per: number): void {
    this.#run(
      `INSERT INTO rate VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET amount = amount / 2 + excluded.amount, per = per / 2 + excluded.per`,
      digest(key),
      amount,
      per,
    );
  }

  info(): CacheInfo {
    const count = (part: CachePart) => this.#count(part);
    return {
      file: this.file,
      schema: SCHEMA_VERSION,
      bytes: sizeOf(this.file) + sizeOf(`${this.file}-wal`),
      models: count('models'),
      prompts: count('prompts'),
      samples: count('samples'),
      analyses: count('analyses'),
      cells: count('cells'),
      rates: count('rates'),
    };
  }

  /** Deletes one part, or everything, gives the disk back, and says how many rows went. */
  clear(what?: CachePart): Record<CachePart, number> {
    const gone = { models: 0, prompts: 0, samples: 0, analyses: 0, cells: 0, rates: 0 };
    this.#transaction('immediate', () => {
      for (const part of what ? [what] : CACHE_PARTS) {
        gone[part] = this.#count(part);
        this.#run(`DELETE FROM ${TABLES[part]}`);
      }
    });
    this.#guard(() => {
      this.#db.exec('VACUUM');
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    });
    return gone;
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

  #count(part: CachePart): number {
    return this.#get<{ rows: number }>(`SELECT count(*) AS rows FROM ${TABLES[part]}`)!.rows;
  }

  #get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#guard(() => this.#prepared(sql).get(...values) as Row | undefined);
  }

  #run(sql: string, ...values: SqlValue[]): void {
    this.#guard(() => this.#prepared(sql).run(...values));
  }

  #transaction(mode: 'deferred' | 'immediate', work: () => void): void {
    this.#guard(() => this.#db.transaction(work)[mode]());
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

type SqlValue = string | number | Buffer | null;

interface StoredCell {
  verdict: Verdict;
  cpu_ms: number;
  wall_ms: number;
  cases: string;
  detail: string | null;
  observed: string | null;
}

function unpackCell(row: StoredCell): CellRow {
  const cases = JSON.parse(row.cases) as [string, CaseEnd][];
  return {
    verdict: row.verdict,
    cpuMs: row.cpu_ms,
    wallMs: row.wall_ms,
    cases: cases.map(([name, end]) => ({ name, end })),
    detail: row.detail,
    observed: row.observed === null ? null : (JSON.parse(row.observed) as string[]),
  };
}

function packTokens(tokens: readonly number[]): Buffer {
  const bytes = Buffer.alloc(tokens.length * 4);
  tokens.forEach((token, at) => {
    bytes.writeInt32LE(token, at * 4);
  });
  return bytes;
}

function unpackTokens(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readInt32LE(at * 4));
}

/** A key as it is stored. Keys come from `contentKey`; anything else is a mistake of ours. */
function digest(key: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError(`Not a content key: ${key}`);
  return Buffer.from(key, 'hex');
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

/** Makes the folder; refuses what SQLite would only stumble over later, in the middle of a run. */
function checkPlace(file: string): void {
  const wanted = 'expected a file that can be written, for the cache: name another one with --cache.';
  const folder = dirname(file);
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new InputError(`${file} is a folder; ${wanted}`);
    if (found && !found.isFile()) throw new InputError(`${file} is not a regular file; ${wanted}`);
    mkdirSync(folder, { recursive: true });
    accessSync(found ? file : folder, constants.W_OK);
    accessSync(folder, constants.W_OK); // for the write-ahead log beside it
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new InputError(`${file} cannot be made or written (${code}); ${wanted}`, { cause: error });
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
