import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTACKS } from '../../src/doctor/attacks.js';
import { withCanary } from '../../src/doctor/doctor.js';
import { LANDLOCK, NOT_OF_MACOS, SEATBELT } from '../../src/doctor/other-jails.js';
import { attackWalls, honestCandidate } from '../../src/doctor/walls.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { ESCAPES } from './escapes.js';
import { TESTED_JAILS, type TestedJail } from './jails.js';
import { testPython } from './python.js';

const walls = suite('the doctor and missing walls');

const ALIKE = [
  'space in /tmp',
  'network',
  'tracing (ptrace)',
  'namespaces of its own',
  'output',
  'name of the host',
  'activity of the host',
];
const SWITCHES = ['network', 'tmp-size', 'syscalls', 'output', 'names', 'inodes'];

/** Guards to leave out, and the walls that are then missing. */
const MISSING: Record<TestedJail, { guardsOff: string[]; walls: string[] }> = {
  namespaces: { guardsOff: SWITCHES, walls: ALIKE },
  landlock: {
    guardsOff: [...SWITCHES, 'landlock-files', 'landlock-scope'],
    walls: [
      ...ALIKE,
      'files of the host',
      'the warm interpreter',
      '/proc of the host',
      // Of another user than the jail's, where root runs this: then no wall is needed.
      ...(process.getuid?.() === 0 ? [] : ['files of the jail', 'processes of the host']),
    ],
  },
};

for (const jail of TESTED_JAILS) {
  walls(`${jail}: a wall that is missing is seen, and no other`, async () => {
    const { guardsOff, walls } = MISSING[jail];
    const sandbox = await Sandbox.open({ python: testPython(), workers: 2, jail, guardsOff });
    try {
      assert.is(await honestCandidate(sandbox), null);
      const given = { ...(await sandbox.describe()), landlockAbi: null };
      let done = 0;
      const found = await withCanary(jail, (canary) => attackWalls(sandbox, given, canary, () => done++));
      assert.is(done, ATTACKS.length);
      const missing = found.filter(({ holds }) => !holds).map(({ wall }) => wall);
      assert.equal(missing.sort(), walls.sort());
    } finally {
      await sandbox.close();
    }
  });
}

walls('what is said to differ behind a jail is an attack', () => {
  const differing = [...Object.keys(LANDLOCK), ...Object.keys(SEATBELT), ...NOT_OF_MACOS];
  assert.equal(
    differing.filter((name) => !ATTACKS.some((attack) => attack.name === name)),
    [],
  );
});

walls('every attack of the doctor is an escape test too', () => {
  const names = ESCAPES.map(({ name }) => name);
  assert.equal(
    ATTACKS.map(({ name }) => name).filter((name) => !names.includes(name)),
    [],
  );
});

walls.run();
