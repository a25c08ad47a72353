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
export type { SourceFile } from './parse/parse-document.ts';
export {
  DocumentParser,
  isQuarantine,
  PARSE_LIMITS,
  type ParseLimits,
  type ParseOutcome,
} from './parse/parse-in-child.ts';
export { describeSandbox, probeSandbox, type Sandbox } from './parse/sandbox.ts';
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
