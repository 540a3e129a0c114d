import { Template } from '@huggingface/jinja';
import { ModelError } from '../error.js';
import type { ChatMessage } from '../problem.js';
import type { GgufInfo } from './gguf/gguf.js';

/** A prompt as the model gets it. */
export interface Prompt {
  /** The rendered chat with the response prefix at its end; a BOS that only the tokeniser adds is not in it. */
  text: string;
  tokens: number[];
}

export interface ChatOptions {
  /** Text that the answer is started with; empty for none. */
  responsePrefix: string;
  /** `paper`: as the authors' code did it, with no generation prompt and the BOS doubled. */
  compat: 'none' | 'paper';
}

/** What rendering needs of a model: its template, where that came from, and the tokens that it may write. */
export type ChatTemplate = Pick<GgufInfo, 'path' | 'chatTemplate'> & {
  vocabulary: Pick<GgufInfo['vocabulary'], 'tokens' | 'bos' | 'eos'>;
};

/** What tokenising needs of an open model. */
export interface Tokenizer {
  /** Text to token ids, special tokens parsed, nothing added at either end. */
  tokenize(text: string): number[];
  readonly bos: number | null;
  /** Whether the model's metadata asks the tokeniser to start every text with the BOS. */
  readonly addsBos: boolean;
}

/**
 * Templates that ask for today's date have a fixed one for where there is no clock. They get none: a
 * prompt, and with it the cache's keys, must not change from one day to the next.
 */
const NO_CLOCK = '{% set strftime_now = no_clock_here %}';

/** Parsing a template takes longer than rendering it, and a run renders one template many times. */
const parsed = new WeakMap<ChatTemplate, Template>();

/**
 * Renders messages with the model's own chat template; needs the file's metadata only.
 * Throws ModelError when the model has no template, or its template cannot render these messages.
 */
export function renderChat(
  info: ChatTemplate,
  messages: readonly ChatMessage[],
  options: ChatOptions,
): string {
  const { tokens, bos, eos } = info.vocabulary;
  try {
    const text = template(info).render({
      messages,
      add_generation_prompt: options.compat !== 'paper',
      bos_token: bos === null ? '' : (tokens[bos] ?? ''),
      eos_token: eos === null ? '' : (tokens[eos] ?? ''),
    });
    return text + options.responsePrefix;
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(
      `Expected the chat template of ${info.path} to render the prompt, but it says "${oneLine(cause)}"; choose an instruction-tuned model.`,
      { cause },
    );
  }
}

/**
 * Tokenises rendered text with its BOS exactly once: Llama-3 templates write it themselves, others
 * leave it to the tokeniser, and the model's metadata says whether there is one at all.
 * `paper` adds one more in front, because the authors tokenised text that already had it.
 */
export function tokenizeChat(tokenizer: Tokenizer, text: string, compat: ChatOptions['compat']): number[] {
  const tokens = tokenizer.tokenize(text);
  const { bos, addsBos } = tokenizer;
  if (bos === null) return tokens;
  const written = tokens[0] === bos;
  const add = compat === 'paper' ? addsBos || written : addsBos && !written;
  return add ? [bos, ...tokens] : tokens;
}

function template(info: ChatTemplate): Template {
  if (info.chatTemplate === null)
    throw new ModelError(
      `Expected a chat model, but ${info.path} has no chat template; choose an instruction-tuned model.`,
    );
  const known = parsed.get(info);
  if (known !== undefined) return known;
  const fresh = new Template(info.chatTemplate);
  fresh.parsed.body.unshift(...new Template(NO_CLOCK).parsed.body);
  parsed.set(info, fresh);
  return fresh;
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
