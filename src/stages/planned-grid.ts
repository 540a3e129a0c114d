import type { CellRow } from '../cache/cell-row.js';
import type { Candidate } from '../candidate.js';
import { equalGroups, fanOut, type Groups, singleGroups } from '../distinct.js';
import type { ParsedProgram } from '../parser.js';
import type { UnitTest } from '../unit-test.js';

/** What is executed: every candidate against every unit test of one task. */
export interface ExecutionGrid {
  taskId: string;
  candidates: readonly Candidate[];
  /** What the parser found in each candidate, in their order. */
  programs: readonly ParsedProgram[];
  unitTests: readonly UnitTest[];
}

/** rows[i][j] is what became of candidate i under unit test j; null: not run (pruned). */
export type ExecutedRows = (CellRow | null)[][];

/** One cell to execute: a candidate's program and a unit test stand for all that are equal to them. */
export interface PlannedCell {
  /** Of the cell in this run: equal cells of all grids have one name, unless each is executed on its own. */
  name: string;
  /** In the cache. */
  key: string;
  test: UnitTest;
}

/** A grid with its equal candidates and its equal unit tests as one. */
export interface PlannedGrid {
  grid: ExecutionGrid;
  /** Its place among the grids of the run. */
  at: number;
  rows: Groups;
  columns: Groups;
  /** cells[i][j]: row group i under column group j. */
  cells: PlannedCell[][];
  /** Names the job that executes a row group's cells. */
  jobs: string[];
  /** Rows of the cells that this grid asked for; what another grid asked for is none of its business. */
  answers: (CellRow | null)[][];
}

/**
 * Plans a grid. `at` is its place among the grids of the run; without `dedup` every candidate and every unit test is
 * distinct, equal or not.
 */
export function planGrid(
  grid: ExecutionGrid,
  at: number,
  keyOf: (program: ParsedProgram, test: UnitTest) => string,
  dedup: boolean,
): PlannedGrid {
  const groups = (entries: readonly { identity: string }[]) =>
    dedup ? equalGroups(entries.map(({ identity }) => identity)) : singleGroups(entries.length);
  const rows = groups(grid.programs);
  const columns = groups(grid.unitTests);
  const cells = rows.firsts.map((row) =>
    columns.firsts.map((column): PlannedCell => {
      const test = grid.unitTests[column]!;
      const key = keyOf(grid.programs[row]!, test);
      return { name: dedup ? key : `${at}/${row}/${column}`, key, test };
    }),
  );
  const jobs = rows.firsts.map((row) => (dedup ? grid.programs[row]!.identity : `${at}/${row}`));
  const answers = cells.map((row) => row.map(() => null));
  return { grid, at, rows, columns, cells, jobs, answers };
}

/** The whole grid's rows, equal cells answered alike. */
export function rowsOf({ answers, rows, columns }: PlannedGrid): ExecutedRows {
  return fanOut(answers, rows, columns);
}
