import { InputError } from '../error.js';
import type { ExecutionRun } from '../run.js';
import { count } from '../tally.js';
import type { Verdict } from '../verdict.js';
import { authorsLevel, plainLevel } from './baseline.js';
import type { BenchCell } from './cells.js';
import { executeCells, type Level, type LevelSetup, type Measured, ownLevel } from './level.js';
import { type Difference, type LevelReport, type LevelRuns, summarise } from './summary.js';

// Theory of operation. All cells are executed once at level `cell`, for the verdicts that everything is compared
// with, and once at level `candidate`. Rates are then taken over the cells that end by themselves: round after round
// every level executes the same ones, so that what else the machine does falls on all levels. Cells that use up
// their CPU time take as long as the limit says at any level, and would only water the rates down: a few are
// measured apart. There is no cache and no deduplication: every cell is executed every time.

/** Measured time-outs a worker. */
const TIMEOUTS_A_WORKER = 4;

/** Ended from outside: how long that takes, or how much it harms a baseline, says nothing of its speed. */
const ENDED_BY_A_LIMIT: readonly Verdict[] = ['timeout', 'memory', 'output'];

export interface SandboxBench {
  /** That end by themselves: the rates are theirs. */
  cells: number;
  levels: Partial<Record<LevelRuns['name'], LevelReport>>;
  /** Of all cells, at level `cell`. */
  verdicts: Partial<Record<Verdict, number>>;
  /** Cells that a limit ended, and how many of them were measured for `seconds_per_timeout`. */
  ended_by_a_limit: number;
  timeouts_measured: number;
  differences: Difference[];
  rounds: number;
  workers: number;
}

/** Measures all levels side by side. `authors`: path of the CodeRM authors' harness, null to leave it out. */
export async function benchSandbox(
  cells: readonly BenchCell[],
  rounds: number,
  authors: string | null,
  run: ExecutionRun,
): Promise<SandboxBench> {
  const { sandbox, limits, signal } = run;
  const setup: LevelSetup = { sandbox, limits, signal };
  const levels = [ownLevel('candidate', setup), ownLevel('cell', setup)];
  levels.push(plainLevel('fork', setup), plainLevel('unprotected', setup));
  if (authors !== null) levels.push(authorsLevel(authors, setup));

  const steps = run.progress.phase('bench', 2 + levels.length * (rounds + 1), 'measurements');
  const step = async <T>(note: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    steps.advance(1, note);
    return done;
  };
  try {
    const reference = await step('all cells, level cell', executeCells(cells, 'cell', setup));
    const verdicts = reference.map(({ verdict }) => verdict);
    const checked = await step('all cells, level candidate', ownLevel('candidate', setup).run(cells));
    const quick = positions(verdicts, (verdict) => !ENDED_BY_A_LIMIT.includes(verdict));
    if (quick.length === 0) throw nothingToMeasure(cells.length);
    const slow = positions(reference, ({ verdict, cpuMs }) => verdict === 'timeout' && cpuMs >= limits.cpuMs);
    // One a candidate: the engine executes the cells of a candidate one after another.
    const apart = slow.filter(
      (at, order) => slow.findIndex((one) => sameRow(cells[one]!, cells[at]!)) === order,
    );
    const few = apart.slice(0, evenly(apart.length, sandbox.workers));

    const runs = levels.map(({ name }) => emptyRuns(name, name === 'candidate' ? checked : null));
    const measure = (level: Level, at: readonly number[]): Promise<Measured> =>
      level.run(at.map((index) => cells[index]!));
    for (let round = 1; round <= rounds; round++) {
      for (const [which, level] of levels.entries()) {
        const measured = await step(`round ${round}, ${level.name}`, measure(level, quick));
        runs[which]!.rounds.push({ at: quick, measured });
      }
    }
    for (const [which, level] of few.length > 0 ? levels.entries() : []) {
      const measured = await step(`time-outs, ${level.name}`, measure(level, few));
      runs[which]!.timeouts = { at: few, measured };
    }
    return {
      cells: quick.length,
      ...summarise(cells, verdicts, runs, sandbox.workers),
      verdicts: counted(verdicts),
      ended_by_a_limit: cells.length - quick.length,
      timeouts_measured: few.length,
      rounds,
      workers: sandbox.workers,
    };
  } finally {
    steps.end();
  }
}

function emptyRuns(name: LevelRuns['name'], checked: Measured | null): LevelRuns {
  const check = checked && { at: checked.words.map((_, index) => index), measured: checked };
  return { name, check, rounds: [], timeouts: null };
}

function sameRow(a: BenchCell, b: BenchCell): boolean {
  return a.taskId === b.taskId && a.solId === b.solId;
}

function positions<T>(items: readonly T[], keep: (item: T) => boolean): number[] {
  return items.flatMap((item, index) => (keep(item) ? [index] : []));
}

/** How many time-outs to measure: as many for each worker, where there are enough. */
function evenly(found: number, workers: number): number {
  const most = Math.min(found, workers * TIMEOUTS_A_WORKER);
  return most < workers ? most : most - (most % workers);
}

function counted(verdicts: readonly Verdict[]): Partial<Record<Verdict, number>> {
  const counts: Partial<Record<Verdict, number>> = {};
  for (const verdict of verdicts) count(counts, verdict);
  return counts;
}

function nothingToMeasure(cells: number): InputError {
  return new InputError(
    `a rate needs cells that end by themselves, and of these ${cells} none does: expected files with candidates ` +
      'that run; name others, or raise --cpu-ms.',
  );
}
