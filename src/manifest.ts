import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ManifestModel } from './model/open-model.js';
import { packageRoot } from './package-root.js';
import type { ExecutionRun, Run } from './run.js';

/** A file that took part, by its contents. */
export interface FileStamp {
  path: string;
  bytes: number;
  sha256: string;
}

/** Everything that a result depends on, and what it came to: written beside the output, read by --replay. */
export interface Manifest {
  command: string;
  versions: { coderm: string; node: string; runtime: string | null };
  flags: Record<string, unknown>;
  inputs: FileStamp[];
  model: ManifestModel | null;
  sandbox: {
    isolation: string;
    jail: string;
    harness: string;
    python: string;
    interpreter: string;
    limits: ExecutionRun['limits'];
  } | null;
  host: { platform: string; release: string; arch: string; cpu: string; cores: number; memoryMiB: number };
  output: FileStamp;
  finished: string;
}

export async function makeManifest(
  command: string,
  flags: Record<string, unknown>,
  inputs: readonly string[],
  /** Null where nothing was executed. */
  run: ExecutionRun | Run | null,
  output: FileStamp,
): Promise<Manifest> {
  const model = run && 'model' in run ? run.model : null;
  return {
    command,
    versions: { coderm: packageVersion(), node: process.version, runtime: model?.stamp.build ?? null },
    flags,
    inputs: await Promise.all(inputs.map(stampFile)),
    model: model?.description ?? null,
    sandbox: run && {
      isolation: run.isolation,
      jail: run.jail,
      harness: run.sandbox.harness.runner,
      python: run.sandbox.interpreter.version,
      interpreter: run.sandbox.interpreter.fingerprint,
      limits: run.limits,
    },
    host: describeHost(),
    output,
    finished: new Date().toISOString(),
  };
}

/** The machine, as results that depend on it name it. */
export function describeHost(): Manifest['host'] {
  return {
    platform: platform(),
    release: release(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

async function stampFile(path: string): Promise<FileStamp> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { path, bytes: statSync(path).size, sha256: hash.digest('hex') };
}

/** What differs between two runs, as sentences; times and paths of the output do not count. */
export function manifestDifferences(before: Manifest, now: Manifest): string[] {
  const differences: string[] = [];
  const compare = (name: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b)) {
      differences.push(`${name}: was ${JSON.stringify(a)}, is ${JSON.stringify(b)}`);
    }
  };
  for (const key of Object.keys(before.versions) as (keyof Manifest['versions'])[]) {
    compare(`version of ${key}`, before.versions[key], now.versions[key]);
  }
  for (const [at, input] of before.inputs.entries()) {
    compare(`contents of ${input.path}`, input.sha256, now.inputs[at]?.sha256);
  }
  for (const key of ['sha256', 'backend', 'device', 'generator', 'name'] as const) {
    compare(`model's ${key}`, before.model?.[key], now.model?.[key]);
  }
  for (const key of Object.keys(before.sandbox ?? {}) as (keyof NonNullable<Manifest['sandbox']>)[]) {
    compare(`sandbox's ${key}`, before.sandbox?.[key], now.sandbox?.[key]);
  }
  for (const key of ['platform', 'arch', 'cpu'] as const)
    compare(`host's ${key}`, before.host[key], now.host[key]);
  compare('output', before.output.sha256, now.output.sha256);
  return differences;
}
