import type { Hit, IndexOperation, RetrievalQuery } from '#contracts/index.ts';
import type { ChunkRow, ErrorCode } from '#core/index.ts';
import type { ViewUpdate } from './published-view.ts';

/** Asked of the thread that writes the index. */
export type IndexWriterRequest =
  | { readonly type: 'apply'; readonly id: number; readonly operations: readonly IndexOperation[] }
  | { readonly type: 'maintain'; readonly id: number; readonly budgetMs: number }
  | { readonly type: 'snapshot'; readonly id: number; readonly label: string }
  | { readonly type: 'open'; readonly id: number; readonly snapshot: string }
  | { readonly type: 'release'; readonly id: number; readonly snapshot: string }
  | { readonly type: 'purge'; readonly id: number; readonly rows: readonly ChunkRow[] }
  | { readonly type: 'sweep'; readonly id: number }
  | { readonly type: 'stats'; readonly id: number }
  | { readonly type: 'close'; readonly id: number };

/** Asked of a thread that searches. A view update comes before the requests that it counts for. */
export type IndexSearchRequest =
  | { readonly type: 'view'; readonly update: ViewUpdate }
  | { readonly type: 'search'; readonly id: number; readonly view: string; readonly query: RetrievalQuery }
  | {
      readonly type: 'vectors';
      readonly id: number;
      readonly view: string;
      readonly rows: readonly ChunkRow[];
    };

/** What either thread says. `ready` and `view` come unasked. */
export type IndexReply =
  | { readonly type: 'ready' }
  | { readonly type: 'view'; readonly update: ViewUpdate }
  | IndexAnswer;

export type IndexAnswer =
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'maintained'; readonly id: number; readonly isMore: boolean }
  | {
      readonly type: 'kept';
      readonly id: number;
      readonly snapshot: string;
      readonly chunks: number;
      readonly extraBytes: number;
    }
  | { readonly type: 'counted'; readonly id: number; readonly chunks: number; readonly bytes: number }
  | { readonly type: 'found'; readonly id: number; readonly hits: readonly Hit[] }
  | { readonly type: 'read'; readonly id: number; readonly vectors: ReadonlyMap<ChunkRow, Float32Array> }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly code: ErrorCode | undefined;
      readonly stack: string | undefined;
    };

/** One end of a conversation between threads: a `MessagePort`, or anything like it in a test. */
export interface ThreadPort {
  postMessage(message: unknown): void;
}
