import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { knownModels, modelsFolder } from '../model/registry.js';

export function modelsCommand(): Command {
  const command = new Command('models')
    .description('list the known models and where each is looked for')
    .option('--json', 'print JSON');
  return command.action(() => {
    const folder = modelsFolder();
    const models = knownModels().map((model) => ({ ...model, here: existsSync(join(folder, model.file)) }));
    if (command.opts<{ json?: boolean }>().json)
      process.stdout.write(`${JSON.stringify({ folder, models })}\n`);
    else {
      process.stdout.write(`Models are looked for in ${folder} ($CODERM_MODELS names another folder).\n`);
      for (const { name, file, here, source, licence } of models) {
        process.stdout.write(
          `${here ? '*' : ' '} ${name.padEnd(24)}${file}\n    from ${source}; ${licence}\n`,
        );
      }
    }
  });
}
