import type { Connection, SqlValue } from './connection.js';

// The parts of a cache whose rows are answers, found by what was asked: they mean the same on every machine. The
// others (hashes of model files by path, rates) are what one machine knows of itself, and stay with it.

/** One such part. A row's key is the first column; `content` are the others that an answer consists of. */
interface AddressedPart {
  table: string;
  content: readonly string[];
  /** What two runs that agree may differ in: when, how fast, and in a text that may show addresses of memory. */
  measured: readonly string[];
}

export const ADDRESSED = {
  prompts: { table: 'prompt', content: ['text', 'tokens'], measured: ['stored', 'mark'] },
  samples: { table: 'sample', content: ['text', 'tokens', 'stop'], measured: ['stored', 'mark'] },
  analyses: { table: 'analysis', content: ['json'], measured: ['stored', 'mark'] },
  cells: {
    table: 'cell',
    content: ['verdict', 'cases', 'observed'],
    measured: ['stored', 'cpu_ms', 'wall_ms', 'detail', 'mark'],
  },
} as const satisfies Record<string, AddressedPart>;

export type AddressedName = keyof typeof ADDRESSED;
export const ADDRESSED_NAMES = Object.keys(ADDRESSED) as AddressedName[];

/** A row as its table has it, by column. */
export type AddressedRow = { key: Buffer } & Record<string, SqlValue>;

export function addressedRows(from: Connection, name: AddressedName): Generator<AddressedRow> {
  return from.rows<AddressedRow>(`SELECT * FROM ${ADDRESSED[name].table}`);
}

export function addressedRow(from: Connection, name: AddressedName, key: Buffer): AddressedRow | undefined {
  // An attached file has tables of the same names.
  return from.get<AddressedRow>(`SELECT * FROM main.${ADDRESSED[name].table} WHERE key = ?`, key);
}

/** What became of a row that was put beside others: `conflict` where the one that is there answers otherwise. */
export type Put = 'added' | 'known' | 'conflict';

/**
 * Adds one row, as `mergeCaches` adds those of a file. Of two that agree the one that was stored earlier stays,
 * whichever comes first, so that a union does not depend on the order of its parts.
 */
export function putRow(into: Connection, name: AddressedName, row: AddressedRow): Put {
  const { content, measured } = ADDRESSED[name];
  const { columns, insert, replace } = WRITES[name];
  const values = columns.map((column) => row[column]!);
  if (into.run(insert, ...values) === 1) return 'added';
  const there = addressedRow(into, name, row.key)!;
  if (!content.every((column) => equal(there[column]!, row[column]!))) return 'conflict';
  if (isBefore(row, there, measured)) into.run(replace, ...values);
  return 'known';
}

/** The statements that write a row, and the columns that they name. */
const WRITES = Object.fromEntries(
  ADDRESSED_NAMES.map((name) => {
    const { table, content, measured } = ADDRESSED[name];
    const columns = ['key', ...content, ...measured];
    const into = `INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    return [name, { columns, insert: `INSERT OR IGNORE ${into}`, replace: `INSERT OR REPLACE ${into}` }];
  }),
) as Record<AddressedName, { columns: string[]; insert: string; replace: string }>;

function isBefore(a: AddressedRow, b: AddressedRow, columns: readonly string[]): boolean {
  const different = columns.find((column) => a[column] !== b[column]);
  return different !== undefined && (a[different] ?? '') < (b[different] ?? '');
}

function equal(a: SqlValue, b: SqlValue): boolean {
  return a instanceof Buffer && b instanceof Buffer ? a.equals(b) : a === b;
}
