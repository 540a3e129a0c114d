import type { ExecutionMatrix } from '../matrix.js';

/** A cell as scorers see it. A cell that was not run is neither a pass nor a fail: it says nothing. */
export type Sign = 1 | 0 | null;

export function signsOf(matrix: ExecutionMatrix): Sign[][] {
  return matrix.cells.map((row) =>
    row.map((verdict) => (verdict === null ? null : verdict === 'pass' ? 1 : 0)),
  );
}

/** The same where it only matters what was passed: a cell that was not run is no pass. */
export function passSigns(matrix: ExecutionMatrix): Sign[][] {
  return signsOf(matrix).map((row) => row.map((sign) => sign ?? 0));
}

/** Candidates that no unit test tells apart. */
export interface Group {
  /** Their rows, ascending. */
  rows: number[];
  /** The row of signs that they share. */
  signs: readonly Sign[];
}

/** Groups of candidates with equal rows of signs and, where they are given, equal behaviour. */
export function groupsOf(
  signs: readonly (readonly Sign[])[],
  behaviour?: readonly (readonly string[])[],
): Group[] {
  const groups = new Map<string, Group>();
  for (const [row, own] of signs.entries()) {
    const key = JSON.stringify([own, behaviour?.[row]]);
    const known = groups.get(key);
    if (known) known.rows.push(row);
    else groups.set(key, { rows: [row], signs: own });
  }
  return [...groups.values()];
}

/** Gives every row the score of its group. */
export function spread(groups: readonly Group[], scores: readonly number[], rows: number): number[] {
  const spreaded = Array<number>(rows).fill(0);
  for (const [at, group] of groups.entries()) for (const row of group.rows) spreaded[row] = scores[at]!;
  return spreaded;
}

/** Votes of the columns that the group passed. */
export function votesOf(signs: readonly Sign[], weights: readonly number[]): number {
  return signs.reduce<number>((sum, sign, column) => sum + (sign === 1 ? weights[column]! : 0), 0);
}

/** For each column, how many rows passed it, and how many ran it. */
export function columnCounts(
  signs: readonly (readonly Sign[])[],
  columns: number,
): { passed: number; run: number }[] {
  const counts = Array.from({ length: columns }, () => ({ passed: 0, run: 0 }));
  for (const row of signs) {
    for (const [column, sign] of row.entries()) {
      if (sign === null) continue;
      counts[column]!.run += 1;
      counts[column]!.passed += sign;
    }
  }
  return counts;
}

/** How the candidates outside a group met the tests that the group passed (1) and failed (0), in votes. */
export interface Others {
  passed1: number;
  run1: number;
  passed0: number;
  run0: number;
}

/** The witnesses of a hypothesis: S1, S0 of B4 and consensus. Cells that were not run bear no witness. */
export function othersOf(
  group: Group,
  counts: readonly { passed: number; run: number }[],
  weights: readonly number[],
): Others {
  const others: Others = { passed1: 0, run1: 0, passed0: 0, run0: 0 };
  const size = group.rows.length;
  for (const [column, sign] of group.signs.entries()) {
    if (sign === null) continue;
    const { passed, run } = counts[column]!;
    const weight = weights[column]!;
    if (sign === 1) {
      others.passed1 += weight * (passed - size);
      others.run1 += weight * (run - size);
    } else {
      others.passed0 += weight * passed;
      others.run0 += weight * (run - size);
    }
  }
  return others;
}

/** Scores with those that are null put below all others. Where all are null, all are 0. */
export function belowAll(scores: readonly (number | null)[]): number[] {
  const known = scores.filter((score) => score !== null);
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return scores.map((score) => score ?? (known.length === 0 ? 0 : least - 1));
}

/**
 * Scores with 10 significant digits. Sums in another order differ in the last bits; ties must not depend on that, nor
 * the ranking on the order of rows and columns.
 */
export function rounded(scores: readonly number[]): number[] {
  return scores.map((score) => Number(score.toPrecision(10)));
}
