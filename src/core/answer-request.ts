import type { AnswerScope, ChatMessage, Sampling } from './chat.ts';
import type { ConversationId } from './ids.ts';
import type { Principal } from './principal.ts';

/** How the client spoke; for the record. */
export type Dialect = 'openai' | 'ollama' | 'hradlo';

/** What a client asks for, whatever dialect it spoke. */
export interface AnswerInput {
  /** `hradlo`, `hradlo/<collection>`, or the name or alias of a model. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
  readonly scope: AnswerScope;
}

/** A question on its way through the pipeline. */
export interface AnswerRequest extends AnswerInput {
  readonly principal: Principal;
  readonly dialect: Dialect;
  readonly conversationId?: ConversationId;
  /** Aborts when the client hangs up or a deadline passes. */
  readonly signal: AbortSignal;
}
