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

/** Candidates of a task, at least: what is made ready once a task would otherwise weigh more than in a real run. */
const ROWS = 20;

/** Multiples of it, without their whole part, lie evenly however few are taken. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * At most `most` cells: of as many tasks, evenly spread over the file, as give them with 20 candidates each (the paper
 * has 100) or with all that they have. Rows of all tasks come in turn.
 */
export async function benchCells(
  tasks: Iterable<ExecutionTask>,
  most: number,
  run: ExecutionRun,
): Promise<BenchCell[]> {
  const parsed: { task: ExecutionTask; unitTests: readonly UnitTest[] }[] = [];
  let found = 0;
  for (const task of spread([...tasks])) {
    if (found >= most) break;
    const { unitTests } = await parseExecutionTask({ ...task, candidates: [] }, run);
    parsed.push({ task, unitTests });
    found += unitTests.length * Math.min(ROWS, task.candidates.length);
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

/** An order of which every beginning is evenly spread over the whole. */
function spread<T>(items: readonly T[]): T[] {
  const place = (at: number) => (at * GOLDEN_RATIO) % 1;
  return items
    .map((item, at) => ({ item, at }))
    .sort((a, b) => place(a.at) - place(b.at))
    .map(({ item }) => item);
}
