import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requireJail } from '../../src/sandbox/jail.js';

const jails = suite('jails of a system');

jails('macOS takes its own jail only, and only when it is asked for by name', () => {
  assert.throws(
    () => requireJail('namespaces', 'darwin'),
    /--jail seatbelt, has not yet been run on hardware/,
  );
  assert.throws(() => requireJail('landlock', 'darwin'), /--jail seatbelt/);
  requireJail('seatbelt', 'darwin');
});

jails('Linux does not take that of macOS', () => {
  assert.throws(() => requireJail('seatbelt', 'linux'), /is one of macOS, and this is Linux/);
  requireJail('namespaces', 'linux');
  requireJail('landlock', 'linux');
});

jails.run();
