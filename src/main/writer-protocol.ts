import type { WriteResult, WriteUnit } from '#contracts/index.ts';
import type { ErrorCode, ErrorDetails } from '#core/index.ts';

export interface WriterOptions {
  readonly path: string;
  readonly chainId: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly nowMs: number;
  readonly reservePath: string;
  readonly reserveBytes: number;
  /** One integer: how many messages were sent. The thread sleeps on it while it gathers units for a commit. */
  readonly sent: SharedArrayBuffer;
}

/** Whether what the thread was started with is what it needs. */
export function isWriterOptions(value: unknown): value is WriterOptions {
  return typeof value === 'object' && value !== null && 'path' in value && 'sent' in value;
}

export interface SentUnit {
  readonly id: number;
  readonly unit: WriteUnit;
}

export type WriterRequest =
  | { readonly type: 'write'; readonly units: readonly SentUnit[] }
  /** Cut the log, so that nothing that was deleted is left in it. */
  | { readonly type: 'purge'; readonly id: number }
  | { readonly type: 'close' };

/** What became of one unit. */
export type SettledUnit =
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
    };

/** `full`: only essential units are written. `stopped`: none is, until the process starts anew. */
export type WriterState = 'writing' | 'full' | 'stopped';

export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'settled'; readonly units: readonly SettledUnit[] }
  | { readonly type: 'state'; readonly state: WriterState; readonly why: string }
  | { readonly type: 'closed' };
