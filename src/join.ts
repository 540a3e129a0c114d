import { Spool } from './cache/spool.js';
import {
  type Candidate,
  completeCandidate,
  continuedPrompt,
  type GivenCandidate,
  idKey,
  promptKey,
  readCandidates,
} from './candidate.js';
import { InputError } from './error.js';
import { place } from './jsonl.js';
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
import { type GivenUnitTests, readUnitTests } from './unit-test.js';

// Theory of operation. Files may be in any order and of any length, so everything is first read once into
// temporary tables on disk: candidates and unit tests under the key of their task, then the problems that
// have candidates, in order. All bad input is met there, before any costly work, and all skips are counted.
// Tasks are then read back one at a time, as often as wanted. Only ids and counts stay in memory.

/** What is kept in memory of one task of the solutions files. */
interface Collected {
  label: string;
  count: number;
  used: boolean;
  /** The first candidate that continues a prompt, if one does. */
  continues: Pick<GivenCandidate, 'form' | 'file' | 'line'> | null;
}

/** A task that will be yielded. */
interface Planned {
  taskId: string;
  problem: Problem | null;
  /** Keys of its candidates and unit tests: by id and by prompt. */
  keys: string[];
}

type JoinOptions = Pick<TaskOptions, 'solutions' | 'limit' | 'candidates' | 'shard'>;

/** One join of files; `open` fills it and answers how to iterate. */
export class Join {
  readonly #options: JoinOptions;
  readonly #counts = noCounts();
  readonly #candidates = new Spool<GivenCandidate>();
  readonly #unitTests = new Spool<GivenUnitTests>();
  readonly #planned = new Spool<Planned>();
  readonly #collected = new Map<string, Collected>();
  /** Unit tests by task key; null where no unit tests are joined. */
  #tested: Map<string, { label: string; kind: GivenUnitTests['kind']; count: number; used: boolean }> | null =
    null;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  async open<T>(fill: () => Promise<() => Iterator<T>>): Promise<Tasks<T>> {
    try {
      const iterate = await fill();
      return { counts: this.#counts, [Symbol.iterator]: iterate, close: () => this.#close() };
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  async addCandidates(): Promise<void> {
    for await (const line of readCandidates(this.#options.solutions)) {
      const known = this.#collected.get(line.key);
      const task = known ?? { label: line.label, count: 0, used: false, continues: null };
      if (!known) this.#collected.set(line.key, task);
      for (const candidate of line.candidates) {
        const { form, file, line: number } = candidate;
        if (form !== 'program') task.continues ??= { form, file, line: number };
        this.#candidates.add(line.key, candidate);
        task.count += 1;
      }
    }
  }

  async addUnitTests(paths: readonly string[]): Promise<void> {
    this.#tested = new Map();
    for await (const at of readUnitTests(paths)) {
      const known = this.#tested.get(at.key);
      if (known && known.kind !== at.given.kind) throw mixedKinds(at.label, place(at));
      const task = known ?? { label: at.label, kind: at.given.kind, count: 0, used: false };
      if (!known) this.#tested.set(at.key, task);
      task.count += at.given.texts.length;
      this.#unitTests.add(at.key, at.given);
    }
  }

  async addProblems(paths: readonly string[]): Promise<void> {
    const skips = { withoutFunction: 0 };
    const ids: string[] = []; // the first few, for the message below
    for await (const problem of readProblems(paths, skips)) {
      this.#counts.problems += 1;
      if (ids.length < 2) ids.push(problem.taskId);
      const keys = [idKey(problem.taskId)];
      if (problem.prompt !== null) keys.push(promptKey(problem.prompt));
      this.#plan({ taskId: problem.taskId, problem, keys });
    }
    this.#counts.problemsWithoutFunction = skips.withoutFunction;
    const left = [...this.#collected.values()].filter((task) => !task.used);
    this.#counts.tasksWithoutProblem = left.length;
    this.#counts.candidatesWithoutProblem = left.reduce((sum, task) => sum + task.count, 0);
    this.#checkSome(ids, `${paths.join(', ')} (${this.#counts.problems} problems)`);
  }

  /** Without a problems file, the tasks are the solutions' own. */
  addIds(): void {
    const prompt = [this.#collected, this.#tested ?? new Map<string, { label: string }>()]
      .flatMap((tasks) => [...(tasks as Map<string, { label: string }>)])
      .find(([key]) => key.startsWith('prompt:'));
    if (prompt) {
      throw new InputError(
        `CodeT's files name no task ids and are joined by the problem's prompt (here ${JSON.stringify(prompt[1].label)}), ` +
          'and no problems file was named: add --problems FILE.',
      );
    }
    for (const [key, task] of this.#collected) {
      this.#plan({ taskId: task.label, problem: null, keys: [key] });
    }
    this.#checkSome([], this.#options.solutions.join(', '));
  }

  countUnusedUnitTests(): void {
    const unused = [...this.#tested!.values()].filter((task) => !task.used);
    this.#counts.unitTestsWithoutCandidates = unused.length;
  }

  /** Keeps the task if it has what it needs and the limit allows; counts it otherwise. */
  #plan(task: Planned): void {
    const counts = this.#counts;
    const found = task.keys.flatMap((key) => this.#collected.get(key) ?? []);
    for (const one of found) one.used = true;
    const total = found.reduce((sum, one) => sum + one.count, 0);
    const tests = task.keys.flatMap((key) => this.#tested?.get(key) ?? []);
    if (total === 0) {
      // A solutions line with an empty list is a task without candidates too.
      counts.problemsWithoutCandidates += 1;
      return;
    }
    for (const one of tests) one.used = true;
    if (this.#tested !== null && tests.every((one) => one.count === 0)) {
      counts.tasksWithoutUnitTests += 1;
      return;
    }
    if (new Set(tests.map((one) => one.kind)).size > 1) throw mixedKinds(task.taskId, 'the unit tests');
    if (this.#found >= (this.#options.limit ?? Number.POSITIVE_INFINITY)) {
      counts.tasksOverLimit += 1;
      return;
    }
    for (const one of found) if (one.continues) continuedPrompt(one.continues, task.problem);
    const { shard } = this.#options;
    if (shard && !inShard(task.taskId, shard)) {
      counts.tasksInOtherShards += 1;
      return;
    }
    const kept = Math.min(total, this.#options.candidates ?? total);
    counts.tasks += 1;
    counts.candidates += kept;
    counts.candidatesOverLimit += total - kept;
    this.#planned.add('', task);
  }

  /** Tasks of this and of other shards. */
  get #found(): number {
    return this.#counts.tasks + this.#counts.tasksInOtherShards;
  }

  /** A join that leaves nothing is a mistake in the file names, not an empty result. */
  #checkSome(problemIds: string[], where: string): void {
    if (this.#found > 0) return; // a shard may be empty
    const names = (labels: string[]) => labels.map((label) => JSON.stringify(label)).join(', ') || 'none';
    const first = (tasks: Map<string, { label: string }>) =>
      [...tasks.values()].slice(0, 2).map((task) => task.label);
    const solutions = this.#options.solutions.join(', ');
    const tests = this.#tested ? `, unit tests for ${names(first(this.#tested))}` : '';
    const needed = this.#tested ? 'both candidates and unit tests' : 'candidates';
    throw new InputError(
      `No task of ${where} has ${needed}: ` +
        (problemIds.length > 0 ? `the problems are ${names(problemIds)} …, ` : '') +
        `${solutions} has candidates for ${names(first(this.#collected))}${tests}; expected equal task ids ` +
        '(or, for CodeT, equal prompts): name files of one data set.',
    );
  }

  *tasks(): Generator<Task> {
    for (const { problem, keys } of this.#planned.read('')) {
      yield { problem: problem!, candidates: this.#candidatesOf(keys, problem) };
    }
  }

  *candidateTasks(): Generator<CandidateTask> {
    for (const { taskId, problem, keys } of this.#planned.read('')) {
      yield { taskId, candidates: this.#candidatesOf(keys, problem) };
    }
  }

  *executionTasks(): Generator<ExecutionTask> {
    for (const { taskId, problem, keys } of this.#planned.read('')) {
      const unitTests = [...this.#unitTests.read(...keys)];
      yield {
        taskId,
        problem,
        candidates: this.#candidatesOf(keys, problem),
        unitTests: {
          kind: unitTests[0]!.kind,
          texts: unitTests.flatMap((one) => one.texts),
        } as GivenUnitTests,
      };
    }
  }

  #candidatesOf(keys: string[], problem: Problem | null): Candidate[] {
    const most = this.#options.candidates ?? Number.POSITIVE_INFINITY;
    const candidates: Candidate[] = [];
    for (const given of this.#candidates.read(...keys)) {
      if (candidates.length >= most) break;
      candidates.push(completeCandidate(given, candidates.length, problem));
    }
    return candidates;
  }

  #close(): void {
    for (const spool of [this.#candidates, this.#unitTests, this.#planned]) spool.close();
  }
}

function mixedKinds(task: string, where: string): InputError {
  return new InputError(
    `${where} gives task ${JSON.stringify(task)} unit tests in two forms; expected either unittest classes ` +
      '(unit_tests) or CodeT samples for one task: name one of the files only.',
  );
}
