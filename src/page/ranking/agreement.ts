import { type ExecutionMatrix, passedColumns } from '../../matrix.js';
import type { Decision } from '../../rank/decision.js';
import type { RankedCandidate, Ranking } from '../../ranking.js';

/** Candidates of one score that passed the same unit tests: what the tie rule calls agreement. */
export interface AgreementGroup {
  /** Place of its best candidate, from 1. */
  place: number;
  /** In ranking order. */
  members: RankedCandidate[];
  /** Rows of the matrix, in the same order. */
  rows: number[];
}

/** The groups, in the order of their best members. */
export function agreementGroups(matrix: ExecutionMatrix, ranking: Ranking): AgreementGroup[] {
  const rowOf = new Map(matrix.solIds.map((solId, row) => [solId, row]));
  const groups = new Map<string, AgreementGroup>();
  for (const [at, candidate] of ranking.ranking.entries()) {
    const row = rowOf.get(candidate.solId)!;
    const key = `${candidate.score}:${passedColumns(matrix, row).join(',')}`;
    const group = groups.get(key) ?? { place: at + 1, members: [], rows: [] };
    groups.set(key, group);
    group.members.push(candidate);
    group.rows.push(row);
  }
  return [...groups.values()];
}

/** What a unit test told about the choice. */
export const ROLES = ['for', 'against', 'contested', 'all pass', 'all fail'] as const;

export type Role = (typeof ROLES)[number];

/** A run of columns that stand together in the heat map. */
export interface ColumnBlock {
  role: Role;
  /** Columns of the matrix, those passed by most candidates first. */
  columns: number[];
}

/** The unit tests by what they told about the choice; roles that no test has are left out. */
export function columnBlocks(matrix: ExecutionMatrix, decision: Decision): ColumnBlock[] {
  const roles = new Map<number, Role>();
  for (const [role, utIds] of [
    ['all pass', decision.allPass],
    ['all fail', decision.allFail],
    ['for', decision.decidedBy],
    ['against', decision.decidedAgainst],
  ] as const) {
    for (const utId of utIds) roles.set(utId, role);
  }
  const passers = passersOf(matrix);
  const blocks = ROLES.map((role): ColumnBlock => ({ role, columns: [] }));
  for (const [column, utId] of matrix.utIds.entries()) {
    blocks[ROLES.indexOf(roles.get(utId) ?? 'contested')]!.columns.push(column);
  }
  for (const { columns } of blocks) columns.sort((a, b) => passers[b]! - passers[a]! || a - b);
  return blocks.filter(({ columns }) => columns.length > 0);
}

/** For each column, how many candidates passed it. */
export function passersOf(matrix: ExecutionMatrix): number[] {
  const passers = matrix.utIds.map(() => 0);
  for (const row of matrix.cells) {
    for (const [column, verdict] of row.entries()) if (verdict === 'pass') passers[column]! += 1;
  }
  return passers;
}
