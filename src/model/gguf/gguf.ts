import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ModelError } from '../../error.js';
import { type Header, OutOfBytes, parseHeader, type Value } from './header.js';

/**
 * Reads what a GGUF file says about itself, without llama.cpp: a run whose samples are all in the cache
 * opens no model, and a broken file is refused in milliseconds with one sentence instead of a page of
 * llama.cpp's log.
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
  /** GGML's type numbers of the matrices, each once. */
  matrixTypes: readonly number[];
  /** Of each layer; 0 for a dense model. */
  experts: number;
  /** The longest context that the model was trained for, tokens. */
  contextTokens: number;
  /** Jinja source, or null where the file has none (a base model). */
  chatTemplate: string | null;
  vocabulary: Vocabulary;
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
    const { metadata, tensors, matrixTypes, dataEnd } = await readHeader(file, path, stat.size);
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
    return describe(path, stat, metadata, matrixTypes);
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
  matrixTypes: readonly number[],
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
    matrixTypes,
    experts: number(`${architecture}.expert_count`) ?? 0,
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
