import { z } from 'zod';

/** Raised when either side changes; both ends are always of one version, so a difference is a broken install. */
export const PROTOCOL_VERSION = 5;

const Sampling = z.object({
  temperature: z.exactOptional(z.number()),
  topP: z.exactOptional(z.number()),
  topK: z.exactOptional(z.number()),
  minP: z.exactOptional(z.number()),
  maxOutputTokens: z.exactOptional(z.number()),
  seed: z.exactOptional(z.number()),
  stop: z.exactOptional(z.array(z.string())),
  frequencyPenalty: z.exactOptional(z.number()),
  presencePenalty: z.exactOptional(z.number()),
});

/** A part of a prompt. Control tokens are read only in what the template itself wrote. */
const Segment = z.object({ text: z.string(), isTrusted: z.boolean() });

const RuntimeSettings = z.object({
  purpose: z.enum(['chat', 'embedding', 'reranking']),
  threads: z.number(),
  cacheTokens: z.number(),
  batchTokens: z.number(),
  sequences: z.number(),
  isUnified: z.boolean(),
  gpuLayers: z.number(),
});

const BatcherSettings = z.object({
  streams: z.number(),
  spareStreams: z.number(),
  sequences: z.number(),
  contextTokens: z.number(),
  cacheTokens: z.number(),
  isUnified: z.boolean(),
  batchTokens: z.number(),
  stepTargetMs: z.number(),
  spillBytes: z.number(),
  defaultOutputTokens: z.number(),
});

/** What the product tells the process of a model. */
export const ToChild = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('load'),
    path: z.string(),
    runtime: RuntimeSettings,
    batcher: BatcherSettings,
    /** Where the file of the self-check may be written; it is gone again when `loaded` comes. */
    scratchDirectory: z.string(),
    /** Most memory that loading and running may take; what needs more fails instead of spreading. */
    memoryLimitBytes: z.number(),
  }),
  z.object({
    type: z.literal('generate'),
    id: z.string(),
    segments: z.array(Segment),
    sampling: Sampling,
    salt: z.string(),
    tenant: z.string(),
    weight: z.number(),
    priority: z.number(),
    timeoutMs: z.exactOptional(z.number()),
  }),
  z.object({ type: z.literal('abort'), id: z.string() }),
  z.object({
    type: z.literal('embed'),
    id: z.string(),
    texts: z.array(z.string()),
    /** Somebody waits for it; otherwise it goes after those. */
    isUrgent: z.boolean(),
  }),
  z.object({ type: z.literal('rerank'), id: z.string(), query: z.string(), documents: z.array(z.string()) }),
  z.object({ type: z.literal('ping') }),
]);
export type ToChild = z.infer<typeof ToChild>;

const Usage = z.object({ inputTokens: z.number(), outputTokens: z.number(), cachedInputTokens: z.number() });
const Timings = z.object({
  queuedMs: z.number(),
  firstTokenMs: z.number().optional(),
  totalMs: z.number(),
});

const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), id: z.string() }),
  z.object({ type: z.literal('text'), id: z.string(), text: z.string() }),
  z.object({
    type: z.literal('finished'),
    id: z.string(),
    reason: z.enum(['stop', 'length', 'cancelled']),
    usage: Usage,
    timings: Timings,
  }),
  z.object({ type: z.literal('failed'), id: z.string(), code: z.enum(['timed-out', 'step-failed']) }),
]);

const Facts = z.object({
  contextTokens: z.number(),
  vocabularySize: z.number(),
  embeddingLength: z.number(),
  canShareCells: z.boolean(),
  processorLibrary: z.string(),
});

const Stats = z.object({
  running: z.number(),
  queued: z.number(),
  reservedTokens: z.number(),
  steps: z.number(),
  lastStepMs: z.number(),
  prefillTokensPerSecond: z.number().optional(),
  decodeTokensPerSecond: z.number().optional(),
  occupancyRatio: z.number().optional(),
  interTokenMs: z.object({ p50: z.number(), p95: z.number() }).optional(),
  usedTokens: z.number(),
  cacheTokens: z.number(),
  prefix: z.object({
    hits: z.number(),
    misses: z.number(),
    cachedSequences: z.number(),
    spilledBytes: z.number(),
  }),
});

/** What the process of a model says. It runs native code on files from outside, so nothing it says is taken unread. */
export const FromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), protocol: z.number() }),
  z.object({
    type: z.literal('loaded'),
    facts: Facts,
    /** Measured on a sample of Czech and English, for estimates outside of this process. */
    charsPerToken: z.number(),
  }),
  z.object({ type: z.literal('load-failed'), reason: z.string() }),
  z.object({ type: z.literal('events'), events: z.array(Event) }),
  z.object({
    type: z.literal('context-exceeded'),
    id: z.string(),
    promptTokens: z.number(),
    contextTokens: z.number(),
  }),
  z.object({
    type: z.literal('vectors'),
    id: z.string(),
    vectors: z.array(z.instanceof(Float32Array)),
    inputTokens: z.number(),
  }),
  z.object({
    type: z.literal('scores'),
    id: z.string(),
    scores: z.array(z.number()),
    inputTokens: z.number(),
  }),
  z.object({ type: z.literal('failed'), id: z.string(), reason: z.string() }),
  z.object({ type: z.literal('pong'), stepAgeMs: z.number(), stats: z.exactOptional(Stats) }),
]);
export type FromChild = z.infer<typeof FromChild>;
export type EngineStats = z.infer<typeof Stats>;
