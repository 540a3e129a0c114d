import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { InputError } from '../error.js';
import type { GgufInfo } from '../model/gguf/gguf.js';
import type { Backend } from '../model/llama/backend.js';
import { LlamaGenerator } from '../model/llama/llama-generator.js';
import { openModel } from '../model/llama/model.js';
import { NativeGenerator } from '../model/native/native-generator.js';
import type { Progress } from '../progress.js';
import { clocked, prefillApart, requestOf, type TokenEngine, type TokenShape } from './tokens.js';

/** What all engines run. */
export interface TokenSetup {
  info: GgufInfo;
  backend: Backend;
  /** Null: all. */
  gpuLayers: number | null;
  threads: number;
  deterministic: boolean;
  progress: Progress;
}

/** Our own loop. What crosses to its process and back is within the seconds. */
export function nativeEngine(setup: TokenSetup): TokenEngine {
  const { info, backend, gpuLayers, threads, deterministic, progress } = setup;
  return {
    name: 'native',
    sharesPrompt: true,
    measure: async (shape, signal) => {
      const generator = new NativeGenerator({
        info,
        backend: backend.backend,
        gpuLayers,
        threads,
        contextTokens: null,
        lanes: shape.pl,
        deterministic,
        detokenize: () => '',
        progress,
        ignoreEnd: true,
      });
      try {
        const request = requestOf(shape, shape.tg, info.vocabulary);
        await clocked(generator, request, signal);
        const before = await generator.stats();
        const { seconds, first } = await clocked(generator, request, signal);
        const after = await generator.stats();
        signal.throwIfAborted();
        if (before === null || after === null || after.lanes < shape.pl) throw doesNotFit(info, shape);
        const t_pp = after.prefillSeconds - before.prefillSeconds;
        const t_sampling = after.samplingSeconds - before.samplingSeconds;
        return { t_pp, t_tg: seconds - t_pp, t_sampling, t_first: first };
      } finally {
        await generator.close();
      }
    },
  };
}

/** node-llama-cpp's own way: each lane prefills the prompt. One sampled token tells what the prefill takes. */
export function otherEngine({ info, backend, gpuLayers, threads }: TokenSetup): TokenEngine {
  return {
    name: 'node-llama-cpp',
    sharesPrompt: false,
    measure: async (shape, signal) => {
      const model = await openModel({ file: info, gpu: backend, gpuLayers, threads });
      const generator = new LlamaGenerator({ model, contextTokens: null, lanes: shape.pl });
      try {
        const request = (steps: number) => requestOf(shape, steps, info.vocabulary);
        await clocked(generator, request(shape.tg), signal);
        const { t_pp, whole } = await prefillApart(
          (steps) => clocked(generator, request(steps), signal),
          shape,
        );
        const { seconds, first, tokens } = whole;
        signal.throwIfAborted();
        // A sample that the model ended has fewer tokens: as if it had gone on at the same speed.
        const steps = Math.max(1, tokens - shape.pl);
        return {
          t_pp,
          t_tg: ((seconds - t_pp) * shape.pl * shape.tg) / steps,
          t_sampling: null,
          t_first: first,
        };
      } finally {
        await generator.close();
        await model.close();
      }
    },
  };
}

const run = promisify(execFile);

const batchedRowSchema = z.object({ t_pp: z.number(), t_tg: z.number() });

/** llama.cpp's own benchmark of the same shape: a shared prompt, unified cells, no sampling. */
export function batchedBenchEngine(path: string, setup: TokenSetup): TokenEngine {
  return {
    name: 'llama-batched-bench',
    sharesPrompt: true,
    measure: async ({ pp, tg, pl }, signal) => {
      const { info, backend, gpuLayers, threads } = setup;
      const layers = backend.backend === 'cpu' ? 0 : (gpuLayers ?? 999);
      // 256 cells more: llama.cpp rounds a context up, and refuses one that is just large enough.
      const numbers = {
        c: pp + pl * tg + 256,
        npp: pp,
        ntg: tg,
        npl: pl,
        ngl: layers,
        t: threads,
        tb: threads,
      };
      const flags = Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]);
      const given = ['-m', info.path, ...flags, '-pps', '-kvu', '--output-format', 'jsonl'];
      const { stdout } = await run(path, given, { signal, maxBuffer: 2 ** 24 }).catch((error: Error) => {
        signal.throwIfAborted();
        throw new InputError(`--compare-batched-bench: ${path} did not run: ${lastLine(error.message)}`, {
          cause: error,
        });
      });
      return { ...batchedRow(path, stdout), t_sampling: null, t_first: null };
    },
  };
}

function batchedRow(path: string, stdout: string): z.infer<typeof batchedRowSchema> {
  const line = stdout.split('\n').find((text) => text.startsWith('{') && text.includes('"t_tg"'));
  try {
    return batchedRowSchema.parse(JSON.parse(line ?? ''));
  } catch {
    throw new InputError(
      `--compare-batched-bench: expected llama-batched-bench's jsonl on its standard output, and ${path} wrote something else.`,
    );
  }
}

function doesNotFit({ path }: GgufInfo, { pl, pp, tg }: TokenShape): InputError {
  return new InputError(
    `expected memory for ${pl} lanes of ${pp} + ${tg} tokens of ${path}, and fewer fit: name fewer --lanes.`,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.slice(0, 300);
}
