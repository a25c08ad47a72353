import type { WriteResult, WriteUnit } from '#contracts/index.ts';
import type { ErrorCode, ErrorDetails } from '#core/index.ts';

export interface WriterOptions {
  readonly path: string;
  readonly chainId: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly nowMs: number;
}

/** Whether what the thread was started with is what it needs. */
export function isWriterOptions(value: unknown): value is WriterOptions {
  return typeof value === 'object' && value !== null && 'path' in value && 'chainId' in value;
}

export type WriterRequest =
  | { readonly type: 'write'; readonly id: number; readonly unit: WriteUnit }
  | { readonly type: 'close' };

export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'written'; readonly id: number; readonly result: WriteResult }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly stack: string | undefined;
    }
  | { readonly type: 'closed' };
