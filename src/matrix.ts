import type { Verdict } from './verdict.js';

/**
 * The execution matrix of one problem: candidates × unit tests.
 *
 * `cells[row][column]` is the verdict of candidate `solIds[row]` under unit test `utIds[column]`, or null where
 * the cell was not run (pruned, interrupted). A cell that was not run is no fail; it only earns no vote.
 */
export interface ExecutionMatrix {
  /** One a row. */
  readonly solIds: readonly number[];
  /** One a column. Equal unit tests keep a column each: every sampled test votes. */
  readonly utIds: readonly number[];
  /** How many votes a column has: the unit test's `count`. */
  readonly weights: readonly number[];
  readonly cells: readonly (readonly (Verdict | null)[])[];
  /** What the runs showed beside the verdicts, by row and column; absent where it was not recorded. */
  readonly traces?: readonly (readonly (Trace | null)[])[];
}

/** What a cell's run showed beside its verdict. */
export interface Trace {
  /** Test cases that were seen, and how many of them passed. */
  cases: number;
  passedCases: number;
  /**
   * Digests of the values that the assertions received, with spaces between them; null where none was recorded. Those of
   * values that are not told apart begin with "?" (rank/behaviour.ts).
   */
  observed: string | null;
}

/** One executed cell, by the ids of its row and column. */
export interface Cell {
  solId: number;
  utId: number;
  verdict: Verdict;
}

/** The matrix of these candidates and unit tests with no cell run, except those that are given. */
export function executionMatrix(
  solIds: readonly number[],
  tests: readonly { utId: number; count: number }[],
  cells: Iterable<Cell> = [],
): ExecutionMatrix {
  const empty: ExecutionMatrix = {
    solIds: [...solIds],
    utIds: tests.map((test) => test.utId),
    weights: tests.map((test) => test.count),
    cells: solIds.map(() => tests.map(() => null)),
  };
  return withCells(empty, cells);
}

/** The same matrix, in which a test that was sampled several times votes once. */
export function withOneVoteEach(matrix: ExecutionMatrix): ExecutionMatrix {
  return { ...matrix, weights: matrix.weights.map(() => 1) };
}

/** The same matrix with more cells run. Ids that the matrix does not have are a mistake of ours. */
export function withCells(matrix: ExecutionMatrix, cells: Iterable<Cell>): ExecutionMatrix {
  const rows = new Map(matrix.solIds.map((solId, row) => [solId, row]));
  const columns = new Map(matrix.utIds.map((utId, column) => [utId, column]));
  const verdicts = matrix.cells.map((row) => [...row]);
  for (const cell of cells) {
    const row = rows.get(cell.solId);
    const column = columns.get(cell.utId);
    if (row === undefined || column === undefined) {
      throw new RangeError(`no cell for candidate ${cell.solId} and unit test ${cell.utId} in this matrix`);
    }
    verdicts[row]![column] = cell.verdict;
  }
  return { ...matrix, cells: verdicts };
}

/** Columns that the candidate of this row passed, ascending. */
export function passedColumns(matrix: ExecutionMatrix, row: number): number[] {
  const columns: number[] = [];
  for (const [column, verdict] of matrix.cells[row]!.entries()) if (verdict === 'pass') columns.push(column);
  return columns;
}

/** Votes that the candidate of this row got: r_ij summed over the unit tests, each as often as it was sampled. */
export function passedVotes(matrix: ExecutionMatrix, row: number): number {
  return passedColumns(matrix, row).reduce((sum, column) => sum + matrix.weights[column]!, 0);
}

/** Votes that a candidate can get. */
export function totalVotes(matrix: ExecutionMatrix): number {
  return matrix.weights.reduce((sum, weight) => sum + weight, 0);
}

/** The cells that were not run, row by row. */
export function cellsNotRun(matrix: ExecutionMatrix): { solId: number; utId: number }[] {
  return matrix.cells.flatMap((verdicts, row) =>
    verdicts.flatMap((verdict, column) =>
      verdict === null ? [{ solId: matrix.solIds[row]!, utId: matrix.utIds[column]! }] : [],
    ),
  );
}
