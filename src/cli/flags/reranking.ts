import type { Command } from 'commander';
import { addExecution } from './execution.js';
import { addGeneration } from './generation.js';
import { addCache, addOutput, addReport } from './output.js';
import { addScaling } from './scaling.js';
import { addAbstain, addScorer } from './scoring.js';
import { addShard } from './shard.js';
import { addWatching } from './watching.js';

/**
 * From problems with candidates to ranked lines, which `rerank` and `solve` have in common.
 *
 * @param costs what --dry-run prints
 */
export function addReranking(command: Command, costs: string): Command {
  for (const add of [
    addGeneration,
    addScaling,
    addExecution,
    addScorer,
    addAbstain,
    addOutput,
    addReport,
    addCache,
    addShard,
    addWatching,
  ])
    add(command);
  return command.option('--dry-run', `print ${costs}, and do nothing of it`);
}

export interface RerankingFlags {
  dryRun?: boolean;
}
