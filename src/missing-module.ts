import type { CellRow } from './cache/cell-row.js';

/** A module that an import did not find. */
export interface MissingModule {
  module: string;
  /** Whose import it was. */
  importer: 'candidate' | 'test';
}

/** How many unit tests and candidates could not do without a module that the interpreter lacks. */
export interface MissingCounts {
  unitTests: number;
  candidates: number;
}

/** The detail of a cell that ended so: `why` is what it says otherwise. */
export function missingDetail({ module, importer }: MissingModule, why: string | null): string {
  const who = importer === 'test' ? 'the unit test' : 'the candidate';
  return `missing_module ${module} (imported by ${who}): ${why ?? 'not found'}`;
}

const DETAIL = /^missing_module ([\p{L}\p{N}_.]+) \(imported by the (unit test|candidate)\): /u;

/** What missingDetail() said, or null. */
export function missingOf(detail: string | null): MissingModule | null {
  const match = detail === null ? null : DETAIL.exec(detail);
  return match && { module: match[1]!, importer: match[2] === 'candidate' ? 'candidate' : 'test' };
}

/**
 * Counts, for each missing module, the unit tests and the candidates of one grid that import it. A unit test counts if
 * none of its cells passed or failed: where one did, the module stands for the candidate, and others have not what the
 * test asks for.
 */
export function countMissing(
  counts: Record<string, MissingCounts>,
  rows: readonly (readonly (Pick<CellRow, 'verdict' | 'detail'> | null)[])[],
): void {
  const counted = (module: string) => {
    counts[module] ??= { unitTests: 0, candidates: 0 };
    return counts[module];
  };
  const missing = rows.map((row) =>
    row.map((cell) => (cell?.verdict === 'error' ? missingOf(cell.detail) : null)),
  );
  for (const row of missing) {
    for (const module of modulesOf(row, 'candidate')) counted(module).candidates += 1;
  }
  for (const column of (rows[0] ?? []).keys()) {
    if (rows.some((row) => row[column]?.verdict === 'pass' || row[column]?.verdict === 'fail')) continue;
    const cells = missing.map((row) => row[column]!);
    for (const module of modulesOf(cells, 'test')) counted(module).unitTests += 1;
  }
}

function modulesOf(
  cells: readonly (MissingModule | null)[],
  importer: MissingModule['importer'],
): Set<string> {
  return new Set(cells.flatMap((cell) => (cell?.importer === importer ? [cell.module] : [])));
}

/** Such as `41 unit tests import numpy, which --python lacks`, the most frequent first. */
export function missingSentences(counts: Readonly<Record<string, MissingCounts>>): string[] {
  const frequent = Object.entries(counts).sort(
    ([a, x], [b, y]) => y.unitTests + y.candidates - x.unitTests - x.candidates || (a < b ? -1 : 1),
  );
  return frequent.map(([module, { unitTests, candidates }]) => {
    const importers = [
      ...(unitTests > 0 ? [unitTests === 1 ? '1 unit test' : `${unitTests} unit tests`] : []),
      ...(candidates > 0 ? [candidates === 1 ? '1 candidate' : `${candidates} candidates`] : []),
    ];
    const verb = unitTests + candidates === 1 ? 'imports' : 'import';
    return `${importers.join(' and ')} ${verb} ${module}, which --python lacks`;
  });
}
