// Engine: tokens: models that run here, each in a process of its own, and models of engines behind us.
// Owns: the processes of the models; no tables, no files but the scratch file of the self-check.
// Never: loads native code in this process, or a file that has not passed the preflight; logs a prompt or an answer.
// Bound by: ADR 8 (engine in a child), ADR 20 (how it shares its time).
export { EngineConfig, type ModelConfig } from './config.ts';
export { cacheChoices, createEngine, type Engine, type PreparedModel } from './create-engine.ts';
export type { CountingEmbeddingModel, CountingRerankingModel } from './llama/pooled-models.ts';
export type { EngineState } from './llama/supervisor.ts';
export { FallbackChatModel } from './fallback-chat-model.ts';
export { isEngineKind, UpstreamConnection, type UpstreamEngine } from './upstream/create-upstreams.ts';
export { PROFILES, type EngineKind } from './upstream/profiles.ts';
