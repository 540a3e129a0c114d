import { z } from 'zod';
import { equalGroups, type Groups } from '../distinct.js';
import { InputError } from '../error.js';
import { format, recognise } from '../format.js';
import { place, readJsonLines } from '../jsonl.js';
import { type Cell, cellsNotRun, type ExecutionMatrix, executionMatrix } from '../matrix.js';
import { openExecutionTasks } from '../open-tasks.js';
import type { Parser } from '../parser.js';
import { readProblems, taskId } from '../problem.js';
import { parseExecutionTask } from '../stages/given.js';
import { CELL_FORMAT } from '../stored-matrix.js';
import { emptyTally } from '../tally.js';
import type { Verdict } from '../verdict.js';

/** A complete matrix that an earlier run recorded, and which of its candidates and unit tests are equal. */
export interface RecordedMatrix {
  taskId: string;
  matrix: ExecutionMatrix;
  rows: Groups;
  columns: Groups;
}

/** The files that a matrix was recorded from; which are needed depends on its form. */
export interface RecordedFiles {
  matrix: string;
  problems: readonly string[];
  solutions: readonly string[];
  unitTests: readonly string[];
  candidates: number | null;
}

/** One problem in CodeT's form: each distinct cut candidate with its row of signs, null if it does not load. */
interface CodetMatrix {
  task_id: string;
  tests: [text: string, count: number][];
  solutions: { completion: string; count: number; row: string | null }[];
}

type Line = { codet: CodetMatrix } | { taskId: string; cell: Cell };

const id = z.int('a whole number').min(0, 'a whole number');
const text = z.string('a string');

const FORMATS = [
  CELL_FORMAT,
  format({
    name: "CodeT's matrix",
    fields: '{task_id, tests, solutions: [{completion, count, row}]}',
    marks: (value) => 'tests' in value && 'solutions' in value,
    schema: z.object({
      task_id: taskId,
      tests: z.array(z.tuple([text, id]), 'an array of [text, count]'),
      solutions: z.array(
        z.object({ completion: text, count: id, row: text.nullable() }),
        'an array of {completion, count, row}',
      ),
    }),
    read: (codet): Line => ({ codet }),
  }),
];

/** Reads recorded matrices, a task at a time. Identities are the parser's: syntax trees, not texts. */
export async function* readRecordedMatrices(
  files: RecordedFiles,
  parser: Parser,
): AsyncGenerator<RecordedMatrix> {
  const cells = new Map<string, Cell[]>(); // by task
  let prompts: Map<string, string | null> | null = null;
  for await (const at of readJsonLines(files.matrix)) {
    const line = recognise(at, 'a line of an execution matrix', FORMATS);
    if ('codet' in line) {
      prompts ??= await readPrompts(files.problems);
      yield await fromCodet(line.codet, prompts, place(at), parser);
      continue;
    }
    const known = cells.get(line.taskId);
    if (known) known.push(line.cell);
    else cells.set(line.taskId, [line.cell]);
  }
  if (cells.size > 0) yield* fromCells(cells, files, parser);
}

async function readPrompts(problems: readonly string[]): Promise<Map<string, string | null>> {
  const prompts = new Map<string, string | null>();
  for await (const problem of readProblems(problems, { withoutFunction: 0 })) {
    prompts.set(problem.taskId, problem.prompt);
  }
  return prompts;
}

async function fromCodet(
  { task_id, tests, solutions }: CodetMatrix,
  prompts: Map<string, string | null>,
  where: string,
  parser: Parser,
): Promise<RecordedMatrix> {
  const prompt = prompts.get(task_id);
  if (prompt == null) {
    throw new InputError(
      `${where}: the candidates of ${JSON.stringify(task_id)} continue a prompt, and no problem of that id has one: ` +
        'name the problems with --problems FILE.',
    );
  }
  const programs = await parser.programs(solutions.map(({ completion }) => prompt + completion));
  const found = await parser.tests(tests.map(([code]) => code));
  const width = tests.length;
  const samples = solutions.flatMap((solution, at) => Array<number>(solution.count).fill(at));
  const rows = solutions.map(({ row }) => {
    if (row !== null && row.length !== width) {
      throw new InputError(
        `${where}: a row has ${row.length} signs, expected one for each of ${width} tests.`,
      );
    }
    return Array.from({ length: width }, (_, column) => verdictOf(row?.[column]));
  });
  return {
    taskId: task_id,
    matrix: {
      ...executionMatrix(
        [...samples.keys()],
        tests.map(([, count], utId) => ({ utId, count })),
      ),
      cells: samples.map((at) => rows[at]!),
    },
    rows: equalGroups(samples.map((at) => programs[at]!.identity)),
    columns: equalGroups(found.map((test, at) => ('drop' in test ? tests[at]![0] : test.identity))),
  };
}

/** 1 is a pass, 0 a fail and T a time-out; without a row the candidate did not load. */
function verdictOf(sign: string | undefined): Verdict {
  if (sign === undefined) return 'error';
  if (sign === '1') return 'pass';
  return sign === 'T' ? 'timeout' : 'fail';
}

/** The lines of `coderm execute` hold no code: candidates and unit tests are read again from its input files. */
async function* fromCells(
  cells: Map<string, Cell[]>,
  { matrix: file, problems, solutions, unitTests, candidates }: RecordedFiles,
  parser: Parser,
): AsyncGenerator<RecordedMatrix> {
  if (solutions.length === 0 || unitTests.length === 0) {
    throw new InputError(
      `${file} holds verdicts and no code: expected the files that it was executed from, --solutions FILE and ` +
        '--unit-tests FILE.',
    );
  }
  const tasks = await openExecutionTasks({ problems, solutions, unitTests, candidates });
  try {
    for (const task of tasks) {
      const found = cells.get(task.taskId);
      if (!found) continue;
      const given = await parseExecutionTask(task, { parser, tally: emptyTally() });
      const identities = (of: readonly { identity: string }[]) =>
        equalGroups(of.map(({ identity }) => identity));
      yield {
        taskId: task.taskId,
        matrix: completeMatrix(file, task.taskId, given, found),
        rows: identities(given.programs),
        columns: identities(given.unitTests),
      };
    }
  } finally {
    tasks.close();
  }
}

function completeMatrix(
  file: string,
  task: string,
  { candidates, unitTests }: Awaited<ReturnType<typeof parseExecutionTask>>,
  cells: readonly Cell[],
): ExecutionMatrix {
  const solIds = candidates.map(({ solId }) => solId);
  const utIds = new Set(unitTests.map(({ utId }) => utId));
  const known = cells.filter(({ solId, utId }) => solId < solIds.length && utIds.has(utId));
  const matrix = executionMatrix(solIds, unitTests, known);
  const missing = cellsNotRun(matrix).length;
  if (missing > 0 || known.length < cells.length) {
    throw new InputError(
      `${file}: task ${JSON.stringify(task)} has ${cells.length} cells; expected the ${solIds.length} × ${utIds.size} ` +
        'of --solutions and --unit-tests: name the files (and --candidates) that it was executed with.',
    );
  }
  return matrix;
}
