/** Markup that is safe to put into the page. Only `html` and `trusted` make it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template may hold: markup, text (which is escaped), lists of both, and nothing (null, false). */
export type Content = Html | string | number | null | false | readonly Content[];

/**
 * The page's only way from text to markup: every value that is not markup already is escaped, for the text of an
 * element and for a quoted attribute alike. Attributes have to be quoted in the template.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let markup = strings[0]!;
  for (const [at, value] of values.entries()) markup += markupOf(value) + strings[at + 1]!;
  return new Html(markup);
}

/** Markup that holds no text but ours: the stylesheet, and what the plot library made of numbers. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function markupOf(value: Content): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * What a browser would not show as it is: control characters but tab and line end, what turns the direction of
 * writing, has no width or ends a line elsewhere, and lone surrogates. Not the selectors that follow an emoji.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const SEEN = /[\t\n\p{Variation_Selector}]/u;

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character]!).replace(UNSEEN, visible);
}

/** Control characters as their pictures (␀ … ␟, ␡), others by their code. */
function visible(character: string): string {
  if (SEEN.test(character)) return character;
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
