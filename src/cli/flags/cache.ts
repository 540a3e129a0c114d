import { type Command, InvalidArgumentError } from 'commander';
import { option, required } from '../option.js';

export function addInto(command: Command): Command {
  return command
    .addOption(required('--into <file>', 'cache that gets the rows; made if there is none'))
    .addOption(option('--json', 'print one JSON object'));
}

export function addPrune(command: Command): Command {
  return command
    .addOption(
      option('--older-than <time>', 'delete what was stored longer ago, such as 30d, 12h or 45m').argParser(
        seconds,
      ),
    )
    .addOption(
      option(
        '--max-size <size>',
        'then the oldest rows until the file is no larger, such as 500M or 10G',
      ).argParser(bytes),
    )
    .addOption(option('--unused', 'delete what another version of coderm made and this one does not use'));
}

export interface CacheFlags {
  into: string;
  /** Seconds. */
  olderThan?: number;
  /** Bytes. */
  maxSize?: number;
  unused?: boolean;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const BYTES: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function seconds(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return Number(number) * SECONDS[unit]!;
  throw new InvalidArgumentError(
    `Expected a number with s, m, h or d, such as 30d, got ${JSON.stringify(text)}.`,
  );
}

function bytes(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/.exec(text) ?? [];
  if (unit !== undefined) return Number(number) * BYTES[unit]!;
  throw new InvalidArgumentError(
    `Expected bytes, or a number with K, M, G or T, such as 10G, got ${JSON.stringify(text)}.`,
  );
}
