import { join } from 'node:path';
import { z } from 'zod';
import { SandboxError } from '../error.js';
import { packageRoot } from '../package-root.js';
import type { Limits } from '../verdict.js';
import type { BenchCell } from './cells.js';
import type { Level, LevelName, LevelSetup, Measured } from './level.js';

/** Our own baselines and the frame around the authors' harness. */
const FOLDER = join(packageRoot, 'bench', 'sandbox');

const measuredSchema = z.object({ seconds: z.number().positive(), words: z.array(z.string()) });

/** Bare Python without walls between cells: a child for each cell, or one process for all cells of a worker. */
export function plainLevel(mode: 'fork' | 'unprotected', setup: LevelSetup): Level {
  const { limits } = setup;
  const options = {
    mode,
    cpu_seconds: limits.cpuMs / 1000,
    wall_seconds: limits.wallMs / 1000,
    memory_bytes: limits.memoryMiB * 2 ** 20,
  };
  return baseline(mode, { name: 'plain.py', binds: [] }, options, setup);
}

/** The CodeRM authors' docker_source/main.py, with the limits that it has: 1 s on the clock, then a wait of 2 s. */
export function authorsLevel(path: string, setup: LevelSetup): Level {
  const binds = [{ source: path, target: '/authors.py' }];
  return baseline('authors', { name: 'authors.py', binds }, {}, setup);
}

interface Script {
  name: string;
  binds: { source: string; target: string }[];
}

function baseline(name: LevelName, script: Script, options: object, setup: LevelSetup): Level {
  const { sandbox, limits, signal } = setup;
  return {
    name,
    run: async (cells) => {
      const request = { ...options, workers: Math.min(sandbox.workers, cells.length), ...packed(cells) };
      const job = {
        folder: FOLDER,
        ...script,
        request,
        limits: outerLimits(cells.length, sandbox.workers, limits),
      };
      return measuredOf(name, await sandbox.runScript(job, signal), cells.length);
    },
  };
}

function measuredOf(name: string, result: { answer: unknown } | { ended: string }, cells: number): Measured {
  const parsed = measuredSchema.safeParse('answer' in result ? result.answer : null);
  if (parsed.success && parsed.data.words.length === cells) return parsed.data;
  const how = 'ended' in result ? result.ended : 'its answer is not one word a cell';
  throw new SandboxError(
    `the baseline ${name} did not end well (${how}): nothing walls its cells off from each other or from it; ` +
      'leave the task out that harms it (--limit, --candidates), or name fewer --cells.',
  );
}

/** Each program and test once, and the cells as pairs of their positions. */
function packed(cells: readonly BenchCell[]) {
  const programs = new Map<string, number>();
  const tests = new Map<string, number>(); // by JSON
  const position = (known: Map<string, number>, text: string) => {
    const at = known.get(text) ?? known.size;
    known.set(text, at);
    return at;
  };
  const pairs = cells.map(({ program, test }) => [
    position(programs, program),
    position(tests, JSON.stringify(test)),
  ]);
  return {
    programs: [...programs.keys()],
    tests: [...tests.keys()].map((json) => JSON.parse(json) as BenchCell['test']),
    cells: pairs,
  };
}

/** The one jail around all cells of a baseline: wide enough never to be felt, so that the limits are the baseline's. */
function outerLimits(cells: number, workers: number, limits: Limits): Limits {
  const wallMs = 60_000 + cells * (limits.wallMs + 3000);
  return {
    cpuMs: wallMs * (workers + 1),
    wallMs,
    memoryMiB: 4096 + workers * limits.memoryMiB,
    outputKiB: 2 ** 20,
    processes: 256 + workers * (limits.processes + 2),
    tmpMiB: 1024,
  };
}
