import { type ExecutionMatrix, executionMatrix } from '../matrix.js';
import { decisionOf } from '../rank/decision.js';
import type { Scorer } from '../rank/scorer.js';
import type { LearntValidity } from '../rank/validity.js';
import { type Ranking, rankCandidates } from '../ranking.js';
import type { StoredMatrix } from '../stored-matrix.js';
import { rightness } from './accuracy.js';
import type { Labels } from './labels.js';

/** A problem whose candidates are all labelled. */
export interface LabelledMatrix {
  taskId: string;
  matrix: ExecutionMatrix;
  right: ReadonlyMap<number, boolean>;
}

/**
 * The matrices whose candidates all have a label, and how many have not. With `untested`, labelled tasks that the file has
 * no line of are problems of which no test was kept: among their candidates all are equal.
 */
export function labelled(
  stored: Iterable<StoredMatrix>,
  labels: Labels,
  untested: boolean,
): { matrices: LabelledMatrix[]; unlabelled: number } {
  const matrices: LabelledMatrix[] = [];
  const met = new Set<string>();
  for (const { taskId, matrix } of stored) {
    met.add(taskId);
    const right = labels.get(taskId);
    if (right && matrix.solIds.every((solId) => right.has(solId))) matrices.push({ taskId, matrix, right });
  }
  const unlabelled = met.size - matrices.length;
  if (untested) {
    for (const [taskId, right] of labels) {
      if (!met.has(taskId)) matrices.push({ taskId, matrix: executionMatrix([...right.keys()], []), right });
    }
  }
  return { matrices, unlabelled };
}

/** What a scorer chose over a run of problems. */
export interface Chosen {
  rankings: Ranking[];
  /** The chance of being right, of each problem. */
  right: number[];
  learnt: LearntValidity | null;
}

/** Lets a scorer choose in every problem; one that learns from the run learns from all of them first. */
export function chosen(scorer: Scorer, matrices: readonly LabelledMatrix[]): Chosen {
  const { learning } = scorer;
  const learnt = learning?.learn(matrices.map(({ matrix }) => learning.evidence(matrix))) ?? null;
  const rankings = matrices.map(({ matrix }) => rankCandidates(matrix, scorer.scores(matrix, learnt)));
  const right = rankings.map((ranking, at) => rightness(ranking, matrices[at]!.right));
  return { rankings, right, learnt };
}

/** The same as lines of a ranking, with their confidence. */
export function rankingLines(scorer: Scorer, matrices: readonly LabelledMatrix[]) {
  return chosen(scorer, matrices).rankings.map((ranking, at) => {
    const { taskId, matrix } = matrices[at]!;
    return { taskId, ...ranking, confidence: decisionOf(matrix, ranking).confidence };
  });
}
