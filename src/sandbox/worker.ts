import { workerData } from 'node:worker_threads';
import { SandboxError } from '../error.js';
import type { Outcome } from './addon.js';
import { decide } from './decide.js';
import type { AnalysisJob, CellJob, MessagePortLike, WorkerAnswer, WorkerSetup, WorkerTask } from './job.js';
import { Launcher, RunFault } from './launcher.js';

// One thread of the pool: it owns one launcher and runs one job at a time. (piscina hands over workerData as a
// pair whose second half is the pool's.)
const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
const launcher = new Launcher(setup.launcher, setup.testBuild);

/** Runs one job to its end, or to its cancellation, which is no error: what was not run is not answered. */
export default async function work(task: WorkerTask): Promise<void> {
  let cancelled = false;
  task.port.on('message', () => {
    cancelled = true;
    launcher.cancel();
  });
  try {
    await launcher.start();
    if (task.kind === 'cells') await runCells(task.job, task.port, () => cancelled);
    else await runAnalysis(task.job, task.port);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    task.port.postMessage({ kind: 'refused', reason: error.message } satisfies WorkerAnswer);
  } finally {
    task.port.close();
  }
}

async function runCells(job: CellJob, port: MessagePortLike, cancelled: () => boolean): Promise<void> {
  for (const [index, test] of job.tests.entries()) {
    if (cancelled()) return;
    const payload = JSON.stringify({
      candidate: job.candidate,
      test: test.code,
      cases: test.cases,
      paths: setup.paths,
    });
    const outcome = await runTwice('cell.py', payload, job.limits);
    if (outcome.limit === 'cancelled') return;
    port.postMessage({ kind: 'cell', index, result: decide(outcome, test.cases) } satisfies WorkerAnswer);
  }
}

async function runAnalysis(job: AnalysisJob, port: MessagePortLike): Promise<void> {
  const payload = JSON.stringify({ paths: setup.paths, request: job.request });
  const outcome = await runTwice('analyze.py', payload, job.limits);
  if (outcome.limit === 'cancelled') return;
  port.postMessage(analysisAnswer(outcome));
}

function analysisAnswer(outcome: Outcome): WorkerAnswer {
  const events = outcome.events.toString('utf8');
  if (outcome.limit === 'none' && outcome.exitCode === 0 && events.endsWith('\n')) {
    return { kind: 'analysis', text: events.slice(events.indexOf('\n') + 1) };
  }
  const reason =
    outcome.limit !== 'none'
      ? `${outcome.limit} limit`
      : `exit ${outcome.exitCode}, signal ${outcome.signal}`;
  const output = outcome.output.toString('utf8').trim().split('\n').at(-1);
  return { kind: 'unparsed', reason: output ? `${reason}: ${output}` : reason };
}

/** A fault of ours is tried again once, with a new launcher if the old one is gone; then it is thrown. */
async function runTwice(script: string, payload: string, limits: CellJob['limits']): Promise<Outcome> {
  const path = `${setup.harness}/${script}`;
  try {
    return await launcher.run(path, payload, limits);
  } catch (error) {
    if (!(error instanceof RunFault)) throw error;
    return await launcher.run(path, payload, limits);
  }
}
