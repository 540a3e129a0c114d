import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { findModel, knownModels, modelsFolder, recogniseModel } from '../../../src/model/files/registry.js';
import { hashModel } from '../../../src/model/gguf/gguf.js';
import { shared } from '../../root.js';

const folder = mkdtempSync(join(tmpdir(), 'coderm-models-'));
const env = { CODERM_MODELS: folder };
const registry = suite('registry');
registry.after(() => rmSync(folder, { recursive: true }));

registry('entries are complete', () => {
  const names = knownModels().map((model) => model.name);
  assert.is(new Set(names).size, names.length);
  for (const model of knownModels()) {
    assert.match(model.name, /^[a-z0-9_.-]+$/);
    assert.match(model.file, /\.gguf$/);
    assert.ok(model.source.length > 0);
    assert.ok(model.context >= 1024 && model.licence.length > 0);
    assert.ok(model.sha256 === null || /^[0-9a-f]{64}$/.test(model.sha256));
    assert.is(model.sha256 === null, model.bytes === null);
  }
});

registry('models trained for it start their answers themselves, SmolLM2 does not', () => {
  for (const model of knownModels())
    assert.is(model.response_prefix === null, /^(coderm-|tiny-ut)/.test(model.name), model.name);
});

registry('folder', () => {
  assert.is(modelsFolder({ CODERM_MODELS: '/m', XDG_DATA_HOME: '/x' }), '/m');
  assert.is(modelsFolder({ XDG_DATA_HOME: '/x' }), '/x/coderm/models');
  assert.match(modelsFolder({}), /\/\.local\/share\/coderm\/models$/);
});

registry('a path stays a path', () => {
  assert.is(findModel('./a/b.gguf', env), './a/b.gguf');
  assert.is(findModel('/nowhere/b.gguf', env), '/nowhere/b.gguf');
  assert.is(findModel('mistyped.gguf', env), 'mistyped.gguf');
  assert.is(findModel('file:///a/b%20c.gguf', env), '/a/b c.gguf');
});

registry('a name is looked up in the folder', () => {
  const path = join(folder, 'CodeRM-8B.Q8_0.gguf');
  writeFileSync(path, '');
  assert.is(findModel('coderm-8b-q8_0', env), path);
  assert.is(findModel('CodeRM-8B-Q8_0', env), path);
  assert.is(findModel('CodeRM-8B.Q8_0.gguf', env), path);
  writeFileSync(join(folder, 'mine.gguf'), '');
  assert.is(findModel('mine.gguf', env), join(folder, 'mine.gguf'));
});

registry('names that lead nowhere', () => {
  const check = (name: string, says: RegExp) =>
    assert.throws(
      () => findModel(name, env),
      (error: unknown) => error instanceof ModelError && says.test(error.message),
    );
  check('coderm-8b-q6_k', /no such file; run `coderm models pull coderm-8b-q6_k`, put it there from /);
  check('coderm-8b-q6k', /did you mean coderm-8b-q6_k\?/);
  check('gpt-4', /known names are coderm-8b-q4_k_m, .*smollm2-135m-instruct\.$/);
  check('', /neither/);
});

registry('the small model is known by its contents', async () => {
  assert.is(recogniseModel('0'.repeat(64)), null);
  const path = shared('models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (path === null) return;
  assert.is(recogniseModel(await hashModel(path))?.name, 'smollm2-135m-instruct');
});

registry.run();
