import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KINDS } from '../../src/page/kinds.js';
import { STYLE } from '../../src/page/style.js';

// The contrast of the pairs of colours that the page puts on each other, by WCAG 2.1: 4.5 to 1 for text, 3 to 1 for
// what a picture is read by. (axe-core does not judge texts of pictures.)

const style = suite('page/style');

/** The colours of light, then those of dark, by name. */
const schemes = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(
  ([, block]) => new Map([...block!.matchAll(/--([\w-]+):(#\w+)/g)].map(([, name, hex]) => [name!, hex!])),
);

function luminance(hex: string): number {
  const long = hex.length === 4 ? hex.replace(/\w/g, '$&$&') : hex;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light! + 0.05) / (dark! + 0.05);
}

const TEXTS = ['ink', 'soft', 'accent', 'good', 'bad', 'warn'].flatMap((text) => [
  [text, 'card', 4.5] as const,
  [text, 'page', 4.5] as const,
]);
const PATTERNS = KINDS.filter((kind) => kind !== 'pass' && kind !== 'not run').map(
  (kind) => [`${kind}-b`, `${kind}-a`, 3] as const,
);
const PAIRS = [
  ...TEXTS,
  ['ink', 'code', 4.5] as const,
  ['bar', 'card', 3] as const,
  ['pass', 'card', 3] as const,
  ...['fail-b', 'memory-b', 'error-b', 'timeout-b'].map((line) => [line, 'card', 3] as const),
  ...PATTERNS,
];

for (const [at, name] of ['light', 'dark'].entries()) {
  style(`${name}: texts and patterns stand out`, () => {
    const colours = schemes[at]!;
    const faint = PAIRS.map(([a, b, least]) => ({
      a,
      b,
      least,
      is: contrast(colours.get(a)!, colours.get(b)!),
    }));
    assert.equal(
      faint.filter((pair) => !(pair.is >= pair.least)),
      [],
    );
  });
}

style.run();
