import { distinctMatrix, fanOut } from '../distinct.js';
import { type ExecutionMatrix, totalVotes } from '../matrix.js';
import { majority } from '../rank/majority.js';
import { fewestCells, nextCells, PRUNE_STEPS, type PruneSteps } from '../rank/prune.js';
import { rankCandidates } from '../ranking.js';
import type { RecordedMatrix } from './recorded-matrix.js';

/** Shown beside the steps in use: what asking for less or for more at once would cost. */
const OTHER_STEPS: readonly PruneSteps[] = [
  { cellsAJob: 4, rounds: 256 },
  { cellsAJob: 64, rounds: 16 },
];

interface Cells {
  cells: number;
  /** Of the full grid. */
  fraction: number;
}

/** What one choice of steps executes. */
export interface PruneRun extends Cells {
  /** What was asked for at once: at most so many cells a job, one part in so many of all cells a round. */
  steps: { cells_a_job: number; rounds: number };
  /** What that came to, on average and at most. */
  rounds_a_problem: number;
  most_rounds: number;
  cells_a_job: number;
}

export interface PruneBench {
  problems: number;
  /** Candidates × unit tests, each as often as it was sampled. */
  full_cells: number;
  dedup: Cells;
  /** Dedup and prune together, as `rerank --prune` does it. */
  prune: PruneRun;
  /** Dedup and an order that knows the matrix. */
  bound: Cells;
  other_steps: PruneRun[];
  /** Problems whose selected and tied candidates are those of the full matrix, and the ids of the others. */
  same_winners: number;
  other_winners: string[];
  /** Cells of the full matrix whose verdict is not that of the equal cell that stands for them (flaky). */
  unequal_cells: number;
}

/** Replays recorded matrices: counts the cells that would have been executed. */
export async function benchPrune(recorded: AsyncIterable<RecordedMatrix>): Promise<PruneBench> {
  const runs = [PRUNE_STEPS, ...OTHER_STEPS].map((steps) => ({
    steps,
    cells: 0,
    jobs: 0,
    rounds: 0,
    most_rounds: 0,
  }));
  const found = { problems: 0, full_cells: 0, dedup: 0, bound: 0, same_winners: 0, unequal_cells: 0 };
  const other_winners: string[] = [];
  for await (const { taskId, matrix, rows, columns } of recorded) {
    const distinct = distinctMatrix(matrix, rows, columns);
    found.problems += 1;
    found.full_cells += matrix.cells.length * totalVotes(matrix);
    found.dedup += distinct.cells.length * distinct.weights.length;
    found.bound += fewestCells(distinct);
    const answered = fanOut(distinct.cells, rows, columns);
    found.unequal_cells += matrix.cells
      .flatMap((row, at) => row.map((verdict, column) => verdict === answered[at]![column]))
      .filter((equal) => !equal).length;
    for (const run of runs) {
      const { matrix: pruned, jobs, rounds, cells } = prunedMatrix(distinct, rows.sizes, run.steps);
      run.cells += cells;
      run.jobs += jobs;
      run.rounds += rounds;
      run.most_rounds = Math.max(run.most_rounds, rounds);
      if (run.steps !== PRUNE_STEPS) continue;
      const whole = { ...matrix, cells: fanOut(pruned.cells, rows, columns) };
      if (winners(whole) === winners(matrix)) found.same_winners += 1;
      else other_winners.push(taskId);
    }
  }
  const { problems, full_cells, same_winners, unequal_cells } = found;
  const part = (cells: number): Cells => ({ cells, fraction: full_cells === 0 ? 0 : cells / full_cells });
  const [prune, ...other_steps] = runs.map(
    ({ steps, cells, jobs, rounds, most_rounds }): PruneRun => ({
      steps: { cells_a_job: steps.cellsAJob, rounds: steps.rounds },
      ...part(cells),
      rounds_a_problem: rounds / Math.max(1, problems),
      most_rounds,
      cells_a_job: cells / Math.max(1, jobs),
    }),
  );
  return {
    problems,
    full_cells,
    dedup: part(found.dedup),
    prune: prune!,
    bound: part(found.bound),
    other_steps,
    same_winners,
    other_winners,
    unequal_cells,
  };
}

/** Asks for cells as a run does, and answers from the complete matrix. */
function prunedMatrix(full: ExecutionMatrix, copies: readonly number[], steps: PruneSteps) {
  const cells = full.cells.map((row) => row.map((): (typeof row)[number] => null));
  const matrix: ExecutionMatrix = { ...full, cells };
  const counts = { cells: 0, jobs: 0, rounds: 0 };
  for (;;) {
    const wanted = nextCells(matrix, copies, steps);
    if (wanted.length === 0) return { matrix, ...counts };
    counts.rounds += 1;
    counts.jobs += wanted.length;
    for (const { row, columns } of wanted) {
      counts.cells += columns.length;
      for (const column of columns) cells[row]![column] = full.cells[row]![column]!;
    }
  }
}

function winners(matrix: ExecutionMatrix): string {
  const { selected, tied } = rankCandidates(matrix, majority.scores(matrix));
  return JSON.stringify({ selected, tied });
}
