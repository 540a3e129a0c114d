import { missingDetail } from '../missing-module.js';
import type { CaseResult, Verdict } from '../verdict.js';
import type { Outcome } from './addon.js';
import { type Events, type Evidence, emptyEvidence } from './evidence.js';
import type { CellTest } from './job.js';

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
  /**
   * One digest for each assertion, in order, of the values that it received; it begins with "?" if they are not told
   * apart from others. `!VERDICT` alone if the cell did not come to its end.
   */
  observed: string[];
}

/** How a child ended, as far as the verdict of one of its cells goes. */
export type Ending = Pick<Outcome, 'limit' | 'exitCode' | 'signal' | 'cpuUs' | 'wallUs'>;

/** The ending of a child that went on after the cell in question, or ended well. */
export const WENT_ON: Ending = { limit: 'none', exitCode: 0, signal: 0, cpuUs: 0, wallUs: 0 };

/** Ends a child whose compiler takes longer than it may (prepare.py). */
const SIGPROF = 27;

/** What becomes of a cell whose texts take too long to compile, which is charged to no cell. */
export function tooSlow(test: Pick<CellTest, 'cases'>): CellResult {
  const ending: Ending = { limit: 'none', exitCode: -1, signal: SIGPROF, cpuUs: 0, wallUs: 0 };
  return decide(ending, emptyEvidence(0, false), test);
}

/**
 * Which text of a child took too long to compile: a place among its unit tests, or the candidate; null: none did. Before
 * the first cell nothing untrusted runs, so nobody else can have ended it like that or told of it.
 */
export function slowText({ limit, signal }: Ending, events: Events | null): number | 'candidate' | null {
  if (limit !== 'none' || signal !== SIGPROF || events === null || events.cells.length > 0) return null;
  return events.compiles ?? 'candidate';
}

/**
 * Decides the verdict of one cell, outside the process that ran the code: from how the process ended, from the
 * events that its harness wrote (null: it wrote something else), and from the cases that the unit test's syntax tree
 * promises. `pass` needs positive evidence for every one of them (design: an exit code alone proves nothing).
 */
export function decide(
  ending: Ending,
  evidence: Evidence | null,
  test: Pick<CellTest, 'cases' | 'idle'>,
): CellResult {
  const [verdict, why] = judge(ending, evidence, test);
  const missing = verdict === 'error' ? evidence?.missing : null;
  const detail = missing ? missingDetail(missing, why) : why;
  const measured = ending === WENT_ON && evidence?.done;
  return {
    verdict,
    cpuMs: Math.round(measured ? measured.cpuMs : ending.cpuUs / 1000),
    wallMs: Math.round(measured ? measured.wallMs : ending.wallUs / 1000),
    cases: evidence?.cases ?? [],
    detail,
    observed: ending.limit === 'none' && evidence?.done ? evidence.done.observed : [`!${verdict}`],
  };
}

function judge(
  ending: Ending,
  evidence: Evidence | null,
  test: Pick<CellTest, 'cases' | 'idle'>,
): [Verdict, string | null] {
  switch (ending.limit) {
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
      ending.limit satisfies never;
  }
  if (!evidence) return ['tampered', 'wrote to the channel of the harness'];
  if (evidence.tampered !== null) return ['tampered', `changed ${evidence.tampered}`];
  if (!evidence.begun && ending.signal === SIGPROF) return ['error', 'takes too long to compile'];
  if (!evidence.done) {
    if (ending.exitCode === 0) return ['tampered', 'left with exit code 0 before its test cases had ended'];
    const how = ending.signal > 0 ? `signal ${ending.signal}` : `exit code ${ending.exitCode}`;
    return ['crash', `ended by ${how}`];
  }
  if (evidence.memory) return ['memory', 'an allocation was refused'];
  if (evidence.loads[0] !== undefined) return ['error', evidence.loads[0]];
  return judgeCases(evidence, test);
}

function judgeCases(
  evidence: Evidence,
  { cases: expected, idle = [] }: Pick<CellTest, 'cases' | 'idle'>,
): [Verdict, string | null] {
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
  const asserts = ({ name, end }: CaseResult) =>
    end === 'pass' && !idle.includes(name) && !evidence.idle.has(name);
  if (evidence.done?.observed.length === 0 && !evidence.cases.some(asserts)) {
    const awaits = evidence.idle.size > 0 ? ': what its test cases return is never awaited' : '';
    return ['invalid', `asserts nothing${awaits}`];
  }
  return ['pass', null];
}
