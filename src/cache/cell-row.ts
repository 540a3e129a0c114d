import type { CaseEnd, CaseResult, Verdict } from '../verdict.js';

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

/** The same as its table has it. */
export interface StoredCell {
  verdict: Verdict;
  cpu_ms: number;
  wall_ms: number;
  /** JSON [[name, end], …] */
  cases: string;
  detail: string | null;
  /** JSON [digest, …] */
  observed: string | null;
}

export function packCell(row: CellRow): StoredCell {
  return {
    verdict: row.verdict,
    cpu_ms: row.cpuMs,
    wall_ms: row.wallMs,
    cases: JSON.stringify(row.cases.map(({ name, end }) => [name, end])),
    detail: row.detail,
    observed: row.observed && JSON.stringify(row.observed),
  };
}

export function unpackCell(row: StoredCell): CellRow {
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
