import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../../error.js';
import { packageRoot } from '../../package-root.js';

/** One model of `models/registry.json`. */
export interface KnownModel {
  /** What `--model` takes. */
  name: string;
  /** The file's name in the models folder. */
  file: string;
  /** Where its weights come from. */
  source: string;
  /** How the file is made from the source; null where the source has the file itself. */
  conversion: string | null;
  /** `OWNER/REPOSITORY/FILE` on the Hugging Face hub, for `models pull`; null where the hub has no such file. */
  hub: string | null;
  /** Hex, or null where the file depends on who converted it. */
  sha256: string | null;
  bytes: number | null;
  licence: string;
  /** Tokens that the model was trained to attend to. */
  context: number;
  /** Text that answers of this model are started with unless the user says otherwise; null for none. */
  response_prefix: string | null;
  /** Texts that end an answer which was started so: code at the margin ends the class (CodeT's and EvalPlus's way). */
  response_stop: string[];
  /** Tokens of one answer unless the user says otherwise, for models that do not come to an end; null for 2048. */
  response_tokens: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

let models: readonly KnownModel[] | null = null;

/** The models of the registry, in its order. */
export function knownModels(): readonly KnownModel[] {
  models ??= JSON.parse(readFileSync(join(packageRoot, 'models', 'registry.json'), 'utf8'))
    .models as KnownModel[];
  return models;
}

/** The registry's entry of a file by its contents, wherever it lies and whatever it is called. */
export function recogniseModel(sha256: string): KnownModel | null {
  return knownModels().find((model) => model.sha256 === sha256) ?? null;
}

/** The registry's entry of a name or of a file's name; upper and lower case are one. */
export function knownModel(name: string): KnownModel | null {
  const wanted = name.toLowerCase();
  return knownModels().find((model) => [model.name, model.file.toLowerCase()].includes(wanted)) ?? null;
}

/** Where models are looked up by name: `$CODERM_MODELS`, else `$XDG_DATA_HOME/coderm/models`. */
export function modelsFolder(env: Environment = process.env): string {
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return env.CODERM_MODELS || join(data, 'coderm', 'models');
}

/** A model that this package carries, in `models/NAME/`; null for all others. */
export function packagedModel({ name, file }: Pick<KnownModel, 'name' | 'file'>): string | null {
  const path = join(packageRoot, 'models', name, file);
  return existsSync(path) ? path : null;
}

/**
 * The file that `--model` means: a path as it is (it may turn out not to exist when it is opened), or
 * a registry name or file name looked up in the models folder and in this package. Throws ModelError for a name that is
 * not known, or whose file is not there.
 */
export function findModel(model: string, env: Environment = process.env): string {
  if (model.startsWith('file://')) return fileURLToPath(model);
  if (/[\\/]/.test(model) || existsSync(model)) return model;
  const folder = modelsFolder(env);
  const wanted = model.toLowerCase();
  const known = knownModel(model);
  const path = join(folder, known?.file ?? model);
  if (model !== '' && existsSync(path)) return path;
  const own = known === null ? null : packagedModel(known);
  if (own !== null) return own;
  if (known !== null) {
    const how = known.conversion === null ? '' : ` (${known.conversion})`;
    const pull = known.hub === null ? '' : `run \`coderm models pull ${known.name}\`, `;
    throw new ModelError(
      `Expected ${known.name} at ${path}, but there is no such file; ${pull}put it there from ${known.source}${how}, or pass --model PATH.`,
    );
  }
  // A file name that is not known is most likely a path with a slip in it.
  if (wanted.endsWith('.gguf')) return model;
  const names = knownModels().map((entry) => entry.name);
  const [near] = names
    .filter((name) => distance(name, wanted) <= Math.max(2, name.length / 4))
    .sort((a, b) => distance(a, wanted) - distance(b, wanted));
  const next = near === undefined ? `known names are ${names.join(', ')}` : `did you mean ${near}`;
  throw new ModelError(
    `Expected --model to be a path or a known name, but "${model}" is neither; ${next}${near === undefined ? '.' : '?'}`,
  );
}

/** Letters to insert, drop or change to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
