import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { InputError } from '../error.js';

/** The packages that an installed engine needs at run time, as they lie on the disk. */

interface PackageJson {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** node-llama-cpp's packages of binaries, of which an install may have those of other kinds of machine. */
const BINARIES = /^@node-llama-cpp\/(.+)$/;

export interface Installed {
  /** The folder above the outermost node_modules. */
  base: string;
  /** Folders of the packages below it, sorted. */
  packages: string[];
}

/**
 * Follows the dependencies from the engine's folder, as Node would find them. Of llama.cpp's binaries only this
 * platform's are taken, and those of GPUs where they are asked for.
 * @throws InputError when one is missing, or the packages are links into a store.
 */
export function installedPackages(engine: string, gpu: boolean): Installed {
  const outermost = `${sep}node_modules${sep}`;
  const cut = engine.indexOf(outermost);
  const base = cut < 0 ? engine : engine.slice(0, cut);
  const found = new Set<string>();
  const waiting = [engine];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const { name, optional } of dependencies(folder)) {
      if (!wanted(name, gpu)) continue;
      const place = locate(folder, name, base);
      if (place === null && optional) continue;
      if (place === null || realpathSync(place) !== place)
        throw new InputError(
          `Expected ${name} in node_modules of ${base}, but it is ${place === null ? 'missing' : 'a link'}; install with \`npm install\`, then bundle again.`,
        );
      if (found.has(place)) continue;
      found.add(place);
      waiting.push(place);
    }
  }
  return { base, packages: [...found].map((place) => relative(base, place)).sort() };
}

function dependencies(folder: string): { name: string; optional: boolean }[] {
  const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  const optional = Object.keys(json.optionalDependencies ?? {});
  const peers = Object.keys(json.peerDependencies ?? {});
  const needed = Object.keys(json.dependencies ?? {}).filter((name) => !optional.includes(name));
  return [
    ...needed.map((name) => ({ name, optional: false })),
    ...[...optional, ...peers.filter((name) => !json.peerDependenciesMeta?.[name]?.optional)].map((name) => ({
      name,
      optional: true,
    })),
  ];
}

function wanted(name: string, gpu: boolean): boolean {
  const binaries = BINARIES.exec(name)?.[1];
  if (binaries === undefined) return true;
  const own = `${process.platform === 'darwin' ? 'mac' : process.platform}-${process.arch}`;
  return [own, `${own}-metal`].includes(binaries) || (gpu && binaries.startsWith(`${own}-`));
}

/** The folder in which Node finds a package from another one's; null where it finds none below the base. */
function locate(from: string, name: string, base: string): string | null {
  for (let folder = from; folder.startsWith(base); folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
  }
  return null;
}

/** What a build leaves that nothing needs at run time, and links to programs. */
const LEFT_OUT =
  /(^|\/)(\.bin|__pycache__|build\/Release\/(obj|obj\.target|\.deps)|build\/(deps|Makefile))(\/|$)|\.(o|a|pyc)$/;

/** Regular files below a folder, relative to the base and sorted; packages below it are not its own. */
export function filesOf(base: string, folder: string): string[] {
  const files: string[] = [];
  const visit = (path: string) => {
    for (const entry of readdirSync(join(base, path), { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (LEFT_OUT.test(below.slice(folder.length)) || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) visit(below);
      else if (entry.isFile()) files.push(below);
    }
  };
  visit(folder);
  return files.sort();
}
