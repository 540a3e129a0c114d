import { Command } from 'commander';
import { InputError } from '../error.js';
import { type EvaluatedProblem, evaluate, evaluatedProblem } from '../evaluate/evaluation.js';
import { labelAgreement } from '../evaluate/label-agreement.js';
import { type LabelledMatrix, labelled } from '../evaluate/labelled-matrix.js';
import { type Labels, readLabels } from '../evaluate/labels.js';
import { readRankings } from '../evaluate/rankings.js';
import { type Evaluated, matrixReport, scoredProblems } from '../evaluate/report.js';
import type { Facts } from '../page/document.js';
import { scorerNamed } from '../rank/scorer.js';
import { inShard, type Shard } from '../shard.js';
import { openStoredMatrices } from '../stored-matrix.js';
import { CSV_TABLES, type CsvTable, evaluationCsv } from './evaluation-csv.js';
import { evaluationText } from './evaluation-text.js';
import { addCurves, addEvaluation, addGroundTruth } from './flags/evaluation.js';
import { addExecution } from './flags/execution.js';
import type { Flags } from './flags/flags.js';
import { addCache, addReport } from './flags/output.js';
import { addShard } from './flags/shard.js';
import { agreementText, computedTruth, labelsOf } from './ground-truth.js';
import { type Given, givenFlags } from './option.js';
import { printable } from './printable.js';
import { endedNow, withPage } from './report.js';
import { printSummary } from './summary.js';

export function evaluateCommand(signal: AbortSignal): Command {
  const command = new Command('evaluate').description(
    'how often a ranking chose a right candidate, and how far its tests and its confidence can be believed',
  );
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
    await runEvaluation(command.opts<Flags>(), givenFlags(command), signal);
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

async function evaluateAll(flags: Flags, given: Given, signal: AbortSignal): Promise<Evaluated> {
  const { labels: files, groundTruth }: Partial<Flags> = flags;
  const known = files === undefined ? null : await readLabels(files, flags.label.at(-1)!);
  const judged = groundTruth === undefined ? null : await computedTruth(flags, given, signal);
  const agreement = judged && known ? labelAgreement(judged, known) : null;
  if (!given('ranking') && !given('matrix')) return { ranked: null, matrix: null, agreement };
  const { problems, unlabelled, matrices } = await evaluatedProblems(
    flags,
    judged ? labelsOf(judged) : known!,
  );
  const { curveCandidates: candidates, curveTests: tests, rounds, seed } = flags;
  const plan = { candidates, tests, rounds, seed };
  return {
    ranked: { problems, found: evaluate(problems), unlabelled },
    matrix: matrices && matrixReport(matrices, plan, scorerNamed(flags.scorer)),
    agreement,
  };
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

interface Judged {
  problems: EvaluatedProblem[];
  /** Problems of which a candidate has no label. */
  unlabelled: number;
  /** Null where no matrix was given. */
  matrices: LabelledMatrix[] | null;
}

/** The problems of the ranking, or, without one, of the matrix as the scorer ranks it. */
async function evaluatedProblems(flags: Flags, labels: Labels): Promise<Judged> {
  const { ranking, matrix }: Partial<Flags> = flags;
  const matrices = matrix === undefined ? null : await labelledMatrices(flags, labels);
  const found =
    ranking === undefined
      ? {
          problems: scoredProblems(matrices!.matrices, scorerNamed(flags.scorer)),
          unlabelled: matrices!.unlabelled,
        }
      : await rankedProblems(ranking, labels, flags.shard ?? null);
  if (found.problems.length > 0) return { ...found, matrices: matrices?.matrices ?? null };
  throw new InputError(
    `${ranking ?? matrix} and the labels have no task in common whose candidates are all labelled: expected the labels ` +
      'of its candidates.',
  );
}

async function labelledMatrices({ matrix, untested, shard }: Flags, labels: Labels) {
  const stored = await openStoredMatrices(matrix);
  const ours = new Map([...labels].filter(([taskId]) => !shard || inShard(taskId, shard)));
  try {
    return labelled(ofShard(stored, shard ?? null), ours, untested.at(-1) === 'count');
  } finally {
    stored.close();
  }
}

async function rankedProblems(file: string, labels: Labels, shard: Shard | null) {
  const problems: EvaluatedProblem[] = [];
  let unlabelled = 0;
  for await (const line of readRankings(file)) {
    if (shard && !inShard(line.taskId, shard)) continue;
    const problem = evaluatedProblem(line, labels);
    if (problem) problems.push(problem);
    else unlabelled += 1;
  }
  return { problems, unlabelled };
}

function* ofShard<T extends { taskId: string }>(tasks: Iterable<T>, shard: Shard | null): Generator<T> {
  for (const task of tasks) if (!shard || inShard(task.taskId, shard)) yield task;
}
