import { loadGeneratorAddon } from './addon.js';
import type { FromProcess, NativeLoop, ToProcess } from './messages.js';

/**
 * The process that llama.cpp runs in, so that its end (it aborts when a GPU's memory is full, and is killed when the
 * model's file is cut while mapped) is not the run's. It hands messages to the addon and events back, and ends with
 * the channel to the process that started it.
 */

// Ctrl-C goes to the whole terminal group, and a scheduler's signal to every process of a job: this one ends when the
// other one says so, not before.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  process.on(signal, () => {});
// At once, and without the destructors: nothing here outlives it, and a decode step may take seconds.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const send = (message: FromProcess) => process.send?.(message);
const addon = loadGeneratorAddon();
addon.endWithParent();
let loop: NativeLoop | null = null;

process.on('message', (message: ToProcess) => {
  switch (message.kind) {
    case 'open':
      if (message.release === addon.release) loop = new addon.NativeLoop(message.settings, send);
      else send({ kind: 'failed', reason: otherRelease(message.release), memory: false });
      return;
    case 'prompt':
      return loop?.prompt(message.prompt);
    case 'sample':
      return loop?.sample(message.sample);
    case 'finish':
      return loop?.finish(message.id);
    case 'cancel':
      return loop?.cancel();
    case 'stats':
      if (loop !== null) send({ kind: 'stats', stats: loop.stats() });
      return;
    default:
      message satisfies never;
  }
});

function otherRelease(release: string): string {
  return `it was compiled for llama.cpp ${addon.release} and the installed library is ${release}; run \`npm run build:native\``;
}
