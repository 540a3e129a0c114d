import type { Limits } from '../verdict.js';
import type { Bind, Outcome } from './addon.js';
import type { WorkerSetup } from './job.js';
import { Launcher } from './launcher.js';

/** Where the jail shows the script's folder. */
const FOLDER_IN_JAIL = '/script';

/** A Python script of ours that is no part of the harness: one run, in one fresh jail. */
export interface ScriptJob {
  /** Folder of the host with the script and what it imports; shown read-only. */
  folder: string;
  /** The script's file name in the folder. */
  name: string;
  /** Further paths to show. */
  binds?: Bind[];
  /** What the script reads from descriptor 3, as {paths, request}. */
  request: unknown;
  limits: Limits;
}

/**
 * Runs the script with a launcher of its own, since a launcher shows the same paths to all its jails.
 * @returns the JSON that it wrote to descriptor 4 after its line `ready`, or how it ended without
 * @throws RunFault when the sandbox itself failed
 */
export async function runScript(
  setup: Pick<WorkerSetup, 'launcher' | 'paths' | 'testBuild'>,
  job: ScriptJob,
  signal?: AbortSignal,
): Promise<{ answer: unknown } | { ended: string }> {
  signal?.throwIfAborted();
  const shown = [{ source: job.folder, target: FOLDER_IN_JAIL }, ...(job.binds ?? [])];
  const config = { ...setup.launcher, binds: [...setup.launcher.binds, ...shown] };
  const launcher = new Launcher(config, setup.testBuild);
  const cancel = () => launcher.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const payload = JSON.stringify({ paths: setup.paths, request: job.request });
    const outcome = await launcher.run(`${FOLDER_IN_JAIL}/${job.name}`, payload, job.limits);
    signal?.throwIfAborted();
    return answerOf(outcome);
  } finally {
    signal?.removeEventListener('abort', cancel);
    launcher.close();
  }
}

function answerOf(outcome: Outcome): { answer: unknown } | { ended: string } {
  const events = outcome.events.toString('utf8');
  if (outcome.limit === 'none' && outcome.exitCode === 0 && events.endsWith('\n')) {
    return { answer: JSON.parse(events.slice(events.indexOf('\n') + 1)) };
  }
  const how =
    outcome.limit !== 'none'
      ? `${outcome.limit} limit`
      : `exit ${outcome.exitCode}, signal ${outcome.signal}`;
  const output = outcome.output.toString('utf8').trim().split('\n').at(-1);
  return { ended: output ? `${how}: ${output}` : how };
}
