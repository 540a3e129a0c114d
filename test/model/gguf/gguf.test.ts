import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ModelError } from '../../../src/error.js';
import { renderChat } from '../../../src/model/chat.js';
import { hashModel, readGguf } from '../../../src/model/gguf/gguf.js';
import { fixture, shared } from '../../root.js';

const folder = mkdtempSync(join(tmpdir(), 'coderm-gguf-'));
const gguf = suite('gguf');
gguf.after(() => rmSync(folder, { recursive: true }));

function variant(name: string, ...options: string[]): string {
  const path = join(folder, name);
  execFileSync('python3', [fixture('make_random_gguf.py'), ...options, path]);
  return path;
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

gguf('the fixture is what its script writes, and under 1 MB', () => {
  const committed = readFileSync(fixture('random.gguf'));
  assert.ok(readFileSync(variant('again.gguf')).equals(committed));
  assert.ok(committed.length < 1_000_000);
});

gguf('says what the file holds', async () => {
  const info = await readGguf(fixture('random.gguf'));
  assert.is(info.architecture, 'llama');
  assert.is(info.name, 'random');
  assert.is(info.contextTokens, 2048);
  assert.match(info.chatTemplate ?? '', 'im_start');
  assert.is(info.vocabulary.kind, 'gpt2');
  assert.is(info.vocabulary.tokens[info.vocabulary.bos!], '<|begin_of_text|>');
  assert.is(info.vocabulary.tokens[info.vocabulary.eos!], '<|im_end|>');
  assert.is(info.vocabulary.types.length, info.vocabulary.tokens.length);
});

gguf('hashes a file and tells how far it is', async () => {
  const bytes = readFileSync(fixture('random.gguf'));
  const seen: number[] = [];
  const digest = await hashModel(fixture('random.gguf'), (done) => {
    seen.push(done);
  });
  assert.is(digest, createHash('sha256').update(bytes).digest('hex'));
  assert.is(seen.at(-1), bytes.length);
});

gguf('unusable files are one sentence each', async () => {
  const whole = readFileSync(fixture('random.gguf'));
  const version = Buffer.from(whole);
  version.writeUInt32LE(1, 4);
  const table: [path: string, says: RegExp][] = [
    [join(folder, 'none.gguf'), /does not exist.*coderm models/],
    [join(folder, 'file.txt', 'under.gguf'), /does not exist/],
    [folder, /is a folder/],
    [file('text.gguf', 'Not a model.\nAt all.'), /starts with "Not a mo"/],
    [file('pointer.gguf', 'version https://git-lfs.github.com/spec/v1\n'), /Git LFS pointer/],
    [file('empty.gguf', ''), /is empty/],
    [file('magic.gguf', 'GGUF'), /ends inside its header after 4 bytes/],
    [file('header.gguf', whole.subarray(0, 3000)), /ends inside its header after 3000 bytes/],
    [
      file('big.gguf', Buffer.concat([whole.subarray(0, 24), Buffer.alloc(9000, 255)])),
      /ends inside its header/,
    ],
    [file('old.gguf', version), /GGUF version 1/],
    [variant('cut.gguf', '--truncate', '100'), /the file ends after \d+; it was cut off/],
  ];
  for (const [path, says] of table) {
    const error = await readGguf(path).then(
      () => null,
      (thrown) => thrown,
    );
    assert.instance(error, ModelError, path);
    assert.is(error.exitCode, 5);
    assert.match(error.message, says);
    assert.not.match(error.message, /\n/);
  }
});

gguf('a model without a chat template is refused when a chat is rendered', async () => {
  const info = await readGguf(variant('base.gguf', '--no-template'));
  assert.is(info.chatTemplate, null);
  const options = { responsePrefix: '', compat: 'none' } as const;
  assert.throws(
    () => renderChat(info, [{ role: 'user', content: 'q' }], options),
    (error: unknown) => error instanceof ModelError && /has no chat template/.test(error.message),
  );
});

gguf('reads the small chat model', async () => {
  const path = shared('models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (path === null) return;
  const info = await readGguf(path);
  assert.is(info.bytes, 98_362_432);
  assert.is(info.contextTokens, 8192);
  assert.is(info.vocabulary.tokens.length, 49_152);
});

gguf.run();
