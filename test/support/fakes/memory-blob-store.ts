import type { BlobStore } from '#contracts/index.ts';
import { AppError, type Digest } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';

/** Blobs in memory. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<Digest, Uint8Array>();

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes.slice());
    return digest;
  }
  async putStream(
    pieces: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ digest: Digest; sizeBytes: number }> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    const bytes = Buffer.concat(all);
    if (bytes.length > maxBytes) throw new AppError('input.too_large', 'Too large.');
    return { digest: await this.put(bytes), sizeBytes: bytes.length };
  }
  settle(): void {
    // Nothing is ever collected here.
  }
  async get(digest: Digest): Promise<Uint8Array | undefined> {
    return this.#blobs.get(digest)?.slice();
  }
  async *list(): AsyncGenerator<Digest> {
    yield* this.#blobs.keys();
  }
  async delete(digest: Digest): Promise<void> {
    this.#blobs.delete(digest);
  }
}
