import { copyFileSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { type ImportOptions, importModel } from '../../../src/model/files/import.js';
import { ModelsFolder } from '../../../src/model/files/models-folder.js';
import { verifyModels } from '../../../src/model/files/verify.js';
import { silent } from '../../../src/progress.js';
import { refusal } from '../../refusal.js';
import { fixture } from '../../root.js';
import { temporaryFolder } from '../../temporary.js';
import { sha256Of } from './hub-server.js';

const models = suite('models folder');
const temporary = temporaryFolder();
const RANDOM = fixture('random.gguf');
const SHA256 = sha256Of(readFileSync(RANDOM));
let number = 0;

function fresh(): ModelsFolder {
  number += 1;
  return new ModelsFolder(join(temporary.path, `models-${number}`, 'below'));
}

const bring = (folder: ModelsFolder, more: Partial<ImportOptions> = {}, file = RANDOM) =>
  importModel(file, folder, { link: false, as: null, sha256: null, ...more }, silent);

const refused = (work: Promise<unknown>, says: RegExp) => refusal(work, ModelError, says);

models('a copy, recorded and sound', async () => {
  const folder = fresh();
  const record = await bring(folder);
  assert.equal(record, { file: 'random.gguf', sha256: SHA256, bytes: 80864, source: RANDOM });
  assert.not.ok(lstatSync(folder.place('random.gguf')).isSymbolicLink());
  assert.equal(folder.records(), [record]);
  const [found] = await verifyModels(folder, [], silent);
  assert.equal(found, {
    file: 'random.gguf',
    state: 'sound',
    sha256: SHA256,
    expected: SHA256,
    bytes: 80864,
    reason: null,
  });
  await bring(folder); // again: the same file
  assert.is(folder.records().length, 1);
});

models('a link, under the name of a known model', async () => {
  const folder = fresh();
  const { file } = await bring(folder, { link: true, as: 'CodeRM-8B-Q8_0' });
  assert.is(file, 'CodeRM-8B.Q8_0.gguf');
  assert.ok(lstatSync(folder.place(file)).isSymbolicLink());
  assert.is((await verifyModels(folder, ['coderm-8b-q8_0'], silent))[0]?.state, 'sound');
});

models('a file that lies in the folder is recorded where it is', async () => {
  const folder = fresh();
  folder.make();
  copyFileSync(RANDOM, folder.place('mine.gguf'));
  assert.is((await verifyModels(folder, [], silent))[0]?.state, 'unknown');
  await bring(folder, {}, folder.place('mine.gguf'));
  assert.is((await verifyModels(folder, ['mine.gguf'], silent))[0]?.state, 'sound');
});

models('what verify finds: changed, cut, gone', async () => {
  const folder = fresh();
  for (const name of ['coderm-8b-q4_k_m', 'coderm-8b-q6_k', 'coderm-8b-q8_0'])
    await bring(folder, { as: name });
  const changed = Buffer.from(readFileSync(RANDOM));
  changed[changed.length - 1]! ^= 1;
  writeFileSync(folder.place('CodeRM-8B.Q4_K_M.gguf'), changed);
  writeFileSync(folder.place('CodeRM-8B.Q6_K.gguf'), changed.subarray(0, 60_000));
  rmSync(folder.place('CodeRM-8B.Q8_0.gguf'));
  const found = await verifyModels(folder, [], silent);
  assert.equal(
    found.map(({ state }) => state),
    ['damaged', 'damaged', 'missing'],
  );
  assert.match(found[0]!.reason!, /not what they were/);
  assert.match(found[1]!.reason!, /cut off/);
  await refused(
    verifyModels(folder, ['other.gguf'], silent),
    /got "other\.gguf"; it holds CodeRM-8B\.Q4_K_M\.gguf, /,
  );
});

models('imports that are refused leave nothing', async () => {
  const folder = fresh();
  const text = temporary.write('text.gguf', 'Not a model.');
  const odd = temporary.write('model.bin', readFileSync(RANDOM));
  await refused(bring(folder, { sha256: '0'.repeat(64) }), /to have the SHA-256 0{64}, but it has/);
  await refused(bring(folder, { as: 'smollm2-135m-instruct' }), /to have the SHA-256 b179c9/);
  await refused(bring(folder, { as: 'gpt-4' }), /--as to be a known model, got "gpt-4"/);
  await refused(bring(folder, {}, text), /starts with "Not a mo"/);
  await refused(bring(folder, {}, odd), /ends in \.gguf, got model\.bin; rename it/);
  await refused(bring(folder, {}, join(temporary.path, 'none.gguf')), /does not exist/);
  assert.equal(folder.files(), []);
  folder.make();
  writeFileSync(folder.place('random.gguf'), 'another');
  await refused(bring(folder), /no other model at .*random\.gguf/);
  assert.is(readFileSync(folder.place('random.gguf'), 'utf8'), 'another');
});

models('a record that is none', async () => {
  const folder = fresh();
  mkdirSync(folder.path, { recursive: true });
  for (const text of ['{', '[]', '{"models": [{"file": "../x.gguf"}]}']) {
    writeFileSync(folder.place('models.json'), text);
    assert.throws(() => folder.records(), /Expected the record of models in .*models\.json/);
  }
  await refused(bring(folder), /record of models/);
});

models.run();
