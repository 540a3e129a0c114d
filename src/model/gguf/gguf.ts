import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ModelError } from '../../error.js';

/**
 * Reads what a GGUF file says about itself, without llama.cpp: a run whose samples are all in the cache
 * opens no model, and a broken file is refused in milliseconds with one sentence instead of a page of
 * llama.cpp's log. The header is the magic, counts, metadata pairs and tensor descriptions; the tensors
 * follow, each at an aligned offset.
 */

/** The model's tokens as the file lists them. */
export interface Vocabulary {
  /** llama.cpp's name of the tokeniser: `gpt2` is byte-level BPE, `llama` SentencePiece. */
  kind: string;
  /** Text of each token, by id, in the tokeniser's own spelling. */
  tokens: readonly string[];
  /** GGUF's token type by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte. */
  types: readonly number[];
  bos: number | null;
  eos: number | null;
}

/** What a GGUF file says about itself. */
export interface GgufInfo {
  path: string;
  /** Size of the file, bytes. */
  bytes: number;
  mtimeMs: number;
  name: string | null;
  architecture: string;
  /** llama.cpp's number of the quantisation (`general.file_type`), or null where the file does not say. */
  fileType: number | null;
  /** The longest context that the model was trained for, tokens. */
  contextTokens: number;
  /** Jinja source, or null where the file has none (a base model). */
  chatTemplate: string | null;
  vocabulary: Vocabulary;
}

type Value = string | number | bigint | boolean | Value[] | null;

/** Elements a block and bytes a block, by GGML's type number; a type that is not here is not checked. */
const BLOCK: Readonly<Record<number, readonly [elements: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

/** Metadata arrays that are kept; the others (merges, scores) are long and nothing here needs them. */
const KEPT_ARRAYS = new Set(['tokenizer.ggml.tokens', 'tokenizer.ggml.token_type']);

/** Thrown by the cursor when the bytes read so far end; more are read, or the file is cut off. */
class OutOfBytes extends Error {}

/** Little-endian reads over the file's first bytes. */
class Cursor {
  at = 0;
  constructor(readonly buffer: Buffer) {}

  take(bytes: number): number {
    const start = this.at;
    if (!(bytes >= 0) || start + bytes > this.buffer.length) throw new OutOfBytes();
    this.at = start + bytes;
    return start;
  }
  u32(): number {
    return this.buffer.readUInt32LE(this.take(4));
  }
  u64(): number {
    return Number(this.buffer.readBigUInt64LE(this.take(8)));
  }
  text(): string {
    const bytes = this.u64();
    const start = this.take(bytes);
    return this.buffer.toString('utf8', start, start + bytes);
  }

  value(type: number, keep: boolean): Value {
    const b = this.buffer;
    switch (type) {
      case 0:
        return b.readUInt8(this.take(1));
      case 1:
        return b.readInt8(this.take(1));
      case 2:
        return b.readUInt16LE(this.take(2));
      case 3:
        return b.readInt16LE(this.take(2));
      case 4:
        return this.u32();
      case 5:
        return b.readInt32LE(this.take(4));
      case 6:
        return b.readFloatLE(this.take(4));
      case 7:
        return b.readUInt8(this.take(1)) !== 0;
      case 8:
        if (keep) return this.text();
        this.take(this.u64());
        return null;
      case 9:
        return this.array(keep);
      case 10:
        return b.readBigUInt64LE(this.take(8));
      case 11:
        return b.readBigInt64LE(this.take(8));
      case 12:
        return b.readDoubleLE(this.take(8));
      default:
        throw new RangeError(`metadata of the unknown type ${type}`);
    }
  }

  private array(keep: boolean): Value {
    const type = this.u32();
    const length = this.u64();
    const values: Value[] = [];
    for (let i = 0; i < length; i++) {
      const value = this.value(type, keep);
      if (keep) values.push(value);
    }
    return values;
  }
}

interface Header {
  metadata: Map<string, Value>;
  tensors: number;
  /** Where the last tensor's data ends, bytes from the file's start. */
  dataEnd: number;
}

function parseHeader(buffer: Buffer): Header {
  const cursor = new Cursor(buffer);
  cursor.take(4);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new RangeError(`GGUF version ${version}`);
  const tensors = cursor.u64();
  const pairs = cursor.u64();
  const metadata = new Map<string, Value>();
  for (let i = 0; i < pairs; i++) {
    const key = cursor.text();
    const type = cursor.u32();
    metadata.set(key, cursor.value(type, type !== 9 || KEPT_ARRAYS.has(key)));
  }
  let length = 0;
  for (let i = 0; i < tensors; i++) {
    cursor.take(cursor.u64()); // the name
    const dimensions = cursor.u32();
    let elements = 1;
    for (let d = 0; d < dimensions; d++) elements *= cursor.u64();
    const block = BLOCK[cursor.u32()];
    const offset = cursor.u64();
    const bytes = block === undefined ? 0 : (elements / block[0]) * block[1];
    length = Math.max(length, offset + bytes);
  }
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  return { metadata, tensors, dataEnd: Math.ceil(cursor.at / alignment) * alignment + length };
}

/**
 * Reads a GGUF file's header and checks that its tensors lie inside the file.
 * Throws ModelError when the file is missing, a folder, unreadable, no GGUF, cut off, or one part of
 * several.
 */
export async function readGguf(path: string): Promise<GgufInfo> {
  const file = await openFile(path);
  try {
    const stat = await file.stat();
    if (stat.isDirectory())
      throw new ModelError(`Expected a GGUF file, but ${path} is a folder; name the .gguf file in it.`);
    const { metadata, tensors, dataEnd } = await readHeader(file, path, stat.size);
    if (dataEnd > stat.size)
      throw new ModelError(
        `Expected ${dataEnd} bytes of GGUF in ${path}, but the file ends after ${stat.size}; it was cut off, so download it again.`,
      );
    const parts = Number(metadata.get('split.count') ?? 1);
    if (parts > 1)
      throw new ModelError(
        `Expected a model in one file, but ${path} is one of ${parts} parts; join them with \`llama-gguf-split --merge\`.`,
      );
    if (tensors === 0)
      throw new ModelError(
        `Expected a model with weights, but ${path} holds only a vocabulary; choose another GGUF file.`,
      );
    return describe(path, stat, metadata);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code})`;
    throw new ModelError(
      `Expected a GGUF file, but ${path} ${what}; check the path, or give a name that \`coderm models\` lists.`,
      { cause },
    );
  }
}

async function readHeader(file: FileHandle, path: string, size: number): Promise<Header> {
  // A header of 128,256 tokens is 8 MB; most are smaller, so the amount read is doubled as needed.
  for (let wanted = 1 << 20; ; wanted *= 2) {
    const buffer = Buffer.alloc(Math.min(wanted, size));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw notGguf(path, bytes);
    try {
      return parseHeader(bytes);
    } catch (cause) {
      if (!(cause instanceof OutOfBytes))
        throw new ModelError(
          `Expected GGUF version 2 or 3 in ${path}, but it has ${(cause as Error).message}; convert the model with a current llama.cpp.`,
          { cause },
        );
      if (wanted >= size)
        throw new ModelError(
          `Expected a whole GGUF file, but ${path} ends inside its header after ${size} bytes; it was cut off, so download it again.`,
        );
    }
  }
}

function notGguf(path: string, bytes: Buffer): ModelError {
  const start = bytes.toString('latin1', 0, 24);
  const what =
    bytes.length === 0
      ? 'is empty'
      : start.startsWith('version https://git-lfs')
        ? 'is a Git LFS pointer, not the model itself'
        : `starts with ${JSON.stringify(start.slice(0, 8))}`;
  return new ModelError(
    `Expected a GGUF file, which starts with "GGUF", but ${path} ${what}; download the model again or choose another.`,
  );
}

function describe(
  path: string,
  stat: { size: number; mtimeMs: number },
  metadata: Map<string, Value>,
): GgufInfo {
  const text = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'string' ? value : null;
  };
  const number = (key: string) => {
    const value = metadata.get(key);
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
  };
  const architecture = text('general.architecture') ?? 'unknown';
  return {
    path,
    bytes: stat.size,
    mtimeMs: stat.mtimeMs,
    name: text('general.name'),
    architecture,
    fileType: number('general.file_type'),
    // Where the file is silent, llama.cpp's own fallback.
    contextTokens: number(`${architecture}.context_length`) ?? 4096,
    chatTemplate: text('tokenizer.chat_template'),
    vocabulary: {
      kind: text('tokenizer.ggml.model') ?? 'none',
      tokens: (metadata.get('tokenizer.ggml.tokens') ?? []) as string[],
      types: (metadata.get('tokenizer.ggml.token_type') ?? []) as number[],
      bos: number('tokenizer.ggml.bos_token_id'),
      eos: number('tokenizer.ggml.eos_token_id'),
    },
  };
}

/**
 * SHA-256 of the model file in hex, read as a stream (some seconds for 5 GB).
 * `onProgress` is told the bytes hashed so far.
 */
export async function hashModel(path: string, onProgress?: (bytes: number) => void): Promise<string> {
  const file = await openFile(path);
  const hash = createHash('sha256');
  let done = 0;
  const stream = createReadStream('', { fd: file, highWaterMark: 4 << 20 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    done += chunk.length;
    onProgress?.(done);
  }
  return hash.digest('hex');
}
