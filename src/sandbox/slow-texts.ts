import { createHash } from 'node:crypto';
import type { CellJob } from './job.js';

const MOST_TEXTS = 1000;

/**
 * Texts that took longer to compile than they may: each costs that time once, and not in every cell that it belongs to.
 * A candidate is the key `candidate`, a unit test its place in the job.
 */
export class SlowTexts {
  private readonly known = new Set<string>();

  /** Whether a cell of this unit test would not come to its beginning. */
  has(job: CellJob, place: number): boolean {
    if (this.known.size === 0) return false;
    return this.known.has(keyOf(job, 'candidate')) || this.known.has(keyOf(job, place));
  }

  add(job: CellJob, text: number | 'candidate'): void {
    if (this.known.size >= MOST_TEXTS) this.known.clear();
    this.known.add(keyOf(job, text));
  }
}

/** With less memory the compiler can meet that limit instead. */
function keyOf({ candidate, tests, limits }: CellJob, text: number | 'candidate'): string {
  const [kind, code] = text === 'candidate' ? [text, candidate] : ['test', tests[text]!.code];
  const hash = createHash('sha256').update(code).digest('base64');
  return `${kind} ${limits.memoryMiB} ${hash}`;
}
