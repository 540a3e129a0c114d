import { workerData } from 'node:worker_threads';
import { SandboxError } from '../error.js';
import type { Limits } from '../verdict.js';
import type { Outcome } from './addon.js';
import { type RunChild, runCells, wasKilled } from './children.js';
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
import { Launcher, notBegun, RunFault } from './launcher.js';
import { SlowTexts } from './slow-texts.js';

// One thread of the pool: it owns one launcher, which runs one child at a time. It is given a second job while the
// first one runs, so that the launcher need not wait for the next one. (piscina hands over workerData as a
// pair whose second half is the pool's.)
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
const launcher = new Launcher(setup.launcher, setup.testBuild);
const slow = new SlowTexts();

/** A longer job is more than any cell's memory, and than a frame may hold. */
const MOST_JOB_CHARACTERS = 64 * 2 ** 20;

/** Texts that a job names only so that they are compiled before they are asked for. */
const MOST_AHEAD_CHARACTERS = 4 * 2 ** 20;

/** A parser executes nothing that could end it by a signal: somebody else does, and it is tried again so often. */
const MOST_KILLS_OF_PARSER = 25;

/** What is finished waits so long at most before it is stored. */
const ANSWERS_MS = 20;

/** Runs one job to its end, or to its cancellation, which is no error: what was not run is not answered. */
export default async function work(task: WorkerTask): Promise<void> {
  task.port.on('message', () => launcher.cancel(task));
  const run = async (make: () => string, mark: string, cells: number, limits: Limits): Promise<Outcome> => {
    const job = sized(make);
    return job === null ? notBegun('memory') : runTwice(job, mark, cells, limits, task);
  };
  const answer = (message: WorkerAnswer) => task.port.postMessage(message);
  try {
    if (task.kind === 'cells') {
      const { job } = task;
      const runChild: RunChild = (isolation, tests, secret, ahead) => {
        const text = () => cellsJob(job, isolation, tests, secret, ahead);
        return run(text, `["${secret}","cell",`, tests.length, job.limits);
      };
      const answers = new Answers((cells) => answer({ kind: 'cells', cells }));
      try {
        const abandon = () => launcher.cancel(task);
        await runCells(job, runChild, (cells) => answers.add(cells), slow, abandon);
      } finally {
        answers.flush();
      }
    } else {
      const { request, limits } = task.job;
      const text = () => jobText(setup, { kind: 'analysis', request });
      let outcome = await run(text, NO_MARK, 1, limits);
      for (let kills = 1; wasKilled(outcome) && kills < MOST_KILLS_OF_PARSER; kills += 1)
        outcome = await run(text, NO_MARK, 1, limits);
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
  const { candidate } = job;
  const tests = places.map((index) => job.tests[index]!);
  const codes = aheadPlaces.map((index) => job.tests[index]!.code);
  // Only a favour: a cell must not meet a bound because of others' texts.
  const ahead = codes.reduce((sum, code) => sum + code.length, 0) < MOST_AHEAD_CHARACTERS ? codes : [];
  return jobText(setup, { kind: 'cells', secret, isolation, candidate, tests, ahead });
}

/** The job's text, or null where it is too large. */
function sized(make: () => string): string | null {
  try {
    const job = make();
    return job.length > MOST_JOB_CHARACTERS ? null : job;
  } catch (error) {
    if (error instanceof RangeError) return null; // longer than any string may be
    throw error;
  }
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
