import type { Command } from 'commander';
import { GENERATOR_CHOICES, type GeneratorChoice } from '../../model/generator.js';
import { GPU_CHOICES } from '../../model/llama/backend.js';
import { option, required, whole } from '../option.js';

export function addGpu(command: Command): Command {
  return command.addOption(
    option('--gpu <which>', 'where the model runs')
      .choices([...GPU_CHOICES])
      .default('auto'),
  );
}

/** The model and where it runs. */
export function addDecoding(command: Command, unless: string | null = null): Command {
  return addDevice(
    command.addOption(
      required('--model <gguf>', 'reward model: path of a GGUF file or a name of `coderm models`', unless),
    ),
  );
}

/** Where models run. */
export function addDevice(command: Command): Command {
  return addGpu(command)
    .addOption(option('--gpu-layers <n>', 'layers on the GPU (default: all)').argParser(whole(0)))
    .addOption(
      option(
        '--threads <n>',
        'threads that decode; leave out cores that are busy (default: one a core)',
      ).argParser(whole(1, 1024)),
    )
    .addOption(
      option(
        '--deterministic',
        'decode steps of one shape only: no text depends on --parallel or on what runs beside it, on a GPU too',
      ),
    );
}

export function addModel(command: Command): Command {
  return addLanes(addDecoding(command));
}

/** How much is decoded at a time, and by whom. */
export function addLanes(command: Command): Command {
  return addGenerator(command)
    .addOption(
      option(
        '--context <tokens>',
        "tokens of prompt and response together (default: the model's own)",
      ).argParser(whole(64)),
    )
    .addOption(
      option(
        '--parallel <lanes>',
        'responses written at one time (default: 8 on a CPU, what fits on a GPU, 16 at an endpoint)',
      ).argParser(whole(1, 256)),
    );
}

export function addGenerator(command: Command): Command {
  return command.addOption(
    option('--generator <which>', "who decodes: our own loop over llama.cpp's library, or node-llama-cpp's")
      .choices([...GENERATOR_CHOICES])
      .default('native'),
  );
}

export interface ModelFlags {
  /** Absent where an endpoint has the model. */
  model?: string;
  gpu: (typeof GPU_CHOICES)[number];
  gpuLayers?: number;
  context?: number;
  parallel?: number;
  threads?: number;
  generator?: GeneratorChoice;
  deterministic?: boolean;
}
