import { z } from 'zod';
import { InputError } from './error.js';
import { type Format, format, recognise } from './format.js';
import { place, readJsonLines } from './jsonl.js';
import { unfence } from './markdown.js';

/** One chat message in the form that the model's chat template takes. */
export interface ChatMessage {
  role: string;
  content: string;
}

/** A programming problem, in one form whatever file format it came from. */
export interface Problem {
  taskId: string;
  /** What the candidate has to do, in words (and for HumanEval its signature and docstring). */
  question: string;
  /** Name of the function that tests call; null where the format does not say it. */
  entryPoint: string | null;
  /** Text that a candidate given as `completion` continues; null where the format has none. */
  prompt: string | null;
  /** LiveCodeBench's starter code; null where the format has none. */
  starterCode: string | null;
  /** One solution to show to the reward model, where the problem file brings it (plain format's `code`). */
  code: string | null;
  /** A ready unit-test prompt (CodeRM's `messages`), used unchanged; otherwise null. */
  messages: ChatMessage[] | null;
}

/** Counted skips of a problems file. */
export interface ProblemSkips {
  /** LiveCodeBench problems without starter code: programs that read stdin, so no unit test can call them. */
  withoutFunction: number;
}

// Schema messages complete the sentence "`field` should be …".
const text = z.string('a string');
const word = text.min(1, 'a string that is not empty');
const words = word.regex(/\S/, 'a string that is not blank');

const functionName = text.trim().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, 'the name of a function');

/** Ids are compared as strings; integers are accepted. */
export const taskId = z
  .union([word, z.int('a whole number')], 'a string that is not empty, or a whole number')
  .transform(String);

const has = (...names: string[]) => {
  return (value: Record<string, unknown>) => names.every((name) => name in value);
};

const bare = { entryPoint: null, prompt: null, starterCode: null, code: null, messages: null };

// Reference solutions and hidden tests (canonical_solution, test, MBPP's code) are never read: a model
// that saw them would write tests from the answer.
const FORMATS: readonly Format<Problem | null>[] = [
  format({
    name: 'LiveCodeBench',
    fields: '{question_id, question_content, starter_code?}',
    marks: has('question_id', 'question_content'),
    schema: z.object({
      question_id: taskId,
      question_content: words,
      starter_code: text.nullish(),
    }),
    read(line): Problem | null {
      const starterCode = line.starter_code?.trim() ? line.starter_code : null;
      if (starterCode === null) return null;
      const entryPoint = lastDefined(starterCode);
      return { ...bare, taskId: line.question_id, question: line.question_content, starterCode, entryPoint };
    },
  }),
  format({
    name: 'CodeRM',
    fields: '{task_id, messages}',
    marks: has('task_id', 'messages'),
    schema: z.object({
      task_id: taskId,
      messages: z
        .array(
          z.object({ role: word, content: text }, 'an object {role, content}'),
          'an array of {role, content}',
        )
        .refine((all) => all.some((one) => one.role === 'user' && /\S/.test(one.content)), {
          message: 'an array with a user message that is not blank',
        }),
    }),
    read: (line) => fromMessages(line.task_id, line.messages),
  }),
  format({
    name: 'plain',
    fields: '{task_id, question, entry_point?, starter_code?, code?}',
    marks: has('task_id', 'question'),
    schema: z.object({
      task_id: taskId,
      question: words,
      entry_point: functionName.nullish(),
      starter_code: text.nullish(),
      code: text.nullish(),
    }),
    read: (line) => ({
      ...bare,
      taskId: line.task_id,
      question: line.question,
      entryPoint: line.entry_point ?? (line.starter_code ? lastDefined(line.starter_code) : null),
      starterCode: line.starter_code || null,
      code: line.code || null,
    }),
  }),
  format({
    name: 'HumanEval',
    fields: '{task_id, prompt, entry_point}',
    marks: has('task_id', 'prompt', 'entry_point'),
    schema: z.object({ task_id: taskId, prompt: words, entry_point: functionName }),
    read: (line) => ({
      ...bare,
      taskId: line.task_id,
      question: line.prompt,
      entryPoint: line.entry_point,
      prompt: line.prompt,
    }),
  }),
  format({
    name: 'MBPP',
    fields: '{task_id, prompt or text, test_list}',
    marks: (value) => has('task_id', 'test_list')(value) && ('prompt' in value || 'text' in value),
    schema: z.object({
      task_id: taskId,
      prompt: words.optional(),
      text: words.optional(),
      test_list: z.array(text, 'an array of asserts').min(1, 'an array with at least one assert'),
    }),
    read(line) {
      const asked = (line.prompt ?? line.text)!.trimEnd();
      const example = line.test_list[0]!.trim();
      // The first assert belongs to the question in MBPP: without it nobody knows the function's name.
      const question = asked.includes(example) ? asked : `${asked}\n${example}`;
      return { ...bare, taskId: line.task_id, question, entryPoint: firstCalled(example) };
    },
  }),
];

/**
 * Streams the problems of the files, in order. Every line is recognised by its fields.
 *
 * Throws InputError for an unreadable file, an unrecognised line, a field of the wrong type, and a task
 * id that came before (in any of the files). LiveCodeBench problems without a function are counted in
 * `skips` and not yielded.
 */
export async function* readProblems(
  paths: readonly string[],
  skips: ProblemSkips = { withoutFunction: 0 },
): AsyncGenerator<Problem> {
  const seen = new Map<string, string>(); // task id → file:line
  for (const path of paths) {
    for await (const at of readJsonLines(path)) {
      const problem = recognise(at, 'a problem', FORMATS);
      if (problem === null) {
        skips.withoutFunction += 1;
        continue;
      }
      const before = seen.get(problem.taskId);
      if (before !== undefined) {
        throw new InputError(
          `${place(at)} repeats the task id ${JSON.stringify(problem.taskId)} of ${before}; ` +
            'expected every problem once: remove one of the two lines.',
        );
      }
      seen.set(problem.taskId, place(at));
      yield problem;
    }
  }
}

/** A CodeRM line: a ready unit-test prompt is kept whole; of a solution prompt the question is taken. */
function fromMessages(id: string, messages: ChatMessage[]): Problem {
  const asked = messages.filter((one) => one.role === 'user').at(-1)!.content;
  const ready = unitTestPromptParts(asked);
  if (ready) {
    const { question, code } = ready;
    return { ...bare, taskId: id, question, entryPoint: named(question) ?? onlyDefined(code), messages };
  }
  const block = unfence(asked);
  if (block === asked) return { ...bare, taskId: id, question: asked.trim(), entryPoint: named(asked) };
  const docstring = onlyDocstring(block);
  if (docstring !== null) {
    return { ...bare, taskId: id, question: docstring, entryPoint: named(docstring) };
  }
  // A signature with its docstring, as HumanEval's prompt: a completion can continue it.
  const entryPoint = lastDefined(block);
  const prompt = entryPoint === null ? null : `${block.trimEnd()}\n`;
  return { ...bare, taskId: id, question: prompt ?? block.trim(), entryPoint, prompt };
}

const QUESTION = '### question\n';
const CODE = '\n### code solution\n';

/**
 * Question and code of a ready CodeRM unit-test prompt (paper 1.4), found by its two headings, so that a
 * prompt with other words around them is known too. Null for any other text.
 */
function unitTestPromptParts(asked: string): { question: string; code: string } | null {
  const start = asked.startsWith(QUESTION) ? 0 : asked.indexOf(`\n${QUESTION}`) + 1;
  if (!asked.startsWith(QUESTION, start) || !/unit ?test/i.test(asked)) return null;
  const end = asked.indexOf(CODE, start);
  if (end === -1) return null;
  return { question: asked.slice(start + QUESTION.length, end).trim(), code: asked.slice(end + CODE.length) };
}

/** The text of a block that is one docstring and nothing else, as CodeRM's MBPP prompts have it. */
function onlyDocstring(block: string): string | null {
  const code = block.trim();
  const quotes = code.slice(0, 3);
  if (code.length < 6 || (quotes !== '"""' && quotes !== "'''") || !code.endsWith(quotes)) return null;
  const inside = code.slice(3, -3);
  return inside.includes(quotes) ? null : inside.trim();
}

/** The function that a question names: in so many words, or by an assert that calls it. */
function named(question: string): string | null {
  const said = /function named `([A-Za-z_]\w*)`/.exec(question)?.[1];
  if (said) return said;
  const example = /^[ \t]*(assert\b.*)$/m.exec(question)?.[1];
  return example ? firstCalled(example) : null;
}

const KEYWORDS = new Set(['assert', 'not', 'and', 'or', 'in', 'is', 'if']);
/** What an assert wraps around the call that it is about. */
const WRAPPERS = new Set(
  (
    'abs all any bool dict float frozenset int isinstance len list max min next range repr reversed ' +
    'round set sorted str sum tuple type zip map'
  ).split(' '),
);

/**
 * The first function that an assert calls: no method, and a builtin only if nothing else is called (one
 * MBPP problem asks for a function named `sum`). Null if the assert calls nothing.
 */
function firstCalled(example: string): string | null {
  const called = [...example.matchAll(/(?<![\w.])([A-Za-z_]\w*)\s*\(/g)]
    .map((match) => match[1]!)
    .filter((name) => !KEYWORDS.has(name));
  return called.find((name) => !WRAPPERS.has(name)) ?? called[0] ?? null;
}

function definedNames(code: string): string[] {
  return [...code.matchAll(/^[ \t]*(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w*)/gm)].map((match) => match[1]!);
}

/** The last function that code without bodies defines (helpers come first); dunder methods are passed over. */
function lastDefined(code: string): string | null {
  return definedNames(code).findLast((name) => !name.startsWith('__')) ?? null;
}

/** The function of a program that defines exactly one. */
function onlyDefined(code: string): string | null {
  const names = definedNames(code);
  return names.length === 1 ? names[0]! : null;
}
