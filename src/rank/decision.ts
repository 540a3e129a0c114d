import { type ExecutionMatrix, passedColumns, passedVotes, totalVotes } from '../matrix.js';
import type { Ranking } from '../ranking.js';
import type { Verdict } from '../verdict.js';

/** What stands behind a choice. */
export interface Decision {
  /** Calibrated chance that the selected candidate is right, 0 to 1. */
  confidence: number;
  /** The best candidate that passed another set of tests; null where there is none. */
  runnerUp: number | null;
  /** utIds that the selected candidate passed and the runner-up ran and did not pass, and the other way round. */
  decidedBy: number[];
  decidedAgainst: number[];
  /** utIds that tell no candidate from another. Tests that not every candidate ran are in neither list. */
  allPass: number[];
  allFail: number[];
}

/** Says how sure a ranking is and which unit tests made it. Pure. */
export function decisionOf(matrix: ExecutionMatrix, ranking: Ranking): Decision {
  const rows = new Map(matrix.solIds.map((solId, row) => [solId, row]));
  const passedBy = (solId: number) => passedColumns(matrix, rows.get(solId)!);
  const runnerUp = runnerUpOf(ranking, passedBy);
  const { selected } = ranking;
  const between = (winner: number | null, loser: number | null) =>
    winner === null || loser === null
      ? []
      : passedBy(winner)
          .filter((column) => failed(matrix.cells[rows.get(loser)!]![column]!))
          .map((column) => matrix.utIds[column]!);
  return {
    confidence: selected === null ? 0 : confidenceOf(matrix, rows.get(selected)!),
    runnerUp,
    decidedBy: between(selected, runnerUp),
    decidedAgainst: between(runnerUp, selected),
    ...vacuousTests(matrix),
  };
}

function failed(verdict: Verdict | null): boolean {
  return verdict !== null && verdict !== 'pass';
}

function runnerUpOf({ selected, ranking }: Ranking, passedBy: (solId: number) => number[]): number | null {
  if (selected === null) return null;
  const passed = String(passedBy(selected));
  return ranking.find(({ solId }) => String(passedBy(solId)) !== passed)?.solId ?? null;
}

/**
 * The chance that the candidate of this row is right, of M votes m passed, of N candidates c that passed the same:
 *
 *     σ( 0.4 + 0.5·logit(m/M) + 0.35·logit(c/(N+1)) )        both shares clipped to [0.01, 0.99]
 *
 * and 0 where it passed nothing. Fitted on labelled runs; docs/results.md has how it came out on each set.
 */
function confidenceOf(matrix: ExecutionMatrix, row: number): number {
  const passed = passedVotes(matrix, row);
  if (passed === 0) return 0;
  const own = String(passedColumns(matrix, row));
  const agreeing = matrix.solIds.filter((_, at) => String(passedColumns(matrix, at)) === own).length;
  const odds =
    0.4 + 0.5 * logit(passed / totalVotes(matrix)) + 0.35 * logit(agreeing / (matrix.solIds.length + 1));
  return Number((1 / (1 + Math.exp(-odds))).toFixed(4));
}

function logit(share: number): number {
  const clipped = Math.min(0.99, Math.max(0.01, share));
  return Math.log(clipped / (1 - clipped));
}

function vacuousTests(matrix: ExecutionMatrix): Pick<Decision, 'allPass' | 'allFail'> {
  const vacuous: Pick<Decision, 'allPass' | 'allFail'> = { allPass: [], allFail: [] };
  for (const [column, utId] of matrix.utIds.entries()) {
    const verdicts = matrix.cells.map((row) => row[column]!);
    if (verdicts.every((verdict) => verdict === 'pass')) vacuous.allPass.push(utId);
    else if (verdicts.every(failed)) vacuous.allFail.push(utId);
  }
  return vacuous;
}
