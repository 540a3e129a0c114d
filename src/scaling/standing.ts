import type { ExecutionMatrix } from '../matrix.js';

/** How the majority vote on one problem stands: all that a policy looks at. */
export interface Standing {
  candidates: number;
  /** Distinct programs among them; null: not known. */
  programs: number | null;
  /** Unit tests that voted. */
  votes: number;
  /** Votes of those who passed most. */
  passed: number;
  /** Candidates that would be kept: most votes, and of those the largest group that passed the same tests. */
  kept: number;
  /** Candidates that are exactly one vote behind. */
  behind: number;
  /** Votes since other candidates were kept. */
  since: number;
  /** Votes between the selected candidate's program and every other program; null where there is no other. */
  lead: number | null;
}

export interface Kept {
  standing: Standing;
  /** Rows that are kept, ascending. */
  rows: readonly number[];
}

/**
 * How the vote stood before the first test and after each one of `order` (columns, in the order in which they came; one
 * that was sampled twice stands there twice). `programs` names what each row's candidate is, by a number: equal candidates
 * cannot overtake each other. Null: not known, and none counts as equal to another. Cells that were not run are no pass.
 */
export function* standings(
  { cells }: Pick<ExecutionMatrix, 'cells'>,
  order: readonly number[],
  programs: readonly number[] | null,
): Generator<Kept> {
  const distinct = programs && new Set(programs).size;
  const votes = cells.map(() => 0);
  let groups = cells.map(() => 0); // rows of one group passed the same tests so far
  let before: Kept | null = null;
  for (let tests = 0; tests <= order.length; tests++) {
    if (tests > 0) groups = vote(cells, order[tests - 1]!, votes, groups);
    const rows = keptRows(votes, groups);
    const same: boolean = before !== null && sameRows(before.rows, rows);
    const since: number = same ? before!.standing.since + 1 : 0;
    const one = programs ?? [...cells.keys()];
    before = { standing: { ...standing(votes, rows, one, tests, since), programs: distinct }, rows };
    yield before;
  }
}

/** Counts the votes of one column, and splits the groups by it. */
function vote(
  cells: ExecutionMatrix['cells'],
  column: number,
  votes: number[],
  groups: readonly number[],
): number[] {
  const split = new Map<number, number>();
  return groups.map((group, row) => {
    const passes = cells[row]![column] === 'pass' ? 1 : 0;
    votes[row]! += passes;
    const key = 2 * group + passes;
    const known = split.get(key) ?? split.size;
    split.set(key, known);
    return known;
  });
}

/** The authors' rule (paper 1.2): most votes, then every largest group among those. */
function keptRows(votes: readonly number[], groups: readonly number[]): number[] {
  const most = votes.reduce((a, b) => Math.max(a, b), 0);
  const sizes = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    if (votes[row] === most) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const largest = [...sizes.values()].reduce((a, b) => Math.max(a, b), 0);
  const rows: number[] = [];
  for (const [row, group] of groups.entries()) {
    if (votes[row] === most && sizes.get(group) === largest) rows.push(row);
  }
  return rows;
}

function sameRows(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, at) => row === b[at]);
}

function standing(
  votes: readonly number[],
  rows: readonly number[],
  programs: readonly number[],
  tests: number,
  since: number,
): Omit<Standing, 'programs'> {
  const first = rows[0];
  const passed = first === undefined ? 0 : votes[first]!;
  const leader = first === undefined ? undefined : programs[first];
  let behind = 0;
  let others = -1;
  for (const [row, own] of votes.entries()) {
    if (own === passed - 1) behind += 1;
    if (programs[row] !== leader) others = Math.max(others, own);
  }
  const lead = others < 0 ? null : passed - others;
  return { candidates: votes.length, votes: tests, passed, kept: rows.length, behind, since, lead };
}
