import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../error.js';
import { FLAG_NAMES } from './flags/names.js';

const CONFIG_NAME = 'coderm.config.json';

/**
 * Fills flags that neither the command line nor the environment gave from the nearest coderm.config.json upward.
 * Its keys are the long flags without dashes in front (`"top-p": 0.9`); unknown ones are an error.
 */
export function applyConfig(command: Command, folder = process.cwd()): void {
  const file = findUpward(folder);
  if (file === null) return;
  for (const [key, value] of Object.entries(readConfig(file))) {
    if (!FLAG_NAMES.has(key)) {
      throw new InputError(`${file}: expected a flag's name, got ${JSON.stringify(key)}; see coderm --help.`);
    }
    const option = command.options.find(({ long }) => long === `--${key}`);
    if (!option) continue; // a flag of another command
    const name = option.attributeName();
    const source = command.getOptionValueSource(name);
    if (source !== undefined && source !== 'default') continue;
    command.setOptionValueWithSource(name, parse(file, key, value, option), 'config');
  }
}

function parse(file: string, key: string, value: unknown, option: Command['options'][number]): unknown {
  if (option.isBoolean() || option.negate) {
    if (typeof value === 'boolean') return value !== option.negate;
    throw new InputError(`${file}: expected true or false for ${key}, got ${JSON.stringify(value)}.`);
  }
  const values = Array.isArray(value) ? value : [value];
  if (values.some((one) => typeof one !== 'string' && typeof one !== 'number')) {
    throw new InputError(`${file}: expected a string or a number for ${key}, got ${JSON.stringify(value)}.`);
  }
  try {
    let parsed: unknown;
    for (const one of values)
      parsed = option.parseArg ? option.parseArg(String(one), parsed as never) : String(one);
    return parsed;
  } catch (error) {
    throw new InputError(`${file}: ${key}: ${(error as Error).message}`);
  }
}

function readConfig(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      `${file}: expected a JSON object of flags (${(error as Error).message}); mend or move it.`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(
      `${file}: expected a JSON object of flags, got ${JSON.stringify(value).slice(0, 40)}.`,
    );
  }
  return value as Record<string, unknown>;
}

function findUpward(folder: string): string | null {
  const file = join(folder, CONFIG_NAME);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? null : findUpward(parent);
}
