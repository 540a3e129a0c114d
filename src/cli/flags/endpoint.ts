import type { Command } from 'commander';
import { ENDPOINT_APIS, type EndpointApi } from '../../endpoint/request.js';
import { option, real, whole } from '../option.js';
import { addDecoding, addLanes } from './model.js';

/** The model here, or a server that has it. */
export function addModelOrEndpoint(command: Command): Command {
  return addEndpoint(addLanes(addDecoding(command, 'endpoint')));
}

/** A server that has the model. Keys are read from the environment only: a flag is seen by every user of a machine. */
export function addEndpoint(command: Command): Command {
  return command
    .addOption(
      option(
        '--endpoint <url>',
        'let an OpenAI-compatible server write the responses, such as http://127.0.0.1:8000/v1; its key is read from CODERM_ENDPOINT_KEY or OPENAI_API_KEY',
      ),
    )
    .addOption(option('--endpoint-model <name>', "the model's name there (required with --endpoint)"))
    .addOption(
      option(
        '--endpoint-api <which>',
        'completions: raw text, rendered here; chat: messages, rendered there (default: completions where --model or --chat-template gives a template)',
      ).choices([...ENDPOINT_APIS]),
    )
    .addOption(
      option(
        '--chat-template <file>',
        "the model's chat template (Jinja), where there is no GGUF to take it from",
      ),
    )
    .addOption(
      option(
        '--endpoint-plain',
        "send only OpenAI's own fields: no top_k and no min_p, which then must be off",
      ),
    )
    .addOption(
      option('--endpoint-timeout <s>', 'seconds of one request, with its whole answer')
        .argParser(real(0.1, 86_400))
        .default(600),
    )
    .addOption(option('--endpoint-tries <n>', 'tries of one request').argParser(whole(1, 100)).default(6))
    .addOption(option('--offline', 'refuse every endpoint that is not on this machine'));
}

export interface EndpointFlags {
  endpoint?: string;
  endpointModel?: string;
  endpointApi?: EndpointApi;
  chatTemplate?: string;
  endpointPlain?: boolean;
  endpointTimeout?: number;
  endpointTries?: number;
  offline?: boolean;
}
