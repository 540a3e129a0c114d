import { InputError } from '../error.js';
import { type EvaluatedProblem, evaluate, evaluatedProblem } from '../evaluate/evaluation.js';
import { labelAgreement } from '../evaluate/label-agreement.js';
import { type LabelledMatrix, labelled } from '../evaluate/labelled-matrix.js';
import { type Labels, readLabels } from '../evaluate/labels.js';
import { readRankings } from '../evaluate/rankings.js';
import { type Evaluated, matrixReport, scoredProblems } from '../evaluate/report.js';
import { scorerNamed } from '../rank/scorers.js';
import { inShard, type Shard } from '../shard.js';
import { openStoredMatrices } from '../stored-matrix.js';
import type { Flags } from './flags/flags.js';
import { computedTruth, labelsOf } from './ground-truth.js';
import type { Given } from './option.js';

/** Reads what the flags name, computes labels where that is asked for, and evaluates. */
export async function evaluateAll(flags: Flags, given: Given, signal: AbortSignal): Promise<Evaluated> {
  const { labels: files, groundTruth }: Partial<Flags> = flags;
  const known = files === undefined ? null : await readLabels(files, flags.label.at(-1)!);
  const judged = groundTruth === undefined ? null : await computedTruth(flags, given, signal);
  const agreement = judged && known ? labelAgreement(judged, known) : null;
  if (!given('ranking') && !given('matrix')) return { ranked: null, matrix: null, agreement };
  const { problems, unlabelled, matrices } = await evaluatedProblems(
    flags,
    judged ? labelsOf(judged) : known!,
  );
  const { curveCandidates: candidates, curveTests: tests, rounds, seed } = flags;
  const plan = { candidates, tests, rounds, seed };
  return {
    ranked: { problems, found: evaluate(problems), unlabelled },
    matrix: matrices && matrixReport(matrices, plan, scorerNamed(flags.scorer)),
    agreement,
  };
}

interface Judged {
  problems: EvaluatedProblem[];
  /** Problems of which a candidate has no label. */
  unlabelled: number;
  /** Null where no matrix was given. */
  matrices: LabelledMatrix[] | null;
}

/** The problems of the ranking, or, without one, of the matrix as the scorer ranks it. */
async function evaluatedProblems(flags: Flags, labels: Labels): Promise<Judged> {
  const { ranking, matrix }: Partial<Flags> = flags;
  const matrices = matrix === undefined ? null : await labelledMatrices(flags, labels);
  const found =
    ranking === undefined
      ? {
          problems: scoredProblems(matrices!.matrices, scorerNamed(flags.scorer)),
          unlabelled: matrices!.unlabelled,
        }
      : await rankedProblems(ranking, labels, flags.shard ?? null);
  if (found.problems.length > 0) return { ...found, matrices: matrices?.matrices ?? null };
  throw new InputError(
    `${ranking ?? matrix} and the labels have no task in common whose candidates are all labelled: expected the labels ` +
      'of its candidates.',
  );
}

async function labelledMatrices({ matrix, untested, shard }: Flags, labels: Labels) {
  const stored = await openStoredMatrices(matrix);
  const ours = new Map([...labels].filter(([taskId]) => !shard || inShard(taskId, shard)));
  try {
    return labelled(ofShard(stored, shard ?? null), ours, untested.at(-1) === 'count');
  } finally {
    stored.close();
  }
}

async function rankedProblems(file: string, labels: Labels, shard: Shard | null) {
  const problems: EvaluatedProblem[] = [];
  let unlabelled = 0;
  for await (const line of readRankings(file)) {
    if (shard && !inShard(line.taskId, shard)) continue;
    const problem = evaluatedProblem(line, labels);
    if (problem) problems.push(problem);
    else unlabelled += 1;
  }
  return { problems, unlabelled };
}

function* ofShard<T extends { taskId: string }>(tasks: Iterable<T>, shard: Shard | null): Generator<T> {
  for (const task of tasks) if (!shard || inShard(task.taskId, shard)) yield task;
}
