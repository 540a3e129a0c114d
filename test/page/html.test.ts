import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cut, label, textBox } from '../../src/page/excerpt.js';
import { html, trusted } from '../../src/page/html.js';

const page = suite('page/html');

page('text is escaped, markup is not escaped again, nothing is written for null', () => {
  const inner = html`<b title="${`"'`}">${'<script>&'}</b>`;
  assert.is(
    html`<p>${inner}${[1, ' ', null, false, trusted('<i>')]}</p>`.toString(),
    '<p><b title="&quot;&#39;">&lt;script&gt;&amp;</b>1 <i></p>',
  );
});

const unseen: [name: string, text: string, shown: string][] = [
  ['NUL and other control characters', 'a\0b\u001b[31m\u0007\r\u007f', 'a␀b␛[31m␇␍␡'],
  ['C1', '\u009b2J', '⟨U+009B⟩2J'],
  ['what turns the direction', 'x\u202ey\u2066z\u061c', 'x⟨U+202E⟩y⟨U+2066⟩z⟨U+061C⟩'],
  ['what has no width', 'a\u200bb\ufeffc\u00ad', 'a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+00AD⟩'],
  ['other ends of lines', 'a\u2028b\u2029', 'a⟨U+2028⟩b⟨U+2029⟩'],
  ['tags', 'a\u{e0041}', 'a⟨U+E0041⟩'],
  ['a lone surrogate', 'a\ud800b', 'a⟨U+D800⟩b'],
  ['tabs, ends of lines, letters and emoji as they are', 'a\tb\nä漢😀❤\ufe0f', 'a\tb\nä漢😀❤\ufe0f'],
];
for (const [name, text, shown] of unseen) {
  page(`shows ${name}`, () => assert.is(html`${text}`.toString(), shown));
}

page('a text is cut after so many characters, or so many lines', () => {
  assert.equal(cut('abc', { chars: 5, lines: 2 }), { shown: 'abc', leftOut: 0 });
  assert.equal(cut('abcdef', { chars: 5, lines: 2 }), { shown: 'abcde', leftOut: 1 });
  assert.equal(cut('a\nb\nc\nd', { chars: 50, lines: 2 }), { shown: 'a\nb', leftOut: 4 });
  assert.equal(cut('a\nb', { chars: 50, lines: 2 }), { shown: 'a\nb', leftOut: 0 });
  assert.match(
    textBox('name', 'x'.repeat(1e7), { chars: 10, lines: 1 }).toString(),
    /x{10}<.*9,999,990 more characters/s,
  );
  assert.is(label(' a\n b '), 'a b');
  assert.is(label('x'.repeat(1e6)).length, 161);
});

page.run();
