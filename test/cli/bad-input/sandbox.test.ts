import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import { withoutUserNamespaces } from '../coderm.js';
import { checkRows, EXECUTE, execute, type Row, row } from './rows.js';

const badInput = suite('cli: bad input, sandbox');

const script = (text: string) => (folder: string) => {
  writeFileSync(join(folder, 'python'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'python'), 0o755);
};
const OLD =
  '{"executable": "/usr/bin/python3", "version": "3.8.10", "build": "", "paths": [], "libraries": [], ' +
  '"loader": null, "packages": [], "cache_tag": null, "supported": false}';
const badSandbox: Row[] = [
  row(
    'a Python that is not there',
    execute('--python', './none'),
    4,
    /'\.\/none' does not run .*--python PATH/,
  ),
  row(
    'an old Python',
    execute('--python', './python'),
    4,
    /needs Python 3\.9 or newer, and '\.\/python' is 3\.8\.10/,
    {
      prepare: script(`echo '${OLD}'`),
    },
  ),
  row('a Python that fails', execute('--python', './python'), 4, /'\.\/python' does not run/, {
    prepare: script('exit 3'),
  }),
  row('a Python that is another program', execute('--python', './python'), 4, /'\.\/python' /, {
    prepare: script('echo hello'),
  }),
  row(
    'no user namespaces',
    EXECUTE,
    4,
    /max_user_namespaces refuses user namespaces\. Allow them with: sudo sysctl/,
    {
      under: withoutUserNamespaces(),
    },
  ),
];

checkRows(badInput, badSandbox);

badInput.run();
