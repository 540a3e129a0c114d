import { Command } from 'commander';
import { InputError } from '../error.js';
import { type EvaluatedProblem, evaluate, evaluatedProblem } from '../evaluate/evaluation.js';
import { readLabels } from '../evaluate/labels.js';
import { readRankings } from '../evaluate/rankings.js';
import { inShard } from '../shard.js';
import { addEvaluation } from './flags/evaluation.js';
import type { Flags } from './flags/flags.js';
import { addShard } from './flags/shard.js';
import { printable } from './printable.js';
import { printSummary } from './summary.js';

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'how often a ranking chose a right candidate, and how far its tests and its confidence can be believed',
  );
  addShard(addEvaluation(command));
  command.addHelpText(
    'after',
    `
Example:
  coderm evaluate --ranking ranked.jsonl --labels labels.jsonl --label plus
Labels: {task_id, sol_id, passed} or {task_id, sol_id, base, plus} a line, CodeRM's *_anno.jsonl, or EvalPlus results.
Problems of which a candidate has no label are left out, and counted.`,
  );
  return command.action(async () => {
    const flags = command.opts<Flags>();
    const labels = await readLabels(flags.labels, flags.label.at(-1)!);
    const problems: EvaluatedProblem[] = [];
    let unlabelled = 0;
    for await (const line of readRankings(flags.ranking)) {
      if (flags.shard && !inShard(line.taskId, flags.shard)) continue;
      const problem = evaluatedProblem(line, labels);
      if (problem) problems.push(problem);
      else unlabelled += 1;
    }
    if (problems.length === 0) {
      throw new InputError(
        `${flags.ranking} and --labels have no task in common whose candidates are all labelled: expected the labels ` +
          'of the candidates that were ranked.',
      );
    }
    if (flags.csv) process.stdout.write(printable(csvText(problems)));
    else if (flags.json) printSummary({ ...evaluate(problems), unlabelled });
    else process.stdout.write(printable(evaluationText(evaluate(problems), unlabelled)));
  });
}

const percent = (share: number | null) => (share === null ? '–' : (100 * share).toFixed(2));

function evaluationText(found: ReturnType<typeof evaluate>, unlabelled: number): string {
  const { tests_together: together, verifier, confidence } = found;
  const lines: [string, string][] = [
    ['problems', `${found.problems}${unlabelled > 0 ? `, ${unlabelled} more without labels` : ''}`],
    [
      'accuracy',
      `${percent(found.accuracy)}% (95%: ${percent(found.accuracy_low)}–${percent(found.accuracy_high)}), random ` +
        `${percent(found.random)}, oracle ${percent(found.oracle)}`,
    ],
    ['answered', `${found.answered}, of them right ${percent(found.accuracy_answered)}%`],
    ...found.quintiles.map(({ problems, random, accuracy }, at): [string, string] => [
      at === 0 ? 'easiest' : '',
      `${problems} problems: random ${percent(random)}, accuracy ${percent(accuracy)}`,
    ]),
    [
      'tests',
      `together: Acc ${percent(together.acc)}, F1 ${percent(together.f1)}, FAR ${percent(together.far)}, FRR ` +
        `${percent(together.frr)} (false positive rate ${percent(together.false_positive_rate)}, false negative rate ` +
        `${percent(together.false_negative_rate)})`,
    ],
    [
      'scores',
      `Top-1 ${percent(verifier.top_1)}, Bottom-1 ${percent(verifier.bottom_1)}, Spearman ` +
        `${verifier.spearman.toFixed(3)}, Kendall ${verifier.kendall.toFixed(3)}, MAE ${verifier.mae.toFixed(3)}`,
    ],
    ...(confidence?.bins ?? []).map(({ problems, predicted, actual }, at): [string, string] => [
      at === 0 ? 'confidence' : '',
      `${problems} problems: predicted ${percent(predicted)}, actual ${percent(actual)}`,
    ]),
  ];
  if (confidence) lines.push(['', `area under the curve ${confidence.area_under_curve?.toFixed(3) ?? '–'}`]);
  return lines.map(([name, text]) => `${name.padEnd(11)}${text}\n`).join('');
}

function csvText(problems: readonly EvaluatedProblem[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = problems.map(({ taskId, right, answered, random, oracle, confidence }) =>
    [quoted(taskId), right, answered, random, oracle, confidence ?? ''].join(','),
  );
  return `${['task_id,accuracy,answered,random,oracle,confidence', ...rows].join('\n')}\n`;
}
