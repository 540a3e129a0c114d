import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Spool } from '../cache/spool.js';
import { InputError } from '../error.js';
import type { PageRun } from '../page/overview.js';
import { pagePieces } from '../page/page.js';
import { type Glance, glanceOf, type ProblemPart, problemPart } from '../page/problem.js';
import type { RankedTask } from '../stages/rank.js';
import { checkPlace, unwritable } from './lines-file.js';

/**
 * The page of a run, as a file. Each problem's part is made when it is added and waits in a temporary table on disk; in
 * memory are a few numbers a problem. The file appears under its name only when it is complete.
 */
export class ReportFile {
  private readonly parts = new Spool<ProblemPart>();
  private readonly glances: Glance[] = [];
  private readonly fd: number;
  /** Where the page is written first; its own place where that is no regular file. */
  private readonly partial: string;
  private open = true;

  /** @throws InputError where nothing can be written, or where it would overwrite one of the files. */
  constructor(
    private readonly path: string,
    { inputs, out }: { inputs: readonly string[]; out: string | null },
  ) {
    const regular = checkPlace('--report', path, inputs);
    if (out !== null && resolve(out) === resolve(path)) {
      throw new InputError(`--report: ${path} is also where --out writes its lines; name another file.`);
    }
    this.partial = regular ? `${path}.partial` : path;
    try {
      this.fd = openSync(this.partial, 'w');
    } catch (error) {
      this.parts.close();
      throw unwritable(path, error, '--report');
    }
  }

  /** Adds a problem. `right`: whether the selected candidate is known to be right. */
  add(ranked: RankedTask, right: boolean | null = null): void {
    const part = problemPart(ranked, right);
    this.glances.push(glanceOf(ranked, right, part));
    this.parts.add('', part);
  }

  /** Writes the page and gives the file its name. */
  complete(run: PageRun): void {
    for (const piece of pagePieces(run, this.glances, this.parts.read(''))) this.write(Buffer.from(piece));
    this.close();
    try {
      if (this.partial !== this.path) renameSync(this.partial, this.path);
    } catch (error) {
      throw unwritable(this.path, error, '--report');
    }
  }

  private write(data: Buffer): void {
    try {
      for (let done = 0; done < data.length; ) done += writeSync(this.fd, data, done);
    } catch (error) {
      throw unwritable(this.path, error, '--report');
    }
  }

  /** Takes an unfinished file away; a completed one stays. */
  abandon(): void {
    if (!this.open) return;
    this.close();
    if (this.partial !== this.path) rmSync(this.partial, { force: true });
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.fd);
    this.parts.close();
  }
}
