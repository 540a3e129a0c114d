import { ADDRESSED, ADDRESSED_NAMES, type AddressedName } from './addressed.js';
import type { Cache } from './database.js';

// Rows that no key of this version leads to: other code made them. They do no harm, and come back into use where that
// version is used again.

type Marks = Readonly<Record<AddressedName, readonly number[]>>;

const others = (name: AddressedName, marks: Marks) =>
  `FROM ${ADDRESSED[name].table} WHERE mark NOT IN (${marks[name].map(() => '?').join(', ')})`;

/** How many, by part. `marks`: those of this version (`currentMarks`). */
export function unusedRows({ connection }: Cache, marks: Marks): Record<AddressedName, number> {
  const count = (name: AddressedName) =>
    connection.get<{ rows: number }>(`SELECT count(*) AS rows ${others(name, marks)}`, ...marks[name])!.rows;
  return Object.fromEntries(ADDRESSED_NAMES.map((name) => [name, count(name)])) as Record<
    AddressedName,
    number
  >;
}

/** Deletes them and gives the disk back. @returns how many, by part */
export function deleteUnused({ connection }: Cache, marks: Marks): Record<AddressedName, number> {
  const gone = connection.transaction('immediate', () =>
    ADDRESSED_NAMES.map((name) => [name, connection.run(`DELETE ${others(name, marks)}`, ...marks[name])]),
  );
  connection.vacuum();
  return Object.fromEntries(gone) as Record<AddressedName, number>;
}

/** One sentence for whoever opens such a cache; null if there is nothing to say. */
export function unusedWarning(file: string, rows: Readonly<Record<AddressedName, number>>): string | null {
  const parts = ADDRESSED_NAMES.filter((name) => rows[name] > 0).map(
    (name) => `${rows[name]} ${rows[name] === 1 ? ADDRESSED[name].table : name}`,
  );
  if (parts.length === 0) return null;
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return (
    `${file} holds ${list} made by another version of coderm, which this one does not use; ` +
    'coderm cache prune --unused deletes them.'
  );
}
