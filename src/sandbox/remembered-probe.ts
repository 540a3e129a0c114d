import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';

// What a Python said of itself is remembered: to ask it takes a tenth of a second, each time. The answer holds as long
// as the executable and every folder that packages are in have the size and time that they had.

const MOST_REMEMBERED = 20;

const rememberedSchema = z.array(
  z.object({ python: z.string(), stamps: z.record(z.string(), z.string()), answer: z.string() }),
);
type Remembered = z.output<typeof rememberedSchema>;

/** Where answers are kept, and where names of interpreters are looked for. */
export interface ProbeMemory {
  file: string;
  /** As PATH in the environment. */
  path: string;
}

/** What this interpreter answered last, if nothing of it has changed since; null otherwise. */
export function rememberedProbe(python: string, memory: ProbeMemory): string | null {
  const path = executableOf(python, memory);
  if (path === null) return null;
  const known = read(memory).find((one) => one.python === path);
  if (!known || Object.entries(known.stamps).some(([place, stamp]) => stampOf(place) !== stamp)) return null;
  return known.answer;
}

/** @param folders where the interpreter looks for modules */
export function rememberProbe(
  python: string,
  answer: string,
  folders: readonly string[],
  memory: ProbeMemory,
): void {
  const path = executableOf(python, memory);
  if (path === null) return;
  const places = [path, realpathSync(path), ...environmentsOf(path), ...folders];
  const stamps = Object.fromEntries(places.map((place) => [place, stampOf(place)]));
  const others = read(memory).filter((one) => one.python !== path);
  const all = [{ python: path, stamps, answer }, ...others].slice(0, MOST_REMEMBERED);
  const { file } = memory;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(all));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // The next run asks again.
  }
}

/** A compiled executable; null for anything else: a script (as pyenv's) may start another Python each time. */
function executableOf(python: string, { path: search }: ProbeMemory): string | null {
  const folders = python.includes('/') ? [''] : search.split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const path = folder === '' ? python : join(folder, python);
    try {
      accessSync(path, constants.X_OK);
      if (!statSync(path).isFile()) continue;
      return isAbsolute(path) && EXECUTABLES.includes(firstBytes(path)) ? path : null;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** How ELF and Mach-O files begin. */
const EXECUTABLES = [0x7f454c46, 0xcffaedfe];

function firstBytes(path: string): number {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    readSync(descriptor, bytes);
    return bytes.readUInt32BE(0);
  } finally {
    closeSync(descriptor);
  }
}

/** The file that makes a folder a virtual environment, beside the executable or above it; it need not be there. */
const environmentsOf = (path: string) =>
  [dirname(path), dirname(dirname(path))].map((folder) => join(folder, 'pyvenv.cfg'));

function stampOf(place: string): string {
  const found = statSync(place, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.size} ${found.mtimeMs} ${found.ino}`;
}

function read({ file }: ProbeMemory): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return []; // none, or not ours
  }
}
