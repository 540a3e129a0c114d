import { Command } from 'commander';
import { describeModel, type ModelDescription } from '../../model/files/description.js';
import { addShape } from '../flags/bench.js';
import type { Flags } from '../flags/flags.js';
import { addGpu } from '../flags/model.js';
import { gib } from '../plan-text.js';
import { printable } from '../printable.js';
import { printSummary } from '../summary.js';

export function infoCommand(): Command {
  const command = addShape(
    addGpu(
      new Command('info')
        .description('what a model is, and the memory that it takes by lanes; no weights are loaded')
        .argument('<model>', 'path of a GGUF file or a name of `coderm models`'),
    ),
    [1, 8, 32],
  ).option('--json', 'print JSON');
  return command.action(async (model: string) => {
    const { gpu, lanes, prompt, json } = command.opts<Flags>();
    const found = await describeModel(model, { gpu, lanes, promptTokens: prompt });
    if (json) printSummary(found);
    else process.stdout.write(printable(descriptionText(found)));
  });
}

function descriptionText(model: ModelDescription): string {
  const { known, licence, vocabulary, template, templateKind, memory } = model;
  const rows: [string, string][] = [
    ['file', model.path],
    ['name', model.name ?? 'none in the file'],
    ['known as', known === null ? 'not in the registry' : `${known}; ${licence}`],
    ['size', `${model.bytes.toLocaleString('en-US')} bytes`],
    ['sha256', model.sha256 ?? 'not recorded (`coderm models import` records it)'],
    ['architecture', model.architecture],
    ['quantisation', model.quantisation ?? 'not stated'],
    ['context', `${model.contextTokens.toLocaleString('en-US')} tokens`],
    ['vocabulary', `${vocabulary.tokens.toLocaleString('en-US')} tokens, ${vocabulary.kind}`],
    ['template', template === null ? 'none: a base model' : `${templateKind}, ${template.length} characters`],
    [
      'memory',
      `on ${memory.backend}, a prompt of ${memory.promptTokens} and samples of ${memory.sampleTokens} tokens`,
    ],
  ];
  for (const { lanes, gpu, ram } of memory.lanes) {
    const { weights, context, free, total } = gpu ?? ram;
    const fits = weights + context > free ? '; it does not fit' : '';
    rows.push([
      '',
      `${lanes} ${lanes === 1 ? 'lane' : 'lanes'}: ${gib(weights)} weights + ${gib(context)}, of ${gib(free)} free (${gib(total)} in all)${fits}`,
    ]);
  }
  return rows.map(([name, text]) => `${name.padEnd(14)}${text}\n`).join('');
}
