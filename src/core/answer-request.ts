import type { AnswerScope, ChatMessage, Sampling } from './chat.ts';
import type { ConversationId, TurnId } from './ids.ts';
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

/** Where a question stands in a conversation that is kept for its asker. */
export interface TurnPlace {
  readonly conversationId: ConversationId;
  readonly turnId: TurnId;
  /** A turn that this one takes the place of; those after it go too. Otherwise it comes last. */
  readonly replaces?: TurnId;
}

/** A question on its way through the pipeline. */
export interface AnswerRequest extends AnswerInput {
  readonly principal: Principal;
  readonly dialect: Dialect;
  /** Kept in this conversation; without one it is only on record. */
  readonly conversation?: TurnPlace;
  /** Aborts when the client hangs up or a deadline passes. */
  readonly signal: AbortSignal;
}
