import type { AnswerGrade, FinishReason, Usage } from './chat.ts';
import type { Citation, DataClass } from './evidence.ts';
import type { AnswerId, CollectionId, DocumentId, Digest, VersionId } from './ids.ts';

/** Whether a model wrote the answer or the sentences are verbatim. */
export type AnswerMode = 'quoted' | 'generated';

/** A document near the question that the asker may see: shown when there is no answer. */
export interface NearbyDocument {
  readonly documentId: DocumentId;
  readonly versionId: VersionId;
  readonly collectionId: CollectionId;
  readonly title: string;
  readonly headingPath: readonly string[];
}

/** What the answer pipeline yields, in this order: start, then deltas and citations, then end. */
export type AnswerEvent =
  | {
      readonly type: 'answer-start';
      readonly answerId: AnswerId;
      readonly model: string;
      readonly mode: AnswerMode;
      readonly createdAtMs: number;
      readonly releaseDigest: Digest;
    }
  | {
      readonly type: 'text-delta';
      readonly text: string;
      readonly isQuote: boolean;
      readonly isContext: boolean;
    }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | {
      readonly type: 'answer-end';
      readonly finishReason: FinishReason;
      readonly grade: AnswerGrade | undefined;
      readonly citations: readonly Citation[];
      readonly nearby: readonly NearbyDocument[];
      readonly dataClass: DataClass;
      readonly usage: Usage;
    };
