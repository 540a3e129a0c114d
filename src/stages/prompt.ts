import type { Asked } from '../model/open-model.js';
import type { ParsedProgram } from '../parser.js';
import type { ChatMessage, Problem } from '../problem.js';
import { promptParts, responsePrefix, unitTestPrompt } from '../prompt.js';
import type { Run } from '../run.js';
import type { Task } from '../task.js';
import { faultOf } from './fault.js';

/** A task with the prompt that all its unit tests are sampled from. */
export interface PromptedTask {
  task: Task;
  /** What the parser found in each candidate. */
  programs: ParsedProgram[];
  prompt: TaskPrompt;
  /** A fault of ours, for which there is no prompt; null otherwise. */
  failure: string | null;
}

const NO_PROMPT: TaskPrompt = { text: '', tokens: [], prefix: '', entryPoint: null, defined: [] };

export interface TaskPrompt extends Asked {
  /** As rendered by the model's chat template, response prefix included. */
  text: string;
  tokens: number[];
  /** The start of every answer, which the model does not write itself. */
  prefix: string;
  /** Name of the function under test, where it is known. */
  entryPoint: string | null;
  /** What the candidate in the prompt defines. */
  defined: string[];
}

/** Builds each task's prompt: the same whatever the number of candidates and tests, so growing them reuses all. */
export async function promptTasks(tasks: readonly Task[], run: Run): Promise<PromptedTask[]> {
  const prompted: PromptedTask[] = [];
  for (const task of tasks) {
    try {
      const programs = await run.parser.programs(task.candidates.map(({ program }) => program));
      prompted.push({ task, programs, prompt: await promptTask(task, programs, run), failure: null });
    } catch (error) {
      prompted.push({ task, programs: [], prompt: NO_PROMPT, failure: faultOf(error) });
    }
  }
  return prompted;
}

async function promptTask(task: Task, programs: ParsedProgram[], run: Run): Promise<TaskPrompt> {
  const { problem } = task;
  const code = shownCode(task, programs);
  const [shown] = code === null ? [] : await run.parser.programs([code]);
  const defined = shown?.defines ?? [];
  const entryPoint = problem.entryPoint ?? defined.at(-1) ?? null;
  const template = run.generation.responsePrefix ?? run.model.defaults.responsePrefix ?? '';
  const prefix = responsePrefix(template, entryPoint);
  const messages: ChatMessage[] = problem.messages ?? [
    { role: 'user', content: unitTestPrompt({ question: questionOf(problem), code: code ?? '' }) },
  ];
  const prompt = await run.model.prompt(messages, prefix, run.generation.promptCompat);
  return { ...prompt, prefix, entryPoint, defined };
}

/**
 * The one solution in the prompt: the problem's own, else the first candidate in file order that parses (else the
 * first). A ready prompt (CodeRM's messages) brings its own.
 */
function shownCode({ problem, candidates }: Task, programs: ParsedProgram[]): string | null {
  if (problem.messages) return promptParts(problem.messages.at(-1)?.content ?? '')?.code ?? null;
  if (problem.code !== null) return problem.code;
  const first = programs.findIndex(({ parses }) => parses);
  return candidates[Math.max(first, 0)]?.program ?? null;
}

/** LiveCodeBench keeps the signature to implement beside its question; the authors' prompts show both. */
function questionOf({ question, starterCode }: Problem): string {
  return starterCode === null ? question : `${question}\n\n${starterCode}`;
}
