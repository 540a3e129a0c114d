import { z } from 'zod';
import { type Format, format, recognise } from '../format.js';
import { readJsonLines } from '../jsonl.js';
import { CASE_ENDS, VERDICTS } from '../verdict.js';
import {
  ADDRESSED_NAMES,
  type AddressedName,
  type AddressedRow,
  addressedRow,
  addressedRows,
  putRow,
} from './addressed.js';
import type { SqlValue } from './connection.js';
import type { Cache } from './database.js';
import { conflictError, type Merged, noRows } from './merge.js';
import { packTokens, unpackTokens } from './tokens.js';

// A cache as JSON Lines: `{part, key, …}`, the columns of its table under their names. For keeping, comparing and
// moving what was computed without SQLite.

/** All rows under content keys, a line each. */
export function* exportedLines({ connection }: Cache): Generator<Record<string, unknown>> {
  for (const part of ADDRESSED_NAMES) {
    for (const { key, ...row } of addressedRows(connection, part)) {
      yield { part, key: key.toString('hex'), ...lineOf(part, row) };
    }
  }
}

function lineOf(part: AddressedName, row: Record<string, SqlValue>): Record<string, unknown> {
  if (part === 'prompts') return { ...row, tokens: unpackTokens(row.tokens as Buffer) };
  if (part !== 'cells') return row;
  const observed = row.observed === null ? null : JSON.parse(row.observed as string);
  return { ...row, cases: JSON.parse(row.cases as string), observed };
}

/**
 * Adds the rows of such lines, all or nothing, as `mergeCaches` does.
 * @throws InputError for any other line, and where a line answers a key differently.
 */
export function importLines(into: Cache, file: string): Promise<Merged> {
  return into.connection.transactionOf(async () => {
    const merged = noRows(file);
    for await (const at of readJsonLines(file)) {
      const { part, row } = recognise(at, 'a row of a cache', FORMATS);
      const put = putRow(into.connection, part, row);
      if (put === 'conflict') {
        const there = addressedRow(into.connection, part, row.key)!;
        throw conflictError(part, row, `${file}:${at.line}`, there, into.file);
      }
      merged[put][part] += 1;
    }
    return merged;
  });
}

const text = z.string('a text');
const count = z.int('a whole number').min(0, 'a whole number');
const milliseconds = z.number('milliseconds').min(0, 'milliseconds');
const base = {
  key: z.string('64 hex digits').regex(/^[0-9a-f]{64}$/, '64 hex digits'),
  stored: count,
  mark: count.default(0), // lines of an earlier version do not say
};

interface Imported {
  part: AddressedName;
  row: AddressedRow;
}

function part<S extends Record<string, z.ZodType>>(
  name: AddressedName,
  own: S,
  pack: (line: z.output<z.ZodObject<S>>) => Record<string, SqlValue>,
): Format<Imported> {
  return format({
    name: 'coderm cache export',
    fields: `{part: ${name}, key, ${Object.keys(own).join(', ')}, stored}`,
    marks: (value) => value.part === name,
    schema: z.object({ ...base, ...own }),
    read: (line): Imported => {
      const { key, stored, mark, ...rest } = line as { key: string; stored: number; mark: number };
      const row = { key: Buffer.from(key, 'hex'), stored, mark, ...pack(rest as z.output<z.ZodObject<S>>) };
      return { part: name, row };
    },
  });
}

const FORMATS = [
  part('prompts', { text, tokens: z.array(z.int32('token ids'), 'token ids') }, (line) => ({
    ...line,
    tokens: packTokens(line.tokens),
  })),
  part(
    'samples',
    { text, tokens: count, stop: z.enum(['stop', 'length'], '"stop" or "length"') },
    (line) => line,
  ),
  part('analyses', { json: text }, (line) => line),
  part(
    'cells',
    {
      verdict: z.enum(VERDICTS, 'a verdict'),
      cpu_ms: milliseconds,
      wall_ms: milliseconds,
      cases: z.array(z.tuple([text, z.enum(CASE_ENDS, 'how a case ended')]), 'an array of [name, end]'),
      detail: text.nullable(),
      observed: z.array(text, 'an array of digests').nullable(),
    },
    ({ cases, observed, ...line }) => ({
      ...line,
      cases: JSON.stringify(cases),
      observed: observed && JSON.stringify(observed),
    }),
  ),
];
