import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sampleSeed } from '../../src/seed.js';
import { ask, type Extracted } from '../analyzer.js';
import { fixture } from '../root.js';

// What a small chat model really wrote (fixtures/make_responses.mjs), read by both extractors. Only parsed.

interface Row {
  task_id: string;
  entry_point: string;
  prefix: string;
  response: string;
  stop: 'stop' | 'length';
  seed: number;
}

const rows = readFileSync(fixture('responses.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

/** How many test cases each response yields, or why it yields none: salvaged, and by the authors' rules. */
const EXPECTED: [salvage: number | string, paper: number | string][] = [
  ['syntax_error', 'no_code'],
  [1, 1],
  [1, 'several_classes'],
  ['syntax_error', 'no_code'],
  [1, 'no_code'],
  [5, 'no_class'],
  [1, 'several_blocks'],
  [3, 'no_code'],
  ['syntax_error', 'several_blocks'],
  ['no_case', 'several_classes'],
  [1, 'no_code'],
  ['no_code', 'no_code'],
];

const responses = suite('recorded responses');

responses('are of every kind: started and plain, ended and cut off', () => {
  assert.is(rows.length, 12);
  const kinds = rows.map(({ prefix, stop }) => `${prefix === '' ? 'plain' : 'started'} ${stop}`);
  assert.equal([...new Set(kinds)].sort(), ['plain length', 'plain stop', 'started length', 'started stop']);
  for (const { seed, task_id } of rows) {
    assert.ok([0, 1].some((index) => seed === sampleSeed(0, task_id, index)));
  }
});

for (const [at, mode] of (['salvage', 'paper'] as const).entries()) {
  responses(`are read the same way every time: ${mode}`, () => {
    const found = rows.map((row) => {
      const request = {
        kind: 'responses',
        mode,
        entry_point: row.entry_point,
        defined: [row.entry_point],
        responses: [{ text: row.prefix + row.response, cut: row.stop === 'length' }],
      };
      const [extraction] = ask<Partial<Extracted>[]>(request);
      return extraction!.cases?.length ?? extraction!.drop;
    });
    assert.equal(
      found,
      EXPECTED.map((pair) => pair[at]),
    );
  });
}

responses.run();
