import type { AskCitation, AskEvent } from '#wire/hradlo/index.ts';

/** Text of one kind: verbatim or not, of the answer or of its surroundings. */
export interface Segment {
  readonly text: string;
  readonly isQuote: boolean;
  readonly isContext: boolean;
}

type End = Extract<AskEvent, { type: 'end' }>;
export type Nearby = End['nearby'][number];

/** An answer as it grows. Plain data: it is kept and read back. */
export interface Answer {
  readonly state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';
  readonly id: string | undefined;
  readonly model: string;
  readonly mode: 'quoted' | 'generated' | undefined;
  /** The time whose valid versions it is made of, where the question names one. */
  readonly asOf: string | undefined;
  readonly segments: readonly Segment[];
  readonly reasoning: string;
  readonly citations: readonly AskCitation[];
  readonly grade: End['grade'];
  readonly nearby: readonly Nearby[];
  /** Whom to ask when there is no answer; null when nobody is named. */
  readonly contact: string | null;
  /** What became of each sentence; places are in the text as it came. */
  readonly support: End['support'];
  readonly error: { readonly code: string; readonly detail: string; readonly requestId: string } | undefined;
  readonly rating: 'up' | 'down' | undefined;
}

/** An answer before its first event. */
export function emptyAnswer(model: string): Answer {
  return {
    state: 'waiting',
    id: undefined,
    model,
    mode: undefined,
    asOf: undefined,
    segments: [],
    reasoning: '',
    citations: [],
    grade: null,
    nearby: [],
    contact: null,
    support: [],
    error: undefined,
    rating: undefined,
  };
}

function addText(segments: readonly Segment[], next: Segment): readonly Segment[] {
  const last = segments.at(-1);
  if (last === undefined || last.isQuote !== next.isQuote || last.isContext !== next.isContext) {
    return [...segments, next];
  }
  return [...segments.slice(0, -1), { ...last, text: last.text + next.text }];
}

/** The answer after one more event of its stream. */
export function addEvent(answer: Answer, event: AskEvent): Answer {
  if (event.type === 'start') {
    const { answerId: id, model, mode } = event;
    const asOf = event.asOf?.namedBy === 'question' ? event.asOf.validAt : undefined;
    return { ...answer, state: 'streaming', id, model, mode, asOf };
  }
  if (event.type === 'text') {
    const { text, isQuote, isContext } = event;
    return { ...answer, segments: addText(answer.segments, { text, isQuote, isContext }) };
  }
  if (event.type === 'reasoning') return { ...answer, reasoning: answer.reasoning + event.text };
  if (event.type === 'citation') return { ...answer, citations: [...answer.citations, event.citation] };
  const isStopped = event.finishReason === 'cancelled';
  const { grade, nearby, contact, support } = event;
  return { ...answer, state: isStopped ? 'stopped' : 'done', grade, nearby, contact, support };
}

/** The whole text, markers included. */
export function textOf(answer: Answer): string {
  return answer.segments
    .map((segment) => segment.text)
    .join('')
    .trim();
}

/** A sentence that a model wrote and its sources do not carry, with what they lack. */
export interface DoubtfulSentence {
  readonly text: string;
  readonly isCited: boolean;
  readonly lacking: readonly string[];
}

/** The sentences that cite nothing, or something that does not carry them. */
export function doubtfulSentences({ segments, support }: Answer): DoubtfulSentence[] {
  const whole = segments.map((segment) => segment.text).join('');
  return support.flatMap(({ start, end, verdict, lacking }) => {
    if (verdict === 'quoted' || verdict === 'supported') return [];
    const text = whole
      .slice(start, end)
      .replaceAll(/\s*\[\d{1,3}\]/g, '')
      .trim();
    return [{ text, isCited: verdict === 'unsupported', lacking }];
  });
}

/** Text of a paragraph; `isContext` is a sentence that stands beside the one that answers. */
interface TextPart {
  readonly text: string;
  readonly isContext: boolean;
}

/** A paragraph of a quoted answer: its parts are texts, and numbers of citations. */
export interface Paragraph {
  readonly isQuote: boolean;
  readonly parts: readonly (TextPart | number)[];
}

const MARKER = /\[(\d{1,3})\]/;

/** Text with `[n]` in it as parts, where `n` is a citation that is there; other brackets stay text. */
export function splitMarkers(text: string, isCited: (index: number) => boolean): (string | number)[] {
  return text.split(/(\[\d{1,3}\])/).flatMap((part): (string | number)[] => {
    const index = Number(MARKER.exec(part)?.[1]);
    if (part.startsWith('[') && isCited(index)) return [index];
    return part === '' ? [] : [part];
  });
}

/**
 * A quoted answer as paragraphs. A blank line outside a quotation ends a paragraph; a paragraph with a quotation
 * in it is a quotation, its markers included.
 */
export function toParagraphs(answer: Answer): Paragraph[] {
  const cited = new Set(answer.citations.map((citation) => citation.index));
  const paragraphs: { isQuote: boolean; parts: (TextPart | number)[] }[] = [];
  let open: (typeof paragraphs)[number] | undefined;
  for (const { text, isQuote, isContext } of answer.segments) {
    for (const [index, piece] of (isQuote ? [text] : text.split(/\n{2,}/)).entries()) {
      if (index > 0) open = undefined;
      // A space between two sentences of a paragraph stays; a paragraph does not begin with one.
      if (piece === '' || (open === undefined && piece.trim() === '')) continue;
      if (open === undefined) {
        open = { isQuote: false, parts: [] };
        paragraphs.push(open);
      }
      open.isQuote ||= isQuote;
      const parts = splitMarkers(piece, (number) => cited.has(number));
      open.parts.push(...parts.map((part) => (typeof part === 'string' ? { text: part, isContext } : part)));
    }
  }
  return paragraphs;
}

export { placeOf } from '#wire/hradlo/index.ts';
