import type { Command } from 'commander';
import { option, required, whole } from '../option.js';
import { addEndpoint } from './endpoint.js';
import { addProblems } from './inputs.js';
import { addDevice, addLanes } from './model.js';

/** Who writes candidates for which problems, and who tests them. */
export function addPolicy(command: Command): Command {
  addProblems(command)
    .addOption(option('--limit <n>', 'problems at most, the first ones').argParser(whole(1)))
    .addOption(
      option('--candidates <n>', 'candidates to write for each problem')
        .argParser(whole(1, 100_000))
        .default(100),
    )
    .addOption(
      required(
        '--policy <gguf>',
        'model that writes the candidates: path of a GGUF file or a name of `coderm models`',
        'policy-endpoint',
      ),
    )
    .addOption(option('--model <gguf>', 'reward model, which writes the unit tests (default: the policy)'))
    .addOption(
      option(
        '--policy-prefix <text|file>',
        "start of every candidate's answer; {entry_point} and {EntryPoint} are filled in",
      ),
    )
    .addOption(
      option('--solutions-out <file>', 'also keep the candidates here, in the form that coderm rerank reads'),
    );
  return addPolicyEndpoint(addEndpoint(addLanes(addDevice(command))));
}

/** A server for the policy model; the other flags of endpoints say the same of both. */
function addPolicyEndpoint(command: Command): Command {
  return command
    .addOption(
      option(
        '--policy-endpoint <url>',
        'let the policy model of this server write the candidates, as --endpoint',
      ),
    )
    .addOption(option('--policy-endpoint-model <name>', "the policy model's name there"));
}

export interface PolicyFlags {
  policy?: string;
  policyPrefix?: string;
  policyEndpoint?: string;
  policyEndpointModel?: string;
  solutionsOut?: string;
}
