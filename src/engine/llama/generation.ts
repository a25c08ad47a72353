import type { FinishReason, Sampling, Usage } from '#core/index.ts';

/** A request for text, in tokens. */
export interface GenerationRequest {
  readonly id: string;
  readonly tokens: readonly number[];
  readonly sampling: Sampling;
  /** Only requests with the same salt share cached beginnings. */
  readonly salt: string;
  readonly tenant: string;
  readonly weight: number;
  readonly priority: number;
  /** From arrival to the last token; undefined for no limit. */
  readonly timeoutMs: number | undefined;
}

/** What happened to a request in a step. */
export type BatchEvent =
  | { readonly type: 'started'; readonly id: string }
  | { readonly type: 'text'; readonly id: string; readonly text: string }
  | {
      readonly type: 'finished';
      readonly id: string;
      readonly reason: Extract<FinishReason, 'stop' | 'length' | 'cancelled'>;
      readonly usage: Usage;
      readonly timings: StreamTimings;
    }
  | { readonly type: 'failed'; readonly id: string; readonly code: 'timed-out' | 'step-failed' };

/** Where the time of a request went, in milliseconds. */
export interface StreamTimings {
  readonly queuedMs: number;
  readonly firstTokenMs: number | undefined;
  readonly totalMs: number;
}
