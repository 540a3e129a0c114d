import cliProgress from 'cli-progress';
import type { Phase, Progress } from '../progress.js';
import { printableMessage } from './printable.js';
import { summaryText } from './summary.js';

/** Between two lines of a log that shows progress without a terminal (milliseconds). */
const LOG_EVERY_MS = 10_000;

/** Progress on standard error: a bar for each kind of work on a terminal, a line now and then elsewhere. */
export function stderrProgress(): Progress {
  const terminal = process.stderr.isTTY === true && !process.env.CI;
  const display = terminal ? new Bars() : new Log();
  const open = new Map<string, Shared>();
  return {
    // Work of the same kind that overlaps, of two batches of problems say, is shown as one.
    phase: (name, total, unit) => {
      const shared = open.get(name) ?? { line: display.line(name, unit), users: 0 };
      open.set(name, shared);
      shared.users += 1;
      shared.line.grow(total);
      return {
        advance: (done, note) => shared.line.advance(done, note),
        end: () => {
          shared.users -= 1;
          if (shared.users > 0) return;
          open.delete(name);
          shared.line.end();
        },
      };
    },
    say: (text) => display.say(`coderm: ${printableMessage(text)}\n`),
    finish: (tally) => void process.stderr.write(summaryText(tally)),
  };
}

interface Shared {
  line: Line;
  /** Phases that have not ended. */
  users: number;
}

/** What one kind of work shows. */
interface Line extends Phase {
  /** So much more is to be done. */
  grow(total: number): void;
}

interface Display {
  line(name: string, unit: string): Line;
  say(text: string): void;
}

class Bars implements Display {
  private bars: cliProgress.MultiBar | null = null;
  private shown = 0;

  line(name: string, unit: string): Line {
    this.bars ??= new cliProgress.MultiBar({
      stream: process.stderr,
      format: '{name} {bar} {value}/{total} {unit}  {note}  eta {eta_formatted}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: false,
      fps: 8,
      etaBuffer: 50,
      // Node's own handlers end the run; the bar must not end the process.
      gracefulExit: false,
    });
    const fixed = { name: name.padEnd(9), unit };
    const bar = this.bars.create(0, 0, { ...fixed, note: '' });
    this.shown += 1;
    let note = '';
    return {
      grow: (total) => bar.setTotal(bar.getTotal() + total),
      advance: (done, next) => {
        note = next ?? note;
        bar.increment(done, { ...fixed, note });
      },
      end: () => {
        bar.stop();
        this.shown -= 1;
        if (this.shown > 0) return;
        // What was said since the last drawing would be lost; the method is public, but not in the types.
        (this.bars as unknown as { update(): void }).update();
        this.bars?.stop();
        this.bars = null;
      },
    };
  }

  say(text: string): void {
    if (this.bars) this.bars.log(text);
    else process.stderr.write(text);
  }
}

class Log implements Display {
  line(name: string, unit: string): Line {
    const start = Date.now();
    let last = start;
    let [done, total, note] = [0, 0, ''];
    const line = () =>
      process.stderr.write(`coderm: ${name} ${done}/${total} ${unit}${note === '' ? '' : `, ${note}`}\n`);
    return {
      grow: (more) => {
        total += more;
      },
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

  say(text: string): void {
    process.stderr.write(text);
  }
}
