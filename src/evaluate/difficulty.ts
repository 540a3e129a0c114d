const QUINTILES = 5;

/** What a problem's difficulty is told by. */
interface Solvable {
  taskId: string;
  /** Share of its candidates that are right, and whether one is (1) or none (0). */
  random: number;
  oracle: number;
}

/**
 * The paper's figure 3: problems with a right candidate, in five nearly equal parts by their share of right ones, easiest
 * first. With fewer than five such problems there are fewer parts; without one there is none.
 */
export function byDifficulty<T extends Solvable>(problems: readonly T[]): T[][] {
  const solvable = problems
    .filter(({ oracle }) => oracle === 1)
    .sort((a, b) => b.random - a.random || (a.taskId < b.taskId ? -1 : 1));
  return parts(solvable, QUINTILES);
}

/** The list in `count` consecutive parts of nearly equal length; empty parts are left out. */
export function parts<T>(list: readonly T[], count: number): T[][] {
  return Array.from({ length: count }, (_, at) =>
    list.slice(Math.floor((at * list.length) / count), Math.floor(((at + 1) * list.length) / count)),
  ).filter((part) => part.length > 0);
}
