import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

// Files that were compiled for one kind of machine: loading them, and saying why one does not load.

/** Builds all of them for the machine at hand. */
export const BUILD_COMMAND = 'npm run build:native';

/** What a file says that it was built for. */
export interface BuiltFor {
  platform: string;
  /** As Node names it: x64, arm64. */
  arch: string;
  /** Such as `glibc 2.34`: the least that it needs; null if it says none. */
  libc: string | null;
  /** Bytes that its own tables say it must have, at least. */
  leastBytes: number;
}

const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};
const MACH_O_64 = 0xfeedfacf;
const MACH_O_CPUS: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };

/** Null for what is neither an ELF nor a Mach-O file. */
export function builtFor(file: Buffer): BuiltFor | null {
  if (file.length >= 64 && file.readUInt32BE(0) === 0x7f454c46) {
    const arch = ELF_MACHINES[file.readUInt16LE(18)] ?? `machine ${file.readUInt16LE(18)}`;
    const tables = Number(file.readBigUInt64LE(40)) + file.readUInt16LE(58) * file.readUInt16LE(60);
    return { platform: 'linux', arch, libc: neededLibc(file), leastBytes: tables };
  }
  if (file.length >= 32 && file.readUInt32LE(0) === MACH_O_64) {
    const arch = MACH_O_CPUS[file.readUInt32LE(4)] ?? `cpu ${file.readUInt32LE(4)}`;
    return { platform: 'darwin', arch, libc: null, leastBytes: 32 + file.readUInt32LE(20) };
  }
  return null;
}

/** By the names of its symbols' versions, which stand in it as text. */
function neededLibc(file: Buffer): string | null {
  if (file.includes('libc.musl') || file.includes('ld-musl')) return 'musl';
  const versions = [...file.toString('latin1').matchAll(/\bGLIBC_2\.(\d+)/g)].map(([, minor]) =>
    Number(minor),
  );
  return versions.length === 0 ? null : `glibc 2.${Math.max(...versions)}`;
}

/** This process's libc: `glibc 2.36`, `musl`, or null where there is no such choice. */
function ownLibc(): string | null {
  if (process.platform !== 'linux') return null;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'musl' : `glibc ${header.glibcVersionRuntime}`;
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

function named(platform: string, arch: string, libc: string | null): string {
  return `${PLATFORMS[platform] ?? platform} on ${arch}${libc === null ? '' : ` with ${libc}`}`;
}

/** Why a compiled file cannot work on this machine, as a clause without a full stop; null if nothing speaks against it. */
export function whyUnusable(path: string): string | null {
  if (!existsSync(path)) return `${path} is missing: it was not built`;
  const file = read(path);
  if (typeof file === 'string') return `${path} cannot be read (${file})`;
  const built = builtFor(file);
  if (built === null) return `${path} is no compiled file: it is empty or damaged`;
  if (file.length < built.leastBytes)
    return `${path} is incomplete: ${file.length} of ${built.leastBytes} bytes or more`;
  const own = ownLibc();
  if (fits(built, own)) return null;
  const needed = built.libc === 'musl' || built.libc === null ? built.libc : `${built.libc} or newer`;
  return (
    `${path} was built for ${named(built.platform, built.arch, needed)}, and this is ` +
    named(process.platform, process.arch, own)
  );
}

function fits({ platform, arch, libc }: BuiltFor, own: string | null): boolean {
  if (platform !== process.platform || arch !== process.arch) return false;
  const minor = (text: string) => Number(/^glibc 2\.(\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (libc === null || own === null) return true;
  return libc === 'musl' || own === 'musl' ? libc === own : minor(libc) <= minor(own);
}

function read(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Whether the file ends before its own tables do. */
function isCut(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(64);
    readSync(descriptor, head);
    const leastBytes = builtFor(head)?.leastBytes ?? 0;
    return fstatSync(descriptor).size < leastBytes;
  } finally {
    closeSync(descriptor);
  }
}

/** Loads an addon. @throws what `fault` makes of the clause that says why it does not load */
export function loadNative<Addon>(path: string, fault: (why: string) => Error): Addon {
  try {
    if (isCut(path)) throw new Error('it is incomplete'); // loading it would end this process (SIGBUS)
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    const said = (error as Error).message.split('\n')[0]!.trim();
    throw fault(whyUnusable(path) ?? `${path} does not load (${said})`);
  }
}
