/**
 * CodeRM's unit-test prompt. The texts below are data, not prose: the reward model was fine-tuned on
 * exactly these bytes, its grammar slip included, so no character of them may be improved.
 */
const HEAD =
  "Below is a question and it's corresponding code answer. Please write test cases to check the correctness " +
  'of the code answer. You need to use the unittest library in Python and create a test class for testing.' +
  '\n\n### question\n';

const MIDDLE = '\n\n### code solution\n';

const TAIL =
  '\n\nPlease add detailed comments to the test cases you write. You do not need to test the ' +
  "function's ability to throw exceptions.\n";

/** What the prompt is filled with: the problem in words, and one solution that may be wrong. */
export interface PromptParts {
  question: string;
  code: string;
}

/** The prompt of one problem, byte for byte as the authors' inputs have it. */
export function unitTestPrompt({ question, code }: PromptParts): string {
  return HEAD + question + MIDDLE + code + TAIL;
}

/**
 * The parts that `unitTestPrompt` was filled with, or null when the text is not such a prompt: this is
 * how a CodeRM message that is already the unit-test prompt is told from a plain question.
 */
export function promptParts(text: string): PromptParts | null {
  if (!text.startsWith(HEAD) || !text.endsWith(TAIL)) return null;
  const middle = text.indexOf(MIDDLE, HEAD.length);
  if (middle < 0 || middle + MIDDLE.length > text.length - TAIL.length) return null;
  return {
    question: text.slice(HEAD.length, middle),
    code: text.slice(middle + MIDDLE.length, text.length - TAIL.length),
  };
}

/**
 * The text that an answer is started with: `{entry_point}` becomes the function's name and
 * `{EntryPoint}` the same in CamelCase, as class names are written. Where the name is not known, or
 * is no identifier, both become neutral words, so that the prefix still parses as Python.
 */
export function responsePrefix(template: string, entryPoint: string | null): string {
  const name = entryPoint !== null && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(entryPoint) ? entryPoint : 'solution';
  // Replaced by a function: a `$` in the name must not be read as a pattern.
  return template.replace(/\{(entry_point|EntryPoint)\}/g, (_, slot) =>
    slot === 'entry_point' ? name : camelCase(name),
  );
}

/**
 * What ends an answer that was started with this prefix: where the prefix leaves a code block open, the fence
 * that closes it. What a model says after its code is no unit test, and small models say much.
 */
export function stopTexts(prefix: string): string[] {
  const fences = prefix.match(/^```/gm) ?? [];
  return fences.length % 2 === 1 ? ['\n```'] : [];
}

/** `has_close_elements` to `HasCloseElements`; inner capitals are kept, as in `parseJSON`. */
function camelCase(name: string): string {
  const words = name.split('_').filter((word) => word !== '');
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  // `_1` and `__` leave nothing that may follow "class" alone.
  return /^[\p{L}]/u.test(joined) ? joined : `Solution${joined}`;
}
