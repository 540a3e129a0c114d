import type { Limits } from '../verdict.js';
import type { Bind } from './addon.js';
import { jobText, NO_MARK, type WorkerSetup, wholeAnswer } from './job.js';
import { Launcher } from './launcher.js';

/** Where the jail shows the script's folder. */
const FOLDER_IN_JAIL = '/script';

/** A Python script of ours that is no part of the harness: one run, in a jail of its own and a fresh interpreter. */
export interface ScriptJob {
  /** Folder of the host with the script and what it imports; shown read-only. */
  folder: string;
  /** The script's file name in the folder. */
  name: string;
  /** Further paths to show. */
  binds?: Bind[];
  /** What the script reads from descriptor 3, as {paths, request, …}. */
  request: unknown;
  limits: Limits;
}

/**
 * Runs the script with a launcher of its own, since a launcher shows the same paths to all its jails.
 * @returns the JSON that it wrote to descriptor 4, or how it ended without
 * @throws RunFault when the sandbox itself failed
 */
export async function runScript(
  setup: Pick<WorkerSetup, 'launcher' | 'paths' | 'testBuild'>,
  job: ScriptJob,
  signal?: AbortSignal,
): Promise<{ answer: unknown } | { ended: string }> {
  signal?.throwIfAborted();
  const folder = setup.launcher.jail === 'namespaces' ? FOLDER_IN_JAIL : job.folder;
  const shown = [{ source: job.folder, target: folder }, ...(job.binds ?? [])];
  const config = { ...setup.launcher, binds: [...setup.launcher.binds, ...shown] };
  const launcher = new Launcher(config, setup.testBuild);
  const cancel = () => launcher.cancel(job);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const script = `${folder}/${job.name}`;
    const text = jobText(setup, { kind: 'script', script, request: job.request });
    const outcome = await launcher.run(text, NO_MARK, 1, job.limits, job);
    signal?.throwIfAborted();
    const answer = wholeAnswer(outcome);
    return 'text' in answer ? { answer: JSON.parse(answer.text) } : answer;
  } finally {
    signal?.removeEventListener('abort', cancel);
    launcher.close();
  }
}
