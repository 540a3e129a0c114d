import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import { lines } from '../../temporary.js';
import { badFile, checkRows, FILES, inputs, MODEL, type Row, row } from './rows.js';

const badInput = suite('cli: bad input, files');

const badFiles: Row[] = [
  row(
    'a file that is not there',
    ['rerank', ...inputs('none.jsonl'), '--model', MODEL],
    2,
    /none\.jsonl does not exist/,
  ),
  row('a path below a file', ['rerank', ...inputs('s.jsonl/p.jsonl'), '--model', MODEL], 2, /does not exist/),
  row(
    'a folder as a file',
    ['rerank', ...inputs('.'), '--model', MODEL],
    2,
    /\. is a folder; expected a JSON Lines file/,
  ),
  badFile('an empty file', 'p', '', /p\.jsonl holds no lines/),
  badFile('a file of blank lines', 's', '\n\n', /s\.jsonl holds no lines/),
  badFile(
    'a truncated gzip file',
    'p',
    gzipSync(FILES['p.jsonl']!).subarray(0, 40),
    /ends in the middle of its gzip/,
  ),
  badFile(
    'a damaged gzip file',
    's',
    Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(40, 7)]),
    /damaged gzip/,
  ),
  badFile('invalid UTF-8', 's', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), /s\.jsonl:1 is not UTF-8 \(byte 2/),
  badFile('UTF-16', 'p', Buffer.from('\ufeff{}\n', 'utf16le'), /iconv -f UTF-16/),
  badFile('bad JSON', 's', `${FILES['s.jsonl']}{"task_id": \n`, /s\.jsonl:2 is not valid JSON/),
  badFile('an array', 'p', '[1]\n', /p\.jsonl:1 holds an array/),
  badFile('one document over many lines', 'p', '{\n"task_id": 1\n}\n', /p\.jsonl:1 .*jq -c/),
  badFile(
    'fields that nobody knows',
    'p',
    lines({ id: 1, text: 'x' }),
    /p\.jsonl:1 is not a problem: expected .*came \{id, text\}/,
  ),
  badFile('candidates in place of problems', 'p', FILES['s.jsonl']!, /candidates: give them as --solutions/),
  badFile('problems in place of candidates', 's', FILES['p.jsonl']!, /a problem: give it as --problems/),
  badFile(
    'candidates in place of unit tests',
    'u',
    FILES['s.jsonl']!,
    /u\.jsonl:1 .*candidates: give them as --solutions/,
  ),
  badFile(
    'a field of the wrong type',
    's',
    lines({ task_id: 'a', solutions: [1] }),
    /`solutions\.0` should be a string/,
  ),
  badFile(
    'a problem twice',
    'p',
    `${FILES['p.jsonl']}${FILES['p.jsonl']}`,
    /p\.jsonl:2 repeats the task id "a" of p\.jsonl:1/,
  ),
  badFile(
    'no common task id',
    's',
    lines({ task_id: 'b', solution: 'x' }),
    /No task of p\.jsonl.* has candidates.*"b"/,
  ),
  badFile(
    'no common task id with the unit tests',
    'u',
    lines({ task_id: 'b', unit_tests: ['x'] }),
    /both candidates and unit tests/,
  ),
  badFile(
    'a completion without a prompt',
    's',
    lines({ task_id: 'a', completion: ' pass' }),
    /s\.jsonl:1 gives a `completion`.*no prompt/,
  ),
  badFile(
    'a completion and no problems file',
    's',
    lines({ task_id: 'a', completion: ' pass' }),
    /add|no prompt/,
  ),
  badFile(
    'unit tests of two forms',
    'u',
    lines({ prompt: 'x', samples: ['f(1) == 1'] }),
    /add --problems FILE/,
  ),
  badFile(
    'control characters in a message',
    's',
    '{"\u001b[31m\u0007": 1}\n'.replace('\u001b', '\\u001b').replace('\u0007', '\\u0007'),
    /came \{[^\u001b\u0007]*\}/,
  ),
];

checkRows(badInput, badFiles);

badInput.run();
