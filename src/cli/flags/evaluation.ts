import type { Command } from 'commander';
import { LABELS, type Label } from '../../evaluate/labels.js';
import { files, oneOf, option, required, whole, wholeList } from '../option.js';

const BASE_ONLY: Label[] = ['base'];
const UNTESTED = ['skip', 'count'] as const;
const SKIP_ONLY: Untested[] = ['skip'];
type Untested = (typeof UNTESTED)[number];

const labelNames = oneOf(LABELS, BASE_ONLY);
const untestedHow = oneOf(UNTESTED, SKIP_ONLY);

/** A ranking and the labels of its candidates. */
export function addEvaluation(command: Command): Command {
  return command
    .addOption(required('--ranking <file>', 'lines of coderm rerank or score; gzip accepted'))
    .addOption(required('--labels <file>', 'labels of its candidates (repeatable)').argParser(files))
    .addOption(
      option('--label <which>', 'the label that counts: base or plus')
        .argParser(labelNames)
        .default(BASE_ONLY, 'base'),
    )
    .addOption(option('--csv', 'print the problems as CSV, a line each'))
    .addOption(option('--json', 'print one JSON object'));
}

/** Pairings, each with all its tests and with fewer of them. */
export function addPairings(command: Command): Command {
  return addPairingFiles(command)
    .addOption(
      option('--draw <n,n,...>', 'measure also with so many of the tests, drawn at random')
        .argParser(wholeList(1, 100_000))
        .default([], 'all tests only'),
    )
    .addOption(option('--rounds <n>', 'draws of each number of tests').argParser(whole(1, 1000)).default(20));
}

/** Stored matrices of pairings of candidates and tests, and the labels of the candidates. */
export function addPairingFiles(command: Command): Command {
  return command
    .addOption(
      required(
        '--matrices <file>',
        'execution matrix: lines of coderm execute; gzip accepted (repeatable)',
      ).argParser(files),
    )
    .addOption(required('--labels <file>', 'labels of its candidates (repeatable)').argParser(files))
    .addOption(option('--pairing <name>', 'what to call it (repeatable; default: the file)').argParser(files))
    .addOption(
      option('--label <which>', 'the label that counts: base or plus (repeatable)')
        .argParser(labelNames)
        .default(BASE_ONLY, 'base'),
    )
    .addOption(
      option(
        '--untested <how>',
        'labelled tasks without a line: skip, or count as problems of which no test was kept (repeatable)',
      )
        .argParser(untestedHow)
        .default(SKIP_ONLY, 'skip'),
    )
    .addOption(option('--seed <n>', 'seed of the draws').argParser(whole(0)).default(0))
    .addOption(option('--json', 'print one JSON object'));
}

export interface EvaluationFlags {
  ranking: string;
  labels: string[];
  label: Label[];
  csv?: boolean;
  matrices: string[];
  pairing?: string[];
  untested: Untested[];
  draw: number[];
}
