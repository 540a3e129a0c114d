import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache } from '../../src/cache/database.js';
import {
  analysisKey,
  cellKey,
  cellMark,
  currentMarks,
  type ExecutedBy,
  promptMark,
  sampleKey,
  VERSIONS,
  writerMark,
} from '../../src/cache/keys.js';
import { deleteUnused, unusedRows, unusedWarning } from '../../src/cache/unused.js';
import { DEFAULT_LIMITS } from '../../src/verdict.js';
import { root } from '../root.js';
import { temporaryFolder } from '../temporary.js';

const { recorded, spokenFor, undecided } = await import(join(root, 'scripts', 'keys.mjs'));

const keys = suite('cache: keys');
const folder = temporaryFolder();

keys('whoever changes a file that a version speaks for has decided whether it is another version', () => {
  assert.equal(undecided(recorded(), spokenFor(VERSIONS)), []);
});

keys('a change that nobody has decided on is said, with the file', () => {
  const now = spokenFor(VERSIONS);
  const before = structuredClone(now);
  before.cell.files['src/sandbox/decide.ts'] = 'another';
  delete before.native.files['native/generator/sampler.cc'];
  const said: string[] = undecided(before, now);
  assert.is(said.length, 2);
  assert.match(said.join('\n'), /native: native\/generator\/sampler\.cc changed; if that can change/);
  assert.match(said.join('\n'), /cell: src\/sandbox\/decide\.ts changed/);
  const raised = spokenFor({ ...VERSIONS, cell: VERSIONS.cell + 1 });
  assert.match(undecided(now, raised).join(), /cell: its version changed/);
});

const BY: ExecutedBy = {
  runner: 'a',
  interpreter: 'i',
  limits: DEFAULT_LIMITS,
  isolation: 'cell',
  jail: 'namespaces',
  hashSeed: 0,
};

keys("a cell's key changes with everything that decides its verdict", () => {
  const cell = { candidate: 'c', test: 't' };
  const others: string[] = [
    cellKey(BY, cell),
    cellKey(BY, { ...cell, candidate: 'd' }),
    cellKey(BY, { ...cell, test: 'u' }),
    cellKey({ ...BY, runner: 'b' }, cell),
    cellKey({ ...BY, interpreter: 'j' }, cell),
    cellKey({ ...BY, isolation: 'candidate' }, cell),
    cellKey({ ...BY, jail: 'landlock' }, cell),
    cellKey({ ...BY, hashSeed: 1 }, cell),
    ...Object.keys(DEFAULT_LIMITS).map((name) =>
      cellKey({ ...BY, limits: { ...DEFAULT_LIMITS, [name]: 77 } }, cell),
    ),
  ];
  assert.is(new Set(others).size, others.length);
});

keys('what parses is no part of the key of a cell, what executes none of that of a text', () => {
  const asked = { kind: 'programs', text: 'x' };
  assert.is.not(
    analysisKey({ reader: 'a', interpreter: 'i' }, asked),
    analysisKey({ reader: 'b', interpreter: 'i' }, asked),
  );
  assert.is(cellMark({ runner: 'a' }), cellMark({ ...BY }));
});

keys('a sample of an earlier version has the key that it always had', () => {
  const by = {
    identity: 'm',
    generatorName: 'native 2, rows by 4 from 4',
    stamp: { backend: 'cpu', device: 'd', build: 'b1' },
  };
  const asked = {
    promptTokens: [1, 2],
    asked: undefined,
    sampler: { temperature: 0, maxTokens: 8 },
    seed: 3,
  };
  assert.is(sampleKey(by, asked), 'cc1315feaceed77265070a389a43290004085ba00a8b02976a552318cba907cc');
});

keys('rows of other code are counted, named and deleted; those of this version stay', () => {
  const file = `${folder.path}/cache.sqlite`;
  const cache = Cache.open(file);
  const marks = currentMarks({ reader: 'r', runner: 'x' });
  const key = (at: number) => at.toString(16).padStart(64, '0');
  const row = { verdict: 'pass', cpuMs: 1, wallMs: 1, cases: [], detail: null, observed: null } as const;
  try {
    cache.storeCells([{ key: key(1), row: { ...row, cases: [] } }], cellMark({ runner: 'x' }));
    assert.equal(unusedRows(cache, marks), { prompts: 0, samples: 0, analyses: 0, cells: 0 });
    assert.is(unusedWarning(file, unusedRows(cache, marks)), null);
    cache.storeCells(
      [key(2), key(3)].map((one) => ({ key: one, row: { ...row, cases: [] } })),
      cellMark({ runner: 'y' }),
    );
    cache.storeAnalysis(key(4), '{}'); // of a version that did not say
    cache.storePrompt(key(5), { text: 'p', tokens: [1] }, promptMark());
    cache.storeSample(key(6), { text: 's', tokens: 1, stop: 'stop' });
    const native = writerMark({ generatorName: 'native 2, shared cells' });
    cache.storeSample(key(7), { text: 's', tokens: 1, stop: 'stop' }, native);
    cache.storeSample(key(8), { text: 's', tokens: 1, stop: 'stop' }, native + 1);
    const unused = unusedRows(cache, marks);
    assert.equal(unused, { prompts: 0, samples: 1, analyses: 1, cells: 2 });
    assert.match(
      unusedWarning(file, unused)!,
      /holds 1 sample, 1 analysis and 2 cells made by another version/,
    );
    assert.equal(deleteUnused(cache, marks), unused);
    const { prompts, samples, analyses, cells } = cache.info();
    assert.equal({ prompts, samples, analyses, cells }, { prompts: 1, samples: 2, analyses: 0, cells: 1 });
  } finally {
    cache.close();
  }
});

keys.run();
