import type { Digest, DocumentId } from '#core/index.ts';
import type { Quarantine, ReadContent } from '#rag/index.ts';
import type { InnerFile } from '#usecases/index.ts';

/** How the thread that reads documents is started. */
export interface ReadingOptions {
  /** Files read side by side. */
  readonly readers: number;
  /** The same while those take long. */
  readonly mostReaders: number;
  readonly blobFolder: string;
  readonly readFolder: string;
}

/** Whether what the thread was started with is what it needs. */
export function isReadingOptions(value: unknown): value is ReadingOptions {
  return typeof value === 'object' && value !== null && 'readers' in value;
}

export type ReadingRequest =
  | {
      readonly type: 'read';
      readonly id: number;
      /** Names what is to be read and how: what was read under it before is taken as it is. */
      readonly key: string;
      readonly blobDigest: Digest;
      readonly fileName: string;
      readonly documentId: DocumentId;
      /** Give the files that this one carries as files; else they join its text. */
      readonly handsOut: boolean;
      readonly passwords: readonly string[];
      /** Files of one group have the same readers: one process may read them all. */
      readonly group: string;
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** What was read under a key is kept elsewhere by now. */
  | { readonly type: 'forget'; readonly key: string }
  | { readonly type: 'close' };

export type ReadingReply =
  | {
      readonly type: 'read';
      readonly id: number;
      readonly content: ReadContent;
      readonly innerFiles: readonly InnerFile[];
      /** It was read before the process ended the last time. */
      readonly wasKept: boolean;
    }
  | { readonly type: 'begun'; readonly id: number }
  | { readonly type: 'refused'; readonly id: number; readonly quarantine: Quarantine }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'closed' };
