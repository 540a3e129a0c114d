import { type ExecutionMatrix, passedColumns, passedVotes, totalVotes } from './matrix.js';

/** One candidate's place in the ranking. */
export interface RankedCandidate {
  solId: number;
  score: number;
  /** Votes of the unit tests that it passed. */
  passed: number;
  /** Votes that there were; not-run cells count, as the authors count a missing result. */
  total: number;
}

export interface Ranking {
  /** The candidate chosen, or null where there is none to choose from. */
  selected: number | null;
  /** All candidates, the selected one first. */
  ranking: RankedCandidate[];
  /** Two or more candidates that no rule tells apart, ascending, the selected one being the lowest; else empty. */
  tied: number[];
}

/**
 * Ranks candidates by score, with the authors' tie rule (paper 1.2): among those with the highest score, keep
 * those whose set of passed unit tests is shared by the most of them. What is still tied is broken by the lowest
 * solId, and said.
 *
 * The same rule orders everything below: score, then how many candidates of that score passed the same set, then
 * solId. With no vote at all everybody agrees on the empty set, so everybody is kept.
 */
export function rankCandidates(matrix: ExecutionMatrix, scores: readonly number[]): Ranking {
  const total = totalVotes(matrix);
  const rows = matrix.solIds.map((solId, row) => {
    const score = scores[row]!;
    // `score` is part of the key: only candidates of one score are compared with each other.
    const group = `${score}:${passedColumns(matrix, row).join(',')}`;
    return { solId, score, passed: passedVotes(matrix, row), total, group };
  });
  const agreement = new Map<string, number>();
  for (const { group } of rows) agreement.set(group, (agreement.get(group) ?? 0) + 1);
  const agreeing = (row: { group: string }) => agreement.get(row.group)!;
  rows.sort((a, b) => b.score - a.score || agreeing(b) - agreeing(a) || a.solId - b.solId);

  const first = rows[0];
  if (first === undefined) return { selected: null, ranking: [], tied: [] };
  const kept = rows.filter((row) => row.score === first.score && agreeing(row) === agreeing(first));
  return {
    selected: first.solId,
    ranking: rows.map(({ group: _, ...candidate }) => candidate),
    tied: kept.length > 1 ? kept.map((row) => row.solId) : [],
  };
}
