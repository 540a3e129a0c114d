import { executionMatrix } from '../matrix.js';
import { batches, overlapped } from '../overlap.js';
import type { Run } from '../run.js';
import type { Progress, Scaling } from '../scaling/scaling.js';
import { addRounds, emptyTally } from '../tally.js';
import type { Task } from '../task.js';
import type { VotedTask } from './vote.js';

// Theory of operation. An adaptive policy looks at all problems before each round. What is kept of them meanwhile is an index:
// a few numbers each, by their place among the tasks. The tasks themselves are read again in each round, and those that
// were granted nothing are passed over. Samples have a seed for each index, so more tests of a problem are a longer prefix
// of one sequence: what earlier rounds wrote and executed comes from the cache. So does everything in the last pass, which
// gives the votes in the tasks' order. It is also what makes a run stoppable: whenever it ends, the last pass can follow.

/** Gives each task of a batch so many unit tests, and lets them vote. */
export type VoteBatch = (
  batch: readonly Task[],
  requested: readonly number[],
  run: Run,
) => Promise<VotedTask[]>;

/**
 * Spends in rounds what an adaptive policy grants, then yields the votes in the tasks' order. When the run is stopped, it
 * yields what the finished batches gave, and a failure for each problem that no test was executed for.
 */
export async function* voteInRounds(
  tasks: Iterable<Task>,
  scaling: Scaling,
  batchSize: number,
  run: Run,
  voteBatch: VoteBatch,
): AsyncGenerator<VotedTask> {
  const progress = await spend(tasks, scaling, batchSize, run, voteBatch);
  const stopped = run.signal.aborted;
  run.tally.stopped = stopped;
  // Nothing is left to be stopped: all that is asked for from here on is in the cache.
  const last = stopped ? { ...run, signal: new AbortController().signal } : run;
  let at = 0;
  for (const batch of batches(tasks, batchSize)) {
    const places = batch.map(() => at++);
    const reached = places.map((place) => !stopped || progress[place]!.standing !== null);
    const voted = await voteBatch(
      batch.filter((_, place) => reached[place]),
      places.filter((_, place) => reached[place]).map((place) => progress[place]!.requested),
      last,
    );
    for (const [place, task] of batch.entries()) yield reached[place] ? voted.shift()! : unreached(task, run);
  }
  // What a stopped batch had finished counts as written, and nobody asks for it any more.
  for (const counts of [run.tally.samples, run.tally.cells]) counts.cached = Math.max(0, counts.cached);
}

/** Runs round after round until nothing is granted, or the run is stopped. @returns where each task stands */
async function spend(
  tasks: Iterable<Task>,
  scaling: Scaling,
  batchSize: number,
  run: Run,
  voteBatch: VoteBatch,
): Promise<Progress[]> {
  const { most } = scaling;
  const progress: Progress[] = [];
  for (const { problem } of tasks) {
    progress.push({ taskId: problem.taskId, requested: 0, most, standing: null });
  }
  const tally = emptyTally();
  const round: Run = { ...run, tally };
  try {
    for (let grants = scaling.nextRound(progress); grants.length > 0; grants = scaling.nextRound(progress)) {
      const further = new Map(grants.map(({ taskId, tests }) => [taskId, tests]));
      const wanted = batches(grantees(tasks, progress, further), batchSize);
      for await (const done of overlapped(wanted, run.model.batchesAtOnce, async (batch, unwanted) => {
        const requested = batch.map(({ at, tests }) => progress[at]!.requested + tests);
        const voted = await voteBatch(
          batch.map(({ task }) => task),
          requested,
          until(unwanted, round),
        );
        return batch.map(({ at }, place) => ({ at, requested: requested[place]!, voted: voted[place]! }));
      })) {
        for (const { at, requested, voted } of done) {
          // A problem that failed would fail again.
          const limit = voted.failure === null ? most : requested;
          progress[at] = { ...progress[at]!, requested, most: limit, standing: voted.standing };
        }
      }
    }
  } catch (error) {
    if (!run.signal.aborted) throw error;
  } finally {
    addRounds(run.tally, tally);
  }
  return progress;
}

function* grantees(
  tasks: Iterable<Task>,
  progress: readonly Progress[],
  further: ReadonlyMap<string, number>,
): Generator<{ task: Task; at: number; tests: number }> {
  let at = 0;
  for (const task of tasks) {
    const tests = further.get(progress[at]!.taskId) ?? 0;
    if (tests > 0) yield { task, at, tests };
    at += 1;
  }
}

/** How many unit tests each task gets of a policy that does not look at votes. */
export function granted(scaling: Scaling, tasks: readonly Task[]): number[] {
  const fresh = tasks.map(
    ({ problem }): Progress => ({
      taskId: problem.taskId,
      requested: 0,
      most: scaling.most,
      standing: null,
    }),
  );
  const grants = new Map(scaling.nextRound(fresh).map(({ taskId, tests }) => [taskId, tests]));
  return fresh.map(({ taskId }) => grants.get(taskId) ?? 0);
}

/** The run, stopped also where nobody wants what it works on any more. */
export function until(unwanted: AbortSignal, run: Run): Run {
  return { ...run, signal: AbortSignal.any([run.signal, unwanted]) };
}

function unreached({ problem, candidates }: Task, { tally }: Run): VotedTask {
  tally.problems += 1;
  tally.candidates += candidates.length;
  tally.failedProblems += 1;
  return {
    taskId: problem.taskId,
    failure: 'the run was stopped before its first unit test was executed',
    matrix: executionMatrix(
      candidates.map(({ solId }) => solId),
      [],
    ),
    standing: null,
    flaky: [],
    solutions: null,
    texts: null,
    tests: { requested: 0, generated: 0, kept: 0, dropped: {} },
    tokens: 0,
  };
}
