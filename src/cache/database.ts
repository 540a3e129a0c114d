import { type CellRow, packCell, type StoredCell, unpackCell } from './cell-row.js';
import { type CacheOptions, Connection } from './connection.js';
import { sizeOf } from './place.js';
import { SCHEMA_VERSION } from './schema.js';
import { packTokens, unpackTokens } from './tokens.js';

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

/**
 * Everything that was computed once, in one SQLite file, under content keys (`contentKey`). Main thread
 * only. The write-ahead log with synchronous=NORMAL keeps every finished write through a kill of the
 * process, and lets several processes share the file. All methods throw InputError, one sentence, for a
 * full disk, a damaged or read-only file and a lock that is not given back.
 */
export class Cache {
  private constructor(
    /** For the other files of this folder, which alone say SQL. */
    readonly connection: Connection,
  ) {}

  /** Opens the file, made (with its folders) if there is none; an empty file becomes a cache. */
  static open(path: string, options: CacheOptions = {}): Cache {
    return new Cache(Connection.open(path, options));
  }

  get file(): string {
    return this.connection.file;
  }

  /** The sha256 of a model file, if it was computed while the file had this size and time. */
  model(path: string, size: number, mtimeMs: number): string | undefined {
    const row = this.connection.get<{ sha256: string }>(
      'SELECT sha256 FROM model WHERE path = ? AND size = ? AND mtime_ms = ?',
      path,
      size,
      mtimeMs,
    );
    return row?.sha256;
  }

  rememberModel(path: string, size: number, mtimeMs: number, sha256: string): void {
    this.connection.run('INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?)', path, size, mtimeMs, sha256);
  }

  prompt(key: string): CachedPrompt | undefined {
    const row = this.connection.get<{ text: string; tokens: Buffer }>(
      'SELECT text, tokens FROM prompt WHERE key = ?',
      digest(key),
    );
    return row && { text: row.text, tokens: unpackTokens(row.tokens) };
  }

  // `mark` says which code made a row (keys.ts).

  storePrompt(key: string, { text, tokens }: { text: string; tokens: readonly number[] }, mark = 0): void {
    this.connection.run(
      'INSERT OR REPLACE INTO prompt VALUES (?, ?, ?, unixepoch(), ?)',
      ...[digest(key), text, packTokens(tokens), mark],
    );
  }

  sample(key: string): CachedSample | undefined {
    return this.connection.get<CachedSample>(
      'SELECT text, tokens, stop FROM sample WHERE key = ?',
      digest(key),
    );
  }

  storeSample(key: string, { text, tokens, stop }: CachedSample, mark = 0): void {
    // The first answer stays: another process may have used it already.
    this.connection.run(
      'INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?, unixepoch(), ?)',
      ...[digest(key), text, tokens, stop, mark],
    );
  }

  /** JSON text. */
  analysis(key: string): string | undefined {
    return this.connection.get<{ json: string }>('SELECT json FROM analysis WHERE key = ?', digest(key))
      ?.json;
  }

  storeAnalysis(key: string, json: string, mark = 0): void {
    this.connection.run(
      'INSERT OR REPLACE INTO analysis VALUES (?, ?, unixepoch(), ?)',
      digest(key),
      json,
      mark,
    );
  }

  /** The cells that are known, under their keys; one consistent read. */
  cells(keys: readonly string[]): Map<string, CellRow> {
    const found = new Map<string, CellRow>();
    this.connection.transaction('deferred', () => {
      for (const key of keys) {
        const row = this.connection.get<StoredCell>('SELECT * FROM cell WHERE key = ?', digest(key));
        if (row) found.set(key, unpackCell(row));
      }
    });
    return found;
  }

  /** Stores the cells together or not at all. A key that is there already keeps its row and its times. */
  storeCells(cells: readonly { key: string; row: CellRow }[], mark = 0): void {
    if (cells.length === 0) return;
    this.connection.transaction('immediate', () => {
      for (const { key, row } of cells) {
        const { verdict, cpu_ms, wall_ms, cases, detail, observed } = packCell(row);
        this.connection.run(
          'INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, unixepoch(), ?)',
          ...[digest(key), verdict, cpu_ms, wall_ms, cases, detail, observed, mark],
        );
      }
    });
  }

  /** How much came of one unit (of tokens in a second, say) in earlier runs, newer ones counting more. */
  rate(key: string): number | undefined {
    const row = this.connection.get<{ rate: number }>(
      'SELECT amount / per AS rate FROM rate WHERE key = ? AND per > 0',
      digest(key),
    );
    return row?.rate;
  }

  storeRate(key: string, amount: number, per: number): void {
    this.connection.run(
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
    this.connection.transaction('immediate', () => {
      for (const part of what ? [what] : CACHE_PARTS) {
        gone[part] = this.#count(part);
        this.connection.run(`DELETE FROM ${TABLES[part]}`);
      }
    });
    this.connection.vacuum();
    return gone;
  }

  /** What SQLite finds wrong with the file; empty if it is sound. */
  integrityCheck(): string[] {
    return this.connection.integrityCheck();
  }

  /** May be called twice. */
  close(): void {
    this.connection.close();
  }

  #count(part: CachePart): number {
    return this.connection.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${TABLES[part]}`)!.rows;
  }
}

/** A key as it is stored. Keys come from `contentKey`; anything else is a mistake of ours. */
function digest(key: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError(`Not a content key: ${key}`);
  return Buffer.from(key, 'hex');
}
