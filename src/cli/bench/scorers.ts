import { Command } from 'commander';
import { benchScorers, type PairingReport, type ScorerAccuracy } from '../../bench/scorers.js';
import { addPairings } from '../flags/evaluation.js';
import type { Flags } from '../flags/flags.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';
import { eachPairing } from './pairings.js';

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
Prints a Markdown table for each pairing. Rows: the scorers of coderm score. Columns: "all tests", and for each --draw
"n tests": n of a problem's tests, drawn anew in each of --rounds. Cells: the share of problems whose chosen candidate
is right, in %, of equal candidates one at random; in brackets the 95% interval by bootstrap over problems. Above it
random (a candidate taken at random), oracle (problems with a right candidate) and the share of valid tests that auto
learnt; below it how many points auto is ahead of the better of majority and codet. --json has the same, as 0 to 1.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const reports: PairingReport[] = [];
    const { draw, rounds, seed, equalTests } = flags;
    for await (const { name, found } of eachPairing(flags)) {
      reports.push(benchScorers(name, found, { drawn: draw, rounds, seed, equalTests }));
      if (!flags.json) process.stdout.write(printable(pairingText(reports.at(-1)!)));
    }
    if (flags.json) printSummary({ pairings: reports });
  });
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
    `auto beside the better of majority and codet: ${numbers.map((number) => lead(report, number)).join(', ')}`,
    '',
    '',
  ].join('\n');
}

/** By how many points the default is ahead of what counts and what weighs, such as `5: +1.2`. */
function lead({ scorers }: PairingReport, tests: number | null): string {
  const of = (name: string) =>
    scorers.find((one) => one.scorer === name && one.tests === tests)?.accuracy.mean ?? 0;
  const points = percent(of('auto') - Math.max(of('majority'), of('codet'))).replace(/^-(0\.0)$/, '$1');
  return `${tests ?? 'all'}: ${points.startsWith('-') ? '' : '+'}${points}`;
}

function accuracyText({ accuracy: { mean, low, high } }: ScorerAccuracy): string {
  return `${percent(mean)} (${percent(low)}–${percent(high)})`;
}
