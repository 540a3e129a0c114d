import { type ExecutionMatrix, executionMatrix } from '../matrix.js';
import type { Scorer } from '../rank/scorer.js';
import { type Ranking, rankCandidates } from '../ranking.js';
import type { Run } from '../run.js';
import type { TestedTask } from './extract.js';
import type { ExecutedRows } from './planned-grid.js';

/** A task whose candidates are in order: what `rerank` reports of one problem. */
export interface RankedTask {
  tested: TestedTask;
  /** Of the unit tests that vote. */
  matrix: ExecutionMatrix;
  /** utIds of those that lost their vote: their verdict changed under another hash seed. */
  flaky: readonly number[];
  ranking: Ranking;
  scorer: string;
}

/** Scores each task's execution matrix and ranks its candidates. */
export function rankTasks(
  tasks: readonly TestedTask[],
  rows: readonly ExecutedRows[],
  flaky: readonly ReadonlySet<number>[],
  scorer: Scorer,
  run: Run,
): RankedTask[] {
  return tasks.map((tested, at) => {
    const { candidates } = tested.task;
    const votes = tested.unitTests.map(({ utId }) => !flaky[at]!.has(utId));
    const matrix: ExecutionMatrix = {
      ...executionMatrix(
        candidates.map(({ solId }) => solId),
        tested.unitTests.filter((_, column) => votes[column]),
      ),
      cells: rows[at]!.map((row) =>
        row.filter((_, column) => votes[column]).map((cell) => cell?.verdict ?? null),
      ),
    };
    const ranking = rankCandidates(matrix, scorer.scores(matrix));
    run.tally.problems += 1;
    run.tally.candidates += candidates.length;
    if (tested.failure !== null) run.tally.failedProblems += 1;
    if (new Set(ranking.ranking.map(({ score }) => score)).size > 1) run.tally.separated += 1;
    return { tested, matrix, flaky: [...flaky[at]!], ranking, scorer: scorer.name };
  });
}
