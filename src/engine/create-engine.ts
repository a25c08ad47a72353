import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ChatModel, Clock } from '#contracts/index.ts';
import { AppError, type Digest } from '#core/index.ts';
import type { EngineConfig, ModelConfig } from './config.ts';
import { LlamaChatModel, type GenerationRecord } from './llama/chat-model.ts';
import { startModelProcess } from './llama/model-process.ts';
import {
  createLlamaEmbeddingModel,
  createLlamaRerankingModel,
  type CountingEmbeddingModel,
  type CountingRerankingModel,
} from './llama/pooled-models.ts';
import type { EngineStats } from './llama/protocol-schema.ts';
import { RecentValues, type Quantiles } from './llama/recent-values.ts';
import { ModelSupervisor, type EngineState, type LoadMessage } from './llama/supervisor.ts';
import { TemplateRenderer } from './llama/template-renderer.ts';

/** A model file that has passed the preflight. */
export interface PreparedModel {
  readonly config: ModelConfig;
  readonly digest: Digest;
  /** What it calls itself; undefined when it does not say. */
  readonly modelName?: string | undefined;
  /** What the model was made for; the configuration may ask for less. */
  readonly trainedContextTokens: number;
  readonly embeddingLength: number;
  /** What loading it should take; half as much again is allowed. */
  readonly memoryBytes: number;
  /** What its cache holds, as its memory was counted. */
  readonly cacheTokens: number;
  readonly chatTemplate: string | undefined;
  readonly templateDigest: Digest | undefined;
  readonly quantization: string;
}

export interface EngineDeps {
  readonly clock: Clock;
  readonly onState: (model: string, state: EngineState) => void;
  readonly onFinished: (record: GenerationRecord) => void;
  /** Folder for the file of the self-check. */
  readonly scratchDirectory: string;
}

/** A model and how it fares. */
export interface ModelStatus {
  readonly name: string;
  readonly state: EngineState;
  readonly stats: EngineStats | undefined;
  /** Of its last answers; undefined before the first. */
  readonly queuedMs: Quantiles | undefined;
  readonly firstTokenMs: Quantiles | undefined;
  /** Its process, for operators; undefined while it has none. */
  readonly pid: number | undefined;
}

/** The models that run here. Names and aliases lead to the same model. */
export interface Engine extends AsyncDisposable {
  chatModel(name: string): ChatModel | undefined;
  embeddingModel(name: string): CountingEmbeddingModel | undefined;
  rerankingModel(name: string): CountingRerankingModel | undefined;
  status(): readonly ModelStatus[];
  /** Whether no request is served or waits. */
  isIdle(): boolean;
}

interface Running {
  readonly prepared: PreparedModel;
  readonly recent: RecentTimings;
  readonly supervisor: ModelSupervisor;
  readonly chat: ChatModel | undefined;
  readonly renderer: TemplateRenderer | undefined;
}

const KEPT_ANSWERS = 128;

/** How long the last answers waited, and how long until they began. */
class RecentTimings {
  readonly queuedMs = new RecentValues(KEPT_ANSWERS);
  readonly firstTokenMs = new RecentValues(KEPT_ANSWERS);

  note({ timings }: GenerationRecord): void {
    this.queuedMs.push(timings.queuedMs);
    if (timings.firstTokenMs !== undefined) this.firstTokenMs.push(timings.firstTokenMs);
  }
}

const BATCH_TOKENS = 512;
/** Finished conversations whose beginnings stay in a shared cache, beside the running ones. */
const KEPT_SEQUENCES = 32;
/** Full conversations that fit a shared cache together unless configured otherwise. */
const FULL_CONVERSATIONS = 4;
/** Answers besides the configured number, for tenants that have had little while others fill the rest. */
const SPARE_STREAMS = 2;
const DEFAULT_OUTPUT_TOKENS = 1024;
const HEARTBEAT_MS = 1_000;
const LOAD_TIMEOUT_MS = 600_000;
const READY_WAIT_MS = 15_000;
const MEMORY_MARGIN = 1.5;
/** For JavaScript and the tokenizer. */
const RUNTIME_BYTES = 1_610_612_736;
const BYTES_PER_MEGABYTE = 1_048_576;

/**
 * How many tokens the cache of a model may hold, most preferred first: a full conversation for every stream and a spare
 * one, each in cells of its own, or without the spare one, or less, shared by all. Shared cells are slower, because every row looks at everybody's.
 */
export function cacheChoices(config: ModelConfig, trainedContextTokens: number): readonly number[] {
  if (config.cacheTokens !== undefined) return [config.cacheTokens];
  const contextTokens = contextTokensOf(config, trainedContextTokens);
  const { streams } = config;
  const conversations = [streams + SPARE_STREAMS, streams, Math.min(streams, FULL_CONVERSATIONS)];
  return conversations.map((count) => count * contextTokens);
}

function contextTokensOf(config: ModelConfig, trainedContextTokens: number): number {
  return Math.min(config.contextTokens, trainedContextTokens);
}

/** Starts each model in a process of its own and returns at once; a model that is still loading lets callers wait. */
export function createEngine(
  models: readonly PreparedModel[],
  config: EngineConfig,
  deps: EngineDeps,
): Engine {
  const key = randomBytes(32);
  const saltOf = (tenant: string) => createHmac('sha256', key).update(tenant).digest('base64');
  const running = models.map((prepared) => startModel(prepared, config, { ...deps, saltOf }));
  const find = (name: string) =>
    running.find(({ prepared }) => [prepared.config.name, ...prepared.config.aliases].includes(name));
  const pooled = (name: string, purpose: ModelConfig['purpose']) => {
    const model = find(name);
    return model?.prepared.config.purpose === purpose ? model : undefined;
  };
  return {
    chatModel: (name) => find(name)?.chat,
    embeddingModel: (name) => {
      const model = pooled(name, 'embedding');
      return model && createLlamaEmbeddingModel(pooledDeps(model), pooledFacts(model.prepared));
    },
    rerankingModel: (name) => {
      const model = pooled(name, 'reranking');
      return model && createLlamaRerankingModel(pooledDeps(model), pooledFacts(model.prepared));
    },
    status: () =>
      running.map(({ prepared, supervisor, recent }) => ({
        name: prepared.config.name,
        state: supervisor.state,
        stats: supervisor.stats,
        queuedMs: recent.queuedMs.quantiles,
        firstTokenMs: recent.firstTokenMs.quantiles,
        pid: supervisor.pid,
      })),
    isIdle: () => running.every(({ supervisor }) => supervisor.isIdle),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map(({ supervisor }) => supervisor[Symbol.asyncDispose]()));
      await Promise.all(running.map(async ({ renderer }) => renderer?.[Symbol.asyncDispose]()));
    },
  };
}

function startSupervisor(
  prepared: PreparedModel,
  config: EngineConfig,
  { clock, onState, scratchDirectory }: EngineDeps,
): ModelSupervisor {
  const supervisor = new ModelSupervisor(
    {
      start: startModelProcess,
      nowMs: () => clock.monotonicMs(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onChange: (state) => onState(prepared.config.name, state),
    },
    {
      load: loadMessage(prepared, config, scratchDirectory),
      heartbeatMs: HEARTBEAT_MS,
      hangMs: config.hangMs,
      loadTimeoutMs: LOAD_TIMEOUT_MS,
      readyWaitMs: READY_WAIT_MS,
    },
  );
  supervisor.start();
  return supervisor;
}

function startModel(
  prepared: PreparedModel,
  config: EngineConfig,
  deps: EngineDeps & { readonly saltOf: (tenant: string) => string },
): Running {
  const { name } = prepared.config;
  const recent = new RecentTimings();
  const supervisor = startSupervisor(prepared, config, deps);
  if (prepared.config.purpose !== 'chat')
    return { prepared, supervisor, recent, chat: undefined, renderer: undefined };
  if (prepared.chatTemplate === undefined)
    throw new AppError('engine.unavailable', `The model "${name}" has no chat template.`);
  const renderer = new TemplateRenderer(prepared.chatTemplate);
  renderer.warmUp();
  const contextTokens = contextTokensOf(prepared.config, prepared.trainedContextTokens);
  const { saltOf } = deps;
  const onFinished = (record: GenerationRecord) => {
    recent.note(record);
    deps.onFinished(record);
  };
  const chat = new LlamaChatModel(
    {
      supervisor,
      renderer,
      newRequestId: randomUUID,
      saltOf,
      onFinished,
      nowMs: () => deps.clock.monotonicMs(),
    },
    {
      name,
      contextTokens,
      timeoutMs: config.answerTimeoutMs,
      streams: prepared.config.streams,
      maxQueued: config.maxQueued,
      maxWaitMs: config.maxWaitMs,
    },
  );
  return { prepared, supervisor, recent, chat, renderer };
}

function loadMessage(prepared: PreparedModel, config: EngineConfig, scratchDirectory: string): LoadMessage {
  const { config: model, trainedContextTokens } = prepared;
  const isChat = model.purpose === 'chat';
  const contextTokens = contextTokensOf(model, trainedContextTokens);
  const batchTokens = isChat ? BATCH_TOKENS : Math.max(BATCH_TOKENS, contextTokens);
  const cacheTokens = isChat ? prepared.cacheTokens : batchTokens;
  const conversations = Math.floor(cacheTokens / contextTokens);
  const isUnified = !isChat || conversations < model.streams;
  const spillBytes = config.spillMegabytes * BYTES_PER_MEGABYTE;
  const spareStreams = isUnified ? SPARE_STREAMS : Math.min(SPARE_STREAMS, conversations - model.streams);
  const kept = isUnified ? KEPT_SEQUENCES : 0;
  const sequences = isChat ? Math.min(256, model.streams + spareStreams + kept) : 16;
  return {
    type: 'load',
    path: model.path,
    scratchDirectory,
    memoryLimitBytes: prepared.memoryBytes * MEMORY_MARGIN + spillBytes + RUNTIME_BYTES,
    runtime: {
      purpose: model.purpose,
      threads: config.threads > 0 ? config.threads : Math.max(1, availableParallelism() - 1),
      cacheTokens,
      batchTokens,
      sequences,
      isUnified,
      gpuLayers: config.gpuLayers,
    },
    batcher: {
      streams: model.streams,
      spareStreams,
      sequences,
      contextTokens,
      cacheTokens,
      isUnified,
      batchTokens,
      stepTargetMs: config.stepTargetMs,
      spillBytes,
      defaultOutputTokens: DEFAULT_OUTPUT_TOKENS,
    },
  };
}

function pooledDeps({ supervisor }: Running) {
  return { supervisor, newRequestId: randomUUID };
}

function pooledFacts({ config, digest, embeddingLength, trainedContextTokens }: PreparedModel) {
  return {
    name: config.name,
    digest,
    dimensions: embeddingLength,
    maxInputTokens: contextTokensOf(config, trainedContextTokens),
  };
}
