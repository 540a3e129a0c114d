import type { Problem } from './problem.js';

/**
 * The prompt that a policy model writes candidates to. The wording is ours; like the authors' it asks for one
 * complete program in one Markdown block.
 */
export function policyPrompt({ question, entryPoint, prompt, starterCode }: Problem): string {
  const what =
    entryPoint === null
      ? 'Write a Python program that solves the problem below.'
      : `Write Python code that solves the problem below and defines \`${entryPoint}\`.`;
  const form =
    'Answer with a single Markdown code block that holds the complete code with its imports, and without tests or examples of use.';
  // HumanEval's question is the beginning of a program: a signature with its docstring.
  const asked = prompt === null ? question.trim() : fenced(prompt);
  const start = starterCode === null ? '' : `\n\nStart from this code:\n${fenced(starterCode)}`;
  return `${what} ${form}\n\n${asked}${start}\n`;
}

function fenced(code: string): string {
  return `\`\`\`python\n${code.trimEnd()}\n\`\`\``;
}
