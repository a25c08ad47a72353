import { findWords, foldDiacritics } from '#core/index.ts';

// Words that turn a sentence round by themselves, folded. Czech and Slovak verbs do it by a prefix.
const NEGATORS = new Set(
  'not no never none nobody nothing cannot without neither nor ne neni nejsou nesmi nelze nikdy nikdo nic zadny zadna zadne zadneho zadnou nie nesmie nemozno'.split(
    ' ',
  ),
);
const CONTRACTED = /(?<=\p{L})n['’]t(?!\p{L})/gu;
const PREFIX = 'ne';
/** Shorter words begin with `ne` by chance: nebo, nej. */
const SHORTEST_VERB = 3;

const foldedWords = (text: string): string[] =>
  findWords(text).map((word) => foldDiacritics(word.text.toLowerCase()));

const negations = (words: readonly string[], text: string): number =>
  words.filter((word) => NEGATORS.has(word)).length + (text.match(CONTRACTED)?.length ?? 0);

/** A word of `words` whose opposite, by the prefix, stands in `others` while it does not itself. */
function opposes(words: readonly string[], others: ReadonlySet<string>): boolean {
  return words.some((word) => {
    if (!word.startsWith(PREFIX) || word.length - PREFIX.length < SHORTEST_VERB) return false;
    return others.has(word.slice(PREFIX.length)) && !others.has(word);
  });
}

/**
 * Whether one sentence denies what the other says: one has the other's verb with `ne`, or one has words of denial and
 * the other none. Only meant for sentences that speak of the same; double negations are not worked out.
 */
export function isDenied(sentence: string, source: string): boolean {
  const [own, others] = [foldedWords(sentence), foldedWords(source)];
  if (opposes(own, new Set(others)) || opposes(others, new Set(own))) return true;
  return (negations(own, sentence) === 0) !== (negations(others, source) === 0);
}
