// A thread that searches the index. Entry point, started by index-threads.ts.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import {
  ENCODER_WEIGHTS,
  loadBundledEmbedding,
  SearchHost,
  Searcher,
  textAnalyzer,
  type IndexSearchRequest,
} from '#rag/index.ts';
import { isIndexThreadOptions } from './index-protocol.ts';

function run(port: MessagePort): void {
  const options: unknown = workerData;
  if (!isIndexThreadOptions(options)) throw new TypeError('a searcher was started without its options');
  const { searcher, vectors } = options;
  const host = new SearchHost({
    searcher: vectors === undefined ? new Searcher(searcher) : new Searcher(searcher, ENCODER_WEIGHTS),
    analyzer: textAnalyzer,
    port,
    // By a chosen model questions come with their vector.
    embeddingModel: vectors === undefined ? loadBundledEmbedding() : undefined,
  });
  port.on('message', (request: IndexSearchRequest) => void host.receive(request));
}

if (parentPort !== null) run(parentPort);
