import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SandboxError } from '../error.js';
import type { Bind } from './addon.js';
import { type ProbeMemory, rememberedProbe, rememberProbe } from './remembered-probe.js';

/** The Python that executes candidates, and what of the host it needs to see. */
export interface Interpreter {
  /** The real executable, not a shim or a link. */
  executable: string;
  /** Such as `3.11.7`. */
  version: string;
  /** sys.path inside the jail. */
  paths: string[];
  binds: Bind[];
  /** sha256 of version, build and installed packages: part of the key of every cell. */
  fingerprint: string;
}

// Runs on the host, outside the jail: it is our own text and loads nothing of the user's.
const PROBE = `
import importlib, importlib.metadata, json, os, re, struct, sys
for name in ("_ssl", "_ctypes", "_sqlite3", "_bz2", "_lzma", "zlib", "_decimal", "pyexpat", "_hashlib", "_uuid"):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
executable = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
prefixes = {os.path.realpath(p) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
def ours(path):
    real = os.path.realpath(path)
    return any(real == p or real.startswith(p + os.sep) for p in prefixes) or re.search("(site|dist)-packages$", real)
paths = [os.path.realpath(p) for p in sys.path if p and os.path.exists(p) and ours(p)]
libraries = set()
loader = None
if sys.platform.startswith("linux"):
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.split(None, 5)[5].strip() if line.count("/") else ""
            if ".so" in path:
                libraries.add(os.path.dirname(path))
    with open(executable, "rb") as elf:
        head = elf.read(64)
        offset, = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        for i in range(count):
            elf.seek(offset + i * size)
            kind, _, at, _, _, length = struct.unpack_from("<IIQQQQ", elf.read(size))
            if kind == 3:
                elf.seek(at)
                loader = elf.read(length).rstrip(b"\\0").decode()
if sys.platform == "darwin":
    import ctypes
    dyld = ctypes.CDLL(None)
    dyld._dyld_get_image_name.restype = ctypes.c_char_p
    for i in range(1, dyld._dyld_image_count()):  # the first is the executable
        path = os.path.realpath(os.fsdecode(dyld._dyld_get_image_name(i)))
        if not path.startswith(("/usr/lib/", "/System/")):
            libraries.add(os.path.dirname(path))
    # A framework's python starts another executable of the framework.
    libraries.update(p for p in prefixes if ".framework/" in p)
packages = sorted({"%s==%s" % (d.metadata["Name"], d.version) for d in importlib.metadata.distributions(path=paths)})
print(json.dumps({"executable": executable, "version": "%d.%d.%d" % sys.version_info[:3], "build": sys.version,
                  "paths": paths, "libraries": sorted(libraries), "loader": loader, "packages": packages,
                  "cache_tag": sys.implementation.cache_tag, "supported": sys.version_info >= (3, 9)}))
`;

const probeSchema = z.object({
  executable: z.string(),
  version: z.string(),
  build: z.string(),
  paths: z.array(z.string()),
  libraries: z.array(z.string()),
  loader: z.string().nullable(),
  packages: z.array(z.string()),
  cache_tag: z.string().nullable(),
  supported: z.boolean(),
});

/** Host files that a dynamic loader and time zones read; shown where they exist. */
const OPTIONAL_FILES = ['/etc/ld.so.cache', '/usr/share/zoneinfo'];

/**
 * Finds the interpreter behind `python` (a name or a path; default `python3`) and what it needs.
 * @param memory where its answer is remembered; null: it is asked
 * @throws SandboxError if it does not run or is older than 3.9.
 */
export async function findInterpreter(
  python = 'python3',
  memory: ProbeMemory | null = null,
): Promise<Interpreter> {
  const remembered = memory && rememberedProbe(python, memory);
  const output = remembered ?? (await ask(python));
  const probe = readProbe(output, python);
  if (!probe.supported) {
    throw new SandboxError(
      `executing tests needs Python 3.9 or newer, and '${python}' is ${probe.version}; name another one with --python PATH.`,
    );
  }
  if (memory && remembered === null)
    rememberProbe(python, output, [...probe.paths, ...probe.libraries], memory);
  const same = (path: string): Bind => ({ source: path, target: path });
  const binds = outermost([probe.executable, ...probe.paths, ...probe.libraries]).map(same);
  if (probe.loader) binds.push({ source: realpathSync(probe.loader), target: probe.loader });
  binds.push(...OPTIONAL_FILES.filter((path) => existsSync(path)).map(same));
  const identity = [probe.build, probe.cache_tag, ...probe.packages];
  return {
    executable: probe.executable,
    version: probe.version,
    paths: probe.paths,
    binds,
    fingerprint: createHash('sha256').update(identity.join('\n')).digest('hex'),
  };
}

async function ask(python: string): Promise<string> {
  try {
    // -I: nothing of the user's environment, folder or user site takes part.
    return (await promisify(execFile)(python, ['-I', '-B', '-c', PROBE], { timeout: 60_000 })).stdout;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new SandboxError(
      `executing tests needs Python 3.9 or newer, and '${python}' does not run (${reason}). ` +
        'Install it with: sudo apt-get install python3, or name another one with --python PATH.',
    );
  }
}

function readProbe(output: string, python: string): z.output<typeof probeSchema> {
  try {
    return probeSchema.parse(JSON.parse(output));
  } catch (error) {
    throw new SandboxError(
      `executing tests needs Python 3.9 or newer, and '${python}' does not answer as a Python does; ` +
        'name another one with --python PATH.',
      { cause: error },
    );
  }
}

/** Drops every path that lies below another one of the list. */
function outermost(paths: string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => path !== other && path.startsWith(`${other}/`)));
}
