// Use cases: one verb per file, the pipelines of the product.
// Owns: the order of their steps.
// Never: HTTP, SQL, cleverness.
// Bound by: ADR 11 (fail closed, record before answer).
export { setSynonyms } from './set-synonyms.ts';
export { takeSnapshot } from './take-snapshot.ts';
export { answerChat, type AnswerDeps, type Grant, type Reservation } from './answer-chat.ts';
export { createOpenRecord, type AnswerTarget, type RecordDeps } from './answer-record.ts';
export { certifyAnswer, type Certificate, type CertifyDeps } from './certify-answer.ts';
export { replayAnswer, type Replay, type ReplayDeps } from './replay-answer.ts';
export { encodeTexts, type EncodeTextsDeps } from './encode-texts.ts';
export type { Conversation, Turn } from '#conversation/index.ts';
export {
  deleteConversation,
  ownConversation,
  renameConversation,
  RESTORABLE_MS,
  type ConversationDeps,
} from './conversations/change-conversation.ts';
export { checkReachesConversations, converse } from './conversations/converse.ts';
export type { NumberedEvent } from './conversations/answer-log.ts';
export { RunningAnswers, type TurnName } from './conversations/running-answers.ts';
export { eraseSubject, type EraseDeps, type Erasure } from './erase-subject.ts';
export {
  eraseDocument,
  eraseLateTexts,
  finishErasures,
  type DocumentErasure,
  type DocumentErasureRequest,
  type EraseDocumentDeps,
} from './documents/erase-document.ts';
export type { AnswerTrail } from './answer-trail.ts';
export {
  acceptFile,
  acceptUpload,
  openUploads,
  removeUpload,
  retryEntry,
} from './documents/accept-upload.ts';
export { addFolder, findSource, rescan } from './documents/add-source.ts';
export { pauseSource, removeSource, resumeSource } from './documents/manage-source.ts';
export { followSource, type SourceState, type StageState } from './documents/follow-source.ts';
export { ensureAclSet } from './documents/document-access.ts';
export type {
  DocumentContent,
  DocumentDeps,
  InnerFile,
  ReadOutcome,
  ReadRequest,
  ResolvedReaders,
} from './documents/document-deps.ts';
export { entryIdOf, ingestHandler } from './documents/ingest-entry.ts';
export { INGEST_KIND } from './documents/queue-file.ts';
export { toReason } from './documents/quarantine-reason.ts';
export { KeyedLock } from './documents/keyed-lock.ts';
export { queueScan, scanHandler, type ScanDeps } from './documents/scan-source.ts';
export { createGroup, removeGroup } from './people/change-groups.ts';
export { changePerson, type PersonChange } from './people/change-person.ts';
export { endSession } from './people/end-session.ts';
export { acceptInvitation, invite, type InviteRequest } from './people/invite.ts';
export { createKey, revokeKey, type NewKeyRequest } from './people/keys.ts';
export { createService, createServiceKey, resetTotp } from './people/services.ts';
export { changePassphrase, confirmTotp, offerTotp, removeTotp } from './people/own-account.ts';
export {
  addPasskey,
  beginPasskeySignIn,
  offerPasskey,
  removePasskey,
  signInWithPasskey,
  type PasskeyDeps,
  type PasskeyPage,
} from './people/passkeys.ts';
export { newToken, type Browser, type PeopleDeps } from './people/people-deps.ts';
export { setUp } from './people/set-up.ts';
export { signIn } from './people/sign-in.ts';
export type { StartedSession } from './people/start-session.ts';
export {
  explainPerson,
  explainTarget,
  type PersonVerdict,
  type TargetVerdict,
} from './rights/explain-access.ts';
export { grantAccess, revokeGrant } from './rights/grant-access.ts';
export { AccessMoves } from './rights/access-moves.ts';
export { addOwner, removeOwner } from './rights/change-owners.ts';
export {
  markReviewed,
  reviewAccess,
  type ReviewDeps,
  type ReviewRow,
  type ReviewScope,
} from './rights/review-access.ts';
export { LiveRequests } from './rights/live-requests.ts';
export { overrideAccess } from './rights/override-access.ts';
export { checkMayManage, manageableCollections, mayManage, type RightsDeps } from './rights/rights-deps.ts';
export { createReserveBudget } from './reserve-budget.ts';
export { withinLimits } from './within-limits.ts';
export { removeLimit, setLimit, setPrice, setTenantWeight } from './set-limit.ts';
export { listNotes, noteAnswer, settleNote, type AnswerNote } from './note-answer.ts';
export { createRateAnswer, type Feedback, type RateDeps } from './rate-answer.ts';
export { createCollection } from './rights/create-collection.ts';
export { breakGlass } from './tenants/break-glass.ts';
export { createTenant } from './tenants/create-tenant.ts';
export { createAcquireModel, type AcquirePayload } from './models/acquire-model.ts';
export { ChangeModels } from './models/change-models.ts';
export { unloadedModel } from './models/unloaded-model.ts';
export { OfferModel, type OfferLook } from './models/offer-model.ts';
export { createExpireVectors } from './models/expire-vectors.ts';
export { createEmbedChunks, EMBED_CHUNKS, type PreparedIndex } from './models/embed-chunks.ts';
