import { batches, overlapped } from './overlap.js';
import type { Problem } from './problem.js';
import { checkPrunable } from './rank/scorers.js';
import type { ExecutionRun, Run } from './run.js';
import type { Scaling } from './scaling/scaling.js';
import { executeGrids, type Faults } from './stages/execute.js';
import { extractUnitTests, gridOf, type TestedTask } from './stages/extract.js';
import { generateResponses } from './stages/generate.js';
import { type ExecutedTask, parseExecutionTask } from './stages/given.js';
import { promptTasks } from './stages/prompt.js';
import { type RankedTask, type RankOptions, rankTasks } from './stages/rank.js';
import { recheckGrids } from './stages/recheck.js';
import { granted, until, voteInRounds } from './stages/rounds.js';
import { type SolvedProblem, solveProblems } from './stages/solve.js';
import { stubGrids } from './stages/stub.js';
import { type VotedTask, voteTasks } from './stages/vote.js';
import type { ExecutionTask, Task } from './task.js';

// The flow, in order: problem → prompt → responses → unit tests → execution matrix → scores → ranking.
// Each stage is a file of src/stages/, and takes what the one before it made.

/** Problems that go through the flow together: enough to fill the lanes, few enough to hold in memory. */
const BATCH = 16;

/** Lets the run's model write `candidates` programs for each problem. Results come in the problems' order. */
export async function* solve(
  problems: Iterable<Problem>,
  candidates: number,
  run: Run,
): AsyncGenerator<SolvedProblem> {
  for await (const solved of overlapped(
    batches(problems, BATCH),
    run.model.batchesAtOnce,
    (batch, unwanted) => solveProblems(batch, candidates, until(unwanted, run)),
  )) {
    yield* solved;
  }
}

/** Reranks the candidates of each task. Results come in the tasks' order. */
export async function* rerank(
  tasks: Iterable<Task>,
  scaling: Scaling,
  options: RankOptions,
  run: Run,
): AsyncGenerator<RankedTask> {
  if (run.prune) checkPrunable(options.scorer);
  yield* rankTasks(vote(tasks, scaling, run), options, run);
}

/** Lets unit tests vote on the candidates of each task. */
async function* vote(tasks: Iterable<Task>, scaling: Scaling, run: Run): AsyncGenerator<VotedTask> {
  if (scaling.adaptive) return yield* voteInRounds(tasks, scaling, BATCH, run, voteBatch);
  const { batchesAtOnce } = run.model;
  for await (const voted of overlapped(batches(tasks, BATCH), batchesAtOnce, (batch, unwanted) =>
    voteBatch(batch, granted(scaling, batch), until(unwanted, run)),
  )) {
    yield* voted;
  }
}

/** Gives each task of a batch so many unit tests in all; those of earlier rounds are in the cache. */
async function voteBatch(
  batch: readonly Task[],
  requested: readonly number[],
  run: Run,
): Promise<VotedTask[]> {
  const responded = await generateResponses(await promptTasks(batch, run), requested, run);
  const tested = await extractUnitTests(responded, run);
  const grids = tested.map(gridOf);
  const faults: Faults = new Map();
  const rows = await executeGrids(grids, run, run.prune, faults);
  const flaky = await recheckGrids(grids, rows, run, faults);
  const passOnStub = await stubGrids(grids, run, faults);
  const failed = tested.map((task, at) => ({ ...task, failure: task.failure ?? faults.get(at) ?? null }));
  return voteTasks(failed, rows, { flaky, passOnStub }, run);
}

/** Generates the unit tests of each task and executes nothing. */
export async function* generate(
  tasks: Iterable<Task>,
  scaling: Scaling,
  run: Run,
): AsyncGenerator<TestedTask> {
  const { batchesAtOnce } = run.model;
  for await (const tested of overlapped(batches(tasks, BATCH), batchesAtOnce, (batch, unwanted) =>
    generateBatch(batch, scaling, until(unwanted, run)),
  )) {
    yield* tested;
  }
}

async function generateBatch(batch: readonly Task[], scaling: Scaling, run: Run): Promise<TestedTask[]> {
  const prompted = await promptTasks(batch, run);
  return extractUnitTests(await generateResponses(prompted, granted(scaling, batch), run), run);
}

/** Executes candidates against given unit tests. */
export async function* execute(
  tasks: Iterable<ExecutionTask>,
  run: ExecutionRun,
): AsyncGenerator<ExecutedTask> {
  for (const batch of batches(tasks, BATCH)) {
    const parsed = [];
    for (const task of batch) parsed.push(await parseExecutionTask(task, run));
    const faults: Faults = new Map();
    const rows = await executeGrids(parsed, run, false, faults);
    const flaky = await recheckGrids(parsed, rows, run, faults);
    const passOnStub = await stubGrids(parsed, run, faults);
    for (const [at, task] of parsed.entries()) {
      const failure = task.failure ?? faults.get(at) ?? null;
      yield { ...task, failure, rows: rows[at]!, flaky: flaky[at]!, passOnStub: passOnStub[at] ?? null };
    }
  }
}
