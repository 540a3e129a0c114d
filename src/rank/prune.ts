import { type ExecutionMatrix, passedVotes, totalVotes } from '../matrix.js';
import type { Verdict } from '../verdict.js';

// Theory of operation. Under majority only the winner matters. A candidate can still reach at most the votes of the
// tests that it has not failed. Once that is less than what another has passed already, it is out, and its further
// cells are never asked for. Decided means: every candidate that is not out has its row complete, so the candidates
// with the most votes, and the sets by which the tie rule compares them, are those of the full matrix.
//
// The rows that are asked for next are those that can still reach most. Such a search by the upper bound never works
// on a candidate below the bound of the final winner, so it needs no guess who that is. Of a row those tests come
// first that cost it most votes: weight times the share of candidates that failed them so far.
//
// Cells are asked for in rounds, and of a row as many as are expected to put it out: one cell more is often wasted, but
// a job for one cell costs the sandbox more than a wasted cell does. Many cells a job and few rounds are cheap to
// execute, few cells a job and many rounds decide with fewer cells: `coderm bench prune` prints what each comes to.

/** How much is asked for at once. */
export interface PruneSteps {
  /** Cells of one candidate in one round, at most: they are one job of the sandbox. */
  cellsAJob: number;
  /** A round asks for about this part of all cells (1/64: 64). */
  rounds: number;
}

export const PRUNE_STEPS: Readonly<PruneSteps> = { cellsAJob: 16, rounds: 64 };

/** Cells of one candidate that have to be run. */
export interface WantedCells {
  row: number;
  /** Not empty; the one that is most likely to decide comes first. */
  columns: number[];
}

/** How one candidate stands. */
interface Standing {
  row: number;
  /** Votes that it has for certain. */
  passed: number;
  /** Votes that it can still reach. */
  reachable: number;
  notRun: number;
}

/**
 * Says which cells of a partly run matrix to run next; none, once it is decided who wins by majority. Its rows and
 * columns are distinct (src/distinct.ts); `copies[row]` is how many equal candidates a row stands for. Pure: the same
 * cells, the same answer, so a run asks in the same order whatever is cached.
 */
export function nextCells(
  matrix: ExecutionMatrix,
  copies: readonly number[],
  steps: PruneSteps = PRUNE_STEPS,
): WantedCells[] {
  const standings = matrix.cells.map((_, row) => standing(matrix, row));
  const most = standings.reduce((sum, { passed }) => Math.max(sum, passed), 0);
  const open = standings
    .filter(({ notRun, reachable }) => notRun > 0 && reachable >= most)
    .sort(
      (a, b) =>
        b.reachable - a.reachable || b.passed - a.passed || copies[b.row]! - copies[a.row]! || a.row - b.row,
    );
  if (open.length === 0) return [];
  const cost = expectedCost(matrix);
  const order = columnsByCost(matrix.weights, cost);
  const all = matrix.cells.length * order.length;
  // At least two jobs, for two cores.
  const enough = Math.max(2 * steps.cellsAJob, Math.ceil(all / steps.rounds));
  const wanted: WantedCells[] = [];
  let asked = 0;
  for (const one of open) {
    if (asked >= enough) break;
    const columns = columnsOf(matrix.cells[one.row]!, one.reachable - most, order, cost, steps.cellsAJob);
    wanted.push({ row: one.row, columns });
    asked += columns.length;
  }
  return wanted;
}

function standing(matrix: ExecutionMatrix, row: number): Standing {
  const { weights, cells } = matrix;
  const verdicts = cells[row]!;
  let passed = 0;
  let open = 0;
  let notRun = 0;
  for (let column = 0; column < weights.length; column++) {
    if (verdicts[column] === 'pass') passed += weights[column]!;
    else if (verdicts[column] === null) {
      notRun += 1;
      open += weights[column]!;
    }
  }
  return { row, passed, reachable: passed + open, notRun };
}

/** How many votes each column is expected to cost a candidate: its weight times the share that failed it so far. */
function expectedCost({ cells, weights }: ExecutionMatrix): number[] {
  return weights.map((weight, column) => {
    // One fail and one pass are imagined, so that a test that nobody has met counts as a coin.
    let run = 2;
    let failed = 1;
    for (const verdicts of cells) {
      const verdict = verdicts[column]!;
      if (verdict === null) continue;
      run += 1;
      if (verdict !== 'pass') failed += 1;
    }
    return (weight * failed) / run;
  });
}

function columnsByCost(weights: readonly number[], cost: readonly number[]): number[] {
  return weights
    .map((_, column) => column)
    .sort((a, b) => cost[b]! - cost[a]! || weights[b]! - weights[a]! || a - b);
}

/** The next cells of one row that is `ahead` votes over what it would be out below: enough to lose one vote more. */
function columnsOf(
  verdicts: readonly (Verdict | null)[],
  ahead: number,
  order: readonly number[],
  cost: readonly number[],
  atMost: number,
): number[] {
  const columns: number[] = [];
  let lost = 0;
  for (const column of order) {
    if (verdicts[column] !== null) continue;
    columns.push(column);
    lost += cost[column]!;
    if (columns.length === atMost || lost >= ahead + 1) break;
  }
  return columns;
}

/** The least number of this candidate's cells that has to be run; `most` is what the winner has. */
function leastCells(matrix: ExecutionMatrix, row: number, most: number): number {
  const failed = matrix.weights.filter((_, column) => matrix.cells[row]![column] !== 'pass');
  let reachable = totalVotes(matrix);
  let cells = 0;
  for (const weight of failed.sort((a, b) => b - a)) {
    if (reachable < most) break;
    reachable -= weight;
    cells += 1;
  }
  return reachable < most ? cells : matrix.weights.length;
}

/**
 * The least number of cells by which the winner of a complete matrix can be decided: an order that knows the matrix
 * runs the winners' rows, and of each other row its heaviest fails until it is out.
 */
export function fewestCells(matrix: ExecutionMatrix): number {
  const passed = matrix.cells.map((_, row) => passedVotes(matrix, row));
  const most = passed.reduce((a, b) => Math.max(a, b), 0);
  return passed.reduce((sum, _, row) => sum + leastCells(matrix, row, most), 0);
}
