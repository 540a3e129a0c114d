import type { Command } from 'commander';
import { SCORERS } from '../../rank/scorers.js';
import { files, option, real, required } from '../option.js';
import { addOutput } from './output.js';

/** Who ranks. */
export function addScorerName(command: Command): Command {
  return command.addOption(
    option('--scorer <name>', 'how passed tests become scores')
      .choices(SCORERS.map(({ name }) => name))
      .default('auto'),
  );
}

export function addScorer(command: Command): Command {
  return addScorerName(command).addOption(
    option('--prune', 'leave out cells that cannot change who wins (needs --scorer majority)'),
  );
}

export function addAbstain(command: Command): Command {
  return command.addOption(
    option('--abstain-below <p>', 'select nothing where the confidence is below p')
      .argParser(real(0, 1))
      .default(0),
  );
}

/** A stored matrix to rank again. */
export function addScoring(command: Command): Command {
  command
    .addOption(required('--matrix <file>', 'execution matrix: lines of coderm execute; gzip accepted'))
    .addOption(
      option('--solutions <file>', 'its candidates, to write the selected one (repeatable)').argParser(files),
    )
    .addOption(
      option('--problems <file>', 'problems that its candidates continue (repeatable)').argParser(files),
    );
  addScorerName(command);
  return addOutput(addAbstain(command));
}

export interface ScoringFlags {
  scorer: string;
  prune?: boolean;
  abstainBelow?: number;
  matrix: string;
}
