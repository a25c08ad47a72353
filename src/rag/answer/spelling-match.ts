import type { Question } from './question.ts';

/** Folded words and their grams. */
export type Spellings = ReadonlyMap<string, ReadonlySet<string>>;

const LEAST_DICE = 0.4;

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared++;
  return (2 * shared) / (a.size + b.size);
}

/** The likeness in spelling of the best of `words` to a term's grams: Dice, from 0.4; 0 below. */
function bestSpelling(grams: ReadonlySet<string>, words: Spellings): number {
  if (grams.size === 0) return 0;
  let best = 0;
  for (const others of words.values()) best = Math.max(best, dice(grams, others));
  return best >= LEAST_DICE ? best : 0;
}

/**
 * Share of the question's weight that is there as a stem or concept, or matches a word in spelling: across languages
 * names and loan words do.
 * @param text what a stretch of text has; its spellings are asked for only where a stem is missing.
 */
export function spellingShare(
  question: Question,
  text: { readonly stems: ReadonlySet<string>; readonly spellings: Spellings },
): number {
  let found = 0;
  for (const term of question.terms) {
    const isThere = text.stems.has(term.stem) || text.spellings.has(term.fold);
    found += term.weight * (isThere ? 1 : bestSpelling(term.grams, text.spellings));
  }
  return found / question.totalWeight;
}
