import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Span } from './tracer.ts';

const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What an engine tells of a model; undefined while it is not loaded. */
export interface EngineFigures {
  readonly name: string;
  readonly stats:
    | {
        readonly running: number;
        readonly queued: number;
        readonly reservedTokens: number;
        readonly lastStepMs: number;
        readonly prefillTokensPerSecond?: number | undefined;
        readonly decodeTokensPerSecond?: number | undefined;
        readonly occupancyRatio?: number | undefined;
        readonly interTokenMs?: { readonly p50: number; readonly p95: number } | undefined;
        readonly usedTokens: number;
        readonly cacheTokens: number;
        readonly prefix: { readonly hits: number; readonly misses: number; readonly spilledBytes: number };
      }
    | undefined;
}

/** The product's Prometheus metrics, one registry per server. Labels have few values; never an id or a text. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #steps: Histogram<'step' | 'failed'>;
  readonly #tokens: Counter<'model' | 'type'>;
  readonly #generation: Histogram<'model' | 'phase'>;
  readonly #forbidden: Counter;
  readonly #embeddingFallbacks: Counter;
  readonly #chunks: Gauge;
  readonly #writer: Gauge;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'hradlo_' });
    this.#requests = new Counter({
      name: 'hradlo_http_requests_total',
      help: 'HTTP requests by route and status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#steps = new Histogram({
      name: 'hradlo_step_duration_seconds',
      help: 'Duration of each step of the pipelines.',
      labelNames: ['step', 'failed'],
      buckets: DURATION_BUCKETS_S,
      registers,
    });
    this.#tokens = new Counter({
      name: 'gen_ai_client_token_usage_total',
      help: 'Tokens by model and type (input, output).',
      labelNames: ['model', 'type'],
      registers,
    });
    this.#generation = new Histogram({
      name: 'hradlo_generation_seconds',
      help: 'Time of answers by model and phase: queued, first_token (from arrival), total.',
      labelNames: ['model', 'phase'],
      buckets: DURATION_BUCKETS_S,
      registers,
    });
    this.#forbidden = new Counter({
      name: 'hradlo_forbidden_chunks_total',
      help: 'Chunks that the second check of rights caught. Anything but 0 is an alarm.',
      registers,
    });
    this.#embeddingFallbacks = new Counter({
      name: 'hradlo_embedding_fallbacks_total',
      help: 'Times that the chosen embedding model could not be asked and the built-in vectors served instead.',
      registers,
    });
    this.#chunks = new Gauge({
      name: 'hradlo_index_chunks',
      help: 'Chunks in the retrieval index.',
      registers,
    });
    this.#writer = new Gauge({
      name: 'hradlo_writer_state',
      help: '0: writing. 1: the disk is full, only what was begun is ended. 2: stopped until a restart.',
      registers,
    });
  }

  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';

  countRequest(method: string, route: string, status: number): void {
    this.#requests.inc({ method, route, status: String(status) });
  }
  countTokens(model: string, inputTokens: number, outputTokens: number): void {
    this.#tokens.inc({ model, type: 'input' }, inputTokens);
    this.#tokens.inc({ model, type: 'output' }, outputTokens);
  }
  observeGeneration(
    model: string,
    timings: { queuedMs: number; firstTokenMs?: number | undefined; totalMs: number },
  ): void {
    this.#generation.observe({ model, phase: 'queued' }, timings.queuedMs / 1000);
    if (timings.firstTokenMs !== undefined)
      this.#generation.observe({ model, phase: 'first_token' }, timings.firstTokenMs / 1000);
    this.#generation.observe({ model, phase: 'total' }, timings.totalMs / 1000);
  }
  /** Reads the engine's own figures whenever the page is scraped. */
  watchEngine(status: () => readonly EngineFigures[]): void {
    const registers = [this.#registry];
    const gauge = (
      name: string,
      help: string,
      read: (stats: EngineFigures['stats']) => number | undefined,
    ) => {
      const metric = new Gauge({
        name: `hradlo_engine_${name}`,
        help,
        labelNames: ['model'],
        registers,
        collect: () => {
          for (const { name: model, stats } of status()) metric.set({ model }, read(stats) ?? 0);
        },
      });
    };
    gauge('up', 'Whether the model is loaded and answers.', (stats) => (stats === undefined ? 0 : 1));
    gauge('running_streams', 'Answers in progress.', (stats) => stats?.running);
    gauge('queued_requests', 'Requests that wait.', (stats) => stats?.queued);
    gauge('reserved_tokens', 'Cache cells promised to running answers.', (stats) => stats?.reservedTokens);
    gauge('step_milliseconds', 'Duration of the last step.', (stats) => stats?.lastStepMs);
    gauge(
      'prefill_tokens_per_second',
      'Prompt tokens per second, recently.',
      (stats) => stats?.prefillTokensPerSecond,
    );
    gauge(
      'decode_tokens_per_second',
      'Tokens of answers per second, of all streams together, recently.',
      (stats) => stats?.decodeTokensPerSecond,
    );
    gauge(
      'batch_occupancy_ratio',
      'Share of the streams it may have at once that steps had, recently, while it worked.',
      (stats) => stats?.occupancyRatio,
    );
    gauge('cache_used_tokens', 'Cells of the cache in use.', (stats) => stats?.usedTokens);
    gauge('cache_tokens', 'Cells of the cache.', (stats) => stats?.cacheTokens);
    this.#watchGaps(status);
    gauge('prefix_hits', 'Prompts whose beginning was in the cache.', (stats) => stats?.prefix.hits);
    gauge('prefix_misses', 'Prompts that were computed whole.', (stats) => stats?.prefix.misses);
    gauge(
      'spilled_bytes',
      'Memory held by beginnings outside the cache.',
      (stats) => stats?.prefix.spilledBytes,
    );
  }
  #watchGaps(status: () => readonly EngineFigures[]): void {
    const metric = new Gauge({
      name: 'hradlo_engine_inter_token_seconds',
      help: 'Between two tokens of one answer, recently: the middle, and what one in twenty is above.',
      labelNames: ['model', 'quantile'],
      registers: [this.#registry],
      collect: () => {
        metric.reset();
        for (const { name: model, stats } of status()) {
          if (stats?.interTokenMs === undefined) continue;
          const { p50, p95 } = stats.interTokenMs;
          metric.set({ model, quantile: '0.5' }, p50 / 1000);
          metric.set({ model, quantile: '0.95' }, p95 / 1000);
        }
      },
    });
  }
  countForbiddenChunk(): void {
    this.#forbidden.inc();
  }
  countEmbeddingFallback(): void {
    this.#embeddingFallbacks.inc();
  }
  setIndexedChunks(count: number): void {
    this.#chunks.set(count);
  }
  setWriterState(state: 'writing' | 'full' | 'stopped'): void {
    this.#writer.set(['writing', 'full', 'stopped'].indexOf(state));
  }
  /** A sink for the tracer. */
  readonly observeSpan = (span: Span): void => {
    this.#steps.observe({ step: span.name, failed: String(span.failed) }, span.durationMs / 1000);
  };
  /** The page that Prometheus scrapes. */
  expose(): Promise<string> {
    return this.#registry.metrics();
  }
}
