import { Spool } from '../cache/spool.js';
import { type Decision, decisionOf } from '../rank/decision.js';
import type { Evidence } from '../rank/evidence.js';
import type { Scorer } from '../rank/scorer.js';
import type { LearntValidity } from '../rank/validity.js';
import { type Ranking, rankCandidates } from '../ranking.js';
import type { Run } from '../run.js';
import type { VotedTask } from './vote.js';

/** A task whose candidates are in order: what `rerank` reports of one problem. */
export interface RankedTask {
  voted: VotedTask;
  ranking: Ranking;
  decision: Decision;
  /** Its confidence is below what was asked for: nothing is selected. */
  abstained: boolean;
  scorer: string;
}

export interface RankOptions {
  scorer: Scorer;
  /** Select nothing where the confidence is below this; 0: always select. */
  abstainBelow: number;
}

/**
 * Scores each task's execution matrix and ranks its candidates, in the tasks' order. A scorer that learns from the
 * run ranks nothing before it has met every task: the tasks wait in a temporary table on disk, and only its evidence,
 * some numbers a candidate, is in memory. What it learns does not depend on how the tasks came in batches.
 */
export async function* rankTasks(
  tasks: AsyncIterable<VotedTask> | Iterable<VotedTask>,
  options: RankOptions,
  { tally }: Pick<Run, 'tally'>,
): AsyncGenerator<RankedTask> {
  const counted = (ranked: RankedTask): RankedTask => {
    if (new Set(ranked.ranking.ranking.map(({ score }) => score)).size > 1) tally.separated += 1;
    if (ranked.abstained) tally.abstained += 1;
    return ranked;
  };
  const { learning } = options.scorer;
  if (!learning) {
    for await (const task of tasks) yield counted(rankTask(task, options, null));
    return;
  }
  const waiting = new Spool<VotedTask>();
  try {
    const run: Evidence[] = [];
    for await (const task of tasks) {
      if (task.failure === null) run.push(learning.evidence(task.matrix));
      waiting.add('', task);
    }
    const learnt = learning.learn(run);
    tally.validity = learnt?.share ?? null;
    for (const task of waiting.read('')) yield counted(rankTask(task, options, learnt));
  } finally {
    waiting.close();
  }
}

function rankTask(
  voted: VotedTask,
  { scorer, abstainBelow }: RankOptions,
  learnt: LearntValidity | null,
): RankedTask {
  const ranking = rankCandidates(voted.matrix, scorer.scores(voted.matrix, learnt));
  const decision = decisionOf(voted.matrix, ranking);
  return { voted, ranking, decision, abstained: decision.confidence < abstainBelow, scorer: scorer.name };
}
