import type { SandboxBench } from '../../bench/sandbox.js';
import type { Difference, LevelReport } from '../../bench/summary.js';
import type { Limits } from '../../verdict.js';

/** Differences that are written out; `--json` has all. */
const MOST_DIFFERENCES = 40;

export type BenchReport = SandboxBench & {
  limits: Limits;
  host: {
    cpu: string;
    cores: number;
    /** Processes that others ran when the benchmark began, on average: they spoil every time on the clock. */
    load: number;
    python: string;
  };
};

const COLUMNS: { name: string; of: (report: LevelReport) => string }[] = [
  { name: 'cells/s', of: ({ cells_per_s }) => String(cells_per_s) },
  { name: 'slowest–fastest', of: (level) => `${level.cells_per_s_min}–${level.cells_per_s_max}` },
  { name: '× authors', of: ({ times_authors }) => number(times_authors) },
  { name: '× unprotected', of: ({ times_unprotected }) => number(times_unprotected) },
  { name: 's/time-out', of: ({ seconds_per_timeout }) => number(seconds_per_timeout) },
  { name: 'differences', of: ({ differences }) => String(differences) },
];

/** The reader's report: a table of levels, then what was measured on what, then the differences. */
export function benchText(report: BenchReport): string {
  const rows = Object.entries(report.levels).map(([name, level]) => [
    name,
    ...COLUMNS.map(({ of }) => of(level)),
  ]);
  const { cells, rounds, workers, verdicts, ended_by_a_limit, timeouts_measured, limits, host } = report;
  const facts = [
    ['cells', `${cells} that end by themselves; ${ended_by_a_limit} that a limit ended are in no rate`],
    [
      'verdicts',
      Object.entries(verdicts)
        .map(([name, times]) => `${times} ${name}`)
        .join(', '),
    ],
    ['rounds', `${rounds}, interleaved; cells/s is their median; ${workers} workers`],
    ['time-outs', `${timeouts_measured} measured; the CPU limit is ${limits.cpuMs / 1000} s`],
    ['host', `${host.cpu}, ${host.cores} cores, load ${host.load.toFixed(1)} before, Python ${host.python}`],
  ];
  const lines = [
    ...aligned([['level', ...COLUMNS.map(({ name }) => name)], ...rows]),
    '',
    ...facts.map(([name = '', text]) => `${name.padEnd(11)}${text}`),
    ...differenceLines(report.differences),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .join('  '),
  );
}

function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0)
    return ['', 'Every level agrees with level cell on every cell that it executed.'];
  const more = differences.length - MOST_DIFFERENCES;
  return [
    '',
    'Cells on which a level differs from level cell:',
    ...differences
      .slice(0, MOST_DIFFERENCES)
      .map(
        ({ level, task_id, sol_id, ut_id, cell, got, runs }) =>
          `  ${task_id} candidate ${sol_id} unit test ${ut_id}: ${cell}; ${level} says ${got} (runs: ${runs})`,
      ),
    ...(more > 0 ? [`  … ${more} more: --json has all`] : []),
  ];
}

function number(value: number | null): string {
  return value === null ? '–' : String(value);
}
