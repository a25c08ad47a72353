import type { Span } from '#core/index.ts';
import type { RankedChunk, RankedSentence } from './rank-sentences.ts';
import type { SentenceView } from './sentence-view.ts';

/** A stretch of a chunk to show; `isContext` marks a neighbour of a sentence that answers. */
export interface Quote extends Span {
  readonly chunk: number;
  readonly isContext: boolean;
}

/** How much is shown. */
export interface QuoteLimits {
  readonly maxQuotes: number;
  /** Sentences further behind the best one than this are left out. */
  readonly maxLag: number;
}

export const QUOTE_LIMITS: QuoteLimits = { maxQuotes: 3, maxLag: 2.5 };
const SAME_WORDING = 0.8;
const MAX_LIST_ITEMS = 12;
const MAX_CONTEXT_CHARACTERS = 400;

/** Share of the smaller set that two sentences have in common, by Jaccard. */
function likeness(a: SentenceView, b: SentenceView): number {
  const shared = a.stems.intersection(b.stems).size;
  return shared / (a.stems.size + b.stems.size - shared || 1);
}

function pickSentences(
  ranked: readonly RankedSentence[],
  chunks: readonly RankedChunk[],
  limits: QuoteLimits,
): RankedSentence[] {
  const picked: RankedSentence[] = [];
  const viewOf = ({ chunk, sentence }: RankedSentence): SentenceView =>
    chunks[chunk]!.view.sentences[sentence]!;
  for (const candidate of ranked) {
    if (picked.length === limits.maxQuotes || candidate.score < ranked[0]!.score - limits.maxLag) break;
    // Copies and versions of a document say the same: once is enough.
    if (picked.some((other) => likeness(viewOf(other), viewOf(candidate)) >= SAME_WORDING)) continue;
    picked.push(candidate);
  }
  return picked;
}

/** The items of a list that a sentence opens with a colon. */
function listItems(sentences: readonly SentenceView[], intro: number): number[] {
  if (!/:\s*$/u.test(sentences[intro]!.text)) return [];
  const items: number[] = [];
  for (let index = intro + 1; index < sentences.length && items.length < MAX_LIST_ITEMS; index++) {
    const item = sentences[index]!;
    if (item.isHeading) break;
    items.push(index);
    if (/[.!?]["“”]?\s*$/u.test(item.text)) break;
  }
  return items;
}

const isTooLong = (view: SentenceView): boolean => view.end - view.start > MAX_CONTEXT_CHARACTERS;

/** Marks a chunk's sentences: true for those that answer, false for their neighbours. */
function markSentences(sentences: readonly SentenceView[], chosen: readonly number[]): Map<number, boolean> {
  const marks = new Map<number, boolean>();
  for (const index of chosen) {
    marks.set(index, true);
    const items = listItems(sentences, index);
    for (const item of items) marks.set(item, true);
    if (sentences[index]!.table !== undefined) continue;
    const neighbours = items.length > 0 ? [index - 1] : [index - 1, index + 1];
    for (const neighbour of neighbours) {
      const view = sentences[neighbour];
      if (view === undefined || marks.has(neighbour)) continue;
      if (!view.isHeading && view.table === undefined && !isTooLong(view)) marks.set(neighbour, false);
    }
  }
  return marks;
}

/**
 * The quotes to show: the best sentences, each with its neighbours as context, in reading order within a chunk
 * and the chunk of the best sentence first. A row of a table comes with the table's header, the opening of a list
 * with its items.
 */
export function selectQuotes(
  ranked: readonly RankedSentence[],
  chunks: readonly RankedChunk[],
  limits: QuoteLimits = QUOTE_LIMITS,
): Quote[] {
  const byChunk = new Map<number, number[]>();
  for (const { chunk, sentence } of pickSentences(ranked, chunks, limits)) {
    byChunk.set(chunk, [...(byChunk.get(chunk) ?? []), sentence]);
  }
  const quotes: Quote[] = [];
  for (const [chunk, chosen] of byChunk) {
    const { sentences } = chunks[chunk]!.view;
    const marks = markSentences(sentences, chosen);
    for (const index of [...marks.keys()].toSorted((a, b) => a - b)) {
      const { start, end, table } = sentences[index]!;
      const header = table?.headerSpan;
      const isShown =
        header === undefined || quotes.some((quote) => quote.chunk === chunk && quote.start === header.start);
      if (!isShown) quotes.push({ chunk, start: header.start, end: header.end, isContext: true });
      quotes.push({ chunk, start, end, isContext: marks.get(index) !== true });
    }
  }
  return quotes;
}
