import type { ExecutionRun } from '../run.js';
import { emptyTally } from '../tally.js';
import { executeGrids, type Faults } from './execute.js';
import type { ExecutedRows, ExecutionGrid } from './planned-grid.js';

/**
 * Runs the contested cells again, each time under another hash seed (and another state of `random`): those of the
 * unit tests that some candidates passed and some did not, since only such tests tell candidates apart.
 * A grid with a fault of ours is passed over, and one that meets one here gets it.
 * @returns for each grid the utIds of the unit tests whose verdict on any candidate changed between pass and not pass
 */
export async function recheckGrids(
  grids: readonly ExecutionGrid[],
  rows: readonly ExecutedRows[],
  run: ExecutionRun,
  faults: Faults | null = null,
): Promise<ReadonlySet<number>[]> {
  const flaky = grids.map(() => new Set<number>());
  for (let seed = 1; seed <= run.recheck; seed++) {
    const tally = emptyTally();
    const again = grids.map((grid, at) =>
      faults?.has(at) ? nothingOf(grid) : contestedPart(grid, rows[at]!, flaky[at]!),
    );
    const sandbox = run.sandbox.withHashSeed(seed);
    const found = await executeGrids(
      again.map(({ grid }) => grid),
      { ...run, sandbox, tally },
      false,
      faults,
    );
    for (const [at, { grid, columns }] of again.entries()) {
      if (faults?.has(at)) continue;
      for (const [place, { utId }] of grid.unitTests.entries()) {
        const changed = found[at]!.some(
          (row, candidate) => passed(row[place]) !== passed(rows[at]![candidate]![columns[place]!]),
        );
        if (changed) flaky[at]!.add(utId);
      }
    }
    run.tally.cells.rechecked += tally.cells.executed;
    run.tally.seconds.execute += tally.seconds.execute;
  }
  run.tally.flaky += flaky.reduce((sum, utIds) => sum + utIds.size, 0);
  return flaky;
}

function nothingOf(grid: ExecutionGrid): ReturnType<typeof contestedPart> {
  return { grid: { ...grid, unitTests: [] }, columns: [] };
}

/** The grid's contested unit tests that are not yet known to be flaky, and where they stand in the whole grid. */
function contestedPart(
  grid: ExecutionGrid,
  rows: ExecutedRows,
  flaky: ReadonlySet<number>,
): { grid: ExecutionGrid; columns: number[] } {
  const columns = grid.unitTests.flatMap(({ utId }, column) => {
    const passes = rows.filter((row) => passed(row[column])).length;
    return passes > 0 && passes < rows.length && !flaky.has(utId) ? [column] : [];
  });
  return { grid: { ...grid, unitTests: columns.map((column) => grid.unitTests[column]!) }, columns };
}

function passed(cell: ExecutedRows[number][number] | undefined): boolean {
  return cell?.verdict === 'pass';
}
