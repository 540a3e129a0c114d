import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * The results file: a JSON line for each step, on the disk before the next step starts. The first line is of the whole
 * call. A line of a step: `{step, kind, status, seconds, at, command, about, values, said}`; its status is `ok`,
 * `failed` (it ended badly), `slow` (its own limit), `cut` (the call's deadline, or a signal) or `skipped`.
 */
export class Results {
  #fd;

  constructor(path) {
    this.path = path;
    this.#fd = openSync(path, 'a');
  }

  add(line) {
    writeSync(this.#fd, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#fd);
  }

  close() {
    closeSync(this.#fd);
  }
}

/** The lines of a results file, and how many were broken: the last one may be cut. */
export function readResults(path) {
  const lines = [];
  let broken = 0;
  for (const text of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    if (text.trim() === '') continue;
    try {
      const line = JSON.parse(text);
      if (typeof line?.step !== 'string') throw new Error('no step');
      lines.push(line);
    } catch {
      broken += 1;
    }
  }
  return { lines, broken };
}
