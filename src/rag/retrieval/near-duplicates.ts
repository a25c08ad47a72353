import { findWords, foldDiacritics, type Evidence, type EvidenceCopy } from '#core/index.ts';

const SHINGLE_WORDS = 4;
/** Share of the shingles of both that two copies have in common at least. */
const MIN_LIKENESS = 0.85;
/** A word of these, folded, turns a sentence round. */
const TURNING =
  /^(?:ne.+|ni(?:kdy|kdo|c|jak)|bez|krome|vyjma|mimo|ledaze|not|no|never|none|without|except|unless|cannot)$/u;

/** What two texts are compared by. */
interface Fingerprint {
  readonly shingles: ReadonlySet<string>;
  readonly words: ReadonlyMap<string, number>;
}

function fingerprint(text: string): Fingerprint {
  const words = findWords(text).map((word) => foldDiacritics(word.text));
  const count = Math.max(1, words.length - SHINGLE_WORDS + 1);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    shingles: new Set(
      Array.from({ length: count }, (_, at) => words.slice(at, at + SHINGLE_WORDS).join(' ')),
    ),
    words: counts,
  };
}

/** The share of shingles that two texts have in common (Jaccard). */
function likeness({ shingles: a }: Fingerprint, { shingles: b }: Fingerprint): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size < MIN_LIKENESS * large.size) return 0;
  let shared = 0;
  for (const shingle of small) if (large.has(shingle)) shared += 1;
  return shared / (a.size + b.size - shared);
}

/** Words that a text has more often than another one. */
function extraWords(a: Fingerprint, b: Fingerprint): string[] {
  return [...a.words].filter(([word, count]) => count > (b.words.get(word) ?? 0)).map(([word]) => word);
}

/**
 * Whether one text may stand for the other: nearly the same words, and one of them only adds some, a heading or a
 * remark. Where a word stands for another, or a number or a negation was added, something else is said: two months
 * for three, one party for another, in contracts that are alike in all the rest.
 */
function areCopies(a: Fingerprint, b: Fingerprint): boolean {
  if (likeness(a, b) < MIN_LIKENESS) return false;
  const [more, less] = [extraWords(a, b), extraWords(b, a)];
  if (more.length > 0 && less.length > 0) return false;
  return [...more, ...less].every((word) => !/\p{N}/u.test(word) && !TURNING.test(word));
}

const SAMPLED_WORDS = 6;

/** A passage as it is compared: what is dear is made when it is asked for, and few are ever asked. */
class Compared {
  readonly folded: string;
  readonly #text: string;
  #fingerprint: Fingerprint | undefined;

  constructor(text: string) {
    this.#text = text;
    this.folded = foldDiacritics(text.toLowerCase());
  }

  get fingerprint(): Fingerprint {
    return (this.#fingerprint ??= fingerprint(this.#text));
  }

  /** Whether some words taken from all over this text are in the other one too. */
  isSampledIn(other: Compared): boolean {
    const step = Math.max(1, Math.floor(this.folded.length / SAMPLED_WORDS));
    for (let at = 0; at < this.folded.length; at += step) {
      const [word] = /[\p{L}\p{N}]+/u.exec(this.folded.slice(at, at + step)) ?? [];
      // The first of a stretch may be the end of a word: then that end is looked for.
      if (word !== undefined && !other.folded.includes(word)) return false;
    }
    return true;
  }

  /** One of two copies has no word that the other lacks. */
  isCopyOf(other: Compared): boolean {
    if (!this.isSampledIn(other) && !other.isSampledIn(this)) return false;
    return areCopies(this.fingerprint, other.fingerprint);
  }
}

const toCopy = ({ documentId, versionId, chunkId, title, page }: Evidence): EvidenceCopy => ({
  documentId,
  versionId,
  chunkId,
  title,
  page,
});

/**
 * Groups passages that say the same in nearly the same words: of each group the first stays, and names the others.
 * Groups are made of what is given and of nothing else,
 * so that a passage the asker may not read leaves no trace in them.
 * @see Broder: On the resemblance and containment of documents, 1997; counted exactly, as the passages are few.
 */
export function groupNearDuplicates(evidence: readonly Evidence[]): Evidence[] {
  const groups: { readonly first: Evidence; readonly compared: Compared; readonly copies: EvidenceCopy[] }[] =
    [];
  for (const piece of evidence) {
    const compared = new Compared(piece.text);
    const group = groups.find((one) => one.compared.isCopyOf(compared));
    if (group === undefined) groups.push({ first: piece, compared, copies: [] });
    else group.copies.push(toCopy(piece));
  }
  return groups.map(({ first, copies }) => (copies.length === 0 ? first : { ...first, copies }));
}
