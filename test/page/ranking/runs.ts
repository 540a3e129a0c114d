import { executionMatrix } from '../../../src/matrix.js';
import type { PageRun } from '../../../src/page/ranking/overview.js';
import { reportPage } from '../../../src/page/ranking/page.js';
import { decisionOf } from '../../../src/rank/decision.js';
import { majority } from '../../../src/rank/majority.js';
import { rankCandidates } from '../../../src/ranking.js';
import type { RankedTask } from '../../../src/stages/rank.js';
import type { VotedTask } from '../../../src/stages/vote.js';
import { emptyTally } from '../../../src/tally.js';
import type { Verdict } from '../../../src/verdict.js';

// Small runs for the page's tests, written as signs.

const SIGNS: Readonly<Record<string, Verdict | null>> = {
  '1': 'pass',
  '0': 'fail',
  e: 'error',
  t: 'timeout',
  m: 'memory',
  o: 'output',
  c: 'crash',
  x: 'tampered',
  i: 'invalid',
  '?': null,
};

/** A problem whose candidates have these verdicts: a row a candidate, a sign a unit test (0, 1, 2 …). */
export function rankedTask(rows: readonly string[], more: Partial<VotedTask> = {}): RankedTask {
  const tests = [...(rows[0] ?? '')].map((_, utId) => ({ utId, count: 1 }));
  const empty = executionMatrix(
    rows.map((_, solId) => solId),
    tests,
  );
  const matrix = { ...empty, cells: rows.map((row) => [...row].map((sign) => SIGNS[sign]!)) };
  const ranking = rankCandidates(matrix, majority.scores(matrix));
  const kept = tests.length;
  const voted: VotedTask = {
    taskId: 'task',
    failure: null,
    matrix,
    standing: null,
    flaky: [],
    solutions: null,
    texts: null,
    tests: { requested: kept, generated: kept, kept, dropped: {} },
    tokens: 0,
    ...more,
  };
  return { voted, ranking, decision: decisionOf(matrix, ranking), abstained: false, scorer: 'majority' };
}

export function pageRun(more: Partial<PageRun> = {}): PageRun {
  return {
    command: 'coderm test',
    scorer: 'majority',
    finished: '2026-01-02T03:04:05.000Z',
    facts: [['seed', '42']],
    tally: emptyTally(),
    ...more,
  };
}

/** The whole page. `right`: whether the selected candidate of each problem is right. */
export function pageOf(tasks: readonly RankedTask[], run = pageRun(), right: boolean | null = null): string {
  return reportPage(
    run,
    tasks.map((ranked) => ({ ranked, right })),
  );
}
