import { Command } from 'commander';
import { benchPruneCommand } from './bench-prune.js';

export function benchCommand(signal: AbortSignal): Command {
  return new Command('bench').description('measure this engine').addCommand(benchPruneCommand(signal));
}
