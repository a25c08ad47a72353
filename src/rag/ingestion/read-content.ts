import type { ChunkId, Digest, DocumentId } from '#core/index.ts';
import { digestOf } from '#platform/index.ts';
import { packChunks, type PackedChunks } from './packed-chunks.ts';
import { chunkDocument, type DocumentChunk } from './chunk/chunk-document.ts';
import { encodeLayout } from './layout-schema.ts';
import { toCanonicalText } from './parse/canonical-text.ts';
import type { DocumentFormat, ParsedDocument } from './parse/parsed-document.ts';

/** What is kept of a file that was read: all a version is made of. */
export interface ReadContent {
  readonly title: string | undefined;
  readonly language: string;
  readonly mediaType: string;
  /** Of the canonical text: the chunks' texts, joined. */
  readonly canonicalDigest: Digest;
  readonly chunkIds: readonly ChunkId[];
  /** The chunks as they are written, packed: they pass from thread to thread without being taken apart. */
  readonly packedChunks: readonly PackedChunks[];
  readonly pageCount: number;
  /** What the file says of itself. */
  readonly file: Readonly<Record<string, string>>;
  readonly layout: Uint8Array;
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN = 'application/vnd.oasis.opendocument';
const MEDIA_TYPES: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'application/pdf',
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  xlsb: 'application/vnd.ms-excel.sheet.binary.macroenabled.12',
  pptx: `${OFFICE}.presentationml.presentation`,
  odt: `${OPEN}.text`,
  ods: `${OPEN}.spreadsheet`,
  odp: `${OPEN}.presentation`,
  rtf: 'application/rtf',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  msg: 'application/vnd.ms-outlook',
  html: 'text/html',
  epub: 'application/epub+zip',
  markdown: 'text/markdown',
  csv: 'text/csv',
  text: 'text/plain',
  xml: 'application/xml',
  eml: 'message/rfc822',
  zip: 'application/zip',
  image: 'application/octet-stream',
};
/** Language of a text that is too short to tell: most of what this product reads. */
const DEFAULT_LANGUAGE = 'cs';

/** What the index reads before the text itself: the header rows of a table that began in an earlier chunk. */
function prefixOf(chunk: DocumentChunk, text: string): string {
  const own = text.trim();
  const { indexedText } = chunk;
  if (indexedText.length <= own.length || !indexedText.endsWith(own)) return '';
  return indexedText.slice(0, indexedText.length - own.length).trim();
}

/** Cuts a parsed document, and packs what is kept of it. Pure. */
export function toReadContent(parsed: ParsedDocument, documentId: DocumentId): ReadContent {
  const canonical = toCanonicalText(parsed);
  const language = parsed.language ?? DEFAULT_LANGUAGE;
  const chunks = chunkDocument({ documentId, canonical, blocks: parsed.blocks });
  const title = parsed.title?.trim() ?? '';
  return {
    title: title === '' ? undefined : title,
    language,
    mediaType: MEDIA_TYPES[parsed.format],
    canonicalDigest: digestOf(canonical.text),
    chunkIds: chunks.map(({ id }) => id),
    packedChunks: packChunks(
      chunks.map((chunk) => {
        const text = canonical.text.slice(chunk.span.start, chunk.span.end);
        return {
          id: chunk.id,
          kind: chunk.kind,
          headingPath: chunk.headingPath,
          pageFrom: chunk.pageFrom,
          pageTo: chunk.pageTo,
          start: chunk.span.start,
          end: chunk.span.end,
          text,
          indexPrefix: prefixOf(chunk, text),
          tokenCount: chunk.tokens,
          language: chunk.language ?? language,
        };
      }),
    ),
    pageCount: parsed.pages.length,
    file: { ...parsed.metadata, format: parsed.format },
    layout: encodeLayout(parsed, canonical),
  };
}
