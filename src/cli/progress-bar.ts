import cliProgress from 'cli-progress';
import type { Phase, Progress } from '../progress.js';
import { printable } from './printable.js';

/** Between two lines of a log that shows progress without a terminal (milliseconds). */
const LOG_EVERY_MS = 10_000;

/** Progress on standard error: a bar on a terminal, a line now and then elsewhere. */
export function stderrProgress(): Progress {
  const terminal = process.stderr.isTTY === true && !process.env.CI;
  return {
    phase: (name, total, unit) => (terminal ? bar(name, total, unit) : log(name, total, unit)),
    say: (line) => void process.stderr.write(`coderm: ${printable(line)}\n`),
  };
}

function bar(name: string, total: number, unit: string): Phase {
  const drawn = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${name.padEnd(9)} {bar} {value}/{total} ${unit}  {note}  eta {eta_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: false,
    fps: 8,
    etaBuffer: 50,
    // Node's own handlers end the run; the bar must not end the process.
    gracefulExit: false,
  });
  drawn.start(total, 0, { note: '' });
  let note = '';
  return {
    advance: (done, next) => {
      note = next ?? note;
      drawn.increment(done, { note });
    },
    end: () => drawn.stop(),
  };
}

function log(name: string, total: number, unit: string): Phase {
  const start = Date.now();
  let last = start;
  let done = 0;
  let note = '';
  const line = () =>
    process.stderr.write(`coderm: ${name} ${done}/${total} ${unit}${note === '' ? '' : `, ${note}`}\n`);
  return {
    advance: (by, next) => {
      done += by;
      note = next ?? note;
      if (Date.now() - last < LOG_EVERY_MS) return;
      last = Date.now();
      line();
    },
    end: () => void line(),
  };
}
