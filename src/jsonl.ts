import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from './error.js';

/** One object of a JSON Lines file and where it stood. */
export interface JsonLine {
  value: Record<string, unknown>;
  /** The path as the caller gave it. */
  file: string;
  /** 1-based line number in the (decompressed) file. */
  line: number;
}

/**
 * Longest line that is read, in MiB. LiveCodeBench lines with their private tests reach tens of MiB;
 * V8 cannot hold a string over 512 MiB at all.
 */
const MAX_LINE_MIB = 128;

const MIB = 1024 * 1024;
const NEWLINE = 0x0a;
const REPLACEMENT = Buffer.from('\ufffd');
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Streams the objects of a JSON Lines file, plain or gzip (told apart by the first two bytes, so a wrong
 * name does no harm). Blank lines are passed over; CRLF, a byte-order mark and a last line without a
 * newline are fine. Holds one line and one read buffer, never the file. Pipes are read too.
 *
 * Throws InputError, with file and line, for everything else that a file can be.
 */
export async function* readJsonLines(
  file: string,
  options: { maxLineMiB?: number } = {},
): AsyncGenerator<JsonLine> {
  await checkReadable(file);
  const maxLineMiB = options.maxLineMiB ?? MAX_LINE_MIB;
  let objects = 0;
  for await (const { bytes, line } of splitLines(readBytes(file), file, maxLineMiB * MIB)) {
    const text = decode(bytes, file, line);
    if (text.trim() === '') continue;
    objects += 1;
    yield { value: parseObject(text, file, line), file, line };
  }
  if (objects === 0) {
    throw new InputError(
      `${file} holds no lines; expected JSON Lines (one object a line): check how the file was written.`,
    );
  }
}

/** `file:line`, as every message about a line begins. */
export function place(at: { file: string; line: number }): string {
  return `${at.file}:${at.line}`;
}

async function checkReadable(file: string): Promise<void> {
  try {
    if ((await stat(file)).isDirectory()) {
      throw new InputError(`${file} is a folder; expected a JSON Lines file: name the file inside it.`);
    }
  } catch (error) {
    throw readError(error, file, 0);
  }
}

/** Bytes of the file, decompressed where it is gzip. */
async function* readBytes(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  const chunks = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  try {
    // A pipe may hand out a single byte at first; two are needed to know gzip.
    let head: Buffer = Buffer.alloc(0);
    while (head.length < 2) {
      const next = await chunks.next();
      if (next.done) break;
      head = Buffer.concat([head, next.value]);
    }
    const whole = startWith(head, chunks);
    if (head[0] === 0x1f && head[1] === 0x8b) {
      const gunzip = createGunzip({ chunkSize: 256 * 1024 });
      // The iteration below reports the error; the callback only keeps it from being unhandled.
      pipeline(Readable.from(whole), gunzip, () => {});
      yield* gunzip as AsyncIterable<Buffer>;
    } else {
      yield* whole;
    }
  } finally {
    source.destroy();
  }
}

async function* startWith(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  file: string,
  maxBytes: number,
): AsyncGenerator<{ bytes: Buffer; line: number }> {
  let parts: Buffer[] = []; // the unfinished line, as it came
  let length = 0;
  let line = 1;
  const grow = (part: Buffer) => {
    length += part.length;
    if (length > maxBytes) {
      throw new InputError(
        `${file}:${line} is longer than ${maxBytes / MIB} MiB, the most that one line may hold; ` +
          'expected one JSON object a line: split the line or leave its large fields out.',
      );
    }
    parts.push(part);
  };
  try {
    for await (const chunk of chunks) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        grow(chunk.subarray(from, end));
        yield { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), line };
        parts = [];
        length = 0;
        line += 1;
        from = end + 1;
      }
      if (from < chunk.length) grow(chunk.subarray(from));
    }
  } catch (error) {
    throw readError(error, file, line);
  }
  if (length > 0) yield { bytes: Buffer.concat(parts), line };
}

function decode(bytes: Buffer, file: string, line: number): string {
  const body = line === 1 && bytes.subarray(0, 3).equals(UTF8_BOM) ? bytes.subarray(3) : bytes;
  if (isUtf8(body)) return body.toString('utf8');
  const utf16 =
    line === 1 && ((body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff));
  throw new InputError(
    `${file}:${line} is not UTF-8 ` +
      (utf16
        ? '(it begins like UTF-16); expected UTF-8: convert it with iconv -f UTF-16 -t UTF-8.'
        : `(byte ${invalidAt(body) + 1} of the line); expected JSON text in UTF-8: convert the file or remove the line.`),
  );
}

/** 0-based offset of the first byte that is not UTF-8. */
function invalidAt(bytes: Buffer): number {
  // Decoding puts U+FFFD in the place of what is wrong; the first one that was not written there is it.
  const text = bytes.toString('utf8');
  let offset = 0; // in bytes
  let from = 0; // in the text
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(offset, offset + 3).equals(REPLACEMENT)) return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

function parseObject(text: string, file: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const start = text.trim();
    const hint =
      line === 1 && /^[[{]\s*$/.test(start)
        ? 'this looks like one JSON document over many lines; rewrite it with jq -c'
        : 'correct or remove the line (a file that was cut short ends like this)';
    throw new InputError(
      `${file}:${line} is not valid JSON; expected one object, got ${excerpt(start)}: ${hint}.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  throw new InputError(
    `${file}:${line} holds ${kind}; expected one JSON object a line: ` +
      (kind === 'an array' ? 'jq -c ".[]" turns an array into lines.' : 'correct or remove the line.'),
  );
}

/** The first characters of foreign text, quoted and without control characters. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function readError(error: unknown, file: string, line: number): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError(`${file} does not exist; expected a JSON Lines file: check the path.`);
    case 'EACCES':
    case 'EPERM':
      return new InputError(`${file} may not be read by this user: change its permissions.`);
    case 'ELOOP':
    case 'ENAMETOOLONG':
    case 'EIO':
      return new InputError(`${file} cannot be read (${code}); expected a JSON Lines file: check the path.`);
    case 'Z_BUF_ERROR':
      return new InputError(
        `${file} ends in the middle of its gzip stream (after line ${line - 1}): copy or download it again.`,
      );
    case 'Z_DATA_ERROR':
      return new InputError(
        `${file} is damaged gzip (after line ${line - 1}; gzip -t says where): copy or download it again.`,
      );
    default:
      return error;
  }
}
