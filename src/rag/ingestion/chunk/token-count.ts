const PIECES = /\p{L}[\p{L}\p{M}]*|\p{N}+|[^\s\p{L}\p{N}]/gu;
const LETTERS_PER_TOKEN = 4.5;
const MARKED_LETTER = /\P{ASCII}/gu;
const DIGITS_PER_TOKEN = 3;

/**
 * About how many tokens a small multilingual model makes of a text. A word costs a token for each 4.5 letters,
 * and half a token more for each letter with a mark, because vocabularies made mostly of English cut words
 * there; digits go by threes; every other sign is one. An estimate: no two models agree, and chunk sizes need
 * no better.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    if (/^\p{N}/u.test(piece)) tokens += Math.ceil(piece.length / DIGITS_PER_TOKEN);
    else if (/^\p{L}/u.test(piece)) {
      const marked = piece.match(MARKED_LETTER)?.length ?? 0;
      tokens += Math.max(1, Math.round((piece.length + marked * 2) / LETTERS_PER_TOKEN));
    } else tokens += 1;
  }
  return tokens;
}
