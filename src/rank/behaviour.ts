import type { ExecutionMatrix } from '../matrix.js';

// A digest that begins with "?" is of values that are not told apart: equal ones do not prove that the values are equal
// (a generator, a lambda, more than the harness may look at). Different ones do prove that they differ. So such a
// digest can divide a group of candidates, and never earns agreement.

/** What the digest of values that are not told apart begins with (observe.py writes it). */
const UNTOLD = '?';

/**
 * What each cell showed of its candidate: the values that the assertions received, and how the cell ended where it
 * ended otherwise than by an assertion. Without recorded values, whether it passed.
 */
export function behaviourOf(matrix: ExecutionMatrix): string[][] {
  return matrix.cells.map((verdicts, row) =>
    verdicts.map((verdict, column) => {
      if (verdict === null) return '';
      const observed = matrix.traces?.[row]?.[column]?.observed ?? verdict;
      return verdict === 'pass' || verdict === 'fail' ? observed : `!${verdict} ${observed}`;
    }),
  );
}

/**
 * agreeing[j] says of each behaviour on unit test j how many candidates showed it. Cells that ended by an exception, a
 * time-out or another limit agree with nobody, and are left out; so are those that were not run, and those in which no
 * value was told apart from others. In a cell with other values, these decide.
 */
export function agreementOf(
  behaviour: readonly (readonly string[])[],
  columns: number,
): Map<string, number>[] {
  return Array.from({ length: columns }, (_, column) => {
    const counts = new Map<string, number>();
    for (const row of behaviour) {
      const shown = row[column]!;
      if (shown !== '' && !ended(shown) && told(shown)) counts.set(shown, (counts.get(shown) ?? 0) + 1);
    }
    return counts;
  });
}

/** Whether a cell ended by an exception or a limit, and not by its assertions. */
function ended(shown: string): boolean {
  return shown.startsWith('!');
}

/** Whether a cell showed a value that is told apart from others. */
function told(shown: string): boolean {
  return !shown.startsWith(UNTOLD) || shown.split(' ').some((digest) => !digest.startsWith(UNTOLD));
}
