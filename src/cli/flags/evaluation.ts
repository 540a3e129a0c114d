import type { Command, Option } from 'commander';
import { LABELS, type Label } from '../../evaluate/labels.js';
import { files, oneOf, option, required, whole, wholeList } from '../option.js';
import { addScorerName } from './scoring.js';

const BASE_ONLY: Label[] = ['base'];
const UNTESTED = ['skip', 'count'] as const;
const SKIP_ONLY: Untested[] = ['skip'];
type Untested = (typeof UNTESTED)[number];

const labelNames = oneOf(LABELS, BASE_ONLY);
const untestedHow = oneOf(UNTESTED, SKIP_ONLY);

function untested(tasks: string, more = ''): Option {
  return option('--untested <how>', `${tasks}: skip, or count as problems of which no test was kept${more}`)
    .argParser(untestedHow)
    .default(SKIP_ONLY, 'skip');
}

/** A ranking and the labels of its candidates. */
export function addEvaluation(command: Command): Command {
  return command
    .addOption(option('--ranking <file>', 'lines of coderm rerank or score; gzip accepted'))
    .addOption(option('--labels <file>', 'labels of its candidates (repeatable)').argParser(files))
    .addOption(
      option('--label <which>', 'the label that counts: base or plus')
        .argParser(labelNames)
        .default(BASE_ONLY, 'base'),
    )
    .addOption(
      option(
        '--csv [table]',
        'print a table as CSV: problems (default), figures, quintiles, tests, curves, calibration or labels',
      ),
    )
    .addOption(option('--json', 'print one JSON object'));
}

/** A stored matrix beside or instead of the ranking, and what to draw from it. */
export function addCurves(command: Command): Command {
  command.addOption(
    option(
      '--matrix <file>',
      'execution matrix: its unit tests one by one, curves, and, without --ranking, what --scorer chooses in it',
    ),
  );
  return addScorerName(command)
    .addOption(untested('labelled tasks of which --matrix has no line'))
    .addOption(
      option('--curve-tests <m,m,...>', 'accuracy with so many of the tests, drawn at random')
        .argParser(wholeList(0, 100_000))
        .default([], 'no curve'),
    )
    .addOption(
      option('--curve-candidates <n,n,...>', 'and with so many of the candidates, the first ones')
        .argParser(wholeList(1, 100_000))
        .default([], 'all'),
    )
    .addOption(option('--rounds <n>', 'draws of each number of tests').argParser(whole(1, 1000)).default(20))
    .addOption(option('--seed <n>', 'seed of the draws').argParser(whole(0)).default(0));
}

/** Problems whose own tests make the labels, and the candidates that they judge. */
export function addGroundTruth(command: Command): Command {
  return command
    .addOption(
      option(
        '--ground-truth <file>',
        'compute the labels: problems with their hidden tests (HumanEval, HumanEval+, MBPP, MBPP+; repeatable: ' +
          'all must pass); given --labels are then compared with them',
      ).argParser(files),
    )
    .addOption(option('--solutions <file>', 'the candidates to judge (repeatable)').argParser(files))
    .addOption(
      option(
        '--problems <file>',
        'problems that they continue (repeatable; default: the first --ground-truth)',
      ).argParser(files),
    )
    .addOption(option('--limit <n>', 'tasks to judge at most').argParser(whole(1)))
    .addOption(
      option('--candidates <n>', 'candidates a task to judge at most, the first ones').argParser(whole(1)),
    )
    .addOption(option('--labels-out <file>', 'write the computed labels here, a line a candidate'));
}

/** Pairings, each with all its tests and with fewer of them. */
export function addPairings(command: Command): Command {
  return addPairingFiles(command)
    .addOption(
      option('--draw <n,n,...>', 'measure also with so many of the tests, drawn at random')
        .argParser(wholeList(1, 100_000))
        .default([], 'all tests only'),
    )
    .addOption(option('--rounds <n>', 'draws of each number of tests').argParser(whole(1, 1000)).default(20))
    .addOption(
      option('--equal-tests <how>', 'tests that are equal: count as often as they were sampled, or once')
        .choices(['count', 'once'])
        .default('count'),
    );
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
    .addOption(untested('labelled tasks without a line', ' (repeatable)'))
    .addOption(option('--seed <n>', 'seed of the draws').argParser(whole(0)).default(0))
    .addOption(option('--json', 'print one JSON object'));
}

export interface EvaluationFlags {
  ranking: string;
  labels: string[];
  label: Label[];
  groundTruth?: string[];
  labelsOut?: string;
  csv?: boolean | string;
  curveTests: number[];
  curveCandidates: number[];
  matrices: string[];
  pairing?: string[];
  untested: Untested[];
  draw: number[];
  equalTests: 'count' | 'once';
}
