import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../root.js';

/** One place of a file of the harness (of what executes, `runner/`), and what stands there instead. */
export type HarnessEdit = readonly [file: string, from: string, to: string];

/** Copies the harness into the folder, with these edits; each must find its place. */
export function copyHarness(folder: string, edits: readonly HarnessEdit[]): void {
  cpSync(join(root, 'native', 'sandbox', 'harness'), folder, { recursive: true });
  for (const [name, from, to] of edits) {
    const file = join(folder, 'runner', name);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), `the harness has no line ${from}`);
    writeFileSync(file, text.replace(from, to));
  }
}
