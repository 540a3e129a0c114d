import { suite } from 'uvu';
import { lines } from '../../temporary.js';
import { withMounts } from '../coderm.js';
import { checkRows, EXECUTE, execute, type Row, row } from './rows.js';

const badInput = suite('cli: bad input, output');

const manifest = (more: object) => JSON.stringify({ flags: {}, inputs: [], output: {}, ...more });
const badOutput: Row[] = [
  row(
    '--json without --out',
    execute('--json'),
    2,
    /--json prints the summary on stdout.*expected --out FILE/,
  ),
  row(
    '--out in a folder that is not there',
    execute('--out', 'no/r.jsonl'),
    2,
    /no\/r\.jsonl cannot be written \(ENOENT\)/,
  ),
  row('--out below a file', execute('--out', 's.jsonl/r.jsonl'), 2, /cannot be written \(ENOTDIR\)/),
  row('--out a folder', execute('--out', '.'), 2, /--out: expected a file to write, and \. is a folder/),
  row('--out empty', execute('--out', ''), 2, /--out: expected a file to write, got an empty name/),
  row('--out over an input', execute('--out', './s.jsonl'), 2, /s\.jsonl is also read by this run/),
  row(
    '--out in /proc',
    execute('--out', '/proc/r.jsonl'),
    2,
    /\/proc\/r\.jsonl cannot be written \(E[A-Z]+\)/,
  ),
  row(
    '--out in a read-only folder',
    execute('--out', 'ro/r.jsonl'),
    2,
    /ro\/r\.jsonl cannot be written \(EROFS\)/,
    {
      under: withMounts('mkdir ro && mount -t tmpfs -o ro none ro'),
    },
  ),
  row(
    '--out on a full disk',
    execute('--out', 'full/r.jsonl'),
    2,
    /full\/r\.jsonl cannot be written \(ENOSPC\): free some space/,
    {
      under: withMounts('mkdir full && mount -t tmpfs -o size=4k none full'),
      files: {
        's.jsonl': lines({ task_id: 'a', solutions: Array(60).fill('def add(a, b):\n    return a + b\n') }),
      },
    },
  ),
  row('--out /dev/full', execute('--out', '/dev/full'), 2, /\/dev\/full cannot be written \(ENOSPC\)/),
  row('standard output is full', EXECUTE, 2, /standard output cannot be written \(ENOSPC\)/, {
    under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
  }),
  row(
    'standard output is full, for a help text',
    ['cache', 'info'],
    2,
    /standard output cannot be written \(ENOSPC\)/,
    {
      under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
    },
  ),
  row(
    '--replay of no file',
    ['rerank', '--replay', 'none.json'],
    2,
    /--replay: expected the manifest of a run, got none\.json/,
  ),
  row('--replay of another JSON file', ['rerank', '--replay', 's.jsonl'], 2, /s\.jsonl is another JSON file/),
  row(
    '--replay of a manifest that was cut',
    ['rerank', '--replay', 'm.json'],
    2,
    /m\.json is another JSON file/,
    {
      files: { 'm.json': manifest({ command: 'rerank' }) },
    },
  ),
  row(
    '--replay of another command',
    ['rerank', '--replay', 'm.json'],
    2,
    /expected coderm generate --replay/,
    {
      files: {
        'm.json': manifest({
          command: 'generate',
          versions: {},
          flags: { solutions: [], cache: 'c', out: 'o' },
          sandbox: {},
          host: {},
          output: { sha256: 'x' },
        }),
      },
    },
  ),
];

checkRows(badInput, badOutput);

badInput.run();
