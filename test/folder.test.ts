import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeFolder, stagingFolder } from '../src/folder.js';
import { temporaryFolder } from './temporary.js';

const folder = suite('folder');
const temporary = temporaryFolder();

folder('makes what is missing above it, and is content with what is there', () => {
  const path = join(temporary.path, 'a', 'b', 'c');
  for (let time = 0; time < 2; time++) makeFolder(path);
  assert.ok(statSync(path).isDirectory());
});

folder('a file in its place or above it is an error with a code', () => {
  const file = temporary.write('file', '');
  assert.throws(() => makeFolder(file), /is a file/);
  assert.throws(() => makeFolder(join(file, 'below')), /ENOTDIR/);
});

folder('a place that makes no folders is an error, not a wait for ever', () => {
  if (!existsSync('/proc/self')) return;
  assert.throws(() => makeFolder('/proc/coderm-nothing/below'), /ENOENT/);
  assert.throws(
    () => stagingFolder('/proc/coderm-nothing/bundle'),
    /^Expected to write .*bundle, but it cannot be made \(ENOENT\); name another place\.$/,
  );
});

folder('prepares beside the path, in a folder that no other run has', () => {
  const path = join(temporary.path, 'new', 'bundle');
  const [one, other] = [stagingFolder(path), stagingFolder(path)];
  assert.is.not(one, other);
  assert.ok([one, other].every((at) => at.startsWith(`${path}.partial-`) && statSync(at).isDirectory()));
});

folder.run();
