import type { Digest } from '#core/index.ts';

/** The vectors of a chosen model, which lie in the database; without them chunks get those of the built-in table. */
export interface StoredVectors {
  readonly modelDigest: Digest;
  readonly dimensions: number;
  readonly commonPart: Float32Array;
}

/** What the threads of the index are started with. */
export interface IndexThreadOptions {
  readonly databasePath: string;
  /** Folder of the segments. */
  readonly folder: string;
  /** Number of a searching thread, from 0. */
  readonly searcher: number;
  readonly vectors: StoredVectors | undefined;
  /** What says that somebody waits for an answer. */
  readonly foreground: SharedArrayBuffer;
}

/** Whether what a thread was started with is what it needs. */
export function isIndexThreadOptions(value: unknown): value is IndexThreadOptions {
  return typeof value === 'object' && value !== null && 'databasePath' in value && 'folder' in value;
}
