import { performance } from 'node:perf_hooks';
import { InputError } from '../error.js';
import { type GenerationRequest, type Generator, PAPER_SAMPLER } from '../model/generator.js';
import type { Vocabulary } from '../model/gguf/gguf.js';
import type { Progress } from '../progress.js';
import { median } from './summary.js';

// Theory of operation. One measurement is one prompt of `pp` tokens, prefilled, and `pl` samples of it, each decoded for
// `tg` steps past its end-of-generation tokens, with the paper's sampler over the whole vocabulary. An engine starts
// afresh for each and runs the shape once unmeasured. Engines take turns, round after round, one process at a time:
// llama.cpp's threads spin while they wait, so two of them would measure each other.

/** What is decoded; names are those of llama-batched-bench. */
export interface TokenShape {
  /** Tokens of the prompt. */
  pp: number;
  /** Decode steps of each sample. */
  tg: number;
  /** Samples decoded together: lanes. */
  pl: number;
}

/** Seconds of one measurement. */
export interface TokenTimes {
  t_pp: number;
  t_tg: number;
  /** Of t_tg: drawing tokens; null where the engine draws none or does not say. */
  t_sampling: number | null;
  /** Until the first finished sample had arrived; null where the engine has none. */
  t_first: number | null;
}

export type EngineName = 'native' | 'node-llama-cpp' | 'llama-batched-bench';

export interface TokenEngine {
  readonly name: EngineName;
  /** Whether the samples share the prefill of their prompt; else it is done for each. */
  readonly sharesPrompt: boolean;
  measure(shape: TokenShape, signal: AbortSignal): Promise<TokenTimes>;
}

/** One line of the report: medians over the rounds, under the names that llama-batched-bench uses. */
export interface TokenRow extends TokenShape, TokenTimes {
  engine: EngineName;
  /** KV cells that the shape needs. */
  n_kv: number;
  /** Tokens a second: of prompts, of samples, and of both. */
  speed_pp: number;
  speed_tg: number;
  t: number;
  speed: number;
  /** speed_tg over llama-batched-bench's, the median of the rounds' ratios; null where that was not measured. */
  times_batched_bench: number | null;
}

/** Measures every shape with every engine, in turn. Rows come shape by shape. */
export async function benchTokens(
  engines: readonly TokenEngine[],
  shapes: readonly TokenShape[],
  rounds: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<TokenRow[]> {
  const phase = progress.phase('bench', engines.length * shapes.length * rounds, 'measurements');
  const rows: TokenRow[] = [];
  try {
    for (const shape of shapes) {
      const times = new Map<TokenEngine, TokenTimes[]>(engines.map((engine) => [engine, []]));
      for (let round = 0; round < rounds; round += 1) {
        for (const [engine, found] of times) {
          const measured = await engine.measure(shape, signal);
          signal.throwIfAborted();
          found.push(measured);
          phase.advance(1, `${engine.name}, ${shape.pl} lanes, ${speed(shape, measured.t_tg)} tokens/s`);
        }
      }
      const peer = [...times].find(([{ name }]) => name === 'llama-batched-bench')?.[1] ?? null;
      for (const [engine, found] of times) rows.push(rowOf(engine, shape, found, peer));
    }
  } finally {
    phase.end();
  }
  return rows;
}

function rowOf(
  { name, sharesPrompt }: TokenEngine,
  shape: TokenShape,
  times: readonly TokenTimes[],
  peer: readonly TokenTimes[] | null,
): TokenRow {
  const { pp, tg, pl } = shape;
  const middle = (of: (one: TokenTimes) => number | null) => {
    const values = times.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  const prompts = sharesPrompt ? pp : pl * pp;
  const [t_pp, t_tg] = [middle((one) => one.t_pp)!, middle((one) => one.t_tg)!];
  return {
    engine: name,
    ...shape,
    n_kv: prompts + pl * tg,
    t_pp,
    t_tg,
    t_sampling: middle((one) => one.t_sampling),
    t_first: middle((one) => one.t_first),
    speed_pp: prompts / t_pp,
    speed_tg: (pl * tg) / t_tg,
    t: t_pp + t_tg,
    speed: (prompts + pl * tg) / (t_pp + t_tg),
    times_batched_bench: peer && median(times.map(({ t_tg: own }, round) => peer[round]!.t_tg / own)),
  };
}

function speed({ pl, tg }: TokenShape, seconds: number): number {
  return Math.round((pl * tg) / seconds);
}

/** GGUF's type of an ordinary token. */
const NORMAL = 1;

/** Samples of `steps` decode steps: the first token of each comes from the prompt's prefill. */
export function requestOf(
  { pp, pl }: TokenShape,
  steps: number,
  { types, tokens }: Vocabulary,
): GenerationRequest {
  const ids = [...tokens.keys()].filter((id) => (types[id] ?? NORMAL) === NORMAL);
  return {
    taskId: 'bench',
    promptTokens: Array.from({ length: pp }, (_, at) => ids[(at * 7919) % ids.length]!),
    sampler: { ...PAPER_SAMPLER, maxTokens: steps + 1 },
    samples: Array.from({ length: pl }, (_, index) => ({ index, seed: index + 1 })),
    wantHidden: false,
  };
}

/** One request that ran to its end. */
export interface Clocked {
  seconds: number;
  /** Seconds until its first sample had ended. */
  first: number;
  /** Of all samples. */
  tokens: number;
}

/** Runs one request to its end, on the clock. */
export async function clocked(
  generator: Generator,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<Clocked> {
  const start = performance.now();
  let [first, tokens] = [0, 0];
  for await (const output of generator.generate([request], signal)) {
    if ('reason' in output) throw new Error(output.reason);
    if (!('text' in output)) continue;
    first ||= (performance.now() - start) / 1000;
    tokens += output.tokens;
  }
  return { seconds: (performance.now() - start) / 1000, first, tokens };
}

/** A run of no decode step that was disturbed takes longer than a whole one; five in a row say that all is noise. */
const MOST_TRIES = 5;

/**
 * The seconds of a prefill, and a whole run of the shape, for an engine that tells only how long a request took: a
 * request of no decode step is all prefill.
 * @throws InputError where decoding is lost in the noise of the clock
 */
export async function prefillApart(
  clock: (steps: number) => Promise<Clocked>,
  { tg }: TokenShape,
): Promise<{ t_pp: number; whole: Clocked }> {
  let t_pp = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    t_pp = Math.min(t_pp, (await clock(0)).seconds);
    const whole = await clock(tg);
    if (whole.seconds > t_pp) return { t_pp, whole };
  }
  throw new InputError(
    `expected a shape that takes longer to decode than this machine's times differ, got --tokens ${tg}: name more.`,
  );
}
