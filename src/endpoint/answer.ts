import { z } from 'zod';
import type { EndpointApi } from './request.js';

/** What a server wrote to one request. */
export interface Completion {
  text: string;
  /** As the server counts them; some count the end token. */
  tokens: number;
  stop: 'stop' | 'length';
}

/** An answer that is none. */
export interface BadAnswer {
  /** What is wrong with it, for messages. */
  bad: string;
  /** Whether asking again may help. */
  again: boolean;
  /** The server had no room for an answer as long as was asked for: another prompt may have it. */
  noRoom?: true;
}

/** What was asked for, as far as the answer has to agree with it. */
export interface Expected {
  api: EndpointApi;
  stops: readonly string[];
  maxTokens: number;
  /** What was sent as the key; null for none. */
  key: string | null;
}

/** A key as short as this is a placeholder ("EMPTY"), which a text may hold by chance. */
const LONGEST_PLACEHOLDER = 15;

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
 * has; anything else is said in words, and nothing is guessed. A server that ends a text by its own limit, before ours, is one
 * that truncates. The text ends before the first of the stop texts, also where the server does not know `stop`.
 */
export function readAnswer(body: string, { api, stops, maxTokens, key }: Expected): Completion | BadAnswer {
  const shown = words(body, key);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { bad: `expected JSON, got ${shown}`, again: true };
  }
  const found = answer.safeParse(value);
  if (!found.success)
    return { bad: `expected choices and usage.completion_tokens, got ${shown}`, again: false };
  const { choices, usage } = found.data;
  if (choices.length !== 1)
    return { bad: `expected 1 choice, got ${choices.length} where n is 1`, again: false };
  const read = textOf(choices[0], api);
  if (read === null) return { bad: `expected a choice with text, got ${shown}`, again: false };
  const { text, reason } = read;
  if (reason !== 'stop' && reason !== 'length')
    return {
      bad: `expected the finish_reason stop or length, got ${words(String(reason), key)}`,
      again: false,
    };
  if (key !== null && key.length > LONGEST_PLACEHOLDER && text.includes(key))
    return { bad: 'a text with the key in it, which is kept nowhere', again: false };
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  const cut = Math.min(text.length, ...ends);
  const tokens = usage.completion_tokens;
  // One less: some do not count the token that was over.
  if (cut === text.length && reason === 'length' && tokens < maxTokens - 1) {
    const next = 'give the server a longer context, or pass a smaller --max-tokens';
    return {
      bad: `an answer that ended after ${tokens} of ${maxTokens} tokens, by the server's own limit; ${next}`,
      again: false,
      noRoom: true,
    };
  }
  return {
    text: text.slice(0, cut),
    tokens,
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

/** A server may repeat the key that it was given. */
export function withoutKey(text: string, key: string | null): string {
  return key === null ? text : text.replaceAll(key, '[key]');
}

/** A server's own words, for a message: its error's message where it has that form, short, on one line, printable. */
export function words(body: string, key: string | null): string {
  const said = withoutKey(errorMessage(body) ?? body, key); // before the cut, which may leave a part of it
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
