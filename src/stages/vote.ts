import { equalGroups } from '../distinct.js';
import { type ExecutionMatrix, executionMatrix, type Trace } from '../matrix.js';
import type { Run } from '../run.js';
import { type Standing, standings } from '../scaling/standing.js';
import { observedDigest } from '../stored-matrix.js';
import type { DropReason } from '../unit-test.js';
import type { Drop, TestedTask } from './extract.js';
import type { ExecutedRows } from './planned-grid.js';

/** A problem with everything that is needed to rank its candidates and to report it. Plain JSON: it can be put aside. */
export interface VotedTask {
  taskId: string;
  /** Why this problem has no ranking (its prompt does not fit, say); null otherwise. */
  failure: string | null;
  /** Of the unit tests that vote. */
  matrix: ExecutionMatrix;
  /** How their majority stands; null where the programs are not at hand. */
  standing: Standing | null;
  /** utIds of those that lost their vote: their verdict changed under another hash seed. */
  flaky: number[];
  /** utIds of those that vote and pass on a program that does nothing; absent where that was not asked for. */
  passOnStub?: number[];
  /** Programs by solId; null where they are not at hand. */
  solutions: Record<number, string> | null;
  /** What people read of it beside the programs; null where only a stored matrix is at hand. */
  texts: TaskTexts | null;
  tests: {
    requested: number;
    generated: number;
    kept: number;
    dropped: Partial<Record<DropReason, number>>;
  };
  /** Generated for this problem. */
  tokens: number;
}

/** What is known against unit tests, by task. */
interface TestsInDoubt {
  flaky: readonly ReadonlySet<number>[];
  /** Null where it was not asked for. */
  passOnStub: readonly (ReadonlySet<number> | null)[];
}

/** Texts of one problem, for the report page. */
export interface TaskTexts {
  question: string;
  /** Python by utId. */
  unitTests: Record<number, string>;
  dropped: (Drop & { response: string })[];
}

/** Makes the matrix of those unit tests that vote, and lets go of everything that no ranking or report needs. */
export function voteTasks(
  tasks: readonly TestedTask[],
  rows: readonly ExecutedRows[],
  { flaky, passOnStub }: TestsInDoubt,
  { tally }: Pick<Run, 'tally'>,
): VotedTask[] {
  return tasks.map((tested, at): VotedTask => {
    const { task, failure, samples, unitTests } = tested;
    tally.problems += 1;
    tally.candidates += task.candidates.length;
    if (failure !== null) tally.failedProblems += 1;
    const matrix = failure === null ? votingMatrix(tested, rows[at]!, flaky[at]!) : emptyMatrix(task);
    const onStub = passOnStub[at] ?? null;
    return {
      taskId: task.problem.taskId,
      failure,
      matrix,
      standing: tested.programs.length === task.candidates.length ? standingOf(matrix, tested) : null,
      flaky: [...flaky[at]!],
      ...(onStub === null ? {} : { passOnStub: matrix.utIds.filter((utId) => onStub.has(utId)) }),
      solutions: Object.fromEntries(task.candidates.map(({ solId, solution }) => [solId, solution])),
      texts: textsOf(tested),
      tests: {
        requested: tested.requested,
        generated: samples.length,
        kept: unitTests.length,
        dropped: tested.dropped,
      },
      tokens: samples.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  });
}

function textsOf({ task, samples, prompt, unitTests, drops }: TestedTask): TaskTexts {
  const responses = new Map(samples.map(({ index, text }) => [index, prompt.prefix + text]));
  return {
    question: task.problem.question,
    unitTests: Object.fromEntries(unitTests.map(({ utId, code }) => [utId, code])),
    dropped: drops.map((drop) => ({ ...drop, response: responses.get(drop.utId)! })),
  };
}

/** After all tests, in the order in which they were sampled. */
function standingOf(matrix: ExecutionMatrix, { programs }: TestedTask): Standing {
  const equal = equalGroups(programs.map(({ identity }) => identity)).groupOf;
  let last: Standing | null = null;
  for (const { standing } of standings(matrix, [...matrix.utIds.keys()], equal)) last = standing;
  return last!;
}

/** A task that failed has candidates, and no tests that vote. */
function emptyMatrix({ candidates }: TestedTask['task']): ExecutionMatrix {
  return executionMatrix(
    candidates.map(({ solId }) => solId),
    [],
  );
}

function votingMatrix(
  { task, unitTests }: TestedTask,
  rows: ExecutedRows,
  flaky: ReadonlySet<number>,
): ExecutionMatrix {
  const votes = unitTests.map(({ utId }) => !flaky.has(utId));
  const voting = rows.map((row) => row.filter((_, column) => votes[column]));
  return {
    ...executionMatrix(
      task.candidates.map(({ solId }) => solId),
      unitTests.filter((_, column) => votes[column]),
    ),
    cells: voting.map((row) => row.map((cell) => cell?.verdict ?? null)),
    traces: voting.map((row) => row.map((cell) => (cell === null ? null : traceOf(cell)))),
  };
}

function traceOf({ cases, observed }: NonNullable<ExecutedRows[number][number]>): Trace {
  return {
    cases: cases.length,
    passedCases: cases.filter(({ end }) => end === 'pass').length,
    observed: observedDigest(observed),
  };
}
