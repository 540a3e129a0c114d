import { z } from 'zod';
import { Spool } from './cache/spool.js';
import { InputError } from './error.js';
import { format, recognise } from './format.js';
import { type JsonLine, place, readJsonLines } from './jsonl.js';
import { type Cell, type ExecutionMatrix, executionMatrix, type Trace } from './matrix.js';
import { taskId } from './problem.js';
import { VERDICTS } from './verdict.js';

// Execution matrices as `coderm execute` (or the authors' own scripts) wrote them: a line a cell. The lines of a task may stand
// anywhere; they are collected in a temporary table on disk, and one task's matrix is in memory at a time.

/** One task's matrix as a file has it. */
export interface StoredMatrix {
  taskId: string;
  /** Of the unit tests that vote. */
  matrix: ExecutionMatrix;
  /** utIds of unit tests that the run found flaky: they have no vote. */
  flaky: number[];
  /** utIds of those that vote and pass on a program that does nothing; absent where the run did not ask for that. */
  passOnStub?: number[];
}

/** Matrices on disk, in the order of their first lines. Each iteration starts from the first one. */
export interface StoredMatrices extends Iterable<StoredMatrix> {
  readonly tasks: number;
  close(): void;
}

/** A line, with what scorers need of it. */
export interface StoredCell extends Cell {
  trace: Trace | null;
  /** Votes of its unit test. */
  count: number;
  flaky: boolean;
  /** Null where the run did not ask for it. */
  passOnStub: boolean | null;
}

const id = z.int('a whole number').min(0, 'a whole number');

/** A line of `coderm execute`, or of the authors' result files, which hold the first four fields. */
export const CELL_FORMAT = format({
  name: 'coderm execute',
  fields: '{task_id, sol_id, ut_id, result, verdict?}',
  marks: (value) => 'sol_id' in value && 'ut_id' in value,
  schema: z.object({
    task_id: taskId,
    sol_id: id,
    ut_id: id,
    result: z.enum(['pass', 'fail'], 'pass or fail'),
    verdict: z.enum(VERDICTS, 'a verdict').optional(),
    details: z.object({ total_num: id, pass_num: id }, '{total_num, pass_num}').optional(),
    observed: z.array(z.string(), 'an array of digests').nullish(),
    count: z.int('a whole number').min(1, 'at least 1').optional(),
    flaky: z.boolean('true or false').optional(),
    pass_on_stub: z.boolean('true or false').optional(),
  }),
  read: (line): { taskId: string; cell: StoredCell } => ({
    taskId: line.task_id,
    cell: {
      solId: line.sol_id,
      utId: line.ut_id,
      verdict: line.verdict ?? line.result,
      trace: line.details
        ? {
            cases: line.details.total_num,
            passedCases: line.details.pass_num,
            observed: observedDigest(line.observed),
          }
        : null,
      count: line.count ?? 1,
      flaky: line.flaky ?? false,
      passOnStub: line.pass_on_stub ?? null,
    },
  }),
});

/** `coderm execute`'s line of a task that failed: it has no cells. */
const FAILED_FORMAT = format({
  name: 'a failed task of coderm execute',
  fields: '{task_id, error}',
  marks: (value) => 'error' in value && !('sol_id' in value),
  schema: z.object({ task_id: taskId, error: z.string('why it failed') }),
  read: () => null,
});

/** The digests of one cell as one; null where no assertion was reached or nothing was recorded. */
export function observedDigest(digests: readonly string[] | null | undefined): string | null {
  return digests && digests.length > 0 ? digests.join(' ') : null;
}

/** Lines of one task that stood together. */
interface Portion {
  cells: StoredCell[];
  /** Of the first of them. */
  at: { file: string; line: number };
}

const PORTION = 4096; // lines held in memory

/** Reads a file of cells. Throws InputError for an unreadable file and for any line that is no cell. */
export async function openStoredMatrices(file: string): Promise<StoredMatrices> {
  const spool = new Spool<Portion>();
  const tasks = new Set<string>();
  try {
    let open: { taskId: string; portion: Portion } | null = null;
    for await (const at of readJsonLines(file)) {
      const read = recognise(at, 'a line of an execution matrix', [CELL_FORMAT, FAILED_FORMAT]);
      if (read === null) continue;
      const { taskId, cell } = read;
      if (open === null || open.taskId !== taskId || open.portion.cells.length === PORTION) {
        if (open !== null) spool.add(open.taskId, open.portion);
        tasks.add(taskId);
        open = { taskId, portion: { cells: [], at: positionOf(at) } };
      }
      open.portion.cells.push(cell);
    }
    if (open !== null) spool.add(open.taskId, open.portion);
  } catch (error) {
    spool.close();
    throw error;
  }
  return {
    tasks: tasks.size,
    *[Symbol.iterator]() {
      for (const taskId of tasks) yield storedMatrix(taskId, [...spool.read(taskId)]);
    },
    close: () => spool.close(),
  };
}

function positionOf({ file, line }: JsonLine): Portion['at'] {
  return { file, line };
}

/** Builds the matrix. @throws InputError for a cell that is there twice, and for a test whose lines disagree. */
function storedMatrix(taskId: string, portions: readonly Portion[]): StoredMatrix {
  const cells = portions.flatMap((portion) => portion.cells);
  const ascending = (ids: Iterable<number>) => [...new Set(ids)].sort((a, b) => a - b);
  const solIds = ascending(cells.map(({ solId }) => solId));
  const counts = new Map<number, number>();
  const flaky = new Set<number>();
  for (const cell of cells) {
    counts.set(cell.utId, Math.max(cell.count, counts.get(cell.utId) ?? 1));
    if (cell.flaky) flaky.add(cell.utId);
  }
  const utIds = ascending(counts.keys());
  const votes = utIds.filter((utId) => !flaky.has(utId)).map((utId) => ({ utId, count: counts.get(utId)! }));
  const voting = cells.filter(({ utId }) => !flaky.has(utId));
  const matrix = executionMatrix(solIds, votes, voting);
  const rows = new Map(solIds.map((solId, row) => [solId, row]));
  const columns = new Map(matrix.utIds.map((utId, column) => [utId, column]));
  const traces: (Trace | null)[][] = solIds.map(() => votes.map(() => null));
  const seen = new Set<number>();
  for (const { solId, utId, trace } of voting) {
    const [row, column] = [rows.get(solId)!, columns.get(utId)!];
    const place = row * votes.length + column;
    if (seen.has(place)) throw twice(taskId, solId, utId, portions[0]!.at);
    seen.add(place);
    traces[row]![column] = trace;
  }
  return {
    taskId,
    matrix: { ...matrix, traces },
    flaky: ascending(flaky),
    ...(voting.some(({ passOnStub }) => passOnStub !== null)
      ? { passOnStub: ascending(voting.flatMap(({ utId, passOnStub }) => (passOnStub ? [utId] : []))) }
      : {}),
  };
}

function twice(taskId: string, solId: number, utId: number, at: Portion['at']): InputError {
  return new InputError(
    `${at.file} has the cell of task ${JSON.stringify(taskId)}, sol_id ${solId} and ut_id ${utId} twice ` +
      `(the task begins at ${place(at)}); expected one line a cell: give one run's file.`,
  );
}
