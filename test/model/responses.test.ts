import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { knownModels } from '../../src/model/registry.js';
import { responsePrefix } from '../../src/prompt.js';
import { sampleSeed } from '../../src/seed.js';
import { fixture } from '../root.js';

const responses = suite('recorded responses');

responses('are what make_responses.mjs asks for: started and plain, ended and cut off', () => {
  const rows = readFileSync(fixture('responses.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(rows.length, 12);
  const template = knownModels().find((model) => model.name === 'smollm2-135m-instruct')!.response_prefix!;
  const seen = new Set<string>();
  for (const row of rows) {
    assert.ok(row.prefix === '' || row.prefix === responsePrefix(template, row.entry_point));
    assert.ok([0, 1].some((index) => row.seed === sampleSeed(0, row.task_id, index)));
    seen.add(`${row.prefix === '' ? 'plain' : 'started'} ${row.stop}`);
  }
  assert.equal([...seen].sort(), ['plain length', 'plain stop', 'started length', 'started stop']);
});

responses.run();
