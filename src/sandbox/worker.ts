import { workerData } from 'node:worker_threads';
import { SandboxError } from '../error.js';
import type { Limits } from '../verdict.js';
import type { Outcome } from './addon.js';
import { type RunChild, runCells } from './children.js';
import {
  type CellAnswer,
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

// One thread of the pool: it owns one launcher, which runs one child at a time. It is given a second job while the
// first one runs, so that the launcher need not wait for the next one. (piscina hands over workerData as a
// pair whose second half is the pool's.)
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
const launcher = new Launcher(setup.launcher, setup.testBuild);

/** What is finished waits so long at most before it is stored. */
const ANSWERS_MS = 20;

/** Runs one job to its end, or to its cancellation, which is no error: what was not run is not answered. */
export default async function work(task: WorkerTask): Promise<void> {
  task.port.on('message', () => launcher.cancel(task));
  const run = (job: string, mark: string, cells: number, limits: Limits): Promise<Outcome> =>
    runTwice(job, mark, cells, limits, task);
  const answer = (message: WorkerAnswer) => task.port.postMessage(message);
  try {
    if (task.kind === 'cells') {
      const { job } = task;
      const runChild: RunChild = (isolation, tests, secret, ahead) => {
        const text = cellsJob(job, isolation, tests, secret, ahead);
        return run(text, `["${secret}","cell",`, tests.length, job.limits);
      };
      const answers = new Answers((cells) => answer({ kind: 'cells', cells }));
      try {
        await runCells(job, runChild, (cells) => answers.add(cells));
      } finally {
        answers.flush();
      }
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

/** Answers cross to the main thread together: one message for each cell would cost more than deciding it. */
class Answers {
  private cells: CellAnswer[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly send: (cells: CellAnswer[]) => void) {}

  add(cells: readonly CellAnswer[]): void {
    this.cells.push(...cells);
    this.timer ??= setTimeout(() => this.flush(), ANSWERS_MS);
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.cells.length > 0) this.send(this.cells.splice(0));
  }
}

function cellsJob(
  job: CellJob,
  isolation: Isolation,
  places: readonly number[],
  secret: string,
  aheadPlaces: readonly number[],
): string {
  const { candidate, limits } = job;
  const tests = places.map((index) => job.tests[index]!);
  const ahead = aheadPlaces.map((index) => job.tests[index]!.code);
  const fields = { secret, isolation, candidate, tests, ahead };
  return jobText(setup, { kind: 'cells', ...fields }, limits.cpuMs * tests.length);
}

/** A run that meets a fault of ours is tried again once, with a new launcher if the old one is gone; then it is thrown. */
async function runTwice(
  job: string,
  mark: string,
  cells: number,
  limits: Limits,
  owner: object,
): Promise<Outcome> {
  for (let faults = 0; ; ) {
    try {
      return await launcher.run(job, mark, cells, limits, owner);
    } catch (error) {
      if (!(error instanceof RunFault)) throw error;
      if (error.begun) faults += 1;
      if (faults === 2) throw error;
    }
  }
}
