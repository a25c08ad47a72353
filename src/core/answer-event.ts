import type { AnswerGrade, FinishReason, Usage } from './chat.ts';
import type { Citation, DataClass } from './evidence.ts';
import type { AnswerId, CollectionId, DocumentId, Digest, VersionId } from './ids.ts';

/** Whether a model wrote the answer or the sentences are verbatim. */
export type AnswerMode = 'quoted' | 'generated';

/** The moment whose valid versions an answer is made of, where that is not now, and who named it. */
export interface AnswerAsOf {
  readonly validAtMs: number;
  readonly namedBy: 'request' | 'question';
}

/** A document near the question that the asker may see: shown when there is no answer. */
export interface NearbyDocument {
  readonly documentId: DocumentId;
  readonly versionId: VersionId;
  readonly collectionId: CollectionId;
  readonly title: string;
  readonly headingPath: readonly string[];
}

/**
 * What became of one sentence of an answer: quoted word for word; carried by what it cites; cited but not carried;
 * or without a citation.
 */
export type SupportVerdict = 'quoted' | 'supported' | 'unsupported' | 'uncited';

/** The verdict on a sentence; `start` and `end` are offsets in the answer's text (UTF-16). */
export interface SentenceSupport {
  readonly start: number;
  readonly end: number;
  readonly verdict: SupportVerdict;
  /** Numbers of the citations it rests on. */
  readonly citations: readonly number[];
  /** What no cited source holds: numbers, names, quotations. */
  readonly lacking: readonly string[];
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
      readonly asOf?: AnswerAsOf;
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
      /** Every sentence that claims something, in order. */
      readonly support: readonly SentenceSupport[];
      readonly nearby: readonly NearbyDocument[];
      /** Whom to ask instead, as configured; undefined when the question is answered or nobody is named. */
      readonly contact: string | undefined;
      readonly dataClass: DataClass;
      readonly usage: Usage;
      /** Where it ran: `here`, or the name of an engine. */
      readonly ranOn?: string;
    };
