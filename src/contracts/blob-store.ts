import type { Digest } from '#core/index.ts';

/** Bytes by their sha256. What `put` acknowledged survives a power cut; `get` verifies what it reads. */
export interface BlobStore {
  /** Stores and returns the digest; storing the same bytes again is a no-op. @throws AppError storage.full */
  put(bytes: Uint8Array): Promise<Digest>;
  /** The bytes, or undefined when there are none. @throws AppError storage.damaged when they do not match. */
  get(digest: Digest): Promise<Uint8Array | undefined>;
  list(): AsyncIterable<Digest>;
  delete(digest: Digest): Promise<void>;
}
