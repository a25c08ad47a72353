import type { Digest } from '#core/index.ts';

/** Bytes by their sha256. What `put` acknowledged survives a power cut; `get` verifies what it reads. */
export interface BlobStore {
  /**
   * Stores and returns the digest; storing the same bytes again is a no-op. Whoever is going to refer to a blob
   * puts it first, also when it may be there: that keeps it from being collected until the reference is written and
   * `settle` says so, or for an hour.
   * @throws AppError storage.full
   */
  put(bytes: Uint8Array): Promise<Digest>;
  /**
   * As `put`, for what comes in pieces and is never whole in memory.
   * @throws AppError input.too_large beyond `maxBytes`, and then nothing is kept; storage.full
   */
  putStream(
    pieces: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ readonly digest: Digest; readonly sizeBytes: number }>;
  /** What referred to a blob that was put is written, or will not be: from here on it may be collected. */
  settle(digest: Digest): void;
  /** The bytes, or undefined when there are none. @throws AppError storage.damaged when they do not match. */
  get(digest: Digest): Promise<Uint8Array | undefined>;
  list(): AsyncIterable<Digest>;
  /** Removes at once, whoever refers to it; a digest that is not there is no error. */
  delete(digest: Digest): Promise<void>;
}
