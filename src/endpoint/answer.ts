import { z } from 'zod';
import type { EndpointApi } from './request.js';

/** What a server wrote to one request. */
export interface Completion {
  text: string;
  /** As the server counts them; some count the end token. */
  tokens: number;
  stop: 'stop' | 'length';
}

/** An answer that is none, and whether asking again may help. Both sentences are for messages. */
export interface BadAnswer {
  bad: string;
  again: boolean;
}

const choice = z.object({ finish_reason: z.string().nullish() });
const shapes = {
  completions: choice.extend({ text: z.string() }),
  chat: choice.extend({ message: z.object({ content: z.string() }) }),
};
const answer = z.object({
  choices: z.array(z.unknown()),
  usage: z.object({ completion_tokens: z.int().min(0) }),
});

/**
 * Reads the body of a successful response. It has to hold one choice, its text, why it ended and how many tokens it
 * has; anything else is said in words, and nothing is guessed. The text ends before the first of the stop texts, also
 * where the server does not know `stop`.
 */
export function readAnswer(body: string, api: EndpointApi, stops: readonly string[]): Completion | BadAnswer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { bad: `expected JSON, got ${words(body)}`, again: true };
  }
  const found = answer.safeParse(value);
  if (!found.success)
    return { bad: `expected choices and usage.completion_tokens, got ${words(body)}`, again: false };
  const { choices, usage } = found.data;
  if (choices.length !== 1)
    return { bad: `expected 1 choice, got ${choices.length} where n is 1`, again: false };
  const read = textOf(choices[0], api);
  if (read === null) return { bad: `expected a choice with text, got ${words(body)}`, again: false };
  const { text, reason } = read;
  if (reason !== 'stop' && reason !== 'length')
    return { bad: `expected the finish_reason stop or length, got ${words(String(reason))}`, again: false };
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  const cut = Math.min(text.length, ...ends);
  return {
    text: text.slice(0, cut),
    tokens: usage.completion_tokens,
    stop: cut < text.length ? 'stop' : reason,
  };
}

function textOf(
  value: unknown,
  api: EndpointApi,
): { text: string; reason: string | null | undefined } | null {
  if (api === 'chat') {
    const { success, data } = shapes.chat.safeParse(value);
    return success ? { text: data.message.content, reason: data.finish_reason } : null;
  }
  const { success, data } = shapes.completions.safeParse(value);
  return success ? { text: data.text, reason: data.finish_reason } : null;
}

/** Characters of a server's words that a message repeats. */
const MOST_WORDS = 200;

/** A server's own words, for a message: its error's message where it has that form, short, on one line, printable. */
export function words(body: string): string {
  const said = errorMessage(body) ?? body;
  const line = said
    .slice(0, 4 * MOST_WORDS)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  if (line === '') return 'nothing';
  return `"${line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line}"`;
}

const errorShape = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});
const bareShape = z.object({ message: z.string() });

function errorMessage(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    return errorShape.safeParse(value).data?.error ?? bareShape.safeParse(value).data?.message ?? null;
  } catch {
    return null;
  }
}
