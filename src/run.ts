import type { Cache } from './cache/database.js';
import type { Sampler } from './model/generator.js';
import type { OpenModel } from './model/open-model.js';
import type { ExtractMode, Parser } from './parser.js';
import type { Progress } from './progress.js';
import type { Jail } from './sandbox/jail.js';
import type { Isolation } from './sandbox/job.js';
import type { Sandbox } from './sandbox/sandbox.js';
import type { Tally } from './tally.js';
import type { Limits } from './verdict.js';

/** How unit tests are written: what a sample's text depends on besides the model and the problem. */
export interface GenerationOptions {
  seed: number;
  /** maxTokens null: the model registry's default. What ends an answer follows from how it is started. */
  sampler: Omit<Sampler, 'maxTokens' | 'stop'> & { maxTokens: number | null };
  /** Started answer, with {entry_point} and {EntryPoint}; null: the model registry's default. */
  responsePrefix: string | null;
  promptCompat: 'none' | 'paper';
  extract: ExtractMode;
}

/** What every stage that executes needs. The one who made it closes it. */
export interface ExecutionRun {
  cache: Cache;
  sandbox: Sandbox;
  parser: Parser;
  limits: Limits;
  isolation: Isolation;
  /** How often contested cells are run again, each time under another hash seed. */
  recheck: number;
  /** Each unit test is also run on a program that does nothing. */
  stub?: boolean;
  /** Equal cells are executed once; false only for measuring. */
  dedup: boolean;
  jail: Jail;
  progress: Progress;
  tally: Tally;
  signal: AbortSignal;
}

/** What the stages of `rerank` and `generate` share. */
export interface Run extends ExecutionRun {
  model: OpenModel;
  generation: GenerationOptions;
  /** Leave out cells that cannot change who wins. */
  prune: boolean;
}
