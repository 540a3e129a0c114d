import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLine, printable, printableMessage } from '../../src/cli/printable.js';

const print = suite('cli/printable');

/** Whatever a terminal could obey, or a reader could be deceived by. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const HOSTILE: [name: string, text: string, shown: string][] = [
  ['colours and cursor movements', 'a\u001b[31mb\u001b[2J\u001b[1;1Hc', 'abc'],
  ['a title and a link', 'a\u001b]0;title\u0007b\u001b]8;;http://x\u001b\\c', 'abc'],
  ['sequences that are left when another is taken out', '\u001b\u001b[31m[2Jx', 'x'],
  ['C1 and bare control characters', 'a\u009b2Jb\0\b\r\u007f', 'ab'],
  ['what turns the direction of writing, or is not seen', 'a\u202eb\u2066c\u061cd\u200be', 'abcde'],
  ['ends of lines and tabs stay', 'a\n\tb', 'a\n\tb'],
];
for (const [name, text, shown] of HOSTILE) {
  print(`takes out ${name}`, () => {
    const found = printable(text);
    assert.ok(found.endsWith(shown.slice(-1)) && !OBEYED.test(found), JSON.stringify(found));
    if (!text.includes('\u001b\u001b')) assert.is(found, shown);
    assert.not.match(
      jsonLine({ text }).trimEnd(),
      new RegExp(OBEYED.source.replace('\\u000b', '\\u0009'), 'u'),
    );
  });
}

print('a message is bounded whatever it quotes', () => {
  const long = printableMessage(`${'\u001b]x;'.repeat(2_500_000)} failed`); // 10 MB of one line
  assert.ok(long.length < 5000 && !OBEYED.test(long), String(long.length));
  assert.match(long, /… \(\d+ more characters\)$/);
  assert.is(printableMessage('short'), 'short');
});

print.run();
