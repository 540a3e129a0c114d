import type { Vocabulary } from './gguf.js';

/**
 * Why not llama.cpp's own detokeniser: for Llama-3 vocabularies it tidies the text as if it were prose,
 * dropping the space before `.`, `,`, `!`, `?` and `'s`, even inside string literals. A unit test must
 * come out as the model wrote it, so byte-level BPE is undone here, byte for byte.
 */

const NORMAL = 1;
const USER_DEFINED = 4;
const UNUSED = 5;

/** Byte-level BPE's alphabet: printable bytes stand for themselves, the others for 256, 257, … */
const BYTE_OF = new Map<string, number>();
for (let byte = 0, spare = 256; byte < 256; byte++) {
  const plain = (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
  BYTE_OF.set(String.fromCharCode(plain ? byte : spare++), byte);
}

/** Whether `decodeTokens` knows this vocabulary's spelling. */
export function isByteLevel(vocabulary: Vocabulary): boolean {
  return vocabulary.kind === 'gpt2' && vocabulary.tokens.length > 0;
}

/**
 * The text of generated tokens of a byte-level vocabulary. Control tokens give nothing; bytes of a
 * character that the tokens cut off become U+FFFD.
 */
export function decodeTokens(vocabulary: Vocabulary, tokens: readonly number[]): string {
  const bytes: number[] = [];
  for (const token of tokens) {
    const piece = vocabulary.tokens[token] ?? '';
    const type = vocabulary.types[token] ?? NORMAL;
    if (type === USER_DEFINED) bytes.push(...Buffer.from(piece));
    else if (type === NORMAL || type === UNUSED) for (const char of piece) pushByte(bytes, char);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

function pushByte(bytes: number[], char: string): void {
  const byte = BYTE_OF.get(char);
  // A character outside the alphabet is a token that was added as plain text.
  if (byte === undefined) bytes.push(...Buffer.from(char));
  else bytes.push(byte);
}
