import type { Command } from 'commander';
import { LABELS } from '../../evaluate/labels.js';
import { files, oneOf, option, required, whole } from '../option.js';

/** What a probe learns from, and how. */
export function addTraining(command: Command): Command {
  return command
    .addOption(
      option(
        '--labels <file>',
        'labels of the candidates: the share of right ones is a pass rate (repeatable)',
      ).argParser(files),
    )
    .addOption(
      option('--label <which>', 'the label that counts: base or plus')
        .argParser(oneOf(LABELS, ['base']))
        .default(['base'], 'base'),
    )
    .addOption(
      option('--matrix <file>', 'instead of labels: lines of coderm execute; the share of tests passed'),
    )
    .addOption(option('--width <n>', 'hidden units of the probe').argParser(whole(1, 4096)).default(32))
    .addOption(
      option('--folds <n>', 'parts of the cross-validation; 0: none').argParser(whole(0, 1000)).default(5),
    )
    .addOption(
      option('--held-out <file>', 'write the pass rate that each problem got from a probe that never met it'),
    )
    .addOption(required('--out <file>', 'write the probe here'))
    .addOption(option('--json', 'print one JSON object'));
}

export function addProbe(command: Command): Command {
  return command.addOption(required('--probe <file>', 'what difficulty train wrote'));
}

export interface DifficultyFlags {
  probe: string;
  width: number;
  folds: number;
  heldOut?: string;
}
