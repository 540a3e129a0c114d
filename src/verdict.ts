/** What became of one cell of the execution matrix. `pass` is the only vote. */
export const VERDICTS = [
  'pass',
  'fail',
  'error',
  'timeout',
  'memory',
  'output',
  'crash',
  'tampered',
  'invalid',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** How one test case (one method, or one assert statement) ended. */
export const CASE_ENDS = ['pass', 'fail', 'error', 'skip'] as const;

export type CaseEnd = (typeof CASE_ENDS)[number];

/** One test case of a unit test, as it was seen to end. */
export interface CaseResult {
  /** `ClassName.method`, or `assert` for a plain assert statement. */
  name: string;
  end: CaseEnd;
}

/** The limits of one cell. Every field carries its unit. */
export interface Limits {
  /** CPU time of all of the cell's processes together, measured by the supervisor. */
  cpuMs: number;
  /** Time on the clock, for cells that sleep instead of computing. */
  wallMs: number;
  /** Memory of all of the cell's processes together, its files in /tmp included. */
  memoryMiB: number;
  /** Standard output and standard error together. */
  outputKiB: number;
  /** Processes and threads that may exist at one time. */
  processes: number;
  /** Size of the cell's only writable folder, /tmp. */
  tmpMiB: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  cpuMs: 1000,
  wallMs: 5000,
  memoryMiB: 512,
  outputKiB: 1024,
  processes: 32,
  tmpMiB: 16,
};
