import type { ChatDelta, Citation, Evidence } from '#core/index.ts';
import { checkCitation } from './citation-check.ts';

/** What an answer's stream becomes: text for people, and citations that hold. */
export type CitedDelta =
  | {
      readonly type: 'text-delta';
      readonly text: string;
      readonly isQuote: boolean;
      readonly isContext: boolean;
    }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | Extract<ChatDelta, { type: 'finish' }>;

/** What `cite` found wrong; counted in the record. */
export interface CitationFaults {
  /** Markers that name no evidence: taken out of the text. */
  unresolvedMarkers: number;
  /** Quotes that are not what the evidence says: left out. */
  falseQuotes: number;
}

/** Long enough for any marker we give; text that may still become one is held back. */
const MAX_MARKER = /\[\d{0,3}$/;
const MARKER = /\[(\d{1,3})\]/g;

/** Word for word what is stored for that version at that place. */
function isStored({ span, text }: Extract<ChatDelta, { type: 'quote' }>, evidence: Evidence): boolean {
  const { versionId } = evidence;
  return checkCitation({ versionId, span, quote: text }, () => evidence.text) === 'exact';
}

/**
 * Turns what a model says, delta by delta, into text with `[n]` markers and the citations they stand for. A quote must
 * be exactly what the evidence says, a marker must name evidence; what does not hold is left out and counted in
 * `faults`. Where there is no evidence a text has no markers: `a[0]` in plain chat is what it says.
 */
export class Citer {
  readonly #evidence: readonly Evidence[];
  readonly #faults: CitationFaults;
  readonly #cited = new Map<string, Citation>();
  #held = '';

  constructor(evidence: readonly Evidence[], faults: CitationFaults) {
    this.#evidence = evidence;
    this.#faults = faults;
  }

  /** What a delta brings: itself, or the texts and citations that it stands for. */
  take(delta: ChatDelta): readonly CitedDelta[] {
    if (delta.type === 'quote') return this.#quote(delta);
    if (delta.type === 'finish') return [...this.#flush(), delta];
    if (delta.type !== 'text-delta') return [delta];
    if (this.#evidence.length > 0) return this.#text(delta.text);
    return [{ type: 'text-delta', text: delta.text, isQuote: false, isContext: false }];
  }

  #quote(delta: Extract<ChatDelta, { type: 'quote' }>): CitedDelta[] {
    const evidence = this.#evidence[delta.evidenceIndex];
    if (evidence === undefined || !isStored(delta, evidence)) {
      this.#faults.falseQuotes += 1;
      return [];
    }
    const base = evidence.span.start;
    const span = { start: base + delta.span.start, end: base + delta.span.end };
    const quoted = {
      type: 'text-delta',
      text: delta.text,
      isQuote: true,
      isContext: delta.isContext,
    } as const;
    // A neighbour is shown for reading on: what answers is cited beside it.
    if (delta.isContext) return [quoted];
    const { citation, isNew } = this.#cite(`${evidence.versionId}:${span.start}`, evidence, span, delta.text);
    const marker = {
      type: 'text-delta',
      text: ` [${citation.index}]`,
      isQuote: false,
      isContext: false,
    } as const;
    return isNew ? [quoted, marker, { type: 'citation', citation }] : [quoted, marker];
  }

  /** Generated text: markers `[n]` name evidence by its number in the prompt, from 1. */
  #text(text: string): CitedDelta[] {
    const whole = this.#held + text;
    const tail = MAX_MARKER.exec(whole);
    this.#held = tail?.[0] ?? '';
    return this.#resolve(whole.slice(0, whole.length - this.#held.length));
  }

  #flush(): CitedDelta[] {
    const rest = this.#held;
    this.#held = '';
    return this.#resolve(rest);
  }

  #resolve(text: string): CitedDelta[] {
    const found: CitedDelta[] = [];
    const clean = text.replaceAll(MARKER, (_marker, digits: string) => {
      const evidence = this.#evidence[Number(digits) - 1];
      if (evidence === undefined) {
        this.#faults.unresolvedMarkers += 1;
        return '';
      }
      const { citation, isNew } = this.#cite(
        String(evidence.chunkRow),
        evidence,
        evidence.span,
        evidence.text,
      );
      if (isNew) found.push({ type: 'citation', citation });
      return `[${citation.index}]`;
    });
    if (clean === '') return found;
    return [{ type: 'text-delta', text: clean, isQuote: false, isContext: false }, ...found];
  }

  #cite(key: string, evidence: Evidence, span: Citation['span'], quote: string) {
    const known = this.#cited.get(key);
    if (known !== undefined) return { citation: known, isNew: false };
    const { chunkId, versionId, documentId, collectionId, title, headingPath, page } = evidence;
    const index = this.#cited.size + 1;
    const citation: Citation = {
      index,
      chunkId,
      versionId,
      documentId,
      collectionId,
      title,
      headingPath,
      page,
      span,
      quote,
    };
    this.#cited.set(key, citation);
    return { citation, isNew: true };
  }
}

/** A model's stream as text with markers and citations. */
export async function* cite(
  deltas: AsyncIterable<ChatDelta>,
  evidence: readonly Evidence[],
  faults: CitationFaults,
): AsyncGenerator<CitedDelta> {
  const citer = new Citer(evidence, faults);
  for await (const delta of deltas) yield* citer.take(delta);
}
