import type { HiddenTests } from './hidden-test.js';
import { execute } from './pipeline.js';
import type { ExecutionRun } from './run.js';
import type { ExecutedTask } from './stages/given.js';
import type { CandidateTask, ExecutionTask } from './task.js';
import type { Verdict } from './verdict.js';

/** Whether a candidate is right by its problem's own hidden tests. */
export interface Truth {
  solId: number;
  passed: boolean;
  /** Of the first hidden test that it did not pass; else `pass`. */
  verdict: Verdict;
  /** Why it did not pass; null where it did. */
  detail: string | null;
}

/** One task's candidates, judged. Tasks without a hidden test are not. */
export interface JudgedTask {
  taskId: string;
  /** Empty where the task failed. */
  truths: Truth[];
  /** A fault of ours, for which its candidates are not judged; null otherwise. */
  failure: string | null;
}

/**
 * Runs the hidden tests of each task in the sandbox, under the run's limits; results are cached as all cells are. A
 * candidate is right if it passes the hidden tests of every file. Results come in the tasks' order.
 */
export async function* groundTruth(
  tasks: Iterable<CandidateTask>,
  hidden: HiddenTests,
  run: ExecutionRun,
): AsyncGenerator<JudgedTask> {
  for await (const { taskId, candidates, rows, failure } of execute(hiddenTasks(tasks, hidden), run)) {
    run.tally.problems += 1;
    run.tally.candidates += candidates.length;
    const judged = failure === null ? candidates : [];
    if (failure !== null) run.tally.failedProblems += 1;
    yield { taskId, truths: judged.map(({ solId }, row) => ({ solId, ...truthOf(rows[row]!) })), failure };
  }
}

function* hiddenTasks(tasks: Iterable<CandidateTask>, hidden: HiddenTests): Generator<ExecutionTask> {
  for (const { taskId, candidates } of tasks) {
    const texts = hidden.of(taskId);
    if (texts.length > 0) yield { taskId, problem: null, candidates, unitTests: { kind: 'script', texts } };
  }
}

function truthOf(row: ExecutedTask['rows'][number]): Omit<Truth, 'solId'> {
  const failed = row.find((cell) => cell?.verdict !== 'pass');
  return failed
    ? { passed: false, verdict: failed.verdict, detail: failed.detail }
    : { passed: true, verdict: 'pass', detail: null };
}
