import { Spool } from '../cache/spool.js';
import type { PageRun } from '../page/ranking/overview.js';
import { pagePieces } from '../page/ranking/page.js';
import { type Glance, glanceOf, type ProblemPart, problemPart } from '../page/ranking/problem.js';
import type { RankedTask } from '../stages/rank.js';
import { PageFile } from './page-file.js';

/**
 * The page of a ranking, as a file. Each problem's part is made when it is added and waits in a temporary table on disk;
 * in memory are a few numbers a problem.
 */
export class ReportFile {
  private readonly file: PageFile;
  private readonly parts = new Spool<ProblemPart>();
  private readonly glances: Glance[] = [];

  /** @throws InputError where nothing can be written, or where it would overwrite one of the files. */
  constructor(path: string, { inputs, out }: { inputs: readonly string[]; out: string | null }) {
    try {
      this.file = new PageFile(path, { inputs, outputs: { '--out': out ?? undefined } });
    } catch (error) {
      this.parts.close();
      throw error;
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
    for (const piece of pagePieces(run, this.glances, this.parts.read(''))) this.file.write(piece);
    this.file.complete();
    this.parts.close();
  }

  /** Takes an unfinished file away; a completed one stays. */
  abandon(): void {
    this.file.abandon();
    this.parts.close();
  }
}
