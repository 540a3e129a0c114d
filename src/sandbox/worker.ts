import { workerData } from 'node:worker_threads';
import { SandboxError } from '../error.js';
import type { Limits } from '../verdict.js';
import type { Outcome } from './addon.js';
import { runCells } from './children.js';
import {
  type CellJob,
  type Isolation,
  jobText,
  NO_MARK,
  type WorkerAnswer,
  type WorkerSetup,
  type WorkerTask,
  wholeAnswer,
} from './job.js';
import { Launcher, RunFault } from './launcher.js';

// One thread of the pool: it owns one launcher and runs one job at a time. (piscina hands over workerData as a
// pair whose second half is the pool's.)
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
const launcher = new Launcher(setup.launcher, setup.testBuild);

/** Runs one job to its end, or to its cancellation, which is no error: what was not run is not answered. */
export default async function work(task: WorkerTask): Promise<void> {
  let cancelled = false;
  task.port.on('message', () => {
    cancelled = true;
    launcher.cancel();
  });
  const run = async (job: string, mark: string, cells: number, limits: Limits): Promise<Outcome> =>
    cancelled ? CANCELLED : await runTwice(job, mark, cells, limits);
  const answer = (message: WorkerAnswer) => task.port.postMessage(message);
  try {
    await launcher.start();
    if (task.kind === 'cells') {
      const { job } = task;
      const runChild = (isolation: Isolation, tests: readonly number[], secret: string) =>
        run(cellsJob(job, isolation, tests, secret), `["${secret}","cell",`, tests.length, job.limits);
      await runCells(job, runChild, (cells) => answer({ kind: 'cells', cells }));
    } else {
      const { request, limits } = task.job;
      const outcome = await run(
        jobText(setup, { kind: 'analysis', request }, limits.cpuMs),
        NO_MARK,
        1,
        limits,
      );
      if (outcome.limit !== 'cancelled') answer({ kind: 'analysis', ...wholeAnswer(outcome) });
    }
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    answer({ kind: 'refused', reason: error.message });
  } finally {
    task.port.close();
  }
}

const CANCELLED: Outcome = {
  kind: 'outcome',
  id: 0,
  limit: 'cancelled',
  cells: 0,
  exitCode: -1,
  signal: 0,
  cpuUs: 0,
  wallUs: 0,
  outputBytes: 0,
  output: Buffer.alloc(0),
  events: Buffer.alloc(0),
};

function cellsJob(job: CellJob, isolation: Isolation, tests: readonly number[], secret: string): string {
  const { candidate, limits } = job;
  const fields = { secret, isolation, candidate, tests: tests.map((index) => job.tests[index]) };
  return jobText(setup, { kind: 'cells', ...fields }, limits.cpuMs * tests.length);
}

/** A fault of ours is tried again once, with a new launcher if the old one is gone; then it is thrown. */
async function runTwice(job: string, mark: string, cells: number, limits: Limits): Promise<Outcome> {
  try {
    return await launcher.run(job, mark, cells, limits);
  } catch (error) {
    if (!(error instanceof RunFault)) throw error;
    return await launcher.run(job, mark, cells, limits);
  }
}
