/** Token ids as the prompt table has them: int32, little endian. */
export function packTokens(tokens: readonly number[]): Buffer {
  const bytes = Buffer.alloc(tokens.length * 4);
  tokens.forEach((token, at) => {
    bytes.writeInt32LE(token, at * 4);
  });
  return bytes;
}

export function unpackTokens(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readInt32LE(at * 4));
}
