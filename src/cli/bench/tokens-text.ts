import type { TokenRow } from '../../bench/tokens.js';
import { snakeCase } from '../snake-case.js';

export const TOKEN_OUTPUTS = ['md', 'csv', 'jsonl'] as const;
export type TokenOutput = (typeof TOKEN_OUTPUTS)[number];

const COLUMNS: readonly (keyof TokenRow)[] = [
  'engine',
  'pp',
  'tg',
  'pl',
  'n_kv',
  't_pp',
  'speed_pp',
  't_tg',
  'speed_tg',
  't',
  'speed',
  't_sampling',
  't_first',
  'times_batched_bench',
];

/** The rows, and what they hold for: below a table, in the first lines of csv as comments, in every line of jsonl. */
export function tokenRowsText(
  rows: readonly TokenRow[],
  output: TokenOutput,
  about: Record<string, string | number | null>,
): string {
  if (output === 'jsonl')
    return rows.map((row) => `${JSON.stringify(snakeCase({ ...row, ...about }))}\n`).join('');
  const known = Object.entries(about).filter(([, value]) => value !== null);
  const facts = known.map(([name, value]) => `${name}: ${value}`);
  const cells = rows.map((row) => COLUMNS.map((name) => text(row[name])));
  if (output === 'csv') {
    const comments = facts.map((fact) => `# ${fact}`);
    return [...comments, COLUMNS.join(','), ...cells.map((row) => row.join(','))]
      .map((line) => `${line}\n`)
      .join('');
  }
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padStart(widths[at]!)).join(' | ')} |\n`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 1)).join(':|')}:|\n`;
  return `${line(COLUMNS)}${rule}${cells.map(line).join('')}\n${facts.map((fact) => `${fact}\n`).join('')}`;
}

/** Four digits that count. */
function text(value: TokenRow[keyof TokenRow]): string {
  if (value === null) return '';
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
