import { stripVTControlCharacters } from 'node:util';

/** Characters of a message on a terminal: it may quote a task's id, and an id may be of any length. */
const MESSAGE = 4000;

/**
 * Text that came from candidates, tests or models, safe to show on a terminal: no control characters, and none that turn
 * the direction of writing or that nobody sees.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    '',
  );
}

/** The same of a message that quotes such text, at most so long that it does not push all else off the screen. */
export function printableMessage(text: string): string {
  const shown = printable(text.slice(0, MESSAGE));
  return text.length > MESSAGE ? `${shown} … (${text.length - MESSAGE} more characters)` : shown;
}

/** The value as one line of JSON, with the control characters escaped that JSON itself leaves as they are. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}
