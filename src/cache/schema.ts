import type Database from 'better-sqlite3';
import { InputError } from '../error.js';

/** Marks the file as ours (`PRAGMA application_id`): "CRME". */
const APPLICATION_ID = 0x43524d45;

/**
 * MIGRATIONS[v] takes a file from schema v to v + 1; v = 0 is an empty file. Never change one that was
 * released: append the next. Keys are sha256 digests (32 bytes); JSON columns hold text.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE model (      -- sha256 of model files, trusted as long as size and time stay
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,  -- bytes
    mtime_ms REAL NOT NULL,
    sha256 TEXT NOT NULL
  );
  CREATE TABLE prompt (     -- rendered prompts
    key BLOB PRIMARY KEY,
    text TEXT NOT NULL,
    tokens BLOB NOT NULL    -- token ids, int32 little endian
  );
  CREATE TABLE sample (     -- responses
    key BLOB PRIMARY KEY,
    text TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    stop TEXT NOT NULL
  );
  CREATE TABLE analysis (   -- what the jail's parser said of a text, or the model's state after a prompt, JSON
    key BLOB PRIMARY KEY,
    json TEXT NOT NULL
  );
  CREATE TABLE cell (       -- of the execution matrix
    key BLOB PRIMARY KEY,
    verdict TEXT NOT NULL,
    cpu_ms REAL NOT NULL,
    wall_ms REAL NOT NULL,
    cases TEXT NOT NULL,    -- JSON [[name, end], …]
    detail TEXT,
    observed TEXT           -- JSON [digest, …]
  );
  `,
  `
  CREATE TABLE rate (       -- how fast earlier runs were
    key BLOB PRIMARY KEY,
    amount REAL NOT NULL,
    per REAL NOT NULL       -- seconds, say
  );
  `,
  // When a row was stored, in Unix seconds; 0: before this was kept.
  ['prompt', 'sample', 'analysis', 'cell']
    .map((table) => `ALTER TABLE ${table} ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;`)
    .join('\n'),
  // Which code made a row (keys.ts); 0: before this was kept.
  ['prompt', 'sample', 'analysis', 'cell']
    .map(
      (table) => `
  ALTER TABLE ${table} ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX ${table}_mark ON ${table} (mark);`,
    )
    .join(''),
];

/** The schema that this program writes (`PRAGMA user_version`). */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings an open file to SCHEMA_VERSION. Two processes may do so at once: the second waits and finds it
 * done. Throws InputError for a newer schema and for a database that another program made.
 */
export function migrate(db: Database.Database, file: string): void {
  // In one transaction: another process may make the file between two of the questions.
  if (db.transaction(() => checkedVersion(db, file))() === SCHEMA_VERSION) return;
  db.transaction(() => {
    for (let version = checkedVersion(db, file); version < SCHEMA_VERSION; version++) {
      db.exec(MIGRATIONS[version]!);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

function checkedVersion(db: Database.Database, file: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const application = db.pragma('application_id', { simple: true }) as number;
  const tables = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() as number;
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables > 0)) {
    throw new InputError(
      `${file} is an SQLite database of another program; expected a coderm cache: name another file with --cache.`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new InputError(
      `${file} was written by a newer coderm (cache schema ${version}; this one knows ${SCHEMA_VERSION}): ` +
        'update coderm, or name another file with --cache.',
    );
  }
  return version;
}
