import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from './root.js';

// The analysis of the harness only parses texts, so its tests run it without a jail.

export interface Extracted {
  code: string;
  identity: string;
  cases: string[];
  count?: number;
  drop?: string;
  detail?: string;
}

const script = join(root, 'native', 'sandbox', 'harness', 'reader', 'analyze.py');
// A shim such as pyenv's costs 200 ms a call; what it starts does not.
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

/** The answer of `analyze.py` to one request. */
export function ask<T>(request: object): T {
  const input = JSON.stringify(request);
  const run = spawnSync(python, ['-B', '-s', script], { input, maxBuffer: 1 << 28 });
  assert.is(run.status, 0, run.stderr.toString());
  return JSON.parse(run.stdout.toString()) as T;
}

/** As a chat model writes code. */
export const fenced = (code: string, tag = 'python') => `\`\`\`${tag}\n${code}\n\`\`\`\n`;
