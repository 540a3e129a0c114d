import { z } from 'zod';
import { idKey, promptKey, promptLabel } from './candidate.js';
import { type Format, format, recognise } from './format.js';
import { readJsonLines } from './jsonl.js';
import { taskId } from './problem.js';

/** Why a response yields no unit test. */
export const DROP_REASONS = [
  'empty',
  'no_code',
  'syntax_error',
  'no_class',
  'no_case',
  'no_assert',
  'parser_limit',
  // the authors' rules only (--extract paper)
  'several_blocks',
  'several_classes',
  'duplicate',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** A unit test: one or more `unittest` classes (or one plain assert) that vote together, once. */
export interface UnitTest {
  /** 0-based position within the task, before any drop. */
  utId: number;
  /** Python source that is executed after the candidate. */
  code: string;
  /** Digest of the normalised syntax tree: equal tests have equal identities. */
  identity: string;
  /** Names of the test cases that the syntax tree promises, such as `TestAdd.test_small`. */
  cases: string[];
  /** Names of its test cases that assert nothing: if they are all, its passing says nothing. */
  idle?: string[];
  /** How many equal asserts this one stands for (CodeT); it votes that many times. */
  count: number;
}

/** The given unit tests of one task, as their file has them; Python is parsed in the jail, not here. */
export type GivenUnitTests =
  | {
      /** Each text is one response (or class) with its position as `ut_id`; null is a position without a test. */
      kind: 'module';
      texts: (string | null)[];
    }
  | {
      /** Each text is one uncut CodeT generation, which continues `assert `; a unit test is one kept assert. */
      kind: 'codet_samples';
      texts: string[];
    }
  | {
      /** Each text is a program that ends by itself if the candidate is right: a benchmark's hidden test. */
      kind: 'script';
      texts: string[];
    };

/** The unit tests of one line, and which task they belong to. */
export interface UnitTestLine {
  /** Key of the task: `idKey` of its id, or `promptKey` of its prompt. */
  key: string;
  /** The id, or the prompt's first characters, for messages. */
  label: string;
  given: GivenUnitTests;
  file: string;
  line: number;
}

const text = z.string('a string');

const FORMATS: readonly Format<UnitTestLine>[] = [
  format({
    name: 'CodeRM',
    fields: '{task_id, unit_tests}',
    marks: (value) => 'task_id' in value && 'unit_tests' in value,
    schema: z.object({
      task_id: taskId,
      unit_tests: z.array(z.string('a string or null').nullable(), 'an array of strings'),
    }),
    read: (checked, { file, line }): UnitTestLine => ({
      key: idKey(checked.task_id),
      label: checked.task_id,
      given: { kind: 'module', texts: checked.unit_tests },
      file,
      line,
    }),
  }),
  format({
    name: 'CodeT',
    fields: '{prompt, samples}',
    marks: (value) => 'prompt' in value && 'samples' in value,
    schema: z.object({ prompt: text, samples: z.array(text, 'an array of strings') }),
    read: (checked, { file, line }): UnitTestLine => ({
      key: promptKey(checked.prompt),
      label: promptLabel(checked.prompt),
      given: { kind: 'codet_samples', texts: checked.samples },
      file,
      line,
    }),
  }),
];

/**
 * Streams the given unit tests of the files, line by line. Throws InputError for an unreadable file, an
 * unrecognised line and a field of the wrong type.
 */
export async function* readUnitTests(paths: readonly string[]): AsyncGenerator<UnitTestLine> {
  for await (const at of readJsonLines(paths)) yield recognise(at, 'a line of unit tests', FORMATS);
}
