import type { Sampler } from '../model/generator.js';
import type { ChatMessage } from '../problem.js';

/** Which of the two interfaces is used: raw text that we rendered, or messages that the server renders. */
export const ENDPOINT_APIS = ['completions', 'chat'] as const;
export type EndpointApi = (typeof ENDPOINT_APIS)[number];

export interface RequestShape {
  /** The model's name at the endpoint. */
  model: string;
  api: EndpointApi;
  /** Leave out what is not OpenAI's: top_k and min_p. */
  plain: boolean;
}

/** Where the request goes, below the endpoint's base. */
export function requestPath(api: EndpointApi): string {
  return api === 'chat' ? '/chat/completions' : '/completions';
}

/**
 * The body that asks for one sample. `n` is 1 and every sample has its own seed, so that a sample is the same whether
 * 8 or 100 are asked for; servers keep the prefix of a prompt that they have just read.
 */
export function requestBody(
  asked: string | readonly ChatMessage[],
  sampler: Sampler,
  seed: number,
  { model, api, plain }: RequestShape,
): Record<string, unknown> {
  const { temperature, topP, topK, minP, maxTokens, stop } = sampler;
  return {
    model,
    ...(api === 'chat' ? { messages: asked } : { prompt: asked }),
    n: 1,
    seed,
    temperature,
    top_p: topP,
    // Said even where they are off: servers have defaults of their own (llama-server: 40 and 0.05). -1 is off in all.
    ...(plain ? {} : { top_k: topK === 0 ? -1 : topK, min_p: minP }),
    max_tokens: maxTokens,
    ...(stop.length > 0 ? { stop } : {}),
    stream: false,
  };
}
