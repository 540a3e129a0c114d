import { Command } from 'commander';
import { InputError } from '../error.js';
import type { Evaluated } from '../evaluate/report.js';
import type { Facts } from '../page/document.js';
import { evaluateAll } from './evaluated.js';
import { CSV_TABLES, type CsvTable, evaluationCsv } from './evaluation-csv.js';
import { evaluationText } from './evaluation-text.js';
import { addCurves, addEvaluation, addGroundTruth } from './flags/evaluation.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addCache, addReport } from './flags/output.js';
import { addShard, withOwnFiles } from './flags/shard.js';
import { agreementText } from './ground-truth.js';
import { type Given, givenFlags } from './option.js';
import { printable } from './printable.js';
import { endedNow, withPage } from './report.js';
import { printSummary } from './summary.js';

export function evaluateCommand(signal: AbortSignal): Command {
  const command = new Command('evaluate');
  for (const add of [addEvaluation, addReport, addCurves, addGroundTruth, addExecution, addCache, addShard])
    add(command);
  command.addHelpText(
    'after',
    `
Example:
  coderm evaluate --ranking ranked.jsonl --labels labels.jsonl --label plus
  coderm evaluate --matrix matrix.jsonl --labels labels.jsonl --scorer majority --curve-tests 1,2,5,10
  coderm evaluate --matrix matrix.jsonl --labels labels.jsonl --report evaluation.html
  coderm evaluate --ranking ranked.jsonl --ground-truth HumanEvalPlus.jsonl.gz --solutions candidates.jsonl
Labels: {task_id, sol_id, passed} or {task_id, sol_id, base, plus} a line, CodeRM's *_anno.jsonl, or EvalPlus results;
or, with --ground-truth, what the problems' own hidden tests say in the sandbox (10 s of CPU each, unless --cpu-ms).
Problems of which a candidate has no label are left out, and counted. docs/evaluation.md says what each figure is.`,
  );
  return command.action(async () => {
    await runEvaluation(withOwnFiles(command.opts<Flags>()), givenFlags(command), signal);
  });
}

async function runEvaluation(flags: Flags, given: Given, signal: AbortSignal): Promise<void> {
  const table = csvTable(flags);
  checkInputs(flags);
  const { labels = [], groundTruth = [], solutions = [], ranking, matrix }: Partial<Flags> = flags;
  const inputs = [
    ...labels,
    ...groundTruth,
    ...solutions,
    ...[ranking, matrix].filter((file) => file !== undefined),
  ];
  const outputs = { '--labels-out': flags.labelsOut };
  await withPage(flags.report, { inputs, outputs }, async (page) => {
    const evaluated = await evaluateAll(flags, given, signal);
    if (table !== null) process.stdout.write(printable(evaluationCsv(table, evaluated)));
    else if (flags.json) printSummary(summaryOf(evaluated));
    else process.stdout.write(printable(textOf(evaluated)));
    if (page === null) return;
    // Loaded only here: the plot library takes longer to start than the evaluation.
    const { evaluationPage } = await import('../page/evaluation/page.js');
    page.write(evaluationPage({ ...endedNow('coderm evaluate'), facts: factsOf(flags) }, evaluated));
    page.complete();
  });
}

function summaryOf({ ranked, matrix, agreement }: Evaluated): Record<string, unknown> {
  return {
    ...(ranked ? { ...ranked.found, unlabelled: ranked.unlabelled } : {}),
    ...matrix?.summary,
    ...(agreement ? { labels: agreement } : {}),
  };
}

function textOf({ ranked, matrix, agreement }: Evaluated): string {
  return (agreement ? agreementText(agreement) : '') + (ranked ? evaluationText(ranked, matrix) : '');
}

/** What the page says of where its figures come from. */
function factsOf({ ranking, matrix, labels, groundTruth, label, scorer, ...plan }: Flags): Facts {
  const { curveTests, rounds, seed } = plan;
  const facts: [string, string | undefined][] = [
    ['ranking', ranking ?? (matrix === undefined ? undefined : `of the matrix, by ${scorer}`)],
    ['matrix', matrix],
    ['labels', labels?.join(', ')],
    ['hidden tests', groundTruth?.join(', ')],
    ['label', groundTruth === undefined ? label.at(-1) : undefined],
    ['curves', curveTests.length > 0 ? `${scorer}, ${rounds} rounds, seed ${seed}` : undefined],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function csvTable({ csv }: Pick<Flags, 'csv'>): CsvTable | null {
  if (csv === undefined || csv === false) return null;
  const found = CSV_TABLES.find((name) => name === (csv === true ? 'problems' : csv));
  if (found) return found;
  throw new InputError(`--csv: expected ${CSV_TABLES.join(', ')} or nothing, got ${JSON.stringify(csv)}.`);
}

function checkInputs(flags: Partial<Flags>): void {
  if (flags.labels === undefined && flags.groundTruth === undefined) {
    throw new InputError(
      'coderm evaluate needs labels: expected --labels FILE or --ground-truth FILE, got neither.',
    );
  }
  if (flags.labelsOut !== undefined && flags.groundTruth === undefined) {
    throw new InputError(
      '--labels-out keeps computed labels: expected --ground-truth FILE with it, got none.',
    );
  }
  const nothing = flags.ranking === undefined && flags.matrix === undefined;
  if (nothing && flags.groundTruth === undefined) {
    throw new InputError('coderm evaluate needs --ranking FILE or --matrix FILE to evaluate, got neither.');
  }
  if (nothing && flags.labelsOut === undefined && flags.labels === undefined) {
    throw new InputError(
      '--ground-truth computes labels: expected --ranking or --matrix FILE to evaluate, --labels FILE to compare with, ' +
        'or --labels-out FILE to keep them, got none of the three.',
    );
  }
  const needsMatrix = flags.curveTests?.length || ['tests', 'curves'].includes(String(flags.csv));
  if (needsMatrix && flags.matrix === undefined) {
    throw new InputError(
      'Curves and unit tests one by one are read off the cells: expected --matrix FILE with --curve-tests and with ' +
        '--csv tests or curves.',
    );
  }
  if (flags.csv === 'labels' && (flags.labels === undefined || flags.groundTruth === undefined)) {
    throw new InputError(
      '--csv labels lists given labels that differ from computed ones: expected --labels FILE and --ground-truth FILE.',
    );
  }
}
