import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ExitCode, InputError } from '../../error.js';
import { importModel } from '../../model/files/import.js';
import { ModelsFolder } from '../../model/files/models-folder.js';
import { knownModels, modelsFolder, packagedModel } from '../../model/files/registry.js';
import { verifyModels } from '../../model/files/verify.js';
import type { Flags } from '../flags/flags.js';
import { addImport } from '../flags/models.js';
import { printable } from '../printable.js';
import { stderrProgress } from '../progress-bar.js';
import { printSummary } from '../summary.js';
import { bundleCommand, unbundleCommand } from './bundle.js';
import { infoCommand } from './info.js';
import { pullCommand } from './pull.js';
import { printRecord } from './record.js';

export function modelsCommand(signal: AbortSignal): Command {
  return new Command('models')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(infoCommand())
    .addCommand(verifyCommand())
    .addCommand(importCommand())
    .addCommand(pullCommand(signal))
    .addCommand(bundleCommand())
    .addCommand(unbundleCommand());
}

function listCommand(): Command {
  const command = new Command('list')
    .description('the known models, where each is looked for, and the others that are there (default)')
    .option('--json', 'print JSON')
    .allowExcessArguments(); // a misspelt command comes here, since this one is the default
  return command.action(() => {
    if (command.args.length > 0) throw new InputError(noSuchCommand(command));
    const folder = new ModelsFolder(modelsFolder());
    const models = knownModels().map((model) => {
      const here = existsSync(folder.place(model.file)) || packagedModel(model) !== null;
      return { ...model, here };
    });
    const known = new Set(models.map(({ file }) => file));
    const others = folder.files().filter((file) => !known.has(file));
    if (command.opts<Flags>().json) {
      printSummary({ folder: folder.path, models, others });
      return;
    }
    const text = [`Models are looked for in ${folder.path} ($CODERM_MODELS names another folder).`];
    for (const { name, file, here, source, licence } of models)
      text.push(`${here ? '*' : ' '} ${name.padEnd(24)}${file}`, `    from ${source}; ${licence}`);
    for (const file of others) text.push(`${existsSync(folder.place(file)) ? '*' : '!'} ${file}`);
    process.stdout.write(printable(`${text.join('\n')}\n`));
  });
}

function noSuchCommand({ args, parent }: Command): string {
  const names = parent?.commands.map((one) => one.name()).join(', ');
  return `coderm models: expected one of ${names}, got "${args[0]}"; coderm models --help says what each does.`;
}

function verifyCommand(): Command {
  const command = new Command('verify')
    .description('read models to the last byte and compare their checksums; exit 5 where one is not sound')
    .argument('[model...]', 'names or files of the models folder (default: all that are there)')
    .option('--json', 'print JSON');
  return command.action(async (names: string[]) => {
    const folder = new ModelsFolder(modelsFolder());
    const models = await verifyModels(folder, names, stderrProgress());
    if (command.opts<Flags>().json) printSummary({ folder: folder.path, models });
    else
      for (const { state, file, sha256, reason } of models)
        process.stdout.write(printable(`${state.padEnd(9)}${file}  ${reason ?? sha256 ?? ''}\n`));
    const bad = models.some(({ state }) => state === 'damaged' || state === 'missing');
    process.exitCode = bad ? ExitCode.modelUnavailable : ExitCode.done;
  });
}

function importCommand(): Command {
  const command = addImport(
    new Command('import')
      .description('bring a GGUF file into the models folder: checked, copied or linked, recorded')
      .argument('<file>', 'a GGUF file'),
  ).option('--json', 'print JSON');
  return command.action(async (file: string) => {
    const { link, as, sha256, json } = command.opts<Flags>();
    const folder = new ModelsFolder(modelsFolder());
    const options = { link: link === true, as: as ?? null, sha256: sha256 ?? null };
    const record = await importModel(file, folder, options, stderrProgress());
    printRecord(folder, record, json);
  });
}
