import { Command } from 'commander';
import { benchScorers, type PairingReport, type ScorerAccuracy } from '../bench/scorers.js';
import { InputError } from '../error.js';
import { labelled } from '../evaluate/labelled-matrix.js';
import { type Labels, readLabels } from '../evaluate/labels.js';
import { openStoredMatrices } from '../stored-matrix.js';
import { addPairings } from './flags/evaluation.js';
import type { Flags } from './flags/flags.js';
import { printable } from './printable.js';
import { printSummary } from './summary.js';

export function benchScorersCommand(): Command {
  const command = new Command('scorers').description(
    'how often each scorer chooses a right candidate, on stored execution matrices with labels',
  );
  addPairings(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm execute --solutions candidates.jsonl --unit-tests unit_tests.jsonl --out matrix.jsonl
  coderm bench scorers --pairing "mine" --matrices matrix.jsonl --labels labels.jsonl --label plus --draw 2,5,10
Give --pairing, --matrices and --labels once for each pairing, in the same order; --label and --untested once for
all, or once each.
Accuracy in %, of equal candidates one at random, with 95% intervals by bootstrap over problems.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const reports: PairingReport[] = [];
    for (const { name, matrix, labels, untested } of await pairings(flags)) {
      const stored = await openStoredMatrices(matrix);
      try {
        const found = labelled(stored, labels, untested);
        if (found.matrices.length === 0) {
          throw new InputError(
            `${matrix} and --labels have no task in common whose candidates are all labelled: expected the labels of ` +
              'the candidates that it was executed from.',
          );
        }
        const { draw, rounds, seed } = flags;
        reports.push(benchScorers(name, found, { drawn: draw, rounds, seed }));
      } finally {
        stored.close();
      }
      if (!flags.json) process.stdout.write(printable(pairingText(reports.at(-1)!)));
    }
    if (flags.json) printSummary({ pairings: reports });
  });
}

interface Pairing {
  name: string;
  matrix: string;
  labels: Labels;
  untested: boolean;
}

/** The files of each pairing. All labels are read before anything is measured. */
async function pairings(flags: Flags): Promise<Pairing[]> {
  const { matrices, labels, label, untested, pairing = matrices } = flags;
  for (const [flag, given] of [
    ['--labels', labels],
    ['--pairing', pairing],
  ] as const) {
    if (given.length === matrices.length) continue;
    throw new InputError(
      `expected ${flag} once for each --matrices (${matrices.length}), in the same order, got ${given.length}.`,
    );
  }
  for (const [flag, given] of [
    ['--label', label],
    ['--untested', untested],
  ] as const) {
    if (given.length === 1 || given.length === matrices.length) continue;
    throw new InputError(
      `expected ${flag} once, or once for each --matrices (${matrices.length}), got ${given.length}.`,
    );
  }
  const found: Pairing[] = [];
  for (const [at, matrix] of matrices.entries()) {
    const truth = await readLabels([labels[at]!], label[at] ?? label[0]!);
    const how = untested[at] ?? untested[0]!;
    found.push({ name: pairing[at]!, matrix, labels: truth, untested: how === 'count' });
  }
  return found;
}

const percent = (share: number) => (100 * share).toFixed(1);

/** A Markdown table: a row a scorer, a column for each number of tests. */
function pairingText(report: PairingReport): string {
  const { pairing, problems, unlabelled, candidates, tests, random, oracle, scorers } = report;
  const numbers = [...new Set(scorers.map((one) => one.tests))];
  const head = ['scorer', ...numbers.map((number) => (number === null ? 'all tests' : `${number} tests`))];
  const rows = [...new Set(scorers.map(({ scorer }) => scorer))].map((name) => [
    name,
    ...scorers.filter(({ scorer }) => scorer === name).map(accuracyText),
  ]);
  const learnt = scorers
    .filter((one) => one.learnt !== null)
    .map((one) => `${one.tests ?? 'all'}: ${one.learnt!.toFixed(3)}`);
  return [
    `### ${pairing}`,
    '',
    `${problems} problems${unlabelled > 0 ? ` (${unlabelled} more without labels)` : ''}, on average ` +
      `${candidates.toFixed(0)} candidates and ${tests.toFixed(1)} tests; random ${percent(random)}, ` +
      `oracle ${percent(oracle)}; share of valid tests that auto learnt, by number of tests: ${learnt.join(', ')}`,
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    '',
  ].join('\n');
}

function accuracyText({ accuracy: { mean, low, high } }: ScorerAccuracy): string {
  return `${percent(mean)} (${percent(low)}–${percent(high)})`;
}
