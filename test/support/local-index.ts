import type { EmbeddingModel, RetrievalIndex } from '#contracts/index.ts';
import type { Analyzer } from '#rag/retrieval/segments/analyzed-chunk.ts';
import type { IndexKind } from '#rag/retrieval/segments/build-segment.ts';
import { IndexClient } from '#rag/retrieval/segments/index-client.ts';
import type {
  IndexReply,
  IndexSearchRequest,
  IndexWriterRequest,
} from '#rag/retrieval/segments/index-protocol.ts';
import { IndexWriter } from '#rag/retrieval/segments/index-writer.ts';
import type { IndexSource, Reconciled } from '#rag/retrieval/segments/reconcile.ts';
import { SearchHost } from '#rag/retrieval/segments/search-host.ts';
import { Searcher } from '#rag/retrieval/segments/search.ts';
import { WriterHost } from '#rag/retrieval/segments/writer-host.ts';

export interface LocalIndexOptions {
  readonly analyzer: Analyzer;
  readonly kind: IndexKind;
  readonly folder?: string;
  readonly source?: IndexSource;
  readonly monotonicMs?: () => number;
  readonly nowMs?: () => number;
  readonly minRowsOnDisk?: number;
  readonly embeddingModel?: EmbeddingModel;
}

/** The product's index with all of its threads' parts in this one: the same messages, without the threads. */
export async function startLocalIndex(
  options: LocalIndexOptions,
): Promise<{ index: RetrievalIndex & { close(): Promise<void> }; reconciled: Reconciled | undefined }> {
  let segments = 0;
  const prefix = crypto.randomUUID();
  const writer = new IndexWriter({
    analyzer: options.analyzer,
    kind: options.kind,
    folder: options.folder,
    newSegmentId: () => `${prefix}-${++segments}`,
    monotonicMs: options.monotonicMs ?? (() => performance.now()),
    nowMs: options.nowMs ?? (() => Date.now()),
    ...(options.minRowsOnDisk !== undefined && { minRowsOnDisk: options.minRowsOnDisk }),
  });
  const port = { postMessage: (message: unknown) => client.receiveFromWriter(message as IndexReply) };
  const host = new WriterHost(writer, port, options);
  const searchers = [0, 1].map(
    (number) =>
      new SearchHost({
        searcher: new Searcher(number),
        analyzer: options.analyzer,
        port: { postMessage: (message) => client.receiveFromSearcher(number, message as IndexReply) },
        embeddingModel: options.embeddingModel,
      }),
  );
  const client = new IndexClient(
    { postMessage: (message) => void host.receive(message as IndexWriterRequest) },
    searchers.map((searcher) => ({
      postMessage: (message: unknown) => void searcher.receive(message as IndexSearchRequest),
    })),
  );
  return { index: client, reconciled: await host.start() };
}
