import type { Problem } from './problem.js';

/** Data, not prose: the authors' policy models were asked with exactly these bytes (paper 1.4). */
const HEAD =
  'Please provide a self-contained Python script that solves the following problem in a markdown code block:\n';

/**
 * What a policy model is asked for a candidate, byte for byte as the authors' inputs: HumanEval's signature with its
 * docstring, or MBPP's text with its first assert as a docstring, in a code block. Other problems are given in their words.
 */
export function solutionPrompt({
  prompt,
  question,
  starterCode,
}: Pick<Problem, 'prompt' | 'question' | 'starterCode'>): string {
  if (prompt !== null) return HEAD + block(prompt);
  if (endsWithAssert(question)) return HEAD + block(`"""\n${question.trim()}\n"""\n`);
  return `${HEAD}${question.trimEnd()}\n${starterCode === null ? '' : block(starterCode)}`;
}

/** MBPP's questions do: the assert says what the function is called. */
function endsWithAssert(question: string): boolean {
  return /(^|\n)assert [^\n]*$/.test(question.trimEnd());
}

function block(code: string): string {
  return `\`\`\`python\n${code}\n\`\`\`\n`;
}
