/**
 * The header of a GGUF file: the magic, counts, metadata pairs and tensor descriptions; the tensors follow, each at an
 * aligned offset.
 */

/** A value of the metadata; null for an array that is not kept. */
export type Value = string | number | bigint | boolean | Value[] | null;

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

/** Thrown when the bytes read so far end; more are read, or the file is cut off. */
export class OutOfBytes extends Error {}

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

export interface Header {
  metadata: Map<string, Value>;
  tensors: number;
  /** GGML's type numbers of the tensors of two dimensions and more, each once, in ascending order. */
  matrixTypes: number[];
  /** Where the last tensor's data ends, bytes from the file's start. */
  dataEnd: number;
}

/** @throws OutOfBytes where the header goes on, RangeError for what GGUF 2 and 3 do not have */
export function parseHeader(buffer: Buffer): Header {
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
  const matrixTypes = new Set<number>();
  let length = 0;
  for (let i = 0; i < tensors; i++) {
    cursor.take(cursor.u64()); // the name
    const dimensions = cursor.u32();
    let elements = 1;
    for (let d = 0; d < dimensions; d++) elements *= cursor.u64();
    const type = cursor.u32();
    if (dimensions > 1) matrixTypes.add(type);
    const block = BLOCK[type];
    const offset = cursor.u64();
    const bytes = block === undefined ? 0 : (elements / block[0]) * block[1];
    length = Math.max(length, offset + bytes);
  }
  const alignment = Number(metadata.get('general.alignment') ?? 32);
  return {
    metadata,
    tensors,
    matrixTypes: [...matrixTypes].sort((a, b) => a - b),
    dataEnd: Math.ceil(cursor.at / alignment) * alignment + length,
  };
}
