import type { Progress } from '../progress.js';
import type { Shard } from '../shard.js';
import { jsonLine } from './printable.js';
import { snakeCase } from './snake-case.js';

/** Work of which every piece is an event; of other work (a file that is hashed) only its beginning and its end are. */
const WATCHED: readonly string[] = ['samples', 'cells'];

/** Progress as JSON Lines: `{time, event, shard?, …}`, an event a line. */
export function jsonProgress(shard: Shard | undefined, write: (line: string) => void): Progress {
  const part = shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` };
  const log = (event: string, fields: Record<string, unknown>) =>
    write(jsonLine({ time: new Date().toISOString(), event, ...part, ...fields }));
  // Node prints its own warnings as text, into the midst of the lines.
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => log('message', { text: message }));
  return {
    phase: (name, total, unit) => {
      let all = 0;
      log('phase_begun', { phase: name, total, unit });
      return {
        advance: (done, note) => {
          all += done;
          if (!WATCHED.includes(unit) || done === 0) return;
          log(`${unit}_done`, { done, of_phase: all, total, ...(note === undefined ? {} : { note }) });
        },
        end: () => log('phase_ended', { phase: name, done: all, total, unit }),
      };
    },
    say: (text) => log('message', { text }),
    finish: (tally) =>
      log(
        shard === undefined ? 'run_finished' : 'shard_finished',
        snakeCase(tally) as Record<string, unknown>,
      ),
  };
}
