import type { Evidence, Span } from './evidence.ts';
import type { CollectionId, TenantId } from './ids.ts';

export type ChatRole = 'system' | 'user' | 'assistant' | 'tool';

/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
}

/** How to choose tokens. Undefined leaves the model's own default. */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly maxOutputTokens?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
}

/** One of some values, or between two: numbers as numbers, texts and dates as they are sorted; ends included. */
export type MetadataFilter =
  | readonly (string | number | boolean)[]
  | { readonly from?: string | number | undefined; readonly to?: string | number | undefined };

/** Filters by the name of the attribute; all must match. */
export type MetadataFilters = Readonly<Record<string, MetadataFilter>>;

/** What an answer may rest on, beside what rights allow. */
export interface AnswerScope {
  /** Names of collections; undefined means every readable one. */
  readonly collections?: readonly string[];
  /** The version valid at this time; undefined means now. */
  readonly validAtMs?: number;
  /** What was known at this time; undefined means now. */
  readonly recordedAtMs?: number;
  /** Why they want to read, as they state it: what rules on a purpose go by. Undefined: as the request says. */
  readonly purpose?: string;
  /** Typed filters on metadata: every key must match. */
  readonly metadata?: MetadataFilters;
  /** After so long a version's age has taken half of what age can take from its score; undefined: it takes nothing. */
  readonly halfLifeMs?: number;
}

/** What a `ChatModel` is given. For an extractive model the evidence is the source of every sentence. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly evidence: readonly Evidence[];
  readonly sampling: Sampling;
  /** The last question in other words that mean the same, by the synonyms of its asker's organisation. */
  readonly wordings?: readonly string[];
  /** Collections that the evidence was looked for in; undefined means the whole. */
  readonly collections?: readonly CollectionId[];
  /** On whose behalf: engines share cached work only within a tenant, and their time fairly between tenants. */
  readonly caller?: {
    readonly tenantId: TenantId;
    readonly priority?: CallerPriority;
    /** Share of the tenant, relative to others; 1 is ordinary. */
    readonly weight?: number;
  };
}

/** How urgent an answer is: a job at night, an API call, a person who waits. */
export type CallerPriority = 'background' | 'ordinary' | 'interactive';

/** Tokens of one answer. `cachedInputTokens` is the part of the input whose prefill was saved. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
}

/** How well the evidence carries the answer: it answers, it may be related, or it does not suffice. */
export type AnswerGrade = 'answered' | 'related' | 'insufficient';

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'cancelled';

/** What a `ChatModel` yields: any number of deltas, then exactly one `finish`. */
export type ChatDelta =
  | { readonly type: 'text-delta'; readonly text: string }
  /** Thoughts that are not part of the answer. */
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /**
   * A verbatim quotation: `text` is `evidence[evidenceIndex].text` at `span` (relative to that text).
   * `isContext` marks a neighbouring sentence that is shown, dimmed, beside the one that answers.
   */
  | {
      readonly type: 'quote';
      readonly evidenceIndex: number;
      readonly span: Span;
      readonly text: string;
      readonly isContext: boolean;
    }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly usage: Usage;
      /** Where it ran, when that is not the model's own location. */
      readonly ranOn?: string;
      /** Given by models that judge their evidence. */
      readonly grade?: AnswerGrade;
    };
