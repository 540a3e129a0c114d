import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { Outcome } from './addon.js';
import { type CellResult, decide, slowText, tooSlow, WENT_ON } from './decide.js';
import { type Events, emptyEvidence, readEvents } from './evidence.js';
import type { CellAnswer, CellJob, CellTest, Isolation } from './job.js';
import { SlowTexts } from './slow-texts.js';

/**
 * Runs one child of the warm interpreter. `secret` marks its events; `tests` are places in the job, and `ahead` those
 * that children of their own will ask for next.
 */
export type RunChild = (
  isolation: Isolation,
  tests: readonly number[],
  secret: string,
  ahead: readonly number[],
) => Promise<Outcome>;

/** Whoever ends a job from outside (the kernel, a scheduler that signals all its processes) sends one of these. */
const FROM_OUTSIDE: readonly number[] = (
  ['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'] as const
).map((name) => constants.signals[name]);

/**
 * Times that a cell alone must end by such a signal, without a limit of ours, until that counts as its own doing: it is a
 * crash then, and never a fault of ours. If something in its jail asked for a signal, it gets no more tries than
 * fit into twice its time on the clock; if nothing did, somebody else sent it.
 */
const MOST_KILLS = 5;
const MOST_KILLS_FROM_OUTSIDE = 25;

/** Verdicts that another cell of the same process could have caused: they only count from a process of their own. */
const DOUBTFUL: readonly string[] = ['tampered', 'crash', 'memory', 'output'];

/** Children that are asked for before the first of them has ended, so that nobody waits for the next question. */
const AHEAD = 16;

/** More than Python's own buffers hold: what one cell leaves in them moves the places at which the next ones are written out. */
const BUFFERED_BYTES = 32 * 1024;

/** After so many doubts the rest of a candidate's cells get processes of their own. */
const MOST_DOUBTS = 2;

/**
 * Executes the cells of one job: at isolation `candidate` as many in one child as vouch for each other, everything
 * else alone. Stops without a word when a child was cancelled.
 * @param slow what takes too long to compile is added to it, and is not tried again
 * @param abandon ends the children that were asked for: nobody needs them any more
 */
export async function runCells(
  job: CellJob,
  run: RunChild,
  answer: (cells: CellAnswer[]) => void,
  slow = new SlowTexts(),
  abandon = () => {},
): Promise<void> {
  const open = new Set(job.tests.keys());
  const codeOf = (index: number) => job.tests[index]!.code;
  const settle = (cells: CellAnswer[]) => {
    for (const { index } of cells) open.delete(index);
    if (cells.length > 0) answer(cells);
  };
  const settleSlow = (which: number[]) =>
    settle(which.map((index) => ({ index, result: tooSlow(job.tests[index]!) })));
  /** Takes note of a text that has just turned out to be slow. */
  const learn = (text: number | 'candidate') => {
    slow.add(job, text);
    if (text !== 'candidate') return settleSlow([...open].filter((index) => codeOf(index) === codeOf(text)));
    abandon();
    settleSlow([...open]);
  };
  settleSlow([...open].filter((index) => slow.has(job, index)));

  let shared = job.isolation === 'candidate' ? [...open] : [];
  const alone = job.isolation === 'candidate' ? [] : [...open];
  const spentMs = new Map<number, number>(); // in children that somebody killed
  for (let doubts = 0; shared.length > 0; ) {
    const secret = newSecret();
    const outcome = await run('candidate', shared, secret, []);
    if (outcome.limit === 'cancelled') return;
    const events = readEvents(outcome.events.toString('utf8'), secret);
    const late = slowText(outcome, events);
    if (late !== null) {
      learn(late === 'candidate' ? late : shared[late]!);
      shared = shared.filter((index) => open.has(index));
      continue;
    }
    const read = readShared(outcome, events, shared, job.tests, job.limits.outputKiB * 1024);
    settle(read.cells);
    doubts += 1;
    const over = doubts >= MOST_DOUBTS || outcome.limit === 'cpu' || outcome.limit === 'wall';
    if (read.killed !== null) spentMs.set(read.killed.index, read.killed.wallMs);
    alone.push(...read.alone, ...(over ? read.left : []));
    shared = over ? [] : read.left;
  }
  const runAlone = (index: number, secret: string) =>
    run('cell', [index], secret, index === alone[0] ? alone.slice(1) : []);
  const executeAlone = async (index: number) => {
    const secret = newSecret();
    let spent = spentMs.get(index) ?? 0;
    for (let kills = 1; open.has(index); kills += 1) {
      const outcome = await runAlone(index, secret);
      if (outcome.limit === 'cancelled' || !open.has(index)) return;
      spent += outcome.wallUs / 1000;
      if (wasKilled(outcome)) {
        const inTime = kills < MOST_KILLS && spent <= job.limits.wallMs;
        if (outcome.mayHaveSignalled ? inTime : kills < MOST_KILLS_FROM_OUTSIDE) continue;
      }
      const events = readEvents(outcome.events.toString('utf8'), secret);
      const late = slowText(outcome, events);
      if (late !== null) return learn(late === 'candidate' ? late : index);
      const evidence = events && (events.cells[0] ?? emptyEvidence(0, false));
      const result = decide(outcome, evidence, job.tests[index]!);
      return settle([{ index, result, crowdedOut: outcome.limit === 'wall' }]);
    }
  };
  // A text that comes again waits for its first cell: what is slow is then known.
  const texts = new Set<string>();
  const again = new Set(alone.filter((index) => texts.size === texts.add(codeOf(index)).size));
  for (const part of [alone.filter((index) => !again.has(index)), [...again]]) {
    for (let at = 0; at < part.length; at += AHEAD) {
      await Promise.all(part.slice(at, at + AHEAD).map(executeAlone));
    }
  }
}

/** Somebody killed it, and not this engine. */
export function wasKilled({ limit, signal }: Outcome): boolean {
  return limit === 'none' && FROM_OUTSIDE.includes(signal);
}

interface Shared {
  cells: CellAnswer[];
  alone: number[];
  left: number[];
  /** The cell in which somebody killed the child, and what it had used of its time. */
  killed: { index: number; wallMs: number } | null;
}

/** What a shared child settled, which cells need a process of their own, and which it did not come to. */
function readShared(
  outcome: Outcome,
  events: Events | null,
  shared: readonly number[],
  tests: readonly CellTest[],
  outputBytes: number,
): Shared {
  // Which cell wrote how much is not known to the byte; alone none of them writes more than all did here, buffers aside.
  const outputs = outcome.outputBytes > Math.max(0, outputBytes - BUFFERED_BYTES);
  if (!events || outputs || !inOrder(events, shared.length))
    return { cells: [], alone: [...shared], left: [], killed: null };
  const cells: CellAnswer[] = [];
  let killed: Shared['killed'] = null;
  const alone = events.apart.map((at) => shared[at]!);
  const reached = outcome.limit === 'none' ? events.cells : events.cells.slice(0, Math.max(1, outcome.cells));
  for (const evidence of reached) {
    const index = shared[evidence.index]!;
    const ending = evidence.done ? WENT_ON : outcome;
    const result = evidence.doubt === null ? decide(ending, evidence, tests[index]!) : null;
    if (result && !DOUBTFUL.includes(result.verdict))
      cells.push({ index, result: ownTimes(result, cells), crowdedOut: ending.limit === 'wall' });
    else alone.push(index);
    if (!evidence.done && wasKilled(outcome)) killed = { index, wallMs: wallMsAfter(outcome, cells) };
  }
  const settled = new Set([...alone, ...cells.map(({ index }) => index)]);
  const left = shared.filter((index) => !settled.has(index));
  // A child that got nowhere would get nowhere again.
  return settled.size > 0 ? { cells, alone, left, killed } : { cells, alone: left, left: [], killed };
}

/** What the child used for its last cell. */
function wallMsAfter({ wallUs }: Outcome, before: readonly CellAnswer[]): number {
  return Math.max(
    0,
    before.reduce((left, { result }) => left - result.wallMs, wallUs / 1000),
  );
}

/** A cell that ended its child is charged with what the child used, less what the cells before it did. */
function ownTimes(result: CellResult, before: readonly CellAnswer[]): CellResult {
  if (result.verdict !== 'timeout') return result;
  const used = (of: 'cpuMs' | 'wallMs') => before.reduce((sum, cell) => sum + cell.result[of], 0);
  return {
    ...result,
    cpuMs: Math.max(0, result.cpuMs - used('cpuMs')),
    wallMs: Math.max(0, result.wallMs - used('wallMs')),
  };
}

/** Whether each cell was told of at most once, in ascending order. */
function inOrder({ cells, apart }: Events, count: number): boolean {
  const ascending = (places: number[]) =>
    places.every(
      (at, order) => Number.isInteger(at) && at >= 0 && at < count && at > (places[order - 1] ?? -1),
    );
  const started = cells.map(({ index }) => index);
  return ascending(started) && ascending(apart) && !apart.some((at) => started.includes(at));
}

function newSecret(): string {
  return randomBytes(12).toString('base64url');
}
