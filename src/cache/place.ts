import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from '../error.js';
import { makeFolder } from '../folder.js';

/** `$XDG_CACHE_HOME/coderm/cache.sqlite`, or `~/.cache/coderm/cache.sqlite`. */
export function defaultCachePath(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME;
  // The XDG rules say to ignore a relative path.
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  return join(base, 'coderm', 'cache.sqlite');
}

/** Makes the folder; refuses what SQLite would only stumble over later, in the middle of a run. */
export function checkPlace(file: string): void {
  const wanted = 'expected a file that can be written, for the cache: name another one with --cache.';
  const folder = dirname(file);
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new InputError(`${file} is a folder; ${wanted}`);
    if (found && !found.isFile()) throw new InputError(`${file} is not a regular file; ${wanted}`);
    makeFolder(folder);
    accessSync(found ? file : folder, constants.W_OK);
    accessSync(folder, constants.W_OK); // for the write-ahead log beside it
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new InputError(`${file} cannot be made or written (${code}); ${wanted}`, { cause: error });
  }
}

/**
 * File systems that several machines see (statfs(2), f_type; linux/magic.h and the file systems' own headers), where
 * SQLite's locks and the shared memory of its write-ahead log hold on one machine at best.
 */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  428016422: 'BeeGFS',
  12805120: 'Ceph',
  537068840: 'OrangeFS',
  2866260714: 'PanFS',
  18225520: 'GFS2',
  1952539503: 'OCFS2',
  1799439955: 'AFS',
  1397113167: 'AFS',
  1937076805: 'Coda',
  16914839: '9P',
  1702057286: 'FUSE',
  2020557398: 'VirtualBox',
};

/** The name of the file system, where several machines may see it; null for a disk of this machine's own. */
export function networkFileSystem(type: number): string | null {
  return NETWORK_FILE_SYSTEMS[type >>> 0] ?? null; // an f_type of 32 bits comes with its sign
}

/** What to do about a cache on a network file system, in one sentence; null for one on a disk. */
export function networkWarning(file: string): string | null {
  try {
    const name = networkFileSystem(statfsSync(dirname(file)).type);
    if (name === null) return null;
    return (
      `${file} lies on a network file system (${name}), where SQLite's locks cannot be relied on: let no second ` +
      'process use this file (--shard gives each its own), or name one on a local disk with --cache and merge it ' +
      'afterwards (coderm cache merge).'
    );
  } catch {
    return null; // a system that does not say
  }
}

/** Bytes; 0 where there is no file. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
