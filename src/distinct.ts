import type { ExecutionMatrix } from './matrix.js';

/** Which entries of a list are equal. A group is named by its place among the groups, in order of first members. */
export interface Groups {
  /** Position of each group's first member, which stands for all of it. */
  firsts: number[];
  /** The group of each position. */
  groupOf: number[];
  /** How many members each group has. */
  sizes: number[];
}

/** Groups of equal identities. */
export function equalGroups(identities: readonly string[]): Groups {
  const groups: Groups = { firsts: [], groupOf: [], sizes: [] };
  const known = new Map<string, number>();
  for (const [at, identity] of identities.entries()) {
    let group = known.get(identity);
    if (group === undefined) {
      group = groups.firsts.length;
      known.set(identity, group);
      groups.firsts.push(at);
      groups.sizes.push(0);
    }
    groups.groupOf.push(group);
    groups.sizes[group]! += 1;
  }
  return groups;
}

/** Every entry is a group of its own. */
export function singleGroups(length: number): Groups {
  const positions = Array.from({ length }, (_, at) => at);
  return { firsts: positions, groupOf: positions, sizes: positions.map(() => 1) };
}

/** The matrix with one row for equal candidates and one column, with all their votes, for equal unit tests. */
export function distinctMatrix(matrix: ExecutionMatrix, rows: Groups, columns: Groups): ExecutionMatrix {
  const weights = columns.firsts.map(() => 0);
  for (const [column, group] of columns.groupOf.entries()) weights[group]! += matrix.weights[column]!;
  return {
    solIds: rows.firsts.map((row) => matrix.solIds[row]!),
    utIds: columns.firsts.map((column) => matrix.utIds[column]!),
    weights,
    cells: rows.firsts.map((row) => columns.firsts.map((column) => matrix.cells[row]![column]!)),
  };
}

/** Answers every cell of the whole grid with the distinct cell that it is equal to. */
export function fanOut<T>(cells: readonly (readonly T[])[], rows: Groups, columns: Groups): T[][] {
  return rows.groupOf.map((row) => columns.groupOf.map((column) => cells[row]![column]!));
}
