import type { MissingModule } from '../missing-module.js';
import type { CaseEnd, CaseResult } from '../verdict.js';

/** What the harness told of one cell. */
export interface Evidence {
  /** Place of its unit test in the run. */
  index: number;
  /** False: its child ended before, while it compiled the texts. */
  begun: boolean;
  /** Test cases in the order in which they ended. */
  cases: CaseResult[];
  /** Why a case did not pass, by its name. */
  reasons: Map<string, string>;
  /** Parts that did not load, and why. */
  loads: string[];
  /** A module that an import did not find, and whose import it was. */
  missing: MissingModule | null;
  /** Cases whose function returned a coroutine or a generator that nobody runs. */
  idle: Set<string>;
  tampered: string | null;
  /** A class or module whose set-up skipped all its cases. */
  skipped: string | null;
  /** An allocation was refused. */
  memory: boolean;
  /** Why the process no longer vouches for this cell. */
  doubt: string | null;
  /** The harness came to the end of the cell: its own measure of the times, and the digests of observed values. */
  done: { cpuMs: number; wallMs: number; observed: string[] } | null;
}

/** What the harness told of one child: its cells in order, and those that want a process of their own. */
export interface Events {
  cells: Evidence[];
  apart: number[];
  /** The unit test that was compiled last before the first cell; null: none had to be. */
  compiles: number | null;
}

const CASE_ENDS: readonly string[] = ['pass', 'fail', 'error', 'skip'] satisfies CaseEnd[];

/**
 * Reads the events of one child (cell.py says their forms). Every line must begin with the run's secret.
 * @returns null if anything in them is not what the harness writes; a last line that was cut off is passed over
 */
export function readEvents(text: string, secret: string): Events | null {
  const events: Events = { cells: [], apart: [], compiles: null };
  const reader = { events, open: null as string | null };
  for (const line of text.split('\n').slice(0, -1)) {
    const fields = parseFields(line);
    if (!fields || fields[0] !== secret || !take(reader, fields.slice(1))) return null;
  }
  return events;
}

function take(reader: { events: Events; open: string | null }, fields: string[]): boolean {
  const [kind, name = '', second = '', reason = ''] = fields;
  const { cells, apart } = reader.events;
  const cell = cells.at(-1);
  const over = !cell || cell.done !== null || cell.doubt !== null;
  if (kind === 'apart') return over && apart.push(Number(name)) > 0;
  if (kind === 'compiles') {
    reader.events.compiles = Number(name);
    return cells.length === 0;
  }
  if (kind === 'cell') {
    reader.open = null;
    return over && cell?.doubt == null && cells.push(emptyEvidence(Number(name), true)) > 0;
  }
  if (over) return false;
  if (kind === 'start' && reader.open === null) reader.open = name;
  else if (kind === 'end' && reader.open === name && CASE_ENDS.includes(second)) {
    reader.open = null;
    cell.cases.push({ name, end: second as CaseEnd });
    if (second !== 'pass') cell.reasons.set(name, reason);
  } else if (kind === 'load') cell.loads.push(`${name} does not load: ${second}`);
  else if (kind === 'idle') cell.idle.add(name);
  else if (kind === 'missing' && (name === 'candidate' || name === 'test'))
    cell.missing ??= { importer: name, module: second };
  else if (kind === 'tampered') cell.tampered = name;
  else if (kind === 'skipped') cell.skipped = name;
  else if (kind === 'memory') cell.memory = true;
  else if (kind === 'doubt') cell.doubt = name;
  else if (kind === 'done') {
    if (!isCount(name) || !isCount(second)) return false;
    cell.done = { cpuMs: Number(name) / 1e6, wallMs: Number(second) / 1e6, observed: fields.slice(3) };
  } else return false;
  return true;
}

/** Nanoseconds, which no honest harness writes another way. */
function isCount(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

/** What is known of a cell before its harness has told anything. */
export function emptyEvidence(index: number, begun: boolean): Evidence {
  return {
    index,
    begun,
    cases: [],
    reasons: new Map(),
    loads: [],
    missing: null,
    idle: new Set(),
    tampered: null,
    skipped: null,
    memory: false,
    doubt: null,
    done: null,
  };
}

function parseFields(line: string): string[] | null {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) && value.every((field) => typeof field === 'string') ? value : null;
  } catch {
    return null;
  }
}
