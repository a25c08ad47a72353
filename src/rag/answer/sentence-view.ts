import { segmentSentences, type Evidence, type Span } from '#core/index.ts';
import { analyze, type Term } from '../analysis/analyze.ts';
import { spellingGrams } from '../analysis/skeleton.ts';
import { findRanges, type NumberRange } from './number-ranges.ts';
import type { Spellings } from './spelling-match.ts';
import { findTableRows, type TableRow } from './table-row.ts';

/** Terms of a stretch of text in reading order; `hasRoots`: its words have Czech or Slovak roots. */
export interface ViewedTerms {
  readonly terms: readonly Term[];
  readonly hasRoots: boolean;
}

/** A sentence of a chunk: spans are in the chunk's text, places of terms in the sentence. What is dear is made when it is asked for. */
export interface SentenceView extends Span, ViewedTerms {
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  /** Ranges of numbers that it states. */
  readonly ranges: readonly NumberRange[];
  readonly spellings: Spellings;
  readonly opensWithPronoun: boolean;
  /** A line that names what follows, without a verdict of its own. */
  readonly isHeading: boolean;
  readonly table: TableRow | undefined;
  /** Of a table row, what the heads of its columns say; undefined for prose. */
  readonly header: ViewedTerms | undefined;
  /** Stems of a table row's label; empty for prose. */
  readonly labelStems: ReadonlySet<string>;
}

/** A chunk as sentence choice sees it: its sentences and the terms of its headings. */
export interface ChunkView {
  readonly sentences: readonly SentenceView[];
  readonly headings: ViewedTerms;
  /** Of the text. */
  readonly stems: ReadonlySet<string>;
  readonly headingStems: ReadonlySet<string>;
  /** Of the text and the headings. */
  readonly spellings: Spellings;
  /** Equal for chunks of the same wording, such as copies and unchanged versions. */
  readonly wording: string;
}

const PRONOUN =
  /^["“„(]?(?:he|she|it|they|this|these|that|those|his|her|its|their|such|tento|tato|toto|tyto|tito|ten|ta|to|ti|ty|on|ona|ono|oni|jeho|její|jejich|zde|tam|tehdy|also|however)(?!\p{L})/iu;
const NO_STEMS: ReadonlySet<string> = new Set();

/** The part of a chunk that is looked at. */
type ViewedChunk = Pick<Evidence, 'text' | 'language' | 'title' | 'headingPath'>;

const stemsOf = (terms: readonly Term[]): Set<string> => new Set(terms.map((term) => term.stem));

/** The words of some terms with their grams; short words have none and only match whole. */
function spellingsOf(terms: readonly Term[]): Map<string, ReadonlySet<string>> {
  const words = terms.filter((term) => term.kind !== 'concept');
  return new Map(words.map(({ fold }) => [fold, spellingGrams(fold)]));
}

/** Where a sentence stands. */
interface SentencePlace {
  readonly table: TableRow | undefined;
  readonly header: ViewedTerms | undefined;
  readonly headings: ReadonlySet<string>;
}

class Sentence implements SentenceView {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly terms: readonly Term[];
  readonly hasRoots: boolean;
  readonly table: TableRow | undefined;
  readonly header: ViewedTerms | undefined;
  readonly isHeading: boolean;
  readonly #language: string;
  #stems: ReadonlySet<string> | undefined;
  #ranges: readonly NumberRange[] | undefined;
  #spellings: Spellings | undefined;
  #labelStems: ReadonlySet<string> | undefined;

  constructor(chunk: ViewedChunk, { start, end }: Span, { table, header, headings }: SentencePlace) {
    this.start = start;
    this.end = end;
    this.text = chunk.text.slice(start, end);
    this.terms = analyze(this.text, chunk.language);
    this.hasRoots = chunk.language !== 'en';
    this.table = table;
    this.header = header;
    this.isHeading = headings.has(this.text) || /^#{1,6}\s/u.test(this.text);
    this.#language = chunk.language;
  }

  get stems(): ReadonlySet<string> {
    return (this.#stems ??= stemsOf(this.terms));
  }

  get ranges(): readonly NumberRange[] {
    return (this.#ranges ??= findRanges(this.text));
  }

  get spellings(): Spellings {
    return (this.#spellings ??= spellingsOf(this.terms));
  }

  get opensWithPronoun(): boolean {
    return PRONOUN.test(this.text);
  }

  get labelStems(): ReadonlySet<string> {
    if (this.table === undefined) return NO_STEMS;
    return (this.#labelStems ??= stemsOf(analyze(this.table.label, this.#language)));
  }
}

class Chunk implements ChunkView {
  readonly sentences: readonly SentenceView[];
  readonly headings: ViewedTerms;
  readonly #headers: readonly ViewedTerms[];
  #stems: ReadonlySet<string> | undefined;
  #headingStems: ReadonlySet<string> | undefined;
  #spellings: Spellings | undefined;
  #wording: string | undefined;

  constructor(chunk: ViewedChunk) {
    const { text, language, title, headingPath } = chunk;
    const spans = segmentSentences(text);
    const tables = findTableRows(text, spans);
    const headingTexts = new Set([title, ...headingPath]);
    const hasRoots = language !== 'en';
    const headers = new Map<number, ViewedTerms>();
    const headerOf = (table: TableRow | undefined): ViewedTerms | undefined => {
      if (table?.headerSpan === undefined) return undefined;
      const { start, end } = table.headerSpan;
      let known = headers.get(start);
      if (known === undefined)
        headers.set(start, (known = { terms: analyze(text.slice(start, end), language), hasRoots }));
      return known;
    };
    this.sentences = spans
      .filter((span) => tables.get(span.start)?.isHeader !== true)
      .map((span) => {
        const table = tables.get(span.start);
        return new Sentence(chunk, span, { table, header: headerOf(table), headings: headingTexts });
      });
    this.#headers = [...headers.values()];
    const terms = analyze([title, ...headingPath].join('\n'), language);
    this.headings = { terms, hasRoots };
  }

  get stems(): ReadonlySet<string> {
    return (this.#stems ??= stemsOf([...this.sentences, ...this.#headers].flatMap(({ terms }) => terms)));
  }

  get headingStems(): ReadonlySet<string> {
    return (this.#headingStems ??= stemsOf(this.headings.terms));
  }

  get spellings(): Spellings {
    return (this.#spellings ??= new Map([
      ...spellingsOf(this.headings.terms),
      ...this.sentences.flatMap((sentence) => [...sentence.spellings]),
    ]));
  }

  get wording(): string {
    return (this.#wording ??= this.sentences
      .map(({ terms }) => terms.map((term) => term.stem).join(' '))
      .join('\n'));
  }
}

/** Analyses a chunk's sentences and table rows. */
export function viewChunk(chunk: ViewedChunk): ChunkView {
  return new Chunk(chunk);
}
