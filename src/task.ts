import type { Candidate } from './candidate.js';
import type { Problem } from './problem.js';
import type { Shard } from './shard.js';
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

/** Tasks on disk, in order. Each iteration starts from the first one. Close it to free the disk. */
export interface Tasks<T> extends Iterable<T> {
  readonly counts: Readonly<TaskCounts>;
  close(): void;
}

/** The counts before anything was read. */
export function noCounts(): TaskCounts {
  return {
    problems: 0,
    tasks: 0,
    candidates: 0,
    problemsWithoutCandidates: 0,
    problemsWithoutFunction: 0,
    tasksOverLimit: 0,
    tasksInOtherShards: 0,
    candidatesOverLimit: 0,
    tasksWithoutProblem: 0,
    candidatesWithoutProblem: 0,
    tasksWithoutUnitTests: 0,
    unitTestsWithoutCandidates: 0,
  };
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
