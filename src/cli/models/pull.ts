import { Command } from 'commander';
import { ModelError } from '../../error.js';
import { ModelsFolder } from '../../model/files/models-folder.js';
import { pullModel } from '../../model/files/pull.js';
import { modelsFolder } from '../../model/files/registry.js';
import type { Flags } from '../flags/flags.js';
import { addPull } from '../flags/models.js';
import { stderrProgress } from '../progress-bar.js';
import { printRecord } from './record.js';

const RETRY_MS = [1000, 3000];
const STALL_MS = 60_000;
const EXIT_MS = 100;

/** The one command that opens a socket. */
export function pullCommand(signal: AbortSignal): Command {
  const command = addPull(
    new Command('pull')
      .description('bring a model from the Hugging Face hub; a transfer that broke goes on where it stopped')
      .argument('<model>', 'a known name, or OWNER/REPOSITORY/FILE.gguf of the hub'),
  ).option('--json', 'print JSON');
  command.addHelpText(
    'after',
    `
HF_ENDPOINT names a mirror of the hub, HF_TOKEN a token for repositories that are not public; HF_HUB_OFFLINE=1 or
--offline refuse.`,
  );
  return command.action(async (model: string) => {
    const { offline, sha256, json } = command.opts<Flags>();
    const { HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE } = process.env;
    if (offline || /^(1|on|yes|true)$/i.test(HF_HUB_OFFLINE ?? '')) {
      const why = offline ? '--offline' : 'HF_HUB_OFFLINE';
      throw new ModelError(
        `Expected to pull ${model}, but ${why} forbids every connection; copy the file here and run \`coderm models import FILE\`.`,
      );
    }
    const folder = new ModelsFolder(modelsFolder());
    const access = {
      endpoint: HF_ENDPOINT || 'https://huggingface.co',
      token: HF_TOKEN || null,
      retryMs: RETRY_MS,
    };
    const options = { ...access, sha256: sha256 ?? null, stallMs: STALL_MS, signal };
    try {
      printRecord(folder, await pullModel(model, folder, options, stderrProgress()), json);
    } finally {
      // A transfer that was given up would keep Node waiting for its next attempt.
      setTimeout(() => process.exit(), EXIT_MS).unref();
    }
  });
}
