import { createHash } from 'node:crypto';
import { makeId, type ChunkId, type DocumentId, type Span } from '#core/index.ts';
import { lastStartingBefore, type CanonicalText } from '../parse/canonical-text.ts';
import type { Block, TableModel } from '../parse/parsed-document.ts';
import { toUnits, type Unit } from './chunk-units.ts';
import { packUnits, type ChunkSizes } from './pack-units.ts';
import { sentenceSpans } from './sentences.ts';
import { countTokens } from './token-count.ts';

/** A piece of a document that retrieval ranks and answers cite. */
export interface DocumentChunk {
  /** Derived from the document, the text and which of equal texts it is: unchanged text keeps its id. */
  readonly id: ChunkId;
  /** Position in the document, from 0. */
  readonly ordinal: number;
  /** In the canonical text. Spans of a document's chunks join to all of it. */
  readonly span: Span;
  /** What ranking reads: the span's text, and before a later part of a table its header rows. */
  readonly indexedText: string;
  /** The end of the text before, for whoever wants to read on from there; never part of the span. */
  readonly contextBefore: Span | undefined;
  readonly headingPath: readonly string[];
  readonly pageFrom: number | undefined;
  readonly pageTo: number | undefined;
  readonly kind: 'text' | 'table' | 'code';
  /** BCP 47; undefined when nothing in the chunk is long enough to tell. */
  readonly language: string | undefined;
  /** Of the indexed text, estimated. */
  readonly tokens: number;
}

const DEFAULT_SIZES: ChunkSizes = { minTokens: 150, softMaxTokens: 300, maxTokens: 400 };
const CONTEXT_TOKENS = 48;

/** A document ready for cutting. */
export interface ChunkSource {
  readonly documentId: DocumentId;
  readonly canonical: CanonicalText;
  readonly blocks: readonly Block[];
}

function chunkKind(pack: readonly Unit[]): DocumentChunk['kind'] {
  const body = pack.filter((unit) => unit.kind !== 'heading');
  if (body.some((unit) => unit.kind === 'table')) return 'table';
  return body.length > 0 && body.every((unit) => unit.kind === 'code') ? 'code' : 'text';
}

/** The language of most of a chunk's characters. */
function chunkLanguage(pack: readonly Unit[], blocks: readonly Block[]): string | undefined {
  const lengths = new Map<string, number>();
  for (const unit of pack) {
    const language = blocks[unit.blockIndex]?.language;
    if (language !== undefined) {
      lengths.set(language, (lengths.get(language) ?? 0) + unit.end - unit.start);
    }
  }
  return [...lengths].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

/** The page that a stretch of a block stands on; for one without words the page of the block. */
function pageAt(block: Block | undefined, offset: number): number | undefined {
  const words = block?.words;
  if (words === undefined || words.length === 0) return block?.page;
  return words[Math.max(0, lastStartingBefore(words, offset))]?.page;
}

/** The text of a table's header rows, for the parts of a table that do not begin with them. */
function headerText(block: Block): string {
  if (block.kind !== 'table') return '';
  const { cells }: TableModel = block.table;
  const firstBodyRow = Math.min(...cells.filter((cell) => !cell.isHeader).map((cell) => cell.row));
  const header = cells.filter((cell) => cell.isHeader && cell.row < firstBodyRow);
  const last = header.at(-1);
  return last === undefined ? '' : block.text.slice(0, last.end).trim();
}

function indexedTextOf(pack: readonly Unit[], source: ChunkSource, text: string): string {
  const first = pack[0]!;
  const block = source.blocks[first.blockIndex];
  const isLaterPart =
    first.kind === 'table' && first.start > source.canonical.blockSpans[first.blockIndex]!.start;
  const header = isLaterPart && block !== undefined ? headerText(block) : '';
  return header === '' || countTokens(header) > DEFAULT_SIZES.minTokens ? text : `${header}\n${text}`;
}

/** The last sentences before a chunk that belong to its section, up to a few tokens. */
function contextOf(
  pack: readonly Unit[],
  previous: readonly Unit[] | undefined,
  text: string,
): Span | undefined {
  const last = previous?.at(-1);
  const first = pack[0]!;
  if (last === undefined || last.section !== first.section || last.kind === 'table') return undefined;
  const sentences = sentenceSpans(text, { start: previous![0]!.start, end: last.end });
  let start = last.end;
  let tokens = 0;
  for (const sentence of sentences.toReversed()) {
    tokens += countTokens(text.slice(sentence.start, sentence.end));
    if (tokens > CONTEXT_TOKENS) break;
    start = sentence.start;
  }
  return start < last.end ? { start, end: last.end } : undefined;
}

/** Which of the equal texts of a document this is, counted from 0. */
function occurrenceCounter(): (digest: string) => number {
  const seen = new Map<string, number>();
  return (digest) => {
    const occurrence = seen.get(digest) ?? 0;
    seen.set(digest, occurrence + 1);
    return occurrence;
  };
}

const ID_BYTES = 16;

function chunkId(documentId: DocumentId, digest: string, occurrence: number): ChunkId {
  const hash = createHash('sha256').update(`${documentId}\n${digest}\n${occurrence}`).digest();
  return makeId('chunk', hash.subarray(0, ID_BYTES));
}

/**
 * Cuts a document: by section, then by paragraph, then by length (about 220 tokens, never over 400); tables
 * apart. Pure. The spans of the chunks join to exactly the canonical text, and an edit in one section leaves
 * the ids of all others as they were.
 */
export function chunkDocument(source: ChunkSource, sizes: ChunkSizes = DEFAULT_SIZES): DocumentChunk[] {
  const { canonical, blocks, documentId } = source;
  const packs = packUnits(toUnits(canonical, blocks, sizes.maxTokens), canonical.text, sizes);
  const occurrenceOf = occurrenceCounter();
  return packs.map((pack, ordinal) => {
    const first = pack[0]!;
    const last = pack.at(-1)!;
    const span = { start: first.start, end: last.end };
    const text = canonical.text.slice(span.start, span.end).trim();
    const digest = createHash('sha256').update(text).digest('hex');
    const indexedText = indexedTextOf(pack, source, text);
    const lastOffset = last.end - canonical.blockSpans[last.blockIndex]!.start - 1;
    return {
      id: chunkId(documentId, digest, occurrenceOf(digest)),
      ordinal,
      span,
      indexedText,
      // Worked out when it is asked for: most chunks are never read on from.
      get contextBefore() {
        return contextOf(pack, packs[ordinal - 1], canonical.text);
      },
      headingPath: last.headingPath,
      pageFrom: pageAt(blocks[first.blockIndex], first.start - canonical.blockSpans[first.blockIndex]!.start),
      pageTo: pageAt(blocks[last.blockIndex], lastOffset),
      kind: chunkKind(pack),
      language: chunkLanguage(pack, blocks),
      tokens: countTokens(indexedText),
    };
  });
}
