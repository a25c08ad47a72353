import type { ChatDelta, ChatRequest, ErrorCode } from '#core/index.ts';

/** What the thread that quotes is asked: everything that an answer is made of. */
export interface QuotingRequest {
  readonly id: number;
  readonly request: ChatRequest;
}

/** All of the answer, or why there is none. */
export type QuotingReply =
  | { readonly type: 'answered'; readonly id: number; readonly deltas: readonly ChatDelta[] }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: ErrorCode | undefined;
      readonly message: string;
    };
