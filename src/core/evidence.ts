import type { AclSetId, ChunkId, ChunkRow, CollectionId, DocumentId, VersionId } from './ids.ts';

/** Half-open range of UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How carefully a text must be kept. An answer's class is the highest of its sources. */
export const DATA_CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** The highest of some data classes; `public` when there are none. */
export function highestDataClass(classes: Iterable<DataClass>): DataClass {
  let highest = 0;
  for (const dataClass of classes) highest = Math.max(highest, DATA_CLASSES.indexOf(dataClass));
  return DATA_CLASSES[highest] ?? 'restricted';
}

/**
 * A chunk that retrieval found and rights allow: what a model sees. `text` is exactly
 * `canonicalText.slice(span.start, span.end)` of the version.
 */
export interface Evidence {
  readonly chunkRow: ChunkRow;
  readonly chunkId: ChunkId;
  readonly versionId: VersionId;
  readonly documentId: DocumentId;
  readonly collectionId: CollectionId;
  readonly aclSet: AclSetId;
  readonly dataClass: DataClass;
  readonly title: string;
  /** Headings from the document's top down to the chunk. */
  readonly headingPath: readonly string[];
  /** First page, from 1; undefined when the format has no pages. */
  readonly page: number | undefined;
  readonly span: Span;
  readonly text: string;
  /** BCP 47 language of the text: `cs`, `en`. */
  readonly language: string;
  readonly validFromMs: number;
  /** Relevance from retrieval; no unit, compares only within one answer. */
  readonly score: number;
  /** Passages that say the same in nearly the same words and were left out for it; the asker may read each. */
  readonly copies?: readonly EvidenceCopy[];
}

/** A passage that another one stands for. */
export type EvidenceCopy = Pick<Evidence, 'documentId' | 'versionId' | 'chunkId' | 'title' | 'page'>;

/** A place in a version of a document that a part of an answer rests on. `index` is the number in `[n]`. */
export interface Citation {
  readonly index: number;
  readonly chunkId: ChunkId;
  readonly versionId: VersionId;
  readonly documentId: DocumentId;
  readonly collectionId: CollectionId;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly page: number | undefined;
  /** In the canonical text of the version. The quoted sentence where there is one, else the whole chunk. */
  readonly span: Span;
  /** Verbatim text of the span. */
  readonly quote: string;
}
