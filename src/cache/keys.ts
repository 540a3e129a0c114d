import { createHash } from 'node:crypto';
import type { Limits } from '../verdict.js';
import type { AddressedName } from './addressed.js';
import { contentKey } from './content-key.js';

// Theory of operation. Every kind of value that the cache keeps has its key here. A key holds everything that can
// change the value: what was asked, and which code answers. Code that is cheap to hash is hashed (the Python that
// parses, the Python that executes); other code has a version, which whoever changes it raises. A recorded hash of the
// files that each version speaks for makes a test fail until somebody has decided (`scripts/keys.mjs`). docs/cache.md
// says what becomes stale when.

/** Raise a version if the code that makes such values can now answer differently. 1 is left out of the keys. */
export const VERSIONS = {
  /** A rendered and tokenised prompt: `model/chat.ts`, the template engine, the tokeniser's side of `model/llama/`. */
  prompt: 1,
  /** What an endpoint is asked and how its answer is read. */
  endpoint: 1,
  /** Our generator: `native/generator/` and `model/native/`. Part of its name, so of every sample's key. */
  native: 2,
  /** node-llama-cpp as a generator: `model/llama/llama-generator.ts`. */
  node_llama_cpp: 1,
  /** A parsed text: `parser.ts`. The parser itself is hashed. */
  analysis: 1,
  /** A verdict: `sandbox/` and `native/sandbox/`. What runs in the jail is hashed. */
  cell: 1,
} as const;

export type Versioned = keyof typeof VERSIONS;

function version(of: Versioned): { version?: number } {
  return VERSIONS[of] === 1 ? {} : { version: VERSIONS[of] };
}

/** Which model writes, and what runs it. */
export interface Writer {
  /** sha256 of the file; at an endpoint, its name there. */
  identity: string;
  generatorName: string;
  stamp: { backend: string; device: string; build: string | null };
}

function writer({ identity, generatorName, stamp }: Writer) {
  const kind = generatorKind(generatorName);
  // Our generator's name has its version in it.
  return { model: identity, generator: generatorName, ...stamp, ...(kind === 'native' ? {} : version(kind)) };
}

function generatorKind(name: string): 'native' | 'endpoint' | 'node_llama_cpp' {
  if (name.startsWith('native ')) return 'native';
  return name.startsWith('endpoint ') ? 'endpoint' : 'node_llama_cpp';
}

export function promptKey(asked: {
  model: string;
  build: string | null;
  messages: unknown;
  prefix: string;
  compat: string;
}): string {
  return contentKey('prompt', { ...asked, ...version('prompt') });
}

/** Of one sample: `sampler` with the limit of tokens that is in force, `asked` what a server is sent instead of tokens. */
export function sampleKey(
  by: Writer,
  asked: { promptTokens: readonly number[]; asked?: unknown; sampler: object; seed: number },
): string {
  return contentKey('sample', { ...writer(by), ...asked });
}

/** Of the model's hidden state after a prompt. */
export function stateKey(by: Writer, promptTokens: readonly number[]): string {
  return contentKey('hidden state', { ...writer(by), promptTokens });
}

/** Which code parses: sha256 of the parser's files, and the interpreter that runs them. */
export interface ParsedBy {
  reader: string;
  interpreter: string;
}

export function analysisKey({ reader, interpreter }: ParsedBy, asked: Record<string, unknown>): string {
  return contentKey('analysis', { ...asked, harness: reader, interpreter, ...version('analysis') });
}

/** The identity of a program that the parser was ended by: its text. */
export function unparsedIdentity(text: string): string {
  return contentKey('program', { text });
}

/** The identity of a script that is executed as it is. */
export function scriptIdentity(code: string): string {
  return contentKey('script', { code });
}

/** All that decides a verdict, besides the candidate and the unit test. */
export interface ExecutedBy {
  /** sha256 of the files that run in the jail. */
  runner: string;
  interpreter: string;
  limits: Limits;
  isolation: string;
  jail: string;
  /** 0, the usual one, is left out. */
  hashSeed: number;
}

export function cellKey(by: ExecutedBy, cell: { candidate: string; test: string }): string {
  const { runner, interpreter, limits, isolation, jail, hashSeed } = by;
  return contentKey('cell', {
    ...cell,
    harness: runner,
    interpreter,
    limits,
    isolation,
    jail,
    ...(hashSeed === 0 ? {} : { hashSeed }),
    ...version('cell'),
  });
}

// What one machine has measured of itself, for the next run's plan.

export function tokenRateKey(host: object, by: Writer): string {
  return contentKey('tokens/s', { host, ...writer(by) });
}

export function responseLengthKey(model: string, sampler: object): string {
  return contentKey('tokens/response', { model, sampler });
}

export function cellRateKey(
  host: object,
  by: { workers: number; interpreter: string; isolation: string; jail: string },
): string {
  return contentKey('cells/s', { host, ...by });
}

// Beside its key, each row has a number that stands for the code that made it, so that rows which no key can reach any
// more are counted, and deleted, without a list of all keys. 0: a version of coderm that did not say.

/** A number of 48 bits for a text. */
function mark(text: string): number {
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);
}

export const promptMark = (): number => mark(`prompt ${VERSIONS.prompt}`);

/** Samples and hidden states. */
export function writerMark({ generatorName }: Pick<Writer, 'generatorName'>): number {
  return markOfWriter(generatorKind(generatorName));
}

const markOfWriter = (kind: keyof typeof VERSIONS) => mark(`${kind} ${VERSIONS[kind]}`);

export function analysisMark({ reader }: Pick<ParsedBy, 'reader'>): number {
  return mark(`analysis ${VERSIONS.analysis} ${reader}`);
}

export function cellMark({ runner }: Pick<ExecutedBy, 'runner'>): number {
  return mark(`cell ${VERSIONS.cell} ${runner}`);
}

/** The marks of rows that this version can still use, by part. */
export function currentMarks(
  by: Pick<ParsedBy, 'reader'> & Pick<ExecutedBy, 'runner'>,
): Record<AddressedName, number[]> {
  const writers = (['native', 'endpoint', 'node_llama_cpp'] as const).map(markOfWriter);
  return {
    // Those that do not say are of version 1, or of a generator whose name is in their keys.
    prompts: [promptMark(), ...((VERSIONS.prompt as number) === 1 ? [0] : [])],
    samples: [...writers, 0],
    analyses: [analysisMark(by), ...writers],
    cells: [cellMark(by)],
  };
}
