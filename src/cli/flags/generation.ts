import type { Command } from 'commander';
import { PAPER_SAMPLER } from '../../model/generator.js';
import { option, real, whole } from '../option.js';

export function addGeneration(command: Command): Command {
  const { temperature, topP, topK, minP, maxTokens } = PAPER_SAMPLER;
  const own = `(default: ${maxTokens}, or what the registry says of a small model)`;
  return command
    .addOption(
      option('--tests <n>', 'unit tests a problem; with --budget the most of one')
        .argParser(whole(1, 100_000))
        .default(100),
    )
    .addOption(
      option('--seed <n>', 'run seed; every sample has its own, made from it').argParser(whole(0)).default(0),
    )
    .addOption(
      option('--temperature <t>', 'sampling temperature; 0 is greedy')
        .argParser(real(0, 10))
        .default(temperature),
    )
    .addOption(option('--top-p <p>', 'nucleus mass; 1 is off').argParser(real(0.0001, 1)).default(topP))
    .addOption(option('--top-k <k>', 'most likely tokens kept; 0 is off').argParser(whole(0)).default(topK))
    .addOption(
      option('--min-p <p>', 'least share of the likeliest token; 0 is off')
        .argParser(real(0, 1))
        .default(minP),
    )
    .addOption(option('--max-tokens <n>', `tokens of one response at most ${own}`).argParser(whole(1)))
    .addOption(
      option(
        '--response-prefix <text|file>',
        'start of every answer; {entry_point} and {EntryPoint} are filled in',
      ),
    )
    .addOption(
      option('--prompt-compat <how>', "paper: as the authors' code (no generation prompt, BOS doubled)")
        .choices(['none', 'paper'])
        .default('none'),
    )
    .addOption(
      option('--extract <how>', "how responses are read; paper: the authors' rules")
        .choices(['salvage', 'paper'])
        .default('salvage'),
    );
}

export interface GenerationFlags {
  tests: number;
  seed: number;
  temperature: number;
  topP: number;
  topK: number;
  minP: number;
  maxTokens?: number;
  responsePrefix?: string;
  promptCompat: 'none' | 'paper';
  extract: 'salvage' | 'paper';
}
