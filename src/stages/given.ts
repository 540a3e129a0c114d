import { scriptIdentity } from '../cache/keys.js';
import { InputError } from '../error.js';
import type { ExecutionRun } from '../run.js';
import { count, countDrop } from '../tally.js';
import type { ExecutionTask } from '../task.js';
import type { DropReason, UnitTest } from '../unit-test.js';
import { faultOf } from './fault.js';
import type { ExecutedRows, ExecutionGrid } from './planned-grid.js';

/** A task with given unit tests, read by the parser. */
export interface GivenTask extends ExecutionGrid {
  /** Given texts that are no unit test, by reason. */
  dropped: Partial<Record<DropReason, number>>;
  /** A fault of ours, for which its cells do not stand; null otherwise. */
  failure: string | null;
}

export interface ExecutedTask extends GivenTask {
  rows: ExecutedRows;
  /** utIds of unit tests whose verdict changed under another hash seed. */
  flaky: ReadonlySet<number>;
  /** utIds of unit tests that pass on a program that does nothing; null where that was not asked for. */
  passOnStub: ReadonlySet<number> | null;
}

/** The part of a run that parses. */
type ParsingRun = Pick<ExecutionRun, 'parser' | 'tally'>;

/** Parses one task's candidates and given unit tests, in the jail. */
export async function parseExecutionTask(task: ExecutionTask, run: ParsingRun): Promise<GivenTask> {
  try {
    const programs = await run.parser.programs(task.candidates.map(({ program }) => program));
    const given: GivenTask = { ...task, programs, unitTests: [], dropped: {}, failure: null };
    given.unitTests = await unitTestsOf(task, given, run);
    return given;
  } catch (error) {
    return { ...task, ...NOTHING, failure: faultOf(error) };
  }
}

/** What is executed of a task that failed. */
const NOTHING = { candidates: [], programs: [], unitTests: [], dropped: {} };

async function unitTestsOf(task: ExecutionTask, given: GivenTask, run: ParsingRun): Promise<UnitTest[]> {
  const { kind } = task.unitTests;
  switch (kind) {
    case 'module':
      return modules(task, given, run);
    case 'codet_samples':
      return asserts(task, run);
    case 'script':
      return scripts(task);
    default:
      return kind satisfies never;
  }
}

/** One test each, by its text: what is large and trusted need not be parsed. */
function scripts({ unitTests }: ExecutionTask): UnitTest[] {
  return unitTests.texts.map((text, utId) => {
    const code = text ?? '';
    return { utId, count: 1, code, identity: scriptIdentity(code), cases: ['assert'] };
  });
}

async function modules(task: ExecutionTask, given: GivenTask, run: ParsingRun): Promise<UnitTest[]> {
  const texts = task.unitTests.texts.flatMap((text, utId) => (text === null ? [] : [{ text, utId }]));
  const found = await run.parser.tests(texts.map(({ text }) => text));
  return found.flatMap((extraction, at) => {
    if (!('drop' in extraction)) return [{ utId: texts[at]!.utId, count: 1, ...extraction }];
    count(given.dropped, extraction.drop);
    countDrop(run.tally.responses, { reason: extraction.drop, detail: extraction.detail });
    return [];
  });
}

async function asserts(task: ExecutionTask, run: ParsingRun): Promise<UnitTest[]> {
  const entryPoint = task.problem?.entryPoint;
  if (!entryPoint) {
    throw new InputError(
      `CodeT test samples are cut by the function that they call, and task ${JSON.stringify(task.taskId)} does not ` +
        'name one: expected an entry_point in the problems file.',
    );
  }
  const found = await run.parser.asserts(entryPoint, task.unitTests.texts as string[]);
  return found.map((test, utId) => ({ utId, ...test }));
}
