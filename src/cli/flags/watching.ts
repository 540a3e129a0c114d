import type { Command } from 'commander';
import { option } from '../option.js';

/** For whoever watches many machines. */
export function addWatching(command: Command): Command {
  return command
    .addOption(
      option(
        '--json-log',
        'a JSON line on stderr for each event (samples, cells, the end), not a progress bar',
      ),
    )
    .addOption(
      option(
        '--metrics <file>',
        "samples, rates, queue and cache hits in Prometheus' text format, written anew",
      ),
    );
}

export interface WatchingFlags {
  jsonLog?: boolean;
  metrics?: string;
}
