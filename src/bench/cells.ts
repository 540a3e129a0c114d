import type { ExecutionRun } from '../run.js';
import { parseExecutionTask } from '../stages/given.js';
import type { ExecutionTask } from '../task.js';
import type { UnitTest } from '../unit-test.js';

/** One cell that a benchmark executes. Equal ones stay: each is executed. */
export interface BenchCell {
  taskId: string;
  solId: number;
  utId: number;
  program: string;
  test: Pick<UnitTest, 'code' | 'cases'>;
}

/**
 * At most `most` cells of the tasks: the first candidate of every task with all its unit tests, then the second
 * ones, and so on, so that few cells still are of many tasks.
 */
export async function benchCells(
  tasks: Iterable<ExecutionTask>,
  most: number,
  run: ExecutionRun,
): Promise<BenchCell[]> {
  const parsed: { task: ExecutionTask; unitTests: readonly UnitTest[] }[] = [];
  let firstRows = 0;
  for (const task of tasks) {
    if (firstRows >= most) break;
    const { unitTests } = await parseExecutionTask({ ...task, candidates: [] }, run);
    parsed.push({ task, unitTests });
    firstRows += unitTests.length;
  }
  const cells: BenchCell[] = [];
  const rows = Math.max(0, ...parsed.map(({ task }) => task.candidates.length));
  for (let row = 0; row < rows && cells.length < most; row++) {
    for (const { task, unitTests } of parsed) {
      const candidate = task.candidates[row];
      if (!candidate) continue;
      for (const { utId, code, cases } of unitTests) {
        const { solId, program } = candidate;
        cells.push({ taskId: task.taskId, solId, utId, program, test: { code, cases } });
      }
    }
  }
  return cells.slice(0, most);
}
