import type { ParsedProgram } from '../parser.js';
import type { ExecutionRun } from '../run.js';
import { emptyTally } from '../tally.js';
import { executeGrids, type Faults } from './execute.js';
import { faultOf } from './fault.js';
import type { ExecutionGrid } from './planned-grid.js';

/**
 * Runs each unit test on a stub: a program in which everything that the candidates define is a function that returns None.
 * A test that passes there asks for nothing (or for None). It keeps its vote, and is reported as vacuous.
 * A fault of ours fails the grid that meets it.
 * @returns for each grid the utIds of the tests that pass; null where that was not asked for
 */
export async function stubGrids(
  grids: readonly ExecutionGrid[],
  run: ExecutionRun,
  faults: Faults | null = null,
): Promise<(ReadonlySet<number> | null)[]> {
  if (!run.stub) return grids.map(() => null);
  const stubs: ExecutionGrid[] = [];
  for (const [at, grid] of grids.entries()) {
    const program = stubOf(grid);
    const candidates = [{ solId: 0, program, solution: program }];
    const parsed = faults?.has(at) ? null : await parsedOrFailed(program, at, run, faults);
    stubs.push(
      parsed === null
        ? { ...grid, candidates: [], programs: [], unitTests: [] }
        : { ...grid, candidates, programs: parsed },
    );
  }
  // A tally of its own: stubs are no candidates.
  const rows = await executeGrids(stubs, { ...run, tally: emptyTally() }, false, faults);
  return stubs.map(
    ({ unitTests }, at) =>
      new Set(
        unitTests.flatMap(({ utId }, column) => (rows[at]![0]![column]?.verdict === 'pass' ? [utId] : [])),
      ),
  );
}

async function parsedOrFailed(
  program: string,
  at: number,
  { parser }: ExecutionRun,
  faults: Faults | null,
): Promise<ParsedProgram[] | null> {
  try {
    return await parser.programs([program]);
  } catch (error) {
    if (faults === null) throw error;
    faults.set(at, faultOf(error));
    return null;
  }
}

/** The names come from the first candidate that defines any, so that more candidates do not change the stub. */
function stubOf({ programs }: ExecutionGrid): string {
  const names = programs.find(({ defines }) => defines.length > 0)?.defines ?? [];
  return names.map((name) => `def ${name}(*args, **kwargs):\n    return None\n`).join('\n\n');
}
