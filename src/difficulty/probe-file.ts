import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../error.js';
import type { Probe } from './probe.js';

/** A probe, and the model whose hidden states it reads. */
export interface ProbeFile {
  /** sha256 of the model's file. */
  model: string;
  /** Of the model's states: n_embd. */
  inputs: number;
  probe: Probe;
}

const numbers = z.array(z.number());
const schema = z
  .object({
    model: z.string(),
    inputs: z.int().min(1),
    probe: z.object({
      mean: numbers,
      deviation: numbers,
      inner: z.array(numbers),
      innerBias: numbers,
      outer: numbers,
      outerBias: z.number(),
    }),
  })
  .refine(({ inputs, probe: { mean, deviation, inner, innerBias, outer } }) => {
    const wide = [mean, deviation, ...inner].every(({ length }) => length === inputs);
    return wide && [innerBias, outer].every(({ length }) => length === inner.length);
  });

/** @throws InputError for a file that holds no probe, or one of another model: its states mean something else */
export function readProbe(path: string, model: string): Probe {
  const expected = `--probe: expected what coderm difficulty train wrote, and ${path}`;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InputError(`${expected} cannot be read (${(error as Error).message}).`);
  }
  const found = schema.safeParse(value);
  if (!found.success) throw new InputError(`${expected} is another JSON file.`);
  if (found.data.model !== model) {
    throw new InputError(
      `${expected} was trained on the hidden states of another model (sha256 ${found.data.model.slice(0, 12)}…, ` +
        `not ${model.slice(0, 12)}…): name that model, or train a probe on this one.`,
    );
  }
  return found.data.probe;
}
