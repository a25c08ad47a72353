// Rag: evidence: collections, documents, versions, chunks, the index over them, and answers quoted from them.
// Owns: the tables collection, document, document_version, chunk; the retrieval index.
// Never: reads a chunk without an access filter; calls a model but through its contract.
// Bound by: ADR 10 (access filter as proof), ADR 14 (segments), ADR 15 (answers), ADR 16 (readers), ADR 17 (versions).
export { AccessAssignmentStore, type ChunkAccess, type DocumentAccess } from './access-assignment-store.ts';
export { LineageStore, type VersionLineage } from './lineage-store.ts';
export { DocumentErasureStore, type ErasableDocument } from './document-erasure-store.ts';
export { BlobReferenceStore } from './blob-reference-store.ts';
export { createGroundedModel } from './answer/grounded-model.ts';
export { GROUNDED_PROMPT_FORM } from './answer/grounded-prompt.ts';
export { checkAnswer } from './answer/check-answer.ts';
export { cite, Citer, type CitationFaults, type CitedDelta } from './answer/cite.ts';
export { ANALYZER_VERSION } from './analysis/analyze.ts';
export { textAnalyzer } from './analysis/analyzer.ts';
export { loadBundledEmbedding } from './embedding/bundled-embedding.ts';
export type { TableEmbedding } from './embedding/table-embedding.ts';
export {
  ChunkEmbeddingStore,
  type BareChunk,
  type EmbeddedChunk,
  type EmbeddingGeneration,
} from './embedding/chunk-embedding-store.ts';
export { commonPartOf, withoutCommonPart } from './embedding/common-part.ts';
export { UNRELATED_TEXTS } from './embedding/unrelated-texts.ts';
export { ChosenIndex, type EncodedIndex } from './retrieval/chosen-index.ts';
export type { EmbeddingUse, QuestionReader } from './retrieval/question-reader.ts';
export { embeddedTextOf } from './retrieval/segments/embed-chunks.ts';
export { ENCODER_WEIGHTS } from './retrieval/segments/score-weights.ts';
export { createExtractiveModel } from './answer/extractive-model.ts';
export { ChunkStore, type Passage } from './chunk-store.ts';
export {
  DocumentDetailStore,
  type ChunkText,
  type DocumentDetail,
  type VersionDetail,
} from './document-detail-store.ts';
export { compareVersions, type VersionDifference } from './versions/compare-versions.ts';
export { DocumentStore, type Collection, type DocumentSummary, type NewChunk } from './document-store.ts';
export { chunkDocument, type ChunkSource, type DocumentChunk } from './ingestion/chunk/chunk-document.ts';
export { offsetOf, placeOf, toCanonicalText, type CanonicalText } from './ingestion/parse/canonical-text.ts';
export type { CarriedFile, SourceFile } from './ingestion/parse/parse-document.ts';
export {
  QUARANTINE_REASONS,
  type Quarantine,
  type QuarantineReason,
} from './ingestion/parse/parse-failure.ts';
export { answeredIn, openAnswer } from './ingestion/parse/answer-file.ts';
export { DocumentParser, isQuarantine } from './ingestion/parse/parse-in-child.ts';
export { readDocumentMessage } from './ingestion/parse/read-reply.ts';
export type { ParseLimits } from './ingestion/parse/parse-limits.ts';
export type { Block, Page, ParsedDocument, RemovedRange, Word } from './ingestion/parse/parsed-document.ts';
export { toReadContent, type ReadContent } from './ingestion/read-content.ts';
export { type OutlineEntry, type VersionLayout } from './ingestion/layout-schema.ts';
export { describeSandbox, type Sandbox } from './ingestion/parse/sandbox.ts';
export type { DocumentSource, FetchedFile, FoundFile } from './sources/document-source.ts';
export { FolderSource } from './sources/folder-source.ts';
export { readDatedPath, type DatedPath } from './sources/dated-path.ts';
export {
  readSidecar,
  SIDECAR_ENDING,
  type Sidecar,
  type SidecarGrant,
  type SidecarRule,
  type SidecarOutcome,
} from './sources/sidecar-schema.ts';
export type { EntryReason, EntryState, Source, SourceEntry } from './sources/source-entry.ts';
export { PasswordStore, type PasswordOwner } from './sources/password-store.ts';
export { withholdPassword } from './sources/sidecar-password.ts';
export { SourceStore, type EntryCounts, type NewEntry } from './sources/source-store.ts';
export { VersionRowStore, type NewVersionRow } from './version-row-store.ts';
export { VersionStore, type DocumentHead, type ReadText } from './version-store.ts';
export {
  currentOf,
  planVersion,
  planWithdrawal,
  type KnownVersion,
  type VersionChange,
  type VersionPlan,
} from './versions/plan-versions.ts';
export { detailsOf, encodeMetadata, type VersionMetadata } from './versions/version-metadata-schema.ts';
export type { RagSchema } from './rag-schema.ts';
export { IndexSourceStore } from './retrieval/index-source-store.ts';
export { IndexClient } from './retrieval/segments/index-client.ts';
export type {
  IndexReply,
  IndexSearchRequest,
  IndexWriterRequest,
} from './retrieval/segments/index-protocol.ts';
export { IndexWriter } from './retrieval/segments/index-writer.ts';
export { MAX_SEARCHERS } from './retrieval/segments/scratch.ts';
export { SearchHost } from './retrieval/segments/search-host.ts';
export { Searcher } from './retrieval/segments/search.ts';
export { WriterHost } from './retrieval/segments/writer-host.ts';
export { asOfMoment } from './retrieval/rewrite-question.ts';
export { RANKING, createRetrieve, wordingsOf, type RetrieveRequest } from './retrieval/retrieve.ts';
export { createTracedRetrieve, type RetrievalTrace } from './retrieval/trace-retrieval.ts';
export { parseSynonyms } from './synonyms/parse-synonyms.ts';
export { SynonymBook, type ChosenSynonyms } from './synonyms/synonym-book.ts';
export { SynonymStore, type SynonymChoice } from './synonyms/synonym-store.ts';
export { SnapshotStore, type KeptSnapshot } from './snapshot-store.ts';
