import { missingSentences } from '../missing-module.js';
import type { Tally } from '../tally.js';
import { jsonLine } from './printable.js';
import { snakeCase } from './snake-case.js';

/** One JSON object on standard output, for a machine. */
export function printSummary(summary: object): void {
  process.stdout.write(jsonLine(snakeCase(summary)));
}

/** The reader's summary: what every stage did, a line each. */
export function summaryText(tally: Tally): string {
  const { samples, responses, cells, verdicts, seconds, policy } = tally;
  const lines: [string, string][] = [
    ['problems', `${tally.problems}${tally.failedProblems > 0 ? `, ${tally.failedProblems} failed` : ''}`],
    ['candidates', String(tally.candidates)],
  ];
  if (policy !== null) lines.push(['solutions', samplesText(policy)]);
  if (samples.requested > 0) lines.push(['responses', samplesText(tally)]);
  const dropped = counts(responses.dropped);
  if (samples.requested > 0 || dropped !== '') {
    const kept = samples.requested > 0 ? `${responses.kept} kept` : '';
    lines.push(['unit tests', [kept, dropped && `dropped: ${dropped}`].filter(Boolean).join('; ')]);
  }
  lines.push(
    [
      'cells',
      `${cells.total} (${cells.executed} executed, ${cells.cached} cached, ${cells.deduplicated} equal to another` +
        `${cells.pruned > 0 ? `, ${cells.pruned} pruned` : ''})` +
        `, ${rate(cells.executed, seconds.execute)} cells/s`,
    ],
    ['verdicts', counts(verdicts) || 'none'],
  );
  for (const sentence of missingSentences(tally.missingModules)) lines.push(['missing', sentence]);
  if (cells.rechecked > 0) {
    lines.push(['recheck', `${cells.rechecked} contested cells run again, ${tally.flaky} flaky unit tests`]);
  }
  if (samples.requested > 0) lines.push(...choiceLines(tally));
  lines.push([
    'time',
    `${seconds.total.toFixed(1)} s (generate ${seconds.generate.toFixed(1)}, extract ${seconds.extract.toFixed(1)}, ` +
      `execute ${seconds.execute.toFixed(1)})`,
  ]);
  return asText(lines);
}

function samplesText({
  samples,
  tokensGenerated,
  seconds,
}: Pick<Tally, 'samples' | 'tokensGenerated' | 'seconds'>): string {
  const failed = samples.failed > 0 ? `, ${samples.failed} failed` : '';
  return (
    `${samples.requested} (${samples.generated} generated, ${samples.cached} cached${failed})` +
    `, ${rate(tokensGenerated, seconds.generate)} tokens/s`
  );
}

/** The same of a run that only ranks. */
export function scoreText(tally: Tally): string {
  return asText([
    ['problems', String(tally.problems)],
    ['candidates', String(tally.candidates)],
    ...choiceLines(tally),
  ]);
}

function choiceLines({ problems, separated, abstained, stopped, validity }: Tally): [string, string][] {
  const lines: [string, string][] = [
    ['votes', `${separated} of ${problems} problems have candidates told apart`],
  ];
  if (validity !== null)
    lines.push(['valid', `${validity.toFixed(3)} of the unit tests, as learnt over this run`]);
  if (stopped)
    lines.push(['stopped', 'before the budget was spent: the ranking is that of the tests so far']);
  if (abstained > 0) lines.push(['abstained', `on ${abstained} problems`]);
  return lines;
}

function asText(lines: readonly [string, string][]): string {
  return lines.map(([name, text]) => `${name.padEnd(11)}${text}\n`).join('');
}

function counts(record: Partial<Record<string, number>>): string {
  return Object.entries(record)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ');
}

function rate(amount: number, seconds: number): string {
  return seconds > 0 ? (amount / seconds).toFixed(0) : '–';
}
