import type { Command } from 'commander';
import { PREFERENCE_FORMS, type PreferenceForm } from '../../preference.js';
import { files, option, real, required, whole } from '../option.js';
import { addOutput } from './output.js';

/** A ranking, what was ranked, and which pairs to take from it. */
export function addPreferences(command: Command): Command {
  command
    .addOption(required('--ranking <file>', 'lines of coderm rerank or score; gzip accepted'))
    .addOption(
      required('--problems <file>', 'problems, JSON Lines, gzip accepted (repeatable)').argParser(files),
    )
    .addOption(
      required('--solutions <file>', 'the candidates that were ranked (repeatable)').argParser(files),
    )
    .addOption(
      option('--matrix <file>', 'its execution matrix, to tell behaviours apart by what cells showed'),
    )
    .addOption(
      option('--margin <share>', 'share of the votes that the chosen one passes more, at least')
        .argParser(real(0, 1))
        .default(0.1),
    )
    .addOption(option('--pairs <n>', 'pairs a problem at most').argParser(whole(1)).default(1))
    .addOption(
      option('--min-confidence <p>', 'no pair where the confidence is below p')
        .argParser(real(0, 1))
        .default(0),
    )
    .addOption(
      option('--form <form>', "text: strings; chat: messages, for a model's chat template")
        .choices([...PREFERENCE_FORMS])
        .default('text'),
    )
    .addOption(option('--seed <n>', 'which rejected ones are drawn').argParser(whole(0)).default(0));
  return addOutput(command);
}

export interface PreferenceFlags {
  margin: number;
  pairs: number;
  minConfidence: number;
  form: PreferenceForm;
}
