import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendStamp } from '../llama/backend.js';
import type { ListedDevices } from '../native/addon.js';
import { lastWords } from '../native/child.js';

/** One backend's devices, or what `--gpu auto` would choose. */
export type ProbeQuestion = BackendStamp['backend'] | 'auto';

export type ProbeAnswer =
  | ({ kind: 'devices' } & ListedDevices)
  | { kind: 'auto'; backend: BackendStamp['backend']; device: string }
  /** `advice`: what helps, where that is not the backend's own. */
  | { kind: 'failed'; reason: string; advice?: string };

/** A driver that hangs is given up after this. */
const PATIENCE_MS = 60_000;

/** Asks in a process of its own, whose end, however it comes, is an answer too. */
export function probe(question: ProbeQuestion, signal?: AbortSignal): Promise<ProbeAnswer> {
  const path = fileURLToPath(new URL('./probe-process.js', import.meta.url));
  const child = fork(path, [], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const late = AbortSignal.timeout(PATIENCE_MS);
  const stop = () => child.kill('SIGKILL');
  const stopped = signal === undefined ? late : AbortSignal.any([late, signal]);
  stopped.addEventListener('abort', stop, { once: true });
  if (stopped.aborted) stop();
  let stderr = '';
  let answer: ProbeAnswer | null = null;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.once('message', (message: ProbeAnswer) => {
    answer = message;
  });
  return new Promise((resolve) => {
    const failed = (reason: string) => resolve({ kind: 'failed', reason });
    child.once('error', (error) => failed(error.message));
    child.once('close', (code, end) => {
      stopped.removeEventListener('abort', stop);
      if (answer !== null) return resolve(answer);
      if (late.aborted) return failed(`it did not answer within ${PATIENCE_MS / 1000} s`);
      const how = end === null ? `the process exited with ${code}` : `it ends its process by ${end}`;
      failed([how, lastWords(stderr)].filter((text) => text !== '').join(': '));
    });
    child.send(question, () => {}); // one that is dead tells by its end
  });
}
