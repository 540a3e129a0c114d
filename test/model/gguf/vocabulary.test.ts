import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GgufInfo, readGguf } from '../../../src/model/gguf/gguf.js';
import { decodeTokens } from '../../../src/model/gguf/vocabulary.js';
import { fixture } from '../../root.js';

const vocabulary = suite('vocabulary');
let info: GgufInfo;
vocabulary.before(async () => {
  info = await readGguf(fixture('random.gguf'));
});

/** The 256 byte tokens come first and in byte order. */
const spell = (text: string) => [...Buffer.from(text)];

vocabulary('every byte comes back', () => {
  for (const text of ['plain', 'tabs\tand\r\nlines\n', 'naïve – 数学 🙂', '\u0000\u007f\u00ad', '\ufeffbom'])
    assert.is(decodeTokens(info.vocabulary, spell(text)), text);
});

vocabulary('spaces before punctuation stay', () => {
  for (const text of ["f( 's', ' . ') , x != y ? ' ' : 'm '", "it 's", ' .', ' ,']) {
    assert.is(decodeTokens(info.vocabulary, spell(text)), text);
  }
  const { tokens } = info.vocabulary;
  assert.is(decodeTokens(info.vocabulary, [tokens.indexOf('Ġ.'), tokens.indexOf('Ġ,')]), ' . ,');
});

vocabulary('control tokens are silent, a cut character is marked', () => {
  const end = info.vocabulary.tokens.indexOf('<|im_end|>');
  assert.is(decodeTokens(info.vocabulary, [...spell('a'), end, ...spell('b')]), 'ab');
  assert.is(decodeTokens(info.vocabulary, spell('🙂').slice(0, 3)), '\ufffd');
  assert.is(decodeTokens(info.vocabulary, [999_999]), '');
});

vocabulary.run();
