import { renameSync, writeFileSync } from 'node:fs';
import { InputError } from '../error.js';
import type { Phase, Progress } from '../progress.js';
import type { Tally } from '../tally.js';
import { metricsText } from './metrics-text.js';

/** Between two writings of the file (milliseconds). */
const EVERY_MS = 1000;

interface Counted {
  /** Phases that have not ended. */
  open: number;
  since: number;
  /** Of phases that have ended. */
  seconds: number;
  queue: number;
  /** Done in phases that have not ended. */
  underWay: number;
}

const nothing = (): Counted => ({ open: 0, since: 0, seconds: 0, queue: 0, underWay: 0 });

/**
 * Keeps a file of metrics beside another progress. The file is replaced, never changed, so that a reader sees a whole
 * one. @throws InputError where it cannot be written at the start; later a failure to write does not end the run.
 */
export function withMetrics(
  inner: Progress,
  file: string,
  labels: Record<string, string>,
  tally: Tally,
): Progress {
  const units = { samples: nothing(), cells: nothing() };
  let last = 0;
  const write = (finished: boolean) => {
    last = Date.now();
    const secondsOf = ({ open, since, seconds }: Counted) =>
      seconds + (open > 0 ? (performance.now() - since) / 1000 : 0);
    const text = metricsText(
      {
        tally,
        cellsUnderWay: units.cells.underWay,
        queue: { samples: units.samples.queue, cells: units.cells.queue },
        seconds: { samples: secondsOf(units.samples), cells: secondsOf(units.cells) },
        finished,
        now: last / 1000,
      },
      labels,
    );
    writeFileSync(`${file}.partial`, text);
    renameSync(`${file}.partial`, file);
  };
  const tryWrite = (finished: boolean) => {
    try {
      write(finished);
    } catch {} // the run is worth more than its metrics
  };
  try {
    write(false);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new InputError(`--metrics: expected a file that can be written, and ${file} cannot be (${code}).`);
  }
  return {
    phase: (name, total, unit) => {
      const shown = inner.phase(name, total, unit);
      const counted = unit === 'samples' || unit === 'cells' ? units[unit] : null;
      return counted === null
        ? shown
        : countedPhase(shown, counted, total, () => {
            if (Date.now() - last >= EVERY_MS) tryWrite(false);
          });
    },
    say: (text) => inner.say(text),
    finish: (done) => {
      inner.finish(done);
      tryWrite(true);
    },
  };
}

function countedPhase(shown: Phase, counted: Counted, total: number, changed: () => void): Phase {
  let left = total;
  let own = 0;
  if (counted.open === 0) counted.since = performance.now();
  counted.open += 1;
  counted.queue += total;
  return {
    advance: (done, note) => {
      left -= done;
      own += done;
      counted.queue -= done;
      counted.underWay += done;
      changed();
      shown.advance(done, note);
    },
    end: () => {
      counted.open -= 1;
      counted.queue -= left;
      counted.underWay -= own;
      if (counted.open === 0) counted.seconds += (performance.now() - counted.since) / 1000;
      shown.end();
    },
  };
}
