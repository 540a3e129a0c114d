import { z } from 'zod';
import { withoutNumpy } from './allclose.js';
import { Spool } from './cache/spool.js';
import { InputError } from './error.js';
import { type Format, format, recognise } from './format.js';
import { place, readJsonLines } from './jsonl.js';
import { taskId } from './problem.js';
import { DEFAULT_LIMITS, type Limits } from './verdict.js';

// The tests by which a benchmark itself judges. Nothing but `evaluate --ground-truth` reads them: a model that saw them
// would write its tests from the answer (problem.ts passes over the same fields).

/** A hidden test as a program that runs after the candidate, and ends by itself if the candidate is right. */
export interface HiddenTest {
  taskId: string;
  script: string;
}

/**
 * Hidden tests have hundreds of inputs: they may take longer than a unit test. The slowest of the reference solutions
 * of HumanEval+ needs 9 s on a busy core, nearly all need less than one.
 */
export const HIDDEN_TEST_LIMITS: Readonly<Limits> = { ...DEFAULT_LIMITS, cpuMs: 10_000, wallMs: 30_000 };

const text = z.string('a string').min(1, 'a string that is not empty');
const imports = z.array(z.string('a string'), 'an array of import statements').nullish();

const FORMATS: readonly Format<HiddenTest>[] = [
  format({
    name: 'HumanEval',
    fields: '{task_id, entry_point, test}',
    marks: (value) => 'test' in value && 'entry_point' in value,
    schema: z.object({
      task_id: taskId,
      entry_point: z.string('a string').regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'the name of a function'),
      test: text.regex(/^def check\(/m, 'a string that defines check(candidate)'),
    }),
    read: (line) => ({
      taskId: line.task_id,
      script: `${withoutNumpy(line.test).trimEnd()}\n\n\ncheck(${line.entry_point})\n`,
    }),
  }),
  format({
    name: 'MBPP+',
    fields: '{task_id, test}',
    marks: (value) => 'task_id' in value && 'test' in value,
    schema: z.object({ task_id: taskId, test: text }),
    read: (line) => ({ taskId: line.task_id, script: withoutNumpy(line.test) }),
  }),
  format({
    name: 'MBPP',
    fields: '{task_id, test_list}',
    marks: (value) => 'task_id' in value && 'test_list' in value,
    schema: z.object({
      task_id: taskId,
      test_imports: imports,
      test_list: z.array(text, 'an array of asserts').min(1, 'an array with at least one assert'),
    }),
    read: (line) => ({
      taskId: line.task_id,
      script: `${[...(line.test_imports ?? []), ...line.test_list].join('\n')}\n`,
    }),
  }),
];

/** Hidden tests on disk, by task: those of all files, in the order of the files. */
export interface HiddenTests {
  /** Empty where no file has the task. */
  of(taskId: string): string[];
  close(): void;
}

/**
 * Reads the problem files' own tests: HumanEval's and EvalPlus's `check(candidate)`, MBPP's scripts or lists of asserts.
 * @throws InputError for an unreadable file, a line without a test, and a task that one file has twice
 */
export async function openHiddenTests(paths: readonly string[]): Promise<HiddenTests> {
  const scripts = new Spool<string>();
  try {
    for (const path of paths) {
      const met = new Set<string>();
      for await (const at of readJsonLines(path)) {
        const { taskId, script } = recognise(at, 'a problem with its hidden test', FORMATS);
        if (met.has(taskId)) {
          throw new InputError(
            `${place(at)} repeats the task id ${JSON.stringify(taskId)}: expected every problem once in a file.`,
          );
        }
        met.add(taskId);
        scripts.add(taskId, script);
      }
    }
  } catch (error) {
    scripts.close();
    throw error;
  }
  return { of: (taskId) => [...scripts.read(taskId)], close: () => scripts.close() };
}
