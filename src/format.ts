import type { z } from 'zod';
import { InputError } from './error.js';
import { excerpt, type JsonLine, place } from './jsonl.js';

/** One file format that a line may have: recognised by its fields, then checked by a schema. */
export interface Format<R> {
  /** As the field calls it, such as `HumanEval`. */
  name: string;
  /** The fields that a user has to write, such as `{task_id, messages}`. */
  fields: string;
  /** Whether a line with these fields is meant to be of this format. */
  marks(value: Record<string, unknown>): boolean;
  /** The checked line, or one sentence part that says which field is wrong. */
  read(at: JsonLine): { result: R } | { wrong: string };
}

/** Builds a Format whose `read` gets what the schema checked. */
export function format<S extends z.ZodType, R>(definition: {
  name: string;
  fields: string;
  marks: (value: Record<string, unknown>) => boolean;
  schema: S;
  read: (checked: z.output<S>, at: JsonLine) => R;
}): Format<R> {
  const { name, fields, marks, schema, read } = definition;
  return {
    name,
    fields,
    marks,
    read(at) {
      const checked = schema.safeParse(at.value);
      if (checked.success) return { result: read(checked.data, at) };
      return { wrong: wrongField(checked.error, at.value) };
    },
  };
}

/**
 * Reads a line by the first format whose fields it has. `what` names a line's meaning ("a problem").
 * Throws InputError for a line that no format recognises (all of them are listed, and the fields that
 * came) and for a field of the wrong type.
 */
export function recognise<R>(at: JsonLine, what: string, formats: readonly Format<R>[]): R {
  const found = formats.find((candidate) => candidate.marks(at.value));
  if (!found) {
    const expected = formats.map((one) => `${one.name} ${one.fields}`).join(', ');
    throw new InputError(
      `${place(at)} is not ${what}: expected ${expected}; came {${fieldNames(at.value)}}${misplaced(at.value)}.`,
    );
  }
  const outcome = found.read(at);
  if ('result' in outcome) return outcome.result;
  throw new InputError(
    `${place(at)} has the fields of ${what} in ${found.name}'s form ${found.fields}, but ${outcome.wrong}: ` +
      'correct or remove the line.',
  );
}

function wrongField(error: z.ZodError, value: Record<string, unknown>): string {
  const issue = error.issues[0]!;
  let got: unknown = value;
  for (const step of issue.path) got = (got as Record<PropertyKey, unknown> | undefined)?.[step];
  const path = issue.path.join('.') || 'the line';
  return `\`${path}\` should be ${issue.message}, and is ${describe(got)}`;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${excerpt(String(value))}`;
}

function fieldNames(value: Record<string, unknown>): string {
  const names = Object.keys(value).map((name) => excerpt(name).slice(1, -1));
  if (names.length === 0) return 'no field';
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')}, … ${names.length - 12} more`
    : names.join(', ');
}

/** The near misses: a good file given in another file's place. */
function misplaced(value: Record<string, unknown>): string {
  if ('unit_tests' in value) return ' (unit tests: give them as --unit-tests)';
  if ('solutions' in value || 'solution' in value || 'completion' in value || 'samples' in value) {
    return ' (candidates: give them as --solutions)';
  }
  if ('question' in value || 'question_content' in value || 'messages' in value || 'prompt' in value) {
    return ' (a problem: give it as --problems)';
  }
  return '';
}
