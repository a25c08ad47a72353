// Core: the nouns of the product and the pure work on them.
// Owns: nothing; no I/O, no packages, no `node:` modules.
// Never: a class besides errors, or a clock, a file, a socket.
// Bound by: ADR 9 (error model), ADR 10 (access filter as proof).
export { isMinted, mayRead, mintAccessFilter, type AccessFilter } from './access-filter.ts';
export type {
  AnswerAsOf,
  AnswerEvent,
  AnswerMode,
  NearbyDocument,
  SentenceSupport,
  SupportVerdict,
} from './answer-event.ts';
export type { AnswerInput, AnswerRequest, Dialect, TurnPlace } from './answer-request.ts';
export { CHAIN_START, encodeEvent, encodeLink, type ChainLink } from './audit-chain.ts';
export type { AuditEvent } from './audit-event.ts';
export { canonicalJson, type Json } from './canonical-json.ts';
export { encodeExportLine, EXPORT_HEADER, parseExportLine } from './chain-export.ts';
export type {
  AnswerGrade,
  AnswerScope,
  CallerPriority,
  ChatDelta,
  ChatMessage,
  ChatRequest,
  ChatRole,
  FinishReason,
  MetadataFilters,
  Sampling,
  Usage,
} from './chat.ts';
export {
  encodeCheckpoint,
  encodeNote,
  keyNameOf,
  parseNotes,
  type Checkpoint,
  type SignedCheckpoint,
} from './checkpoint.ts';
export { AppError, ERROR_CODES, isAppError, type ErrorCode, type ErrorDetails } from './errors.ts';
export {
  DATA_CLASSES,
  highestDataClass,
  type Citation,
  type DataClass,
  type Evidence,
  type EvidenceCopy,
  type Span,
} from './evidence.ts';
export {
  expectAclSetId,
  expectChunkRow,
  expectDigest,
  expectId,
  makeId,
  parseDigest,
  parseId,
  type AclSetId,
  type AnswerId,
  type ApiKeyId,
  type ChunkId,
  type ChunkRow,
  type CollectionId,
  type ContentId,
  type ConversationId,
  type Digest,
  type DocumentId,
  type EntryId,
  type GroupId,
  type IdKind,
  type IdOf,
  type JobId,
  type NewId,
  type SessionId,
  type SourceId,
  type TenantId,
  type TurnId,
  type UserId,
  type VersionId,
} from './ids.ts';
export { PERMISSIONS, ROLE_PERMISSIONS, hasPermission, mayAskModel, type Permission } from './permission.ts';
export {
  principalKey,
  PURPOSE,
  ROLES,
  type Authentication,
  type KeyScope,
  type Principal,
  type Role,
} from './principal.ts';
export { encodeManifest, type ReleaseManifest } from './release.ts';
export { PASS_THROUGH, type GuardMode, type Verdict } from './verdict.ts';
export { foldDiacritics, normalizeWord } from './text/fold.ts';
export { memoizeWords } from './text/memoize-words.ts';
export { segmentSentences } from './text/sentences.ts';
export { WordTable } from './text/word-table.ts';
export { findWords, type Word } from './text/words.ts';
export {
  createChainVerifier,
  isTampering,
  type ChainFault,
  type ChainHead,
  type ChainRow,
  type ChainVerifier,
} from './verify-chain.ts';
