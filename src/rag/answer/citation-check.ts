import type { Span } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';

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
  /** Numbers and names of the sentence that no source holds. */
  readonly unsupported: readonly string[];
  readonly isSupported: boolean;
}

const LEAST_SHARE = 0.5;

/**
 * Whether the sources carry a sentence that a model wrote: every number, date, code and proper name must stand in
 * one, and at least half of the terms. A lexical check: it finds what was added, not what was turned round.
 */
export function checkSupport(sentence: string, sources: readonly string[], language: string): Support {
  const terms = analyze(sentence, language).filter((term) => !term.isPart);
  const held = new Set(
    sources.flatMap((source) => analyze(source, language).flatMap(({ stem, fold }) => [stem, fold])),
  );
  const lacking = terms.filter(({ stem, fold }) => !held.has(stem) && !held.has(fold));
  const unsupported = lacking
    .map((term) => sentence.slice(term.start, term.end))
    .filter((surface, index) => /\d/u.test(lacking[index]!.stem) || isName(surface, lacking[index]!.start));
  const share = terms.length === 0 ? 1 : (terms.length - lacking.length) / terms.length;
  return { share, unsupported, isSupported: unsupported.length === 0 && share >= LEAST_SHARE };
}

/** A capital that does not open the sentence. */
function isName(surface: string, start: number): boolean {
  return start > 0 && /^\p{Lu}/u.test(surface);
}
