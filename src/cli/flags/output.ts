import type { Command } from 'commander';
import { defaultCachePath } from '../../cache/place.js';
import { InputError } from '../../error.js';
import { option } from '../option.js';

export function addOutput(command: Command): Command {
  return command
    .addOption(
      option('--out <file>', 'write the lines here, and FILE.manifest.json beside it (default: stdout)'),
    )
    .addOption(option('--json', 'print one JSON object with the summary on stdout (needs --out)'));
}

export function addReport(command: Command): Command {
  return command.addOption(
    option('--report <file>', 'write a page of the result here: one HTML file, for any browser'),
  );
}

export function addCache(command: Command): Command {
  return command.addOption(
    option('--cache <file>', 'SQLite file that keeps all results').default(defaultCachePath(process.env)),
  );
}

export interface OutputFlags {
  out?: string;
  json?: boolean;
  report?: string;
  cache: string;
}

/** @throws InputError where the summary would be mixed with the lines. */
export function checkSummary({ json, out }: Pick<OutputFlags, 'json' | 'out'>): void {
  if (!json || out !== undefined) return;
  throw new InputError(
    '--json prints the summary on stdout, where the lines would go: expected --out FILE with it.',
  );
}
