import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InputError } from './error.js';
import { type Format, format, recognise } from './format.js';
import { place, readJsonLines } from './jsonl.js';
import { unfence } from './markdown.js';
import { type Problem, taskId } from './problem.js';

/** One solution that a policy model wrote. */
export interface Candidate {
  /** 0-based position within the task, in file order, before any drop. */
  solId: number;
  /** What is executed: the solution, and for LiveCodeBench's `class Solution` a function that calls it. */
  program: string;
  /** What is reported as the selected solution. Equal to `program` but for that function. */
  solution: string;
}

/** A candidate as its file has it, before its problem is known. */
export interface GivenCandidate {
  /** `program`: complete; `completion`: continues the problem's prompt; `sample`: CodeT's, uncut. */
  form: 'program' | 'completion' | 'sample';
  text: string;
  file: string;
  line: number;
}

/** The candidates of one line, and which task they belong to. */
export interface CandidateLine {
  /** Key of the task: `idKey` of its id, or `promptKey` of its prompt. */
  key: string;
  /** The id, or the prompt's first characters, for messages. */
  label: string;
  candidates: GivenCandidate[];
}

/** Key under which a task's lines are collected when they name its id. */
export function idKey(id: string): string {
  return `id:${id}`;
}

/** What CodeT appends to a problem's prompt to ask for tests. */
// (the look-behind keeps long runs of blanks from being tried at each of them)
const CODET_TEST_SUFFIX = /(?<![ \t])[ \t]*pass\n+# check the correctness of [^\n]*\nassert[ \t]*$/;

/** Key under which a task's lines are collected when they name its prompt's text (CodeT). */
export function promptKey(prompt: string): string {
  const problem = prompt.replace(CODET_TEST_SUFFIX, '').trimEnd();
  return `prompt:${createHash('sha256').update(problem).digest('hex')}`;
}

const text = z.string('a string');
const solutions = z.array(
  z.union([text, z.object({ solution: text })], 'a string or an object {solution}'),
  'an array of strings or of {solution}',
);

const FORMATS: readonly Format<CandidateLine>[] = [
  format({
    name: 'CodeRM',
    fields: '{task_id, solutions}',
    marks: (value) => 'task_id' in value && 'solutions' in value,
    schema: z.object({ task_id: taskId, solutions }),
    read: (line, { file, line: number }) => ({
      key: idKey(line.task_id),
      label: line.task_id,
      candidates: line.solutions.map((one) => ({
        form: 'program',
        text: typeof one === 'string' ? one : one.solution,
        file,
        line: number,
      })),
    }),
  }),
  format({
    name: 'EvalPlus',
    fields: '{task_id, solution or completion}',
    // An empty `solution` beside a `completion` happens in merged sample files; a string always wins.
    marks: (value) => 'task_id' in value && ('solution' in value || 'completion' in value),
    schema: z
      .object({ task_id: taskId, solution: text.nullish(), completion: text.nullish() })
      .refine((line) => typeof (line.solution ?? line.completion) === 'string', {
        message: 'a string in `solution` or in `completion`',
      }),
    read: (line, { file, line: number }) => ({
      key: idKey(line.task_id),
      label: line.task_id,
      candidates: [
        {
          form: typeof line.solution === 'string' ? 'program' : 'completion',
          text: (line.solution ?? line.completion)!,
          file,
          line: number,
        },
      ],
    }),
  }),
  format({
    name: 'CodeT',
    fields: '{prompt, samples}',
    marks: (value) => 'prompt' in value && 'samples' in value,
    schema: z.object({ prompt: text, samples: z.array(text, 'an array of strings') }),
    read: (line, { file, line: number }) => ({
      key: promptKey(line.prompt),
      label: promptLabel(line.prompt),
      candidates: line.samples.map((sample) => ({ form: 'sample', text: sample, file, line: number })),
    }),
  }),
];

/**
 * Streams the candidates of the files, line by line. Throws InputError for an unreadable file, an
 * unrecognised line and a field of the wrong type. Lines of one task may stand anywhere.
 */
export async function* readCandidates(paths: readonly string[]): AsyncGenerator<CandidateLine> {
  for await (const at of readJsonLines(paths)) yield recognise(at, 'a line of candidates', FORMATS);
}

/** The first words of a prompt, to name a task that has no id. */
export function promptLabel(prompt: string): string {
  const start = prompt.trim().replace(/\s+/g, ' ');
  return start.length > 60 ? `${start.slice(0, 60)}…` : start;
}

/**
 * The candidate as it is executed. `problem` is null where `execute` was given no problems file.
 * Throws InputError for a completion whose problem has no prompt to continue.
 */
export function completeCandidate(given: GivenCandidate, solId: number, problem: Problem | null): Candidate {
  const solution = solutionOf(given, problem);
  return { solId, solution, program: problem ? callable(solution, problem) : solution };
}

function solutionOf(given: GivenCandidate, problem: Problem | null): string {
  switch (given.form) {
    case 'program':
      return unfence(given.text);
    case 'completion':
      return continuedPrompt(given, problem) + given.text;
    case 'sample':
      return continuedPrompt(given, problem) + cutSample(given.text);
    default:
      return given.form satisfies never;
  }
}

/** The prompt that a completion or a sample continues. Throws InputError where there is none. */
export function continuedPrompt(
  given: Pick<GivenCandidate, 'form' | 'file' | 'line'>,
  problem: Problem | null,
): string {
  if (problem?.prompt != null) return problem.prompt;
  const field = given.form === 'sample' ? 'CodeT samples' : 'a `completion`';
  throw new InputError(
    problem
      ? `${place(given)} gives ${field} for ${JSON.stringify(problem.taskId)}, but that problem has no prompt to ` +
          'continue; expected a complete program: give it as `solution`.'
      : `${place(given)} gives ${field}, which continues a problem's prompt, and no problems file was named: ` +
          'add --problems FILE, or give complete programs as `solution`.',
  );
}

const STOP_STRINGS = ['\nclass', '\ndef', '\n#', '\nif', '\nprint'];

/** A CodeT sample up to the first stop string (paper.md B): a base model writes on after its function. */
export function cutSample(sample: string): string {
  const ends = STOP_STRINGS.map((stop) => sample.indexOf(stop)).filter((at) => at !== -1);
  return sample.slice(0, Math.min(sample.length, ...ends));
}

/**
 * LiveCodeBench's solutions are methods of `class Solution`, and its tests call a plain function: adds
 * that function at the end, unless the program has it. Every call gets a fresh object.
 */
function callable(program: string, problem: Problem): string {
  const name = problem.entryPoint;
  if (name === null || problem.starterCode === null) return program;
  if (!/^class Solution\b/m.test(program) || new RegExp(`^(async )?def ${name}\\b`, 'm').test(program))
    return program;
  return (
    `${program.trimEnd()}\n\n\n` +
    `def ${name}(*args, **kwargs):\n    return Solution().${name}(*args, **kwargs)\n`
  );
}
