import type { BenchCell } from './cells.js';
import type { LevelName, Measured } from './level.js';

// Pure: from what was measured to what is reported. Keys are those of the report's JSON.

/** All measurements of one level. Positions are those of the benchmark's list of cells. */
export interface LevelRuns {
  name: LevelName;
  /** Before the rounds, the cells that a limit ended included; only the engine's own levels. */
  check: { at: readonly number[]; measured: Measured } | null;
  /** The cells that end by themselves, once a round. */
  rounds: { at: readonly number[]; measured: Measured }[];
  /** Some of the cells that use up their CPU time. */
  timeouts: { at: readonly number[]; measured: Measured } | null;
}

export interface LevelReport {
  /** Median of the rounds, and the slowest and the fastest round. */
  cells_per_s: number;
  cells_per_s_min: number;
  cells_per_s_max: number;
  /** Of the medians; null where the other level was not measured. */
  times_authors: number | null;
  times_unprotected: number | null;
  /** Time on the clock that one worker spends on a cell that uses up its CPU time. */
  seconds_per_timeout: number | null;
  /** Cells whose word differs, in any run of this level. */
  differences: number;
}

/** A cell of which a level said something else than level `cell` did when it was executed first. */
export interface Difference {
  level: LevelName;
  task_id: string;
  sol_id: number;
  ut_id: number;
  /** The verdict at level `cell`. */
  cell: string;
  got: string;
  /** In how many of the level's runs of this cell. */
  runs: number;
}

export function summarise(
  cells: readonly BenchCell[],
  verdicts: readonly string[],
  levels: readonly LevelRuns[],
  workers: number,
): { levels: Partial<Record<LevelName, LevelReport>>; differences: Difference[] } {
  const found = new Map(levels.map((level) => [level.name, differencesOf(level, cells, verdicts)]));
  const medians = new Map(levels.map((level) => [level.name, median(rates(level))]));
  const times = (name: LevelName, other: LevelName) =>
    medians.has(other) ? rounded(medians.get(name)! / medians.get(other)!) : null;
  const reports = levels.map((level): [LevelName, LevelReport] => [
    level.name,
    {
      cells_per_s: rounded(medians.get(level.name)!),
      cells_per_s_min: rounded(Math.min(...rates(level))),
      cells_per_s_max: rounded(Math.max(...rates(level))),
      times_authors: times(level.name, 'authors'),
      times_unprotected: times(level.name, 'unprotected'),
      seconds_per_timeout: secondsPerTimeout(level, workers),
      differences: new Set(found.get(level.name)!.map(cellOf)).size,
    },
  ]);
  return { levels: Object.fromEntries(reports), differences: [...found.values()].flat() };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function rates({ rounds }: LevelRuns): number[] {
  return rounds.map(({ at, measured }) => at.length / measured.seconds);
}

function secondsPerTimeout({ timeouts }: LevelRuns, workers: number): number | null {
  if (timeouts === null) return null;
  const { at, measured } = timeouts;
  return rounded((measured.seconds * Math.min(workers, at.length)) / at.length);
}

function differencesOf(
  { name, check, rounds, timeouts }: LevelRuns,
  cells: readonly BenchCell[],
  verdicts: readonly string[],
): Difference[] {
  const found = new Map<string, Difference>();
  for (const run of [check, ...rounds, timeouts]) {
    for (const [place, index] of (run?.at ?? []).entries()) {
      const got = run!.measured.words[place]!;
      const cell = verdicts[index]!;
      if (agrees(name, got, cell)) continue;
      const { taskId, solId, utId } = cells[index]!;
      const key = `${index} ${got}`;
      const runs = (found.get(key)?.runs ?? 0) + 1;
      found.set(key, { level: name, task_id: taskId, sol_id: solId, ut_id: utId, cell, got, runs });
    }
  }
  return [...found.values()];
}

/** The engine's own levels have the same verdicts; a baseline only knows a pass from the rest. */
function agrees(name: LevelName, got: string, cell: string): boolean {
  switch (name) {
    case 'candidate':
    case 'cell':
      return got === cell;
    case 'fork':
    case 'unprotected':
    case 'authors':
      return (got === 'pass') === (cell === 'pass');
    default:
      return name satisfies never;
  }
}

function cellOf({ task_id, sol_id, ut_id }: Difference): string {
  return JSON.stringify([task_id, sol_id, ut_id]);
}

/** Three digits are more than a measurement is good for. */
function rounded(value: number): number {
  return Number(value.toPrecision(value >= 100 ? 4 : 3));
}
