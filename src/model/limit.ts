import type { GenerationRequest } from './generator.js';

/** The most tokens that prompt and response may have together: what was asked for, within what the model was trained for. */
export function longestContext(asked: number | null, trained: number): number {
  return Math.min(asked ?? trained, trained);
}

/** Tokens that each sample of a request may generate, or the reason why there can be none. */
export function sampleLimit(
  { promptTokens, sampler }: GenerationRequest,
  asked: number | null,
  trained: number,
): number | string {
  if (promptTokens.length === 0) return 'expected a prompt of at least one token, but it is empty';
  const longest = longestContext(asked, trained);
  const room = longest - promptTokens.length;
  if (room >= 1) return Math.min(sampler.maxTokens, room);
  const next =
    longest < trained
      ? `pass --context ${promptTokens.length + sampler.maxTokens}`
      : `choose a model that was trained for more than ${trained}`;
  return `expected a prompt that leaves room in a context of ${longest} tokens, but it has ${promptTokens.length}; ${next}`;
}
