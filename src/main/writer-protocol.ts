import type { WriteResult, WriteUnit } from '#contracts/index.ts';
import type { ErrorCode, ErrorDetails } from '#core/index.ts';

export interface WriterOptions {
  readonly path: string;
  readonly chainId: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly nowMs: number;
  readonly reservePath: string;
  readonly reserveBytes: number;
  /** Where the log is copied to for a backup; undefined when there is none. */
  readonly spoolFolder: string | undefined;
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

/**
 * purge: cut the log, so that nothing that was deleted is left in it. spool: copy what was committed since. hold:
 * empty the log into the database file, then leave the file alone until `release`.
 */
export type LogTask = 'purge' | 'spool' | 'hold' | 'release';

export type WriterRequest =
  | { readonly type: 'write'; readonly units: readonly SentUnit[] }
  | { readonly type: LogTask; readonly id: number }
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

/** How the copy of the log stands. */
export interface LogState {
  readonly sequence: number;
  /** A piece is missing: a new copy of the database is needed. */
  readonly isBroken: boolean;
}

/** `full`: only essential units are written. `stopped`: none is, until the process starts anew. */
export type WriterState = 'writing' | 'full' | 'stopped';

export type WriterReply =
  | { readonly type: 'ready' }
  | { readonly type: 'log-done'; readonly id: number; readonly log: LogState }
  | { readonly type: 'log-failed'; readonly id: number; readonly message: string }
  | { readonly type: 'settled'; readonly units: readonly SettledUnit[] }
  | { readonly type: 'state'; readonly state: WriterState; readonly why: string }
  | { readonly type: 'closed' };
