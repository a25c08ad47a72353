import type {
  AccessFilter,
  AclSetId,
  ChunkId,
  ChunkRow,
  CollectionId,
  DocumentId,
  VersionId,
} from '#core/index.ts';

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
}

/** A change to the index. Rights act without one: access sets are judged per query. */
export type IndexOperation =
  | { readonly type: 'add'; readonly chunks: readonly IndexedChunk[] }
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
}

/** A scored chunk. `signals` say why: what each part of the score was, for the trace. */
export interface Hit {
  readonly row: ChunkRow;
  readonly score: number;
  readonly signals: Readonly<Record<string, number>>;
}

/**
 * Finds chunks. Everything that a score is made of, statistics included, is counted over what the access filter
 * shows, so that a forbidden chunk has no influence. Ties break by row. Derived from the database and
 * rebuilt from it at any time.
 */
export interface RetrievalIndex {
  /** Applies in order; a search that starts after it resolves sees it. */
  apply(operations: readonly IndexOperation[]): Promise<void>;
  search(query: RetrievalQuery): Promise<readonly Hit[]>;
  stats(): Promise<{ readonly chunks: number; readonly bytes: number }>;
}
