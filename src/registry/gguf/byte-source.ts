import type { FileHandle } from 'node:fs/promises';

/** Bytes that can be read at a place: a file, or an array in a test. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Fills `target` from `offset` on; returns how many bytes there were. */
  read(offset: number, target: Uint8Array): Promise<number>;
}

/** An open file as a source of bytes. Its size is taken once: a file that shrinks later reads as truncated. */
export async function fileSource(handle: FileHandle): Promise<ByteSource> {
  const { size } = await handle.stat();
  return {
    sizeBytes: size,
    read: async (offset, target) => (await handle.read(target, 0, target.length, offset)).bytesRead,
  };
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, target) => {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return Promise.resolve(part.length);
    },
  };
}
