import type {
  AccessFilter,
  AclSetId,
  ChunkId,
  ChunkRow,
  CollectionId,
  DocumentId,
  VersionId,
} from '#core/index.ts';

/** What an owner says of a document beside its text: `{ department: 'hr', year: 2024 }`. */
export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue | readonly AttributeValue[]>>;

/**
 * Narrows to documents whose attribute is one of some values, or lies between two of its own type, ends included. What
 * is stated as text counts as a number where numbers are asked for and it is one. Of an attribute with several values
 * one must meet it.
 */
export type AttributeCondition =
  | { readonly type: 'one-of'; readonly name: string; readonly values: readonly AttributeValue[] }
  | {
      readonly type: 'between';
      readonly name: string;
      readonly atLeast?: string | number;
      readonly atMost?: string | number;
    };

/** A chunk as the index takes it. Validity and recorded time are half-open; `Infinity` while it holds. */
export interface IndexedChunk {
  readonly row: ChunkRow;
  readonly chunkId: ChunkId;
  readonly documentId: DocumentId;
  readonly versionId: VersionId;
  readonly collectionId: CollectionId;
  readonly aclSet: AclSetId;
  readonly language: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly text: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly recordedFromMs: number;
  readonly recordedToMs: number;
  readonly attributes?: Attributes;
  /** L2-normalised embedding of the chunk; left out when there is no embedding model. */
  readonly vector?: Float32Array;
}

/** A change to the index. Rights act without one: access sets are judged per query. */
export type IndexOperation =
  | { readonly type: 'add'; readonly chunks: readonly IndexedChunk[] }
  /** The same for chunks that the index reads from the database itself, off the caller's thread. */
  | { readonly type: 'load'; readonly rows: readonly ChunkRow[] }
  | { readonly type: 'remove'; readonly rows: readonly ChunkRow[] }
  /** Another access set for these rows. */
  | { readonly type: 'reassign'; readonly rows: readonly ChunkRow[]; readonly aclSet: AclSetId }
  /** The time at which these rows stopped to hold, when a newer version came. */
  | {
      readonly type: 'close';
      readonly rows: readonly ChunkRow[];
      readonly validToMs: number;
      readonly recordedToMs: number;
    };

export interface RetrievalQuery {
  readonly text: string;
  readonly language: string | undefined;
  readonly access: AccessFilter;
  readonly validAtMs: number;
  readonly recordedAtMs: number;
  readonly limit: number;
  /** L2-normalised embedding of the question, by the model that embedded the chunks. */
  readonly vector?: Float32Array;
  /** All must be met. */
  readonly attributes?: readonly AttributeCondition[];
  /**
   * Age counts: a score is multiplied by ½ + ½ · 2^(−age / halfLifeMs), age from the begin of a version's validity to
   * `validAtMs`. Left out, it does not.
   */
  readonly halfLifeMs?: number | undefined;
}

/** A scored chunk. `signals` say why: what each part of the score was, for the trace. */
export interface Hit {
  readonly row: ChunkRow;
  readonly score: number;
  readonly signals: Readonly<Record<string, number>>;
}

/** An index, or a snapshot of one, as it is read. */
export interface RetrievalReader {
  /**
   * Everything that a score is made of, statistics included, is counted over what the access filter shows, so that a
   * forbidden chunk has no influence. Equal scores by row.
   */
  search(query: RetrievalQuery): Promise<readonly Hit[]>;
  /** Embeddings of the rows that have one. Not filtered: ask only for rows that a search gave. */
  vectors(rows: readonly ChunkRow[]): Promise<ReadonlyMap<ChunkRow, Float32Array>>;
}

/** A snapshot that was made: `extraBytes` is what it takes on disk beside the segments that it shares. */
export interface IndexSnapshot {
  readonly id: string;
  readonly chunks: number;
  readonly extraBytes: number;
}

/** Finds chunks. Derived from the database and made anew from it at any time. */
export interface RetrievalIndex extends RetrievalReader {
  /** Applies in order; a search that starts after it resolves sees it. */
  apply(operations: readonly IndexOperation[]): Promise<void>;
  /**
   * Takes rows out for good: when it resolves, no byte of them is in a file of the index, nor in a snapshot. Snapshots
   * that hold one of them are gone.
   */
  purge(rows: readonly ChunkRow[]): Promise<void>;
  stats(): Promise<{ readonly chunks: number; readonly bytes: number }>;
  /** Works on its own shape for about so long, as it also does when idle. Returns whether there is more to do. */
  maintain(budgetMs: number): Promise<boolean>;
  /** Keeps the index as it is now: ids and scores stay the same to the last bit, whatever is applied later. */
  snapshot(label: string): Promise<IndexSnapshot>;
  /** Opens a snapshot for reading. @throws {AppError} `storage.damaged` when it is not there or not whole. */
  open(snapshotId: string): Promise<RetrievalReader & AsyncDisposable>;
}
