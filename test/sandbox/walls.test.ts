import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACKS } from '../../src/doctor/attacks.js';
import { withCanary } from '../../src/doctor/doctor.js';
import { attackWalls, honestCandidate } from '../../src/doctor/walls.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { ESCAPES } from './escapes.js';
import { testPython } from './python.js';

const walls = suite('the doctor and missing walls');

walls('a wall that is missing is seen, and no other', async () => {
  const sandbox = await Sandbox.open({
    python: testPython(),
    workers: 2,
    guardsOff: ['network', 'tmp-size', 'syscalls', 'output'],
  });
  try {
    assert.is(await honestCandidate(sandbox), null);
    const given = await sandbox.describe();
    let done = 0;
    const found = await withCanary((canary) => attackWalls(sandbox, given, canary, () => done++));
    assert.is(done, ATTACKS.length);
    assert.equal(
      found.filter(({ holds }) => !holds).map(({ wall }) => wall),
      ['space in /tmp', 'network', 'tracing (ptrace)', 'namespaces of its own', 'output'],
    );
  } finally {
    await sandbox.close();
  }
});

walls('every attack of the doctor is an escape test too', () => {
  const names = ESCAPES.map(({ name }) => name);
  assert.equal(
    ATTACKS.map(({ name }) => name).filter((name) => !names.includes(name)),
    [],
  );
});

walls.run();
