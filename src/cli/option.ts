import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../error.js';

// How a flag is made: its environment variable, what must be given, and how its value is read.

/** `--task-id` is `CODERM_TASK_ID` in the environment. */
function environmentName(long: string): string {
  return `CODERM_${long.replace(/^--/, '').toUpperCase().replaceAll('-', '_')}`;
}

export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(environmentName(made.long ?? flags));
}

/** Options that have to be given, and the other option that may stand in their place. */
const requiredOptions = new WeakMap<Option, string | null>();

/** Commander's own mandatory options are checked before a configuration file is read. */
export function required(flags: string, description: string, unless: string | null = null): Option {
  const instead = unless === null ? '' : ` unless --${unless}`;
  const made = option(flags, `${description} (required${instead})`);
  requiredOptions.set(made, unless);
  return made;
}

/** @throws InputError for the first required flag that nothing gave. */
export function checkRequired(command: Command): void {
  for (const made of command.options) {
    const unless = requiredOptions.get(made);
    if (unless === undefined || command.getOptionValue(made.attributeName()) !== undefined) continue;
    if (unless !== null && command.getOptionValue(attribute(unless)) !== undefined) continue;
    const { flags, description } = made;
    throw new InputError(
      `${nameOf(command)} needs ${flags}: expected ${description.replace(/ \(required[^)]*\)$/, '')}, got none; ` +
        'coderm --help says where flags may come from.',
    );
  }
}

/** `policy-endpoint` as commander keeps it: `policyEndpoint`. */
function attribute(long: string): string {
  return new Option(`--${long}`).attributeName();
}

/** As the user writes it: `coderm cache clear`. */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** Whether a flag was given at all, on the command line, in the environment or in a configuration file. */
export type Given = (name: string) => boolean;

export function givenFlags(command: Command): Given {
  return (name) => !['default', undefined].includes(command.getOptionValueSource(name));
}

/** Commander takes any value of an environment variable for true, "0" included. */
export function checkBooleans(command: Command): void {
  for (const made of command.options) {
    const name = made.attributeName();
    const boolean = made.isBoolean() || made.negate;
    if (!boolean || made.envVar === undefined || command.getOptionValueSource(name) !== 'env') continue;
    const text = process.env[made.envVar] ?? '';
    if (!['', '0', '1', 'false', 'true'].includes(text)) {
      throw new InputError(`${made.envVar}: expected true or false, got ${JSON.stringify(text)}.`);
    }
    const on = text === '1' || text === 'true';
    command.setOptionValueWithSource(name, on !== made.negate, 'env'); // on: --no-dedup makes dedup false
  }
}

export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}, got ${JSON.stringify(text)}.`);
  };
}

export function wholeList(least: number, most: number) {
  const one = whole(least, most);
  return (text: string): number[] => text.split(',').map(one);
}

export function real(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Expected a number from ${least} to ${most}, got ${JSON.stringify(text)}.`,
    );
  };
}

/** A flag that may come again. */
export const files = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text];

/** A repeatable flag of which each value is one of a few; the first that is given replaces the default. */
export function oneOf<T extends string>(known: readonly T[], instead: readonly T[]) {
  return (text: string, before: T[] | undefined): T[] => {
    const value = known.find((one) => one === text);
    if (value !== undefined) return [...(before === undefined || before === instead ? [] : before), value];
    throw new InvalidArgumentError(`Expected ${known.join(' or ')}, got ${JSON.stringify(text)}.`);
  };
}
