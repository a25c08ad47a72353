// A thread that searches the index. Entry point, started by index-threads.ts.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import {
  loadBundledEmbedding,
  SearchHost,
  Searcher,
  textAnalyzer,
  type IndexSearchRequest,
} from '#rag/index.ts';
import { isIndexThreadOptions } from './index-protocol.ts';

enableCompileCache();

function run(port: MessagePort): void {
  const options: unknown = workerData;
  if (!isIndexThreadOptions(options)) throw new TypeError('a searcher was started without its options');
  const host = new SearchHost({
    searcher: new Searcher(options.searcher),
    analyzer: textAnalyzer,
    port,
    embeddingModel: loadBundledEmbedding(),
  });
  port.on('message', (request: IndexSearchRequest) => void host.receive(request));
}

if (parentPort !== null) run(parentPort);
