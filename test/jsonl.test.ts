import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJsonLines } from '../src/jsonl.js';
import { all, inputError, temporaryFolder } from './temporary.js';

const jsonl = suite('jsonl');
const folder = temporaryFolder();
let files = 0;

type Content = string | Buffer;
const write = (content: Content) => folder.write(`${files++}.jsonl`, content);

async function read(content: Content, maxLineMiB?: number): Promise<[unknown, number][]> {
  const found = await all(readJsonLines(write(content), maxLineMiB ? { maxLineMiB } : {}));
  return found.map(({ value, line }) => [value, line]);
}

const long = 'x'.repeat(700_000); // longer than one read buffer
const two = '{"a":1}\n{"a":2}\n';

const accepted: [string, Content, [unknown, number][]][] = [
  [
    'two lines',
    two,
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'no newline at the end',
    '{"a":1}\n{"a":2}',
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'CRLF',
    '{"a":1}\r\n{"a":2}\r\n',
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'blank lines are counted as lines',
    '\n  \n{"a":1}\n\r\n{"a":2}\n\n',
    [
      [{ a: 1 }, 3],
      [{ a: 2 }, 5],
    ],
  ],
  [
    'byte-order mark',
    `\ufeff${two}`,
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'gzip under a wrong name',
    gzipSync(two),
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'gzip of two members',
    Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')]),
    [
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  [
    'a line over several buffers',
    `{"a":"${long}"}\n{"a":2}`,
    [
      [{ a: long }, 1],
      [{ a: 2 }, 2],
    ],
  ],
  ['characters of several bytes', '{"a":"é漢😀"}', [[{ a: 'é漢😀' }, 1]]],
];
for (const [name, content, expected] of accepted) {
  jsonl(name, async () => assert.equal(await read(content), expected));
}

const refused: [string, Content, RegExp][] = [
  ['an empty file', '', /holds no lines/],
  ['only blank lines', '\n\n \n', /holds no lines/],
  ['an empty gzip file', gzipSync(''), /holds no lines/],
  ['truncated gzip', gzipSync(two.repeat(500)).subarray(0, 40), /ends in the middle of its gzip stream/],
  ['gzip magic only', Buffer.from([0x1f, 0x8b]), /gzip/],
  ['damaged gzip', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(50, 0xee)]), /damaged gzip/],
  [
    'invalid UTF-8',
    Buffer.from([...Buffer.from('{"a":1}\n{"b":"'), 0xff, 0x22, 0x7d]),
    /:2 is not UTF-8 \(byte 7 /,
  ],
  ['UTF-16', Buffer.from('\ufeff{"a":1}\n', 'utf16le'), /:1 is not UTF-8 \(it begins like UTF-16\)/],
  ['an array', '[1]\n', /:1 holds an array; .*jq/],
  ['a number', '{"a":1}\n3\n', /:2 holds a number/],
  ['null', 'null\n', /:1 holds null/],
  ['bad JSON', '{"a":1}\n{"a":\n', /:2 is not valid JSON; expected one object, got "\{\\"a\\":"/],
  ['a document over many lines', '{\n  "a": 1\n}\n', /:1 .*jq -c/],
  ['control characters in bad JSON are escaped', '\u001b[2Jx\n', /got "\\u001b\[2Jx"/],
];
for (const [name, content, message] of refused) {
  jsonl(`refuses ${name}`, async () => assert.match(await inputError(() => read(content)), message));
}

jsonl('of several files one may be empty, as that of a shard without tasks; not all', async () => {
  const [none, some, blank] = ['', two, '\n'].map(write) as [string, string, string];
  const found = await all(readJsonLines([none, some, blank]));
  assert.equal(
    found.map(({ file }) => file),
    [some, some],
  );
  assert.match(await inputError(() => all(readJsonLines([none, blank]))), `${none}, ${blank} hold no lines`);
});

jsonl('refuses a missing file, a folder and a file under a file', async () => {
  const file = write(two);
  assert.match(await inputError(() => all(readJsonLines(join(folder.path, 'none')))), /none does not exist/);
  assert.match(await inputError(() => all(readJsonLines(join(file, 'x')))), /does not exist/);
  mkdirSync(join(folder.path, 'sub'));
  assert.match(await inputError(() => all(readJsonLines(join(folder.path, 'sub')))), /is a folder/);
});

jsonl('a 10 MB line is read; a line over the limit is refused by its limit', async () => {
  const big = `{"a":"${'y'.repeat(10_000_000)}"}`;
  const [first] = await read(`{"b":1}\n${big}`).then((found) => found.slice(1));
  assert.is((first![0] as { a: string }).a.length, 10_000_000);
  assert.match(await inputError(() => read(`{"b":1}\n${big}`, 1)), /:2 is longer than 1 MiB/);
});

jsonl('memory does not grow with the file', async () => {
  const file = join(folder.path, 'many.jsonl.gz');
  const member = gzipSync(`{"a":"${'z'.repeat(1_000_000)}"}\n`);
  writeFileSync(file, Buffer.concat(Array.from({ length: 400 }, () => member))); // 400 MB of lines
  const before = process.memoryUsage().rss;
  let peak = 0;
  let count = 0;
  for await (const { line } of readJsonLines(file)) {
    count = line;
    peak = Math.max(peak, process.memoryUsage().rss - before);
  }
  assert.is(count, 400);
  assert.ok(peak < 200e6, `${Math.round(peak / 1e6)} MB more than before`);
});

jsonl('a reader that stops early closes the file', async () => {
  for await (const { line } of readJsonLines(write(gzipSync(two.repeat(1000))))) if (line === 2) break;
});

jsonl.run();
