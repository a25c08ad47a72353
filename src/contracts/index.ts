// Contracts: the interfaces that two or more modules share.
// Owns: nothing; types, and the lists they are made of. Each has a conformance suite in test/support/conformance.
// Never: logic, or a contract with one consumer and no second implementation in sight.
// Bound by: ADR 1 (one package), ADR 10 (access filter as proof).
export type { BlobStore } from './blob-store.ts';
export type { ChatModel, Place } from './chat-model.ts';
export type { Clock } from './clock.ts';
export type { EmbeddingModel } from './embedding-model.ts';
export {
  JOB_STATES,
  type Job,
  type JobFilter,
  type JobHandler,
  type JobQueue,
  type JobRun,
  type JobState,
  type NewJob,
  type StageProgress,
} from './job-queue.ts';
export type { RerankingModel } from './reranking-model.ts';
export type {
  AttributeCondition,
  Attributes,
  AttributeValue,
  Hit,
  IndexedChunk,
  IndexOperation,
  IndexSnapshot,
  RetrievalIndex,
  RetrievalQuery,
  RetrievalReader,
} from './retrieval-index.ts';
export type {
  AuditPosition,
  Guard,
  SqlRow,
  SqlValue,
  Statement,
  Writer,
  WriteResult,
  WriteUnit,
} from './writer.ts';
