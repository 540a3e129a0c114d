import { statSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type Shard, shardFile } from '../../shard.js';
import { option } from '../option.js';

export function addShard(command: Command): Command {
  return command.addOption(
    option(
      '--shard <i/n>',
      'only part i of n of the tasks, from 0, by a hash of their ids; --out and --cache get it in their names ' +
        "(auto: what Slurm's array or Kubernetes' indexed job says)",
    ).argParser((text) => shardOf(text, process.env)),
  );
}

export interface ShardFlags {
  shard?: Shard;
}

/** `I/N`, or `auto`: the environment's. @throws InvalidArgumentError for anything else */
export function shardOf(text: string, env: NodeJS.ProcessEnv): Shard {
  if (text === 'auto') return shardOfArray(env);
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  return checked(Number(index), Number(count), JSON.stringify(text));
}

function shardOfArray(env: NodeJS.ProcessEnv): Shard {
  const number = (name: string) => (/^\d{1,9}$/.test(env[name] ?? '') ? Number(env[name]) : Number.NaN);
  if (env.SLURM_ARRAY_TASK_ID !== undefined) {
    const step = env.SLURM_ARRAY_TASK_STEP === undefined ? 1 : number('SLURM_ARRAY_TASK_STEP');
    const index = (number('SLURM_ARRAY_TASK_ID') - number('SLURM_ARRAY_TASK_MIN')) / step;
    return checked(index, number('SLURM_ARRAY_TASK_COUNT'), said(env, 'SLURM_ARRAY_TASK_'));
  }
  if (env.JOB_COMPLETION_INDEX !== undefined) {
    return checked(number('JOB_COMPLETION_INDEX'), number('JOB_COMPLETIONS'), said(env, 'JOB_COMPLETION'));
  }
  throw new InvalidArgumentError(
    'auto: expected SLURM_ARRAY_TASK_ID, _MIN and _COUNT (sbatch --array) or JOB_COMPLETION_INDEX and ' +
      'JOB_COMPLETIONS in the environment, got neither: give --shard I/N.',
  );
}

function checked(index: number, count: number, came: string): Shard {
  if (Number.isSafeInteger(index) && index >= 0 && index < count) return { index, count };
  throw new InvalidArgumentError(
    `Expected I/N with I from 0 to N - 1, or auto in an array without gaps, got ${came}.`,
  );
}

function said(env: NodeJS.ProcessEnv, prefix: string): string {
  const found = Object.entries(env).filter(([name]) => name.startsWith(prefix));
  return found.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** Flags that name what a run writes; the cache is another, and always a file. */
const OUTPUTS = ['out', 'report', 'solutionsOut', 'labelsOut', 'metrics'] as const;

/** The flags with the shard's own cache, outputs, page and metrics in the places of the run's. */
export function withOwnFiles<
  F extends ShardFlags & { cache: string } & Partial<Record<(typeof OUTPUTS)[number], string>>,
>(flags: F): F {
  const { shard, cache } = flags;
  if (shard === undefined) return flags;
  const own = { ...flags, cache: shardFile(cache, shard) };
  for (const name of OUTPUTS) {
    const path = flags[name];
    if (path !== undefined && !isDevice(path)) Object.assign(own, { [name]: shardFile(path, shard) });
  }
  return own;
}

/** Whether the path is there and no regular file (/dev/null, a named pipe): it is written as it is. */
function isDevice(path: string): boolean {
  return path === '' || statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}
