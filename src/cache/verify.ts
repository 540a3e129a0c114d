import { VERDICTS } from '../verdict.js';
import { ADDRESSED_NAMES, type AddressedName, type AddressedRow, addressedRows } from './addressed.js';
import type { Cache } from './database.js';

export interface Verified {
  rows: number;
  /** What is wrong, a sentence each; empty if the cache is sound. */
  faults: string[];
}

/** Beyond these nobody reads on. */
const MOST_FAULTS = 20;

/** Reads every row under a content key as a run would, after SQLite's own check of the file. */
export function verifyCache({ connection }: Cache): Verified {
  const faults = connection.integrityCheck();
  let rows = 0;
  if (faults.length > 0) return { rows, faults };
  for (const name of ADDRESSED_NAMES) {
    for (const row of addressedRows(connection, name)) {
      rows += 1;
      const wrong = wrongWith(name, row);
      if (wrong === null) continue;
      faults.push(`${name}: row ${row.key.toString('hex').slice(0, 16)}… ${wrong}`);
      if (faults.length === MOST_FAULTS) return { rows, faults };
    }
  }
  return { rows, faults };
}

function wrongWith(name: AddressedName, row: AddressedRow): string | null {
  if (row.key.length !== 32) return `has a key of ${row.key.length} bytes, and not a sha256`;
  switch (name) {
    case 'prompts':
      return (row.tokens as Buffer).length % 4 === 0 ? null : 'has half a token';
    case 'samples':
      return ['stop', 'length'].includes(row.stop as string) ? null : `stopped by ${row.stop}`;
    case 'analyses':
      return isJson(row.json as string) ? null : 'is no JSON';
    case 'cells':
      if (!(VERDICTS as readonly string[]).includes(row.verdict as string))
        return `has verdict ${row.verdict}`;
      if (!isJson(row.cases as string)) return 'has cases that are no JSON';
      return row.observed === null || isJson(row.observed as string) ? null : 'has digests that are no JSON';
    default:
      return name satisfies never;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
