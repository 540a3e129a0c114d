import { copyFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rememberedProbe, rememberProbe } from '../../src/sandbox/remembered-probe.js';
import { temporaryFolder } from '../temporary.js';

const remembered = suite('sandbox: what an interpreter said is remembered');
const temporary = temporaryFolder();
let cases = 0;

/** An executable with a folder of packages, and an environment in which both are found. */
function interpreter() {
  const folder = join(temporary.path, `${cases++}`);
  const [bin, packages] = [join(folder, 'bin'), join(folder, 'site-packages')];
  for (const made of [bin, packages]) mkdirSync(made, { recursive: true });
  const python = join(bin, 'python3');
  copyFileSync(process.execPath, python); // any compiled file
  const memory = { file: join(folder, 'kept', 'interpreters.json'), path: bin };
  rememberProbe('python3', 'its answer', [packages], memory);
  return { folder, python, packages, memory, known: () => rememberedProbe('python3', memory) };
}

remembered('by its name and by its path, for as long as nothing changes', () => {
  const { python, memory, known } = interpreter();
  assert.is(known(), 'its answer');
  assert.is(rememberedProbe(python, memory), 'its answer');
  assert.is(rememberedProbe('python4', memory), null);
});

const CHANGES: Record<string, (made: ReturnType<typeof interpreter>) => void> = {
  'another executable': ({ python }) => utimesSync(python, 1, 1),
  'a package that was installed': ({ packages }) => {
    mkdirSync(join(packages, 'new.dist-info'));
    utimesSync(packages, 2, 2); // whatever the resolution of the file system's times
  },
  'a virtual environment around it': ({ folder }) => writeFileSync(join(folder, 'pyvenv.cfg'), 'home = /usr'),
};

for (const [what, change] of Object.entries(CHANGES)) {
  remembered(`it is asked again after ${what}`, () => {
    const made = interpreter();
    change(made);
    assert.is(made.known(), null);
  });
}

remembered('another one of that name, earlier in PATH, is not taken for it', () => {
  const { folder, python, memory } = interpreter();
  const first = join(folder, 'first');
  mkdirSync(first);
  symlinkSync(python, join(first, 'python3'));
  assert.is(rememberedProbe('python3', { ...memory, path: `${first}:${memory.path}` }), null);
});

remembered('a script is asked each time, since it may start another Python each time', () => {
  const { folder, memory } = interpreter();
  const shim = join(folder, 'shim');
  writeFileSync(shim, '#!/bin/sh\nexec python3 "$@"\n', { mode: 0o755 });
  rememberProbe(shim, 'an answer', [], memory);
  assert.is(rememberedProbe(shim, memory), null);
});

remembered('a damaged file is as good as none', () => {
  const { memory, known } = interpreter();
  writeFileSync(memory.file, '[{"python":');
  assert.is(known(), null);
  rememberProbe('python3', 'again', [], memory);
  assert.is(known(), 'again');
});

remembered.run();
