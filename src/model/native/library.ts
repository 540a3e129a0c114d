import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ModelError } from '../../error.js';
import type { BackendStamp } from '../llama/backend.js';
import { requireGeneratorAddon } from './addon.js';

/** Platforms of node-llama-cpp that the native generator is not built for: there the other one is taken. */
export const WITHOUT_NATIVE: readonly string[] = ['linux-arm', 'linux-riscv64', 'win32-x64', 'win32-arm64'];

/** The packages of node-llama-cpp that carry llama.cpp's libraries, by platform and backend. */
const PACKAGES: Readonly<Record<string, Partial<Record<BackendStamp['backend'], string>>>> = {
  'linux-x64': {
    cpu: '@node-llama-cpp/linux-x64',
    cuda: '@node-llama-cpp/linux-x64-cuda',
    vulkan: '@node-llama-cpp/linux-x64-vulkan',
  },
  'linux-arm64': { cpu: '@node-llama-cpp/linux-arm64' },
  'darwin-arm64': { metal: '@node-llama-cpp/mac-arm64-metal' },
  'darwin-x64': { cpu: '@node-llama-cpp/mac-x64' },
};

/** The packages for this platform, by backend, in the order in which `--gpu auto` prefers them. */
export function backendPackages(): { backend: BackendStamp['backend']; name: string; installed: boolean }[] {
  const known = PACKAGES[`${process.platform}-${process.arch}`] ?? {};
  return (['cuda', 'metal', 'vulkan', 'cpu'] as const).flatMap((backend) => {
    const name = known[backend];
    if (name === undefined) return [];
    const folder = binaries(name);
    return [{ backend, name, installed: folder !== null && existsSync(folder) }];
  });
}

/** Where llama.cpp's library for a backend lies. */
export interface NativeLibrary {
  folder: string;
  /** Backends for an older driver, where there are some; '' for none. */
  fallback: string;
  /** llama.cpp's release that it was built from. */
  release: string;
}

/**
 * Finds the library that node-llama-cpp itself loads for this backend.
 * @throws ModelError where it or the addon is missing.
 */
export function findLibrary(backend: BackendStamp['backend']): NativeLibrary {
  requireGeneratorAddon();
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform]?.[backend];
  if (name === undefined) {
    throw new ModelError(
      `Expected a ${backend} library of llama.cpp for ${platform}, but the native generator knows none; pass --generator node-llama-cpp.`,
    );
  }
  const folder = binaries(name);
  if (folder === null || !existsSync(folder)) {
    throw new ModelError(
      `Expected llama.cpp's library in the package ${name}, but it is not installed; run \`npm install --include=optional\`.`,
    );
  }
  const metadata = JSON.parse(readFileSync(join(folder, '_nlcBuildMetadata.json'), 'utf8'));
  const fallback = join(binaries(`${name}-ext`) ?? folder, 'fallback');
  return {
    folder,
    fallback: existsSync(fallback) ? fallback : '',
    release: String(metadata.buildOptions?.llamaCpp?.release),
  };
}

/** The folder of a package's libraries, as node-llama-cpp finds the package; null where it is not installed. */
function binaries(name: string): string | null {
  try {
    const entry = createRequire(import.meta.resolve('node-llama-cpp')).resolve(name);
    return join(dirname(entry), '..', 'bins', basename(name).replace(/-ext$/, ''));
  } catch {
    return null;
  }
}
