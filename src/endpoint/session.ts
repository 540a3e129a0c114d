import { InputError } from '../error.js';
import { type ChatTemplate, type Prompt, renderChat } from '../model/chat.js';
import type { KnownModel } from '../model/files/registry.js';
import { type Generator, PAPER_SAMPLER } from '../model/generator.js';
import type { Asked, ManifestModel, OpenModel } from '../model/open-model.js';
import type { ChatMessage } from '../problem.js';
import type { Progress } from '../progress.js';
import { Client } from './client.js';
import { EndpointGenerator } from './endpoint-generator.js';
import type { EndpointApi } from './request.js';

export interface EndpointOptions {
  /** The base, as `endpointAddress` gives it. */
  url: string;
  /** The model's name there. */
  model: string;
  api: EndpointApi;
  /** Send only OpenAI's own fields. */
  plain: boolean;
  /** Renders the prompt; needed by `completions`, unused by `chat`. */
  template: ChatTemplate | null;
  /** Whether the model's tokeniser, here and at the server, puts a BOS before a text. */
  addsBos: boolean;
  /** What the registry says of the model whose file brought the template. */
  known: KnownModel | null;
  /** Goes into the Authorization header and nowhere else. */
  key: string | null;
  /** Of one request, from its first byte to the answer's last. */
  timeoutMs: number;
  tries: number;
  /** Requests at one time; null: 16. */
  lanes: number | null;
}

const LANES = 16;

/** A model behind an OpenAI-compatible server. Nothing is sent before the first sample is missing from the cache. */
export class EndpointSession implements OpenModel {
  readonly identity: string;
  readonly stamp: OpenModel['stamp'];
  readonly generatorName: string;
  readonly contextTokens: number = Number.POSITIVE_INFINITY; // the server's affair: it says so where a prompt is too long
  readonly lanes: number;
  /** The server has its own cores: the next samples are written while the last are executed. */
  readonly batchesAtOnce: number = 3;
  readonly #client: Client;
  #running: Generator | null = null;

  constructor(
    private readonly options: EndpointOptions,
    private readonly progress: Progress,
  ) {
    const { url, model, api, plain, key, timeoutMs, lanes } = options;
    this.identity = `endpoint ${model}`;
    this.stamp = { backend: 'endpoint', device: url, build: null };
    this.generatorName = `endpoint ${api}${plain ? ', plain' : ''}`;
    this.lanes = lanes ?? LANES;
    this.#client = new Client(url, key, timeoutMs, this.lanes);
  }

  get defaults(): OpenModel['defaults'] {
    const { known } = this.options;
    const raw = this.options.api === 'completions';
    return {
      // A server that renders the messages itself leaves no place to start an answer.
      responsePrefix: (raw && known?.response_prefix) || null,
      stop: (raw && known?.response_stop) || [],
      maxTokens: known?.response_tokens ?? PAPER_SAMPLER.maxTokens,
    };
  }

  get description(): ManifestModel {
    const { url, model } = this.options;
    return {
      path: url,
      bytes: null,
      sha256: null,
      backend: 'endpoint',
      device: url,
      generator: this.generatorName,
      texts_depend_on_lanes: null,
      name: model,
    };
  }

  async estimateMemory(): Promise<null> {
    return null;
  }

  async prompt(
    messages: readonly ChatMessage[],
    prefix: string,
    compat: 'none' | 'paper',
  ): Promise<Prompt & Asked> {
    const { template, api, addsBos } = this.options;
    if (compat === 'paper') {
      throw new InputError(
        '--prompt-compat paper says how tokens are made, and at an endpoint the server makes them; expected none.',
      );
    }
    if (api === 'completions') {
      const text = rawPrompt(template!, messages, prefix, addsBos);
      return { text, tokens: [], asked: text };
    }
    if (prefix !== '') {
      throw new InputError(
        'A response prefix needs a server that takes raw text: expected --model GGUF or --chat-template FILE with ' +
          'the endpoint, to render the prompt here, or no prefix.',
      );
    }
    return { text: JSON.stringify(messages, null, 2), tokens: [], asked: messages };
  }

  async generator(): Promise<Generator> {
    const { model, api, plain, tries, key } = this.options;
    this.#running ??= new EndpointGenerator({
      client: this.#client,
      shape: { model, api, plain },
      lanes: this.lanes,
      tries,
      key,
      progress: this.progress,
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

/**
 * The rendered chat. Where the tokeniser puts a BOS before any text, the one that the template wrote is taken away: two
 * would be another prompt. Elsewhere the template's own stays (ChatML's `<|im_start|>` is some models' BOS).
 */
export function rawPrompt(
  template: ChatTemplate,
  messages: readonly ChatMessage[],
  prefix: string,
  addsBos: boolean,
): string {
  const { vocabulary } = template;
  const bos = vocabulary.bos === null ? '' : (vocabulary.tokens[vocabulary.bos] ?? '');
  const text = renderChat(template, messages, { responsePrefix: prefix, compat: 'none' });
  return addsBos && bos !== '' && text.startsWith(bos) ? text.slice(bos.length) : text;
}
