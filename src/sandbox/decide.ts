import type { CaseEnd, CaseResult, Verdict } from '../verdict.js';
import type { Outcome } from './addon.js';

/** What became of one cell that was executed. */
export interface CellResult {
  verdict: Verdict;
  /** CPU time of all of the cell's processes since the harness was ready. */
  cpuMs: number;
  wallMs: number;
  /** Test cases in the order in which they ended. */
  cases: CaseResult[];
  /** Why it is not a pass, in the untrusted program's words or ours; null for a pass. */
  detail: string | null;
}

/** The events of one run; null if anything in them is not what the harness writes. */
interface Evidence {
  cases: CaseResult[];
  reasons: Map<string, string>;
  loads: string[];
  tampered: string | null;
  /** A class or module whose set-up skipped all its cases. */
  skipped: string | null;
  memory: boolean;
  done: boolean;
}

const CASE_ENDS: readonly string[] = ['pass', 'fail', 'error', 'skip'] satisfies CaseEnd[];

/**
 * Decides the verdict of one cell, outside the process that ran the code: from how the process ended, from the
 * events that its harness wrote, and from the cases that the unit test's syntax tree promises. `pass` needs
 * positive evidence for every one of them (design: an exit code alone proves nothing).
 */
export function decide(outcome: Outcome, expected: readonly string[]): CellResult {
  const evidence = readEvents(outcome.events.toString('utf8'));
  const [verdict, detail] = judge(outcome, evidence, expected);
  return {
    verdict,
    cpuMs: Math.round(outcome.cpuUs / 1000),
    wallMs: Math.round(outcome.wallUs / 1000),
    cases: evidence?.cases ?? [],
    detail,
  };
}

function judge(
  outcome: Outcome,
  evidence: Evidence | null,
  expected: readonly string[],
): [Verdict, string | null] {
  switch (outcome.limit) {
    case 'cpu':
      return ['timeout', 'used up its CPU time'];
    case 'wall':
      return ['timeout', 'used up its time on the clock'];
    case 'memory':
      return ['memory', 'used up its memory'];
    case 'output':
      return ['output', 'wrote more than it may'];
    case 'events':
      return ['tampered', 'flooded the channel of the harness'];
    case 'cancelled':
      throw new Error('a cancelled run has no verdict');
    case 'none':
      break;
    default:
      outcome.limit satisfies never;
  }
  if (!evidence) return ['tampered', 'wrote to the channel of the harness'];
  if (evidence.tampered !== null) return ['tampered', `changed ${evidence.tampered}`];
  if (!evidence.done) {
    if (outcome.exitCode === 0) return ['tampered', 'left with exit code 0 before its test cases had ended'];
    const how = outcome.signal > 0 ? `signal ${outcome.signal}` : `exit code ${outcome.exitCode}`;
    return ['crash', `ended by ${how}`];
  }
  if (evidence.memory) return ['memory', 'an allocation was refused'];
  if (evidence.loads[0] !== undefined) return ['error', evidence.loads[0]];
  return judgeCases(evidence, expected);
}

function judgeCases(evidence: Evidence, expected: readonly string[]): [Verdict, string | null] {
  if (expected.length === 0 && evidence.cases.length === 0) return ['invalid', 'has no test case'];
  const ended = new Set(evidence.cases.map(({ name }) => name));
  const missing = expected.find((name) => !ended.has(name));
  if (missing !== undefined && evidence.skipped !== null) return ['invalid', `skipped: ${evidence.skipped}`];
  if (missing !== undefined) return ['tampered', `${missing} was not seen to end`];
  for (const end of ['error', 'fail'] as const) {
    const bad = evidence.cases.find((one) => one.end === end);
    if (bad) return [end, `${bad.name}: ${evidence.reasons.get(bad.name) ?? end}`];
  }
  if (evidence.cases.every(({ end }) => end === 'skip')) return ['invalid', 'all its test cases are skipped'];
  return ['pass', null];
}

function readEvents(text: string): Evidence | null {
  const evidence: Evidence = {
    cases: [],
    reasons: new Map(),
    loads: [],
    tampered: null,
    skipped: null,
    memory: false,
    done: false,
  };
  let open: string | null = null;
  // The first line is "ready …", which the launcher has read.
  for (const line of text.split('\n').slice(1, -1)) {
    const fields = parseFields(line);
    if (!fields || evidence.done) return null;
    const [kind, name = '', end = '', reason = ''] = fields;
    if (kind === 'start' && open === null) open = name;
    else if (kind === 'end' && open === name && CASE_ENDS.includes(end)) {
      open = null;
      evidence.cases.push({ name, end: end as CaseEnd });
      if (end !== 'pass') evidence.reasons.set(name, reason);
    } else if (kind === 'load') evidence.loads.push(`${name} does not load: ${end}`);
    else if (kind === 'tampered') evidence.tampered = name;
    else if (kind === 'skipped') evidence.skipped = name;
    else if (kind === 'memory') evidence.memory = true;
    else if (kind === 'done') evidence.done = true;
    else return null;
  }
  return evidence;
}

function parseFields(line: string): string[] | null {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) && value.every((field) => typeof field === 'string') ? value : null;
  } catch {
    return null;
  }
}
