import type { ExecutionMatrix } from '../matrix.js';
import type { Chance } from './chance.js';

/**
 * The matrix with only some of its tests, drawn without replacement (the authors' protocol, paper 1.2): a test that
 * was sampled n times is n tests here, and keeps as many votes as were drawn. `order` is a shuffled list of columns,
 * each as often as it has votes, so that more tests of one order hold those of fewer.
 */
export function drawnMatrix(
  matrix: ExecutionMatrix,
  order: readonly number[],
  tests: number,
): ExecutionMatrix {
  const drawn = new Map<number, number>();
  for (const column of order.slice(0, tests)) drawn.set(column, (drawn.get(column) ?? 0) + 1);
  const columns = [...drawn.keys()].sort((a, b) => a - b);
  return {
    solIds: matrix.solIds,
    utIds: columns.map((column) => matrix.utIds[column]!),
    weights: columns.map((column) => drawn.get(column)!),
    cells: matrix.cells.map((row) => columns.map((column) => row[column]!)),
    ...(matrix.traces ? { traces: matrix.traces.map((row) => columns.map((column) => row[column]!)) } : {}),
  };
}

/** Every vote of the matrix by its column, shuffled. */
export function shuffledVotes({ weights }: ExecutionMatrix, chance: Chance): number[] {
  return chance.shuffled(weights.flatMap((weight, column) => Array<number>(weight).fill(column)));
}
