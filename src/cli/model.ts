import { readFileSync } from 'node:fs';
import { endpointAddress } from '../endpoint/address.js';
import { EndpointSession } from '../endpoint/session.js';
import { InputError, ModelError } from '../error.js';
import type { ChatTemplate } from '../model/chat.js';
import { findModel, type KnownModel, recogniseModel } from '../model/files/registry.js';
import { type GgufInfo, readGguf } from '../model/gguf/gguf.js';
import { tokeniserAddsBos } from '../model/llama/model.js';
import type { OpenModel } from '../model/open-model.js';
import { identify, ModelSession } from '../model/session.js';
import type { ExecutionRun } from '../run.js';
import type { Flags } from './flags/flags.js';

type OpeningRun = Pick<ExecutionRun, 'cache' | 'progress'>;

/** The model that the flags name, here or at an endpoint. The one who opens it closes it. */
export function openModel(flags: Flags, run: OpeningRun): Promise<OpenModel> {
  if (flags.endpoint !== undefined) return openEndpoint(flags, flags.endpoint, run);
  return ModelSession.open(
    {
      model: flags.model!,
      gpu: flags.gpu,
      gpuLayers: flags.gpuLayers ?? null,
      contextTokens: flags.context ?? null,
      threads: flags.threads ?? null,
      lanes: flags.parallel ?? null,
      // A manifest of an older version does not say, and there was only this one.
      generator: flags.generator ?? 'node-llama-cpp',
      deterministic: flags.deterministic === true,
    },
    run.cache,
    run.progress,
  );
}

/**
 * @param whose `policy-` where the flags are those of the policy model
 * @throws InputError for flags of an endpoint that do not go together
 */
export function checkEndpoint(flags: Flags, whose: '' | 'policy-' = ''): void {
  const { endpoint, endpointModel, endpointApi, endpointPlain, model, chatTemplate, topK, minP } = flags;
  if (endpoint === undefined) {
    if (endpointModel === undefined) return;
    throw new InputError(
      `--${whose}endpoint-model names a model of a server: expected --${whose}endpoint URL with it, got none.`,
    );
  }
  endpointAddress(endpoint, `--${whose}endpoint`, flags.offline === true);
  if (endpointModel === undefined) {
    throw new InputError(
      `--${whose}endpoint needs --${whose}endpoint-model NAME: expected what the server calls the model, got none.`,
    );
  }
  if (endpointApi === 'completions' && model === undefined && chatTemplate === undefined) {
    throw new InputError(
      '--endpoint-api completions sends text that is rendered here: expected --model GGUF or --chat-template FILE, got neither.',
    );
  }
  if (endpointPlain && (topK !== 0 || minP !== 0)) {
    throw new InputError(
      `--endpoint-plain leaves top_k and min_p out: expected --top-k 0 and --min-p 0, got ${topK} and ${minP}.`,
    );
  }
}

async function openEndpoint(flags: Flags, endpoint: string, run: OpeningRun): Promise<OpenModel> {
  const { url } = endpointAddress(endpoint, '--endpoint', flags.offline === true);
  const { info, template, known } = await templateOf(flags, run);
  const api = flags.endpointApi ?? (template === null ? 'chat' : 'completions');
  const addsBos = info !== null && api === 'completions' && (await tokeniserAddsBos(info));
  return new EndpointSession(
    {
      ...{ url, api, template, addsBos, known },
      model: flags.endpointModel!,
      plain: flags.endpointPlain === true,
      key: endpointKey(process.env),
      timeoutMs: (flags.endpointTimeout ?? 600) * 1000,
      tries: flags.endpointTries ?? 6,
      lanes: flags.parallel ?? null,
    },
    run.progress,
  );
}

/** The chat template of `--chat-template` or of the GGUF file, and what the registry says of the latter. */
async function templateOf(
  { chatTemplate, model }: Flags,
  { cache, progress }: OpeningRun,
): Promise<{ info: GgufInfo | null; template: ChatTemplate | null; known: KnownModel | null }> {
  const info = model === undefined ? null : await readGguf(findModel(model));
  const known = info && recogniseModel(await identify(info, cache, progress));
  if (chatTemplate !== undefined) {
    const vocabulary = info?.vocabulary ?? { tokens: [], bos: null, eos: null };
    const template = { path: chatTemplate, chatTemplate: readTemplate(chatTemplate), vocabulary };
    return { info, template, known };
  }
  if (info !== null && info.chatTemplate === null) {
    throw new ModelError(
      `Expected a chat model, but ${info.path} has no chat template; choose another file, or pass --chat-template FILE.`,
    );
  }
  return { info, template: info, known };
}

function readTemplate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`--chat-template: expected a file, and ${file} cannot be read (${code}).`);
  }
}

/** @throws InputError for a key that no header can carry; it is not shown */
function endpointKey(env: NodeJS.ProcessEnv): string | null {
  const name = env.CODERM_ENDPOINT_KEY ? 'CODERM_ENDPOINT_KEY' : 'OPENAI_API_KEY';
  const key = env[name]?.trim();
  if (!key) return null;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new InputError(`${name}: expected a key of printable ASCII characters, got one with others.`);
}
