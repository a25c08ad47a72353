// Use cases: one verb per file, the pipelines of the product.
// Owns: the order of their steps.
// Never: HTTP, SQL, cleverness.
// Bound by: ADR 11 (fail closed, record before answer).
export { answerChat, type AnswerDeps, type Grant, type Reservation } from './answer-chat.ts';
export { createOpenRecord, type AnswerTarget, type RecordDeps } from './answer-record.ts';
export type { AnswerTrail } from './answer-trail.ts';
export {
  ingestDocument,
  type IncomingDocument,
  type IngestDeps,
  type IngestOutcome,
} from './ingest-document.ts';
