import { segmentSentences, type Evidence, type Span } from '#core/index.ts';
import { analyze, type Term } from '../analysis/analyze.ts';
import { spellingGrams } from '../analysis/skeleton.ts';
import { findRanges, type NumberRange } from './number-ranges.ts';
import { rootsOf } from './word-root.ts';
import type { Spellings } from './spelling-match.ts';
import { findTableRows, type TableRow } from './table-row.ts';

/** A sentence of a chunk, analysed once: spans are in the chunk's text. */
export interface SentenceView extends Span {
  readonly text: string;
  /** Stems in reading order and where each stands in the sentence. */
  readonly stems: readonly string[];
  readonly positions: readonly number[];
  readonly places: ReadonlyMap<string, readonly number[]>;
  readonly distinctStems: ReadonlySet<string>;
  /** Roots of its words; empty in English. */
  readonly roots: ReadonlySet<string>;
  /** Ranges of numbers that it states. */
  readonly ranges: readonly NumberRange[];
  readonly spellings: Spellings;
  readonly opensWithPronoun: boolean;
  /** A line that names what follows, without a verdict of its own. */
  readonly isHeading: boolean;
  readonly table: TableRow | undefined;
  /** Stems of a table row's label; empty for prose. */
  readonly labelStems: ReadonlySet<string>;
}

/** A chunk as sentence choice sees it: its sentences and the terms of its headings. */
export interface ChunkView {
  readonly sentences: readonly SentenceView[];
  readonly stems: ReadonlySet<string>;
  readonly headingStems: ReadonlySet<string>;
  readonly headingRoots: ReadonlySet<string>;
  /** Of the text and the headings. */
  readonly spellings: Spellings;
  /** Equal for chunks of the same wording, such as copies and unchanged versions. */
  readonly wording: string;
}

const PRONOUN =
  /^["“„(]?(?:he|she|it|they|this|these|that|those|his|her|its|their|such|tento|tato|toto|tyto|tito|ten|ta|to|ti|ty|on|ona|ono|oni|jeho|její|jejich|zde|tam|tehdy|also|however)(?!\p{L})/iu;

/** The part of a chunk that is looked at. */
type ViewedChunk = Pick<Evidence, 'text' | 'language' | 'title' | 'headingPath'>;

/** Analyses a chunk's sentences and table rows. */
export function viewChunk(chunk: ViewedChunk): ChunkView {
  const spans = segmentSentences(chunk.text);
  const tables = findTableRows(chunk.text, spans);
  const headingTexts = new Set([chunk.title, ...chunk.headingPath]);
  const sentences = spans
    .map((span) => viewSentence(chunk, span, tables.get(span.start), headingTexts))
    .filter((view) => view.table?.isHeader !== true);
  let spellings: Spellings | undefined;
  const headings = analyze([chunk.title, ...chunk.headingPath].join('\n'), chunk.language);
  return {
    sentences,
    stems: new Set(sentences.flatMap((view) => view.stems)),
    headingStems: new Set(headings.map((term) => term.stem)),
    headingRoots: rootsIn(headings, chunk.language),
    get spellings() {
      return (spellings ??= new Map([
        ...spellingsOf(headings),
        ...sentences.flatMap((view) => [...view.spellings]),
      ]));
    },
    wording: sentences.map((view) => view.stems.join(' ')).join('\n'),
  };
}

/** The words of some terms with their grams; short words have none and only match whole. */
function spellingsOf(terms: readonly Term[]): Map<string, ReadonlySet<string>> {
  const words = terms.filter((term) => term.kind !== 'concept');
  return new Map(words.map(({ fold }) => [fold, spellingGrams(fold)]));
}

function rootsIn(terms: readonly Term[], language: string): Set<string> {
  if (language === 'en') return new Set();
  return new Set(terms.filter((term) => term.kind === 'word').flatMap((term) => rootsOf(term.stem)));
}

function viewSentence(
  chunk: ViewedChunk,
  span: Span,
  table: TableRow | undefined,
  headings: ReadonlySet<string>,
): SentenceView {
  const { language } = chunk;
  const text = chunk.text.slice(span.start, span.end);
  const terms = analyze(text, language);
  // Looked at only where the languages differ.
  let roots: ReadonlySet<string> | undefined;
  let ranges: readonly NumberRange[] | undefined;
  let spellings: Spellings | undefined;
  const places = new Map<string, number[]>();
  for (const [index, term] of terms.entries()) {
    const known = places.get(term.stem);
    if (known === undefined) places.set(term.stem, [index]);
    else known.push(index);
  }
  return {
    ...span,
    text,
    stems: terms.map((term) => term.stem),
    positions: terms.map((term) => term.start),
    places,
    distinctStems: new Set(places.keys()),
    get roots() {
      return (roots ??= rootsIn(terms, language));
    },
    get ranges() {
      return (ranges ??= findRanges(text));
    },
    get spellings() {
      return (spellings ??= spellingsOf(terms));
    },
    opensWithPronoun: PRONOUN.test(text),
    isHeading: headings.has(text) || /^#{1,6}\s/u.test(text),
    table,
    labelStems: new Set(table === undefined ? [] : analyze(table.label, language).map((term) => term.stem)),
  };
}
