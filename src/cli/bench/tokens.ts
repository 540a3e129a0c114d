import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { gpuDriver } from '../../bench/gpu-driver.js';
import { batchedBenchEngine, nativeEngine, otherEngine, type TokenSetup } from '../../bench/token-engines.js';
import { benchTokens, type TokenShape } from '../../bench/tokens.js';
import { InputError } from '../../error.js';
import { describeHost } from '../../manifest.js';
import { isSoftwareDevice } from '../../model/devices/device.js';
import { findModel } from '../../model/files/registry.js';
import { type GgufInfo, readGguf } from '../../model/gguf/gguf.js';
import { type Backend, openBackend } from '../../model/llama/backend.js';
import { deviceMemory } from '../../model/llama/memory.js';
import { quantisationName } from '../../model/llama/quantisation.js';
import { addTokenBench } from '../flags/bench.js';
import type { Flags } from '../flags/flags.js';
import { addDecoding, addGenerator } from '../flags/model.js';
import { printable } from '../printable.js';
import { stderrProgress } from '../progress-bar.js';
import { printSummary } from '../summary.js';
import { tokenRowsText } from './tokens-text.js';

export function benchTokensCommand(signal: AbortSignal): Command {
  const command = new Command('tokens').description(
    'tokens per second of prefill and decode, by lanes, for this machine and a model',
  );
  for (const add of [addDecoding, addGenerator, addTokenBench]) add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm bench tokens --model CodeRM-8B.Q4_K_M.gguf --lanes 1,8,32,128 --compare-batched-bench llama-batched-bench
Columns are named as llama-batched-bench names them: pp prompt tokens, tg decode steps, pl lanes, t_* seconds, speed_*
tokens a second. Its seconds hold no sampling; ours do, with the paper's sampler over the whole vocabulary.`,
  );
  return command.action(() => bench(command.opts<Flags>(), signal));
}

async function bench(flags: Flags, signal: AbortSignal): Promise<void> {
  const info = await readGguf(findModel(flags.model!));
  const shapes = shapesOf(flags, info);
  const backend = await openBackend(flags.gpu);
  try {
    const progress = stderrProgress();
    const setup: TokenSetup = {
      info,
      backend,
      gpuLayers: flags.gpuLayers ?? null,
      threads: flags.threads ?? availableParallelism(),
      deterministic: flags.deterministic === true,
      progress,
    };
    const native = flags.generator !== 'node-llama-cpp';
    const engines = [
      native ? nativeEngine(setup) : otherEngine(setup),
      ...(flags.compareBatchedBench === undefined
        ? []
        : [batchedBenchEngine(flags.compareBatchedBench, setup)]),
      ...(flags.compareNodeLlamaCpp && native ? [otherEngine(setup)] : []),
    ];
    const about = await aboutRun(info, backend, setup.threads); // also the memory that is free before anything is loaded
    const rows = await benchTokens(engines, shapes, flags.rounds, progress, signal);
    if (flags.json) printSummary({ rows: rows.map((row) => ({ ...row, ...about })) });
    else process.stdout.write(printable(tokenRowsText(rows, flags.output, about)));
  } finally {
    await backend.close();
  }
}

function shapesOf({ lanes, prompt, tokens }: Flags, info: GgufInfo): TokenShape[] {
  if (prompt + tokens + 1 > info.contextTokens) {
    throw new InputError(
      `expected --prompt and --tokens within the model's context of ${info.contextTokens} tokens, got ` +
        `${prompt} + ${tokens}: name smaller ones.`,
    );
  }
  return lanes.map((pl) => ({ pp: prompt, tg: tokens, pl }));
}

/** What the figures hold for. */
async function aboutRun(info: GgufInfo, opened: Backend, threads: number) {
  const { device, build, backend } = opened;
  const { cpu, cores } = describeHost();
  const { gpu, ram } = await deviceMemory(opened);
  return {
    model: info.name ?? info.path,
    quantisation: await quantisationName(info),
    backend,
    device,
    device_kind: backend === 'cpu' ? 'cpu' : isSoftwareDevice(device) ? 'software' : 'gpu',
    memory_total_mib: mib((gpu ?? ram).total),
    memory_free_mib: mib((gpu ?? ram).free),
    driver: backend === 'cuda' ? await gpuDriver() : null,
    build,
    threads,
    cpu,
    cores,
  };
}

function mib(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
