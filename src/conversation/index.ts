// Conversation: the record of what was asked and answered.
// Owns: the tables release, answer, answer_evidence, usage, answer_outcome, content, content_key, conversation and its turns.
// Never: keeps a text in these tables that is not sealed: else only ids, digests and keyed commitments.
// Bound by: ADR 11 (record before answer), ADR 19 (data keys outside the database).
export { CertificateStore, type RecordedAnswer } from './certificate-store.ts';
export { ContentStore, type ContentSchema } from './content-store.ts';
export { ContentVault, type KeptText } from './content-vault.ts';
export { AnswerStore, type BegunAnswer, type ConversationSchema, type EndedAnswer } from './answer-store.ts';
export { AnswerUseStore, type AnswerUse } from './answer-use-store.ts';
export { ConversationBook, type Conversation, type Turn } from './conversation-book.ts';
export { ConversationStore } from './conversation-store.ts';
export { NOTE_KINDS, NoteStore, type NoteKind } from './note-store.ts';
export type { TurnText } from './turn-schema.ts';
