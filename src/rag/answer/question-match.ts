import { CONCEPT_MARK } from '../analysis/concepts.ts';
import type { QuestionTerm } from './question.ts';
import type { ChunkView, ViewedTerms } from './sentence-view.ts';
import { isKin, openingsOfKin, rootsOf } from './word-root.ts';

/** What one stem of a text has to do with one term of a question. */
interface Link {
  /** Place of the term in the question. */
  readonly term: number;
  readonly isSame: boolean;
  /** How alike they are by their beginning: 0, or 0.48 to 0.8. */
  readonly near: number;
  readonly isKin: boolean;
  readonly isKindred: boolean;
}

/** What a stretch of text holds of a question, by the places of the question's terms. */
export interface TermMatches {
  readonly has: readonly boolean[];
  readonly near: readonly number[];
  readonly isKin: readonly boolean[];
  readonly isKindred: readonly boolean[];
  /** Indexes of the text's terms that the question names, in order. */
  readonly places: readonly number[];
}

/** A chunk with what it holds of a question: its sentences one by one, and its headings. */
export interface MatchedChunk {
  readonly view: ChunkView;
  readonly sentences: readonly TermMatches[];
  readonly headings: TermMatches;
}

/** What of a term decides where it is found. */
type SoughtTerm = Pick<QuestionTerm, 'stem' | 'isNumber' | 'roots' | 'kindred'>;

interface Found extends TermMatches {
  readonly has: boolean[];
  readonly near: number[];
  readonly isKin: boolean[];
  readonly isKindred: boolean[];
  readonly places: number[];
}

function note({ has, near, isKin: kin, isKindred }: Found, link: Link): void {
  const { term } = link;
  if (link.isSame) has[term] = true;
  if (link.near > near[term]!) near[term] = link.near;
  if (link.isKin) kin[term] = true;
  if (link.isKindred) isKindred[term] = true;
}

const SHORTEST_PREFIX = 4;
const NEAR_FORM = 0.8;
const LEAST_SHARE = 0.6;
const NO_LINKS: readonly Link[] = [];

/** How alike two stems are by their common beginning: 0, or 0.48 to 0.8. */
export function nearForm(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let common = 0;
  while (common < shorter && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  const share = common / Math.max(a.length, b.length);
  return common >= SHORTEST_PREFIX && share >= LEAST_SHARE ? NEAR_FORM * share : 0;
}

/** Whether a term may stand in a text in another form. */
const hasForms = ({ isNumber, stem }: SoughtTerm): boolean =>
  stem.length >= SHORTEST_PREFIX && !isNumber && !stem.startsWith(CONCEPT_MARK);

/** First two letters of stems that may have to do with a question, as a table. */
type Openings = Uint8Array;
/** Stems are folded: few letters lie beyond, and those that share a place with others are compared in vain. */
const ALPHABET = 128;

const placeOf = (first: number, second: number): number =>
  (first % ALPHABET) * ALPHABET + (second % ALPHABET);

/** Whether a stem begins like one that has to do with the question. Most do not, and are looked at no further. */
const mayOpen = (openings: Openings, stem: string): boolean =>
  stem.length < 2 || openings[placeOf(stem.charCodeAt(0), stem.charCodeAt(1))] === 1;

function openingsOf(terms: readonly SoughtTerm[]): Openings {
  const openings = new Uint8Array(ALPHABET * ALPHABET);
  for (const { stem, roots, kindred } of terms) {
    for (const text of [stem, ...kindred, ...roots.flatMap(openingsOfKin)]) {
      if (text.length > 1) openings[placeOf(text.charCodeAt(0), text.charCodeAt(1))] = 1;
    }
  }
  return openings;
}

/**
 * What the stems of texts have to do with the terms of one question. A text repeats its words and passages repeat each
 * other's, so that each stem is compared once and then looked up.
 */
export class QuestionMatch {
  readonly #terms: readonly SoughtTerm[];
  readonly #withForms: readonly boolean[];
  readonly #none: TermMatches;
  readonly #openings: Openings;
  readonly #plain = new Map<string, readonly Link[]>();
  readonly #rooted = new Map<string, readonly Link[]>();
  readonly #chunks = new Map<ChunkView, MatchedChunk>();

  constructor(terms: readonly SoughtTerm[]) {
    this.#terms = terms;
    this.#withForms = terms.map(hasForms);
    this.#none = this.#nothing();
    this.#openings = openingsOf(terms);
  }

  /** What a chunk holds, looked up once. */
  matchChunk(view: ChunkView): MatchedChunk {
    let known = this.#chunks.get(view);
    if (known === undefined) {
      const sentences = view.sentences.map((sentence) =>
        // What a cell holds, the head of its column says.
        sentence.header === undefined ? this.match(sentence) : this.match(sentence, sentence.header),
      );
      this.#chunks.set(view, (known = { view, sentences, headings: this.match(view.headings) }));
    }
    return known;
  }

  /** What some stretches of text hold together; places are those of the first one. */
  match(...stretches: readonly ViewedTerms[]): TermMatches {
    let found: Found | undefined;
    for (let stretch = 0; stretch < stretches.length; stretch++) {
      const { terms, hasRoots } = stretches[stretch]!;
      for (let place = 0; place < terms.length; place++) {
        const { stem, kind } = terms[place]!;
        const links = this.#linksOf(stem, hasRoots && kind === 'word');
        if (links.length === 0) continue;
        found ??= this.#nothing();
        for (const link of links) note(found, link);
        if (stretch === 0 && links.some(({ isSame }) => isSame)) found.places.push(place);
      }
    }
    return found ?? this.#none;
  }

  #nothing(): Found {
    return {
      has: this.#terms.map(() => false),
      near: this.#terms.map(() => 0),
      isKin: this.#terms.map(() => false),
      isKindred: this.#terms.map(() => false),
      places: [],
    };
  }

  #linksOf(stem: string, isRooted: boolean): readonly Link[] {
    if (!mayOpen(this.#openings, stem)) return NO_LINKS;
    const links = isRooted ? this.#rooted : this.#plain;
    let known = links.get(stem);
    if (known === undefined) links.set(stem, (known = this.#compare(stem, isRooted)));
    return known;
  }

  #compare(stem: string, isRooted: boolean): readonly Link[] {
    const roots = isRooted ? rootsOf(stem) : [];
    let links: Link[] | undefined;
    for (const [term, sought] of this.#terms.entries()) {
      const isSame = sought.stem === stem;
      const near = this.#withForms[term] === true ? nearForm(sought.stem, stem) : 0;
      const isOfKin = isKin(sought.roots, roots);
      const isKindred = isOneOf(sought.kindred, stem, roots);
      if (isSame || near > 0 || isOfKin || isKindred)
        (links ??= []).push({ term, isSame, near, isKin: isOfKin, isKindred });
    }
    return links ?? NO_LINKS;
  }
}

const isOneOf = (set: ReadonlySet<string>, stem: string, roots: readonly string[]): boolean =>
  set.size > 0 && (set.has(stem) || roots.some((root) => set.has(root)));
