import { segmentSentences, type Span } from '#core/index.ts';
import { analyze, type Term } from '../analysis/analyze.ts';
import { isDenied } from './negation.ts';

/** What an answer claims to quote: the span is in the canonical text of the version. */
export interface QuotedSpan<Version> {
  readonly versionId: Version;
  readonly span: Span;
  readonly quote: string;
}

/** The verdict on one citation: exactly the stored words, other words, or a place that the version lacks. */
export type CitationVerdict = 'exact' | 'differs' | 'out-of-range' | 'version-missing';

/**
 * Whether a quotation is word for word what is stored for that version at that place. Nothing is forgiven: white
 * space and case count, since a quotation that was mended is not one.
 * @param textOf canonical text of a version; undefined when there is none.
 */
export function checkCitation<Version>(
  citation: QuotedSpan<Version>,
  textOf: (versionId: Version) => string | undefined,
): CitationVerdict {
  const text = textOf(citation.versionId);
  if (text === undefined) return 'version-missing';
  const { start, end } = citation.span;
  const isInside =
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
  if (!isInside) return 'out-of-range';
  return text.slice(start, end) === citation.quote ? 'exact' : 'differs';
}

/** How well a sentence that a model wrote is carried by what it cites. */
export interface Support {
  /** Share of the sentence's terms that the sources hold, 0 to 1. */
  readonly share: number;
  /** Numbers, names and quotations of the sentence that no source holds. */
  readonly unsupported: readonly string[];
  /** The source's sentence that speaks of the same says the opposite. */
  readonly isDenied: boolean;
  readonly isSupported: boolean;
}

const LEAST_SHARE = 0.5;
/** Shorter ones in quotation marks are names and terms. */
const QUOTATION = /[„“"«]([^„“”"«»]{12,})[“”"»]/gu;

/**
 * Whether the sources carry a sentence that a model wrote: every number, date, code, proper name and quotation must
 * stand in one, at least half of the terms, and the sentence nearest to it must not deny it. A lexical check: it finds
 * what was added, changed or denied, not who does what to whom.
 */
export function checkSupport(sentence: string, sources: readonly string[], language: string): Support {
  const terms = analyze(sentence, language).filter((term) => !term.isPart && term.kind !== 'concept');
  const held = new Set(sources.flatMap((source) => heldBy(source, language)));
  const lacking = terms.filter(({ stem, fold }) => !held.has(stem) && !held.has(fold));
  const unsupported = [
    ...lacking.filter((term) => isExact(sentence, term)).map((term) => sentence.slice(term.start, term.end)),
    ...falseQuotations(sentence, sources),
  ];
  const share = terms.length === 0 ? 1 : (terms.length - lacking.length) / terms.length;
  const nearest = nearestSentence(new Set(terms.map((term) => term.stem)), sources, language);
  const denied = nearest !== undefined && isDenied(sentence, nearest);
  const isSupported = unsupported.length === 0 && share >= LEAST_SHARE && !denied;
  return { share, unsupported, isDenied: denied, isSupported };
}

const heldBy = (text: string, language: string): string[] =>
  analyze(text, language).flatMap(({ stem, fold }) => [stem, fold]);

/** A number, or a capital that does not open the sentence. */
function isExact(sentence: string, { stem, start, end }: Term): boolean {
  if (/\d/u.test(stem)) return true;
  return sentence.slice(0, start).trim() !== '' && /^\p{Lu}/u.test(sentence.slice(start, end));
}

const spaced = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

function falseQuotations(sentence: string, sources: readonly string[]): string[] {
  const quoted = [...sentence.matchAll(QUOTATION)].map((match) => match[1]!);
  const texts = sources.map(spaced);
  return quoted.filter((quotation) => !texts.some((text) => text.includes(spaced(quotation))));
}

/** The sentence of the sources that shares most terms: the one to compare with, when it shares half of them. */
function nearestSentence(
  stems: ReadonlySet<string>,
  sources: readonly string[],
  language: string,
): string | undefined {
  let best: { readonly text: string; readonly shared: number } | undefined;
  for (const source of sources) {
    for (const { start, end } of segmentSentences(source)) {
      const text = source.slice(start, end);
      const shared = new Set(heldBy(text, language)).intersection(stems).size;
      if (best === undefined || shared > best.shared) best = { text, shared };
    }
  }
  return best !== undefined && best.shared >= LEAST_SHARE * stems.size && stems.size > 0
    ? best.text
    : undefined;
}
