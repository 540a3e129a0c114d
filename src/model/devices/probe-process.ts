import { autoBackend } from '../llama/backend.js';
import { loadGeneratorAddon } from '../native/addon.js';
import { findLibrary } from '../native/library.js';
import type { ProbeAnswer, ProbeQuestion } from './probe.js';

/** The process in which one backend is looked at, since a driver that is broken ends it. It answers once. */

process.once('message', async (question: ProbeQuestion) => {
  process.send?.(await answer(question), () => process.disconnect());
});

async function answer(question: ProbeQuestion): Promise<ProbeAnswer> {
  try {
    if (question === 'auto') return { kind: 'auto', ...(await autoBackend()) };
    const { folder, fallback } = findLibrary(question);
    return { kind: 'devices', ...loadGeneratorAddon().listDevices(folder, fallback, question) };
  } catch (error) {
    return { kind: 'failed', reason: (error as Error).message };
  }
}
