// The thread that writes the index: builds, merges and keeps segments. Entry point, started by index-threads.ts.
import { randomBytes } from 'node:crypto';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { EmbeddingModel } from '#contracts/index.ts';
import {
  createGiveWay,
  openForReading,
  queryBuilder,
  systemClock,
  yieldToForeground,
} from '#platform/index.ts';
import {
  IndexSourceStore,
  IndexWriter,
  WriterHost,
  loadBundledEmbedding,
  textAnalyzer,
  type IndexWriterRequest,
  type RagSchema,
  type TableEmbedding,
} from '#rag/index.ts';
import { isIndexThreadOptions } from './index-protocol.ts';

/** The same model, which looks after each text whether somebody waits. */
function givingWay(model: TableEmbedding, giveWay: () => void): EmbeddingModel {
  return {
    ...model,
    async embed(texts, options) {
      return texts.map((text) => {
        giveWay();
        return model.embedText(text, options.language);
      });
    },
  };
}

async function run(port: MessagePort): Promise<void> {
  const options: unknown = workerData;
  if (!isIndexThreadOptions(options)) throw new TypeError('the index was started without its options');
  // Embedding and merging give way to searching.
  yieldToForeground();
  const database = openForReading(options.databasePath);
  const { vectors } = options;
  const giveWay = createGiveWay(options.foreground, systemClock.monotonicMs);
  // Stored vectors come with the chunks; nothing is embedded here then.
  const embedding = vectors === undefined ? givingWay(loadBundledEmbedding(), giveWay) : undefined;
  const writer = new IndexWriter({
    analyzer: {
      ...textAnalyzer,
      analyze: (...asked) => {
        giveWay();
        return textAnalyzer.analyze(...asked);
      },
    },
    kind: {
      analyzerVersion: textAnalyzer.version,
      embeddingDigest: vectors?.modelDigest ?? embedding?.digest,
      dimensions: vectors?.dimensions ?? embedding?.dimensions ?? 0,
    },
    folder: options.folder,
    newSegmentId: () => randomBytes(16).toString('hex'),
    monotonicMs: systemClock.monotonicMs,
    giveWay,
    nowMs: systemClock.nowMs,
  });
  const source = new IndexSourceStore(queryBuilder<RagSchema>(database), vectors);
  const host = new WriterHost(writer, port, { source, embeddingModel: embedding });
  port.on('message', (request: IndexWriterRequest) => void host.receive(request));
  await host.start();
}

if (parentPort !== null) await run(parentPort);
