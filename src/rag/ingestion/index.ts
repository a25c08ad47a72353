export { chunkDocument, type ChunkSource, type DocumentChunk } from './chunk/chunk-document.ts';
export {
  boxesOf,
  offsetAt,
  offsetOf,
  placeOf,
  toCanonicalText,
  type CanonicalText,
  type SourceBox,
  type SourcePlace,
} from './parse/canonical-text.ts';
export { parseDocument, type SourceFile } from './parse/parse-document.ts';
export {
  ParseFailure,
  QUARANTINE_REASONS,
  type Quarantine,
  type QuarantineReason,
} from './parse/parse-failure.ts';
export type {
  Block,
  BlockKind,
  Box,
  Page,
  ParsedDocument,
  RemovedRange,
  Word,
} from './parse/parsed-document.ts';
