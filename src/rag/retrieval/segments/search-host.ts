import type { EmbeddingModel } from '#contracts/index.ts';
import { AppError, type ChunkRow } from '#core/index.ts';
import type { Analyzer } from './analyzed-chunk.ts';
import { embedQuery } from './embed-chunks.ts';
import type { IndexReply, IndexSearchRequest, ThreadPort } from './index-protocol.ts';
import { isAlive } from './overlay.ts';
import { ViewReceiver } from './published-view.ts';
import type { Searcher } from './search.ts';
import type { IndexView } from './view.ts';
import { toFailure } from './writer-host.ts';

/** Of questions whose language nobody told. */
const DEFAULT_LANGUAGE = 'cs';

/** A searcher behind a port. */
export class SearchHost implements Disposable {
  readonly #searcher: Searcher;
  readonly #analyzer: Analyzer;
  readonly #port: ThreadPort;
  readonly #embeddingModel: EmbeddingModel | undefined;
  readonly #views = new ViewReceiver();

  /** @param embeddingModel for questions that come without a vector. */
  constructor(options: {
    readonly searcher: Searcher;
    readonly analyzer: Analyzer;
    readonly port: ThreadPort;
    readonly embeddingModel?: EmbeddingModel | undefined;
  }) {
    this.#searcher = options.searcher;
    this.#analyzer = options.analyzer;
    this.#port = options.port;
    this.#embeddingModel = options.embeddingModel;
  }

  async receive(request: IndexSearchRequest): Promise<void> {
    if (request.type === 'view') {
      this.#views.receive(request.update);
      this.#searcher.keepOnly(this.#views.used);
      return;
    }
    try {
      this.#port.postMessage(await this.#answer(request));
    } catch (error) {
      this.#port.postMessage(toFailure(request.id, error) satisfies IndexReply);
    }
  }

  async #answer(request: Exclude<IndexSearchRequest, { type: 'view' }>): Promise<IndexReply> {
    const view = this.#views.view(request.view);
    if (view === undefined) throw new AppError('storage.damaged', 'The snapshot is not open.');
    if (request.type === 'vectors') {
      return { type: 'read', id: request.id, vectors: readVectors(view, request.rows) };
    }
    const query = await embedQuery(this.#embeddingModel, request.query);
    const terms = this.#analyzer.analyze(query.text, query.language ?? DEFAULT_LANGUAGE, 'query');
    return { type: 'found', id: request.id, hits: this.#searcher.search(view, query, terms) };
  }

  [Symbol.dispose](): void {
    this.#views[Symbol.dispose]();
  }
}

/** The float vectors of rows that are in the view; rows that are not are left out. */
export function readVectors(view: IndexView, rows: readonly ChunkRow[]): Map<ChunkRow, Float32Array> {
  const found = new Map<ChunkRow, Float32Array>();
  for (const { segment, overlay } of view) {
    for (const row of rows) {
      const local = segment.find(row);
      if (local < 0 || segment.vectors === undefined || !isAlive(overlay, local)) continue;
      const vector = new Float32Array(segment.header.dimensions);
      segment.vectors.read(local, vector);
      found.set(row, vector);
    }
  }
  return found;
}
