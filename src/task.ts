import { Spool } from './cache/spool.js';
import type { Candidate } from './candidate.js';
import { Join, noCounts } from './join.js';
import { type Problem, readProblems } from './problem.js';
import { inShard, type Shard } from './shard.js';
import type { GivenUnitTests } from './unit-test.js';

/** A problem and what there is to choose from. */
export interface Task {
  problem: Problem;
  /** Not empty. */
  candidates: Candidate[];
}

/** The candidates of one task alone. */
export interface CandidateTask {
  taskId: string;
  /** Not empty. */
  candidates: Candidate[];
}

/** What `execute` runs: candidates against given unit tests. */
export interface ExecutionTask {
  taskId: string;
  /** Null where no problems file was given; never null with CodeT's files, which are joined by prompt. */
  problem: Problem | null;
  /** Not empty. */
  candidates: Candidate[];
  unitTests: GivenUnitTests;
}

/** What was read, kept and skipped. Every skip of the input files is in one of these. */
export interface TaskCounts {
  /** Problems read (0 without a problems file). */
  problems: number;
  /** Tasks that are yielded. */
  tasks: number;
  /** Candidates of those tasks. */
  candidates: number;
  problemsWithoutCandidates: number;
  /** LiveCodeBench problems that read stdin: no unit test can call them. */
  problemsWithoutFunction: number;
  /** Tasks beyond `limit`. */
  tasksOverLimit: number;
  /** Tasks that another shard runs. */
  tasksInOtherShards: number;
  /** Candidates of yielded tasks beyond the first `candidates`. */
  candidatesOverLimit: number;
  /** Task ids (or prompts) of the solutions that no problem has, and their candidates. */
  tasksWithoutProblem: number;
  candidatesWithoutProblem: number;
  /** `execute`: tasks with candidates and no unit tests, and the other way round. */
  tasksWithoutUnitTests: number;
  unitTestsWithoutCandidates: number;
}

export interface TaskOptions {
  problems: readonly string[];
  solutions: readonly string[];
  /** Tasks to keep, at most; only problems that have candidates count. Null: all. */
  limit?: number | null;
  /** Candidates to keep of each problem, the first ones of its file order. Null: all. */
  candidates?: number | null;
  /** Only the tasks of this shard; the limit counts those of all shards. Null: all. */
  shard?: Shard | null;
}

export interface ExecutionOptions extends Omit<TaskOptions, 'problems'> {
  /** Empty: solutions and unit tests are joined by their task ids alone. */
  problems?: readonly string[];
  unitTests: readonly string[];
}

/** Tasks on disk, in order. Each iteration starts from the first one. Close it to free the disk. */
export interface Tasks<T> extends Iterable<T> {
  readonly counts: Readonly<TaskCounts>;
  close(): void;
}

/**
 * Joins problems with their candidates; tasks come in problem order. Throws InputError for any bad line
 * of either file, a completion without a prompt to continue, and where no problem has a candidate.
 */
export async function openTasks(options: TaskOptions): Promise<Tasks<Task>> {
  const join = new Join(options);
  return join.open(async () => {
    await join.addCandidates();
    await join.addProblems(options.problems);
    return () => join.tasks();
  });
}

/**
 * Joins candidates with given unit tests, by task id (or through the problems, where they are given or
 * CodeT's files need them). Tasks come in problem order, or in the solutions' order without problems.
 */
export async function openExecutionTasks(options: ExecutionOptions): Promise<Tasks<ExecutionTask>> {
  const problems = options.problems ?? [];
  const join = new Join(options);
  return join.open(async () => {
    await join.addUnitTests(options.unitTests);
    await join.addCandidates();
    if (problems.length > 0) await join.addProblems(problems);
    else join.addIds();
    join.countUnusedUnitTests();
    return () => join.executionTasks();
  });
}

/** The problems alone, for which candidates are still to be written. Throws InputError for any bad line. */
export async function openProblems({
  problems: paths,
  limit = null,
  shard = null,
}: Pick<TaskOptions, 'problems' | 'limit' | 'shard'>): Promise<Tasks<Problem>> {
  const counts = noCounts();
  const kept = new Spool<Problem>();
  const skips = { withoutFunction: 0 };
  try {
    for await (const problem of readProblems(paths, skips)) {
      counts.problems += 1;
      const found = counts.tasks + counts.tasksInOtherShards;
      if (limit !== null && found >= limit) counts.tasksOverLimit += 1;
      else if (shard !== null && !inShard(problem.taskId, shard)) counts.tasksInOtherShards += 1;
      else {
        counts.tasks += 1;
        kept.add('', problem);
      }
    }
  } catch (error) {
    kept.close();
    throw error;
  }
  counts.problemsWithoutFunction = skips.withoutFunction;
  return { counts, [Symbol.iterator]: () => kept.read(''), close: () => kept.close() };
}

/** Candidates by task; a problems file is needed only by those that continue a prompt. */
export async function openCandidates(options: TaskOptions): Promise<Tasks<CandidateTask>> {
  const join = new Join(options);
  return join.open(async () => {
    await join.addCandidates();
    if (options.problems.length > 0) await join.addProblems(options.problems);
    else join.addIds();
    return () => join.candidateTasks();
  });
}

/** The counted skips as sentence parts, such as `3 problems have no candidate`. */
export function skipSentences(counts: TaskCounts): string[] {
  const sentence = (count: number, one: string, many: string) =>
    count === 1 ? `1 ${one}` : `${count} ${many}`;
  const rows: [number, string, string][] = [
    [counts.problemsWithoutCandidates, 'problem has no candidate', 'problems have no candidate'],
    [counts.problemsWithoutFunction, 'problem has no function to call', 'problems have no function to call'],
    [counts.candidatesWithoutProblem, 'candidate has no problem', 'candidates have no problem'],
    [counts.tasksInOtherShards, 'task is in another shard', 'tasks are in other shards'],
    [counts.tasksWithoutUnitTests, 'task has no unit test', 'tasks have no unit test'],
    [counts.unitTestsWithoutCandidates, 'task has unit tests only', 'tasks have unit tests only'],
  ];
  return rows.filter(([count]) => count > 0).map(([count, one, many]) => sentence(count, one, many));
}
