import { Command } from 'commander';
import { SCORERS } from '../../rank/scorers.js';
import { option, whole } from '../option.js';
import { addExecution, addJail, addWorkers } from './execution.js';
import type { Flags } from './flags.js';
import { addGeneration } from './generation.js';
import { addModel } from './model.js';
import { addReport } from './output.js';

/** Tokens of one answer at most: three methods of the tiny model's longest values. */
const MAX_TOKENS = 256;

export function addDemo(command: Command): Command {
  command
    .addOption(option('--tests <n>', 'unit tests a problem').argParser(whole(1, 1000)).default(32))
    .addOption(
      option('--seed <n>', 'run seed; every sample has its own, made from it').argParser(whole(0)).default(0),
    )
    .addOption(
      option('--scorer <name>', 'how passed tests become scores')
        .choices(SCORERS.map(({ name }) => name))
        .default('auto'),
    )
    .addOption(
      // The model is so small that threads would mostly wait for each other, the more so where a core is busy.
      option('--threads <n>', 'threads that decode').argParser(whole(1, 1024)).default(1),
    );
  addReport(addJail(addWorkers(command)));
  return command.addOption(option('--json', 'print one JSON object'));
}

/** What `coderm rerank` would take where the demo has no flag, on the CPU. */
export function demoDefaults(): Flags {
  const all = new Command();
  for (const add of [addModel, addGeneration, addExecution]) add(all);
  return { ...all.opts<Flags>(), gpu: 'cpu', maxTokens: MAX_TOKENS };
}
