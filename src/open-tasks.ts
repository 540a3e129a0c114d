import { Spool } from './cache/spool.js';
import { Join } from './join.js';
import { type Problem, readProblems } from './problem.js';
import { inShard } from './shard.js';
import {
  type CandidateTask,
  type ExecutionTask,
  noCounts,
  type Task,
  type TaskOptions,
  type Tasks,
} from './task.js';

export interface ExecutionOptions extends Omit<TaskOptions, 'problems'> {
  /** Empty: solutions and unit tests are joined by their task ids alone. */
  problems?: readonly string[];
  unitTests: readonly string[];
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
