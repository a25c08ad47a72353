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

class Citer {
  readonly #evidence: readonly Evidence[];
  readonly #faults: CitationFaults;
  readonly #cited = new Map<string, Citation>();
  #held = '';

  constructor(evidence: readonly Evidence[], faults: CitationFaults) {
    this.#evidence = evidence;
    this.#faults = faults;
  }

  *quote(delta: Extract<ChatDelta, { type: 'quote' }>): Generator<CitedDelta> {
    const evidence = this.#evidence[delta.evidenceIndex];
    if (evidence === undefined || !isStored(delta, evidence)) {
      this.#faults.falseQuotes += 1;
      return;
    }
    const base = evidence.span.start;
    const span = { start: base + delta.span.start, end: base + delta.span.end };
    yield { type: 'text-delta', text: delta.text, isQuote: true, isContext: delta.isContext };
    // A neighbour is shown for reading on: what answers is cited beside it.
    if (delta.isContext) return;
    const { citation, isNew } = this.#take(`${evidence.versionId}:${span.start}`, evidence, span, delta.text);
    yield { type: 'text-delta', text: ` [${citation.index}]`, isQuote: false, isContext: false };
    if (isNew) yield { type: 'citation', citation };
  }

  /** Generated text: markers `[n]` name evidence by its number in the prompt, from 1. */
  *text(text: string): Generator<CitedDelta> {
    const whole = this.#held + text;
    const tail = MAX_MARKER.exec(whole);
    this.#held = tail?.[0] ?? '';
    yield* this.#resolve(whole.slice(0, whole.length - this.#held.length));
  }

  *flush(): Generator<CitedDelta> {
    const rest = this.#held;
    this.#held = '';
    yield* this.#resolve(rest);
  }

  *#resolve(text: string): Generator<CitedDelta> {
    const found: Citation[] = [];
    const clean = text.replaceAll(MARKER, (_marker, digits: string) => {
      const evidence = this.#evidence[Number(digits) - 1];
      if (evidence === undefined) {
        this.#faults.unresolvedMarkers += 1;
        return '';
      }
      const { citation, isNew } = this.#take(
        String(evidence.chunkRow),
        evidence,
        evidence.span,
        evidence.text,
      );
      if (isNew) found.push(citation);
      return `[${citation.index}]`;
    });
    if (clean !== '') yield { type: 'text-delta', text: clean, isQuote: false, isContext: false };
    for (const citation of found) yield { type: 'citation', citation };
  }

  #take(key: string, evidence: Evidence, span: Citation['span'], quote: string) {
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

/**
 * Turns a model's stream into text with `[n]` markers and the citations they stand for. A quote must be exactly
 * what the evidence says, a marker must name evidence; what does not hold is left out and counted in `faults`. Where
 * there is no evidence a text has no markers: `a[0]` in plain chat is what it says.
 */
export async function* cite(
  deltas: AsyncIterable<ChatDelta>,
  evidence: readonly Evidence[],
  faults: CitationFaults,
): AsyncGenerator<CitedDelta> {
  const citer = new Citer(evidence, faults);
  for await (const delta of deltas) {
    if (delta.type === 'quote') yield* citer.quote(delta);
    else if (delta.type === 'text-delta' && evidence.length > 0) yield* citer.text(delta.text);
    else if (delta.type === 'text-delta') yield { ...delta, isQuote: false, isContext: false };
    else if (delta.type === 'finish') {
      yield* citer.flush();
      yield delta;
    } else yield delta;
  }
}
