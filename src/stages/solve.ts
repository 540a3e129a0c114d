import { pythonBlocks, unfence } from '../markdown.js';
import type { Parser } from '../parser.js';
import type { Problem } from '../problem.js';
import { responsePrefix } from '../prompt.js';
import type { GenerationOptions, Run } from '../run.js';
import { sampleSeed } from '../seed.js';
import { solutionPrompt } from '../solution-prompt.js';
import { faultOf } from './fault.js';
import { generateResponses, type Prompted } from './generate.js';

/** A problem with the programs that a policy model wrote for it. */
export interface SolvedProblem {
  problem: Problem;
  /** One a sample, in index order; what holds no code stays as it is, so that positions are the samples'. */
  solutions: string[];
  /** Why there are none (the prompt does not fit, say); null otherwise. */
  failure: string | null;
}

/**
 * How candidates are sampled where unit tests are sampled as `generation` says: the same sampler, with seeds of
 * their own, so that no candidate is drawn with the random numbers of a unit test.
 * @param prefix start of every answer, with {entry_point} and {EntryPoint}; empty for none
 */
export function policyGeneration(generation: GenerationOptions, prefix: string): GenerationOptions {
  const seed = sampleSeed(generation.seed, 'policy', 0);
  return { ...generation, seed, responsePrefix: prefix, promptCompat: 'none' };
}

/** Samples `candidates` answers to each problem from the run's model, and takes the program out of each. */
export async function solveProblems(
  problems: readonly Problem[],
  candidates: number,
  run: Run,
): Promise<SolvedProblem[]> {
  const prompted = await Promise.all(problems.map((problem) => promptProblem(problem, run)));
  const requested = problems.map(() => candidates);
  const solved: SolvedProblem[] = [];
  for (const { task, prompt, samples, failure } of await generateResponses(prompted, requested, run)) {
    const { problem } = task;
    const answers = failure === null ? samples.map(({ text }) => prompt.prefix + text) : [];
    try {
      solved.push({ problem, solutions: await programsOf(answers, problem, run.parser), failure });
    } catch (error) {
      solved.push({ problem, solutions: [], failure: faultOf(error) });
    }
  }
  return solved;
}

async function programsOf(answers: readonly string[], problem: Problem, parser: Parser): Promise<string[]> {
  const programs: string[] = [];
  for (const answer of answers) {
    const program = await programOf(answer, problem.entryPoint, parser);
    programs.push(withImports(program, problem.prompt));
  }
  return programs;
}

/** The prompt that the problem's candidates are sampled from. */
export async function promptProblem(problem: Problem, { model, generation }: Run) {
  const prefix = responsePrefix(generation.responsePrefix ?? '', problem.entryPoint);
  const messages = [{ role: 'user', content: solutionPrompt(problem) }];
  const prompt = await model.prompt(messages, prefix, generation.promptCompat);
  return { task: { problem }, prompt: { ...prompt, prefix }, failure: null } satisfies Prompted;
}

/**
 * The program with the imports that stand at the margin of the problem's prompt (HumanEval's `from typing import List`):
 * models take them for given, and leave out what they were shown.
 */
export function withImports(program: string, prompt: string | null): string {
  const shown = prompt?.match(/^(import|from)[ \t].*$/gm) ?? [];
  const missing = shown.filter((line) => !program.includes(line.trim()));
  // Nothing may stand before an import from __future__.
  if (missing.length === 0 || program.includes('from __future__')) return program;
  return `${missing.map((line) => line.trim()).join('\n')}\n\n\n${program}`;
}

/**
 * The program of an answer. Of several blocks it is the first that defines the function asked for, else the first
 * that defines anything (the others are examples of use), else the first; Python's own parser says so, in the jail.
 */
async function programOf(
  answer: string,
  entryPoint: string | null,
  parser: Pick<Parser, 'programs'>,
): Promise<string> {
  const blocks = pythonBlocks(answer);
  if (blocks.length < 2) return unfence(answer);
  const parsed = await parser.programs(blocks);
  const asked = parsed.findIndex(({ defines }) => entryPoint !== null && defines.includes(entryPoint));
  const any = parsed.findIndex(({ defines }) => defines.length > 0);
  return blocks[[asked, any, 0].find((at) => at >= 0)!]!;
}
