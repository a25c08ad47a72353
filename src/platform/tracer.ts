import { AsyncLocalStorage } from 'node:async_hooks';
import { takeRandomBytes } from './random-bytes.ts';

/** Attributes follow OpenTelemetry's names; never a text of a question, an answer or a chunk. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A finished step of a request. Times are monotonic milliseconds. */
export interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes: SpanAttributes;
  readonly failed: boolean;
}

interface Trace {
  readonly requestId: string;
  readonly traceId: string;
}
const traces = new AsyncLocalStorage<Trace>();

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

const newId = (bytes: number): string => takeRandomBytes(bytes).toString('hex');

/** The ids of the request that runs here; nothing else travels this way. */
export function currentTrace(): Trace | undefined {
  return traces.getStore();
}

/** Runs `work` as one request: its log lines and spans carry these ids. */
export function withTrace<Result>(requestId: string, work: () => Result): Result {
  return traces.run({ requestId, traceId: newId(TRACE_BYTES) }, work);
}

export type SpanSink = (span: Span) => void;

/** Measures steps and hands each to the sinks. */
export class Tracer {
  readonly #sinks: readonly SpanSink[];
  readonly #nowMs: () => number;

  constructor(sinks: readonly SpanSink[], nowMs: () => number) {
    this.#sinks = sinks;
    this.#nowMs = nowMs;
  }

  /** Runs a step and records how long it took and whether it threw. */
  async span<Result>(
    name: string,
    work: () => Result | Promise<Result>,
    attributes: SpanAttributes = {},
  ): Promise<Result> {
    const end = this.start(name, attributes);
    try {
      const result = await work();
      end(false);
      return result;
    } catch (error) {
      end(true);
      throw error;
    }
  }

  /** Begins a step that ends elsewhere, as a stream does. */
  start(name: string, attributes: SpanAttributes = {}): (failed: boolean, more?: SpanAttributes) => void {
    const startMs = this.#nowMs();
    const traceId = currentTrace()?.traceId ?? newId(TRACE_BYTES);
    return (failed, more = {}) => {
      const span: Span = {
        name,
        traceId,
        spanId: newId(SPAN_BYTES),
        startMs,
        durationMs: this.#nowMs() - startMs,
        attributes: { ...attributes, ...more },
        failed,
      };
      for (const sink of this.#sinks) sink(span);
    };
  }
}
