import type { CellResult } from '../sandbox/decide.js';
import type { CellAnswer, CellJob } from '../sandbox/job.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../verdict.js';

/** How fast this host executes cells. */
export interface Speed {
  /** Quick cells over all workers, at the default isolation. */
  cellsPerSecond: number;
  workers: number;
  /** Least CPU time of a fixed Python loop: what a CPU limit is worth here. */
  loopCpuMs: number;
  /** Above 1: slower than the reference, below: faster. */
  slowness: number;
  /** Time on the clock to fork a process in the jail, end it and wait for it. */
  forkMs: number;
}

/** What `loopCpuMs` is on the machine of this project's figures: 2 cores of a Xeon, Debian's Python 3.11. */
export const REFERENCE_LOOP_CPU_MS = 100;

/** How long quick cells are counted. */
const COUNTED_MS = 2000;

const FORKS = 40;
const LOOP_TURNS = 1_250_000;
const REPEATS = 5;

const QUICK_CANDIDATE = `
def words(text):
    """How often each word occurs."""
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts
`;

/** One candidate against many small tests, as most real jobs are. */
const QUICK_TESTS: CellJob['tests'] = Array.from({ length: 25 }, (_, number) => ({
  code: `
import unittest
class TestWords(unittest.TestCase):
    def test_repeated(self):
        self.assertEqual(words("one " * ${number + 1}), {"one": ${number + 1}})
    def test_other(self):
        self.assertEqual(words("a b A ${number}"), {"a": 2, "b": 1, "${number}": 1})`,
  cases: ['TestWords.test_repeated', 'TestWords.test_other'],
}));

const LOOP = `
total = 0
for turn in range(${LOOP_TURNS}):
    total += turn % 7
`;

const FORK = `
import os
for _ in range(${FORKS}):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
`;

/** Measures this host, in the jail, for a few seconds. */
export async function calibrate(sandbox: Sandbox, signal?: AbortSignal): Promise<Speed> {
  const loops = await repeated(sandbox, LOOP, signal);
  const forks = await repeated(sandbox, FORK, signal);
  // The least, not the middle: whatever else the machine does only adds to it.
  const loopCpuMs = Math.min(...loops.map(({ cpuMs }) => cpuMs));
  return {
    cellsPerSecond: Math.round(await countCells(sandbox, signal)),
    workers: sandbox.workers,
    loopCpuMs,
    slowness: rounded(loopCpuMs / REFERENCE_LOOP_CPU_MS, 100),
    forkMs: rounded(Math.min(...forks.map(({ wallMs }) => wallMs)) / FORKS, 10),
  };
}

/** The same candidate several times, one after the other, so that none disturbs another. */
async function repeated(sandbox: Sandbox, candidate: string, signal?: AbortSignal): Promise<CellResult[]> {
  const results: CellResult[] = [];
  const tests = Array.from({ length: REPEATS }, () => ({ code: 'assert True', cases: ['assert'] }));
  const limits = { ...DEFAULT_LIMITS, cpuMs: 20_000, wallMs: 60_000 };
  // A job each: its module level runs in every cell.
  for (const test of tests) {
    const job: CellJob = { candidate, tests: [test], limits, isolation: 'cell' };
    await sandbox.execute(job, (cells) => results.push(...cells.map(({ result }) => result)), signal);
  }
  return results;
}

/** Keeps all workers busy with quick cells, then stops them. @returns cells per second */
async function countCells(sandbox: Sandbox, signal?: AbortSignal): Promise<number> {
  const job: CellJob = {
    candidate: QUICK_CANDIDATE,
    tests: QUICK_TESTS,
    limits: DEFAULT_LIMITS,
    isolation: 'candidate',
  };
  const first = { ...job, tests: QUICK_TESTS.slice(0, 1) };
  const each = (work: () => Promise<void>) => Promise.all(Array.from({ length: sandbox.workers }, work));
  await each(() => sandbox.execute(first, () => {}, signal)); // threads and launchers start
  const time = AbortSignal.timeout(COUNTED_MS);
  const until = signal ? AbortSignal.any([signal, time]) : time;
  const start = performance.now();
  let cells = 0;
  let last = start;
  await each(async () => {
    while (!until.aborted) {
      const count = (answered: CellAnswer[]) => {
        if (until.aborted) return;
        cells += answered.filter(({ result }) => result.verdict === 'pass').length;
        last = performance.now();
      };
      await sandbox.execute(job, count, until);
    }
  });
  return cells === 0 ? 0 : (cells / (last - start)) * 1000;
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
