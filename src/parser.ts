import type { Cache } from './cache/database.js';
import { analysisKey, analysisMark, unparsedIdentity } from './cache/keys.js';
import type { Sandbox } from './sandbox/sandbox.js';
import type { DropReason } from './unit-test.js';

/** What the parser finds in a candidate program. */
export interface ParsedProgram {
  parses: boolean;
  /** Digest of the normalised syntax tree (of the text, where it does not parse): equal programs have equal ones. */
  identity: string;
  /** Names of the functions and classes that it defines at module level, in order. */
  defines: string[];
  error: string | null;
}

/** A unit test found in a text. */
export interface FoundTest {
  code: string;
  identity: string;
  cases: string[];
  /** Names of cases that, by what is written, assert nothing; they may be others than those that are promised. */
  idle?: string[];
}

/** Why a text yields none. */
export interface Drop {
  drop: DropReason;
  detail: string;
}

export type Extraction = FoundTest | Drop;

/** How responses are read: `salvage` keeps what can be kept, `paper` follows the authors' rules (paper 1.3). */
export type ExtractMode = 'salvage' | 'paper';

/**
 * Python's own parser, run in the jail (a text can be hostile to a parser too), each text at most once per cache.
 * Nothing is executed.
 */
export class Parser {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly cache: Cache,
    private readonly signal: AbortSignal,
  ) {}

  programs(texts: readonly string[]): Promise<ParsedProgram[]> {
    return this.each(
      texts,
      (text) => ({ kind: 'programs', text }),
      (missing) => ({ kind: 'programs', texts: missing }),
      (text, reason) => ({
        parses: false,
        identity: unparsedIdentity(text),
        defines: [],
        error: reason,
      }),
    );
  }

  /** Given unit tests, used as they are. */
  tests(texts: readonly string[]): Promise<Extraction[]> {
    return this.each(
      texts,
      (text) => ({ kind: 'tests', text }),
      (missing) => ({ kind: 'tests', texts: missing }),
      (_, reason) => ({ drop: 'parser_limit', detail: reason }),
    );
  }

  /** CodeT's test samples of one problem, cut into distinct asserts with their counts (paper B). */
  async asserts(entryPoint: string, samples: readonly string[]): Promise<(FoundTest & { count: number })[]> {
    const [answer] = await this.each<readonly string[], (FoundTest & { count: number })[]>(
      [samples],
      () => ({ kind: 'asserts', entryPoint, samples }),
      () => ({ kind: 'asserts', entry_point: entryPoint, samples }),
      () => [],
      // The answer is one list for all samples, not one entry a text.
      (list) => [list as (FoundTest & { count: number })[]],
    );
    return answer!;
  }

  /**
   * Responses to one prompt. `defined`: what the candidate in the prompt defines, so that a response which
   * restates it is not tested against its own copy. `cut`: the response met the token limit.
   */
  responses(
    responses: readonly { text: string; cut: boolean }[],
    mode: ExtractMode,
    entryPoint: string | null,
    defined: readonly string[],
  ): Promise<Extraction[]> {
    const context = { kind: 'responses', mode, entry_point: entryPoint, defined };
    return this.each(
      responses,
      (response) => ({ ...context, response }),
      (missing) => ({ ...context, responses: missing }),
      (_, reason) => ({ drop: 'parser_limit', detail: reason }),
    );
  }

  /** Answers each item from the cache or, in one request for all that are missing, from the jail. */
  private async each<Item, Answer>(
    items: readonly Item[],
    keyOf: (item: Item) => Record<string, unknown>,
    request: (missing: Item[]) => unknown,
    unparsed: (item: Item, reason: string) => Answer,
    entries: (answer: unknown) => Answer[] = (answer) => answer as Answer[],
  ): Promise<Answer[]> {
    const { harness, interpreter } = this.sandbox;
    const by = { reader: harness.reader, interpreter: interpreter.fingerprint };
    const keys = items.map((item) => analysisKey(by, keyOf(item)));
    const known = new Map<string, Answer>();
    const missing = new Map<string, Item>();
    for (const [at, key] of keys.entries()) {
      const json = this.cache.analysis(key);
      if (json !== undefined) known.set(key, JSON.parse(json) as Answer);
      else missing.set(key, items[at]!);
    }
    const asked = [...missing];
    const answers = await this.ask(
      asked.map(([, item]) => item),
      request,
      unparsed,
      entries,
    );
    for (const [at, [key]] of asked.entries()) {
      this.cache.storeAnalysis(key, JSON.stringify(answers[at]), analysisMark(by));
      known.set(key, answers[at]!);
    }
    return keys.map((key) => known.get(key)!);
  }

  /** One request; when a text ends the parser, one request for each, so that it takes no other text along. */
  private async ask<Item, Answer>(
    items: Item[],
    request: (items: Item[]) => unknown,
    unparsed: (item: Item, reason: string) => Answer,
    entries: (answer: unknown) => Answer[],
  ): Promise<Answer[]> {
    if (items.length === 0) return [];
    const result = await this.sandbox.analyze(request(items), this.signal);
    this.signal.throwIfAborted();
    if ('answer' in result) return entries(result.answer);
    if (items.length === 1) return [unparsed(items[0]!, result.unparsed)];
    const answers: Answer[] = [];
    for (const item of items) answers.push(...(await this.ask([item], request, unparsed, entries)));
    return answers;
  }
}
