/** Below this, characters are composed and none is a mark. */
const FIRST_MARK = 0x300;
const LAST_ASCII = 0x7f;

const strip = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}+/gu, '');

/** What each character below the marks folds to, by its code: most of what people write in Latin letters. */
const FOLDED = Array.from({ length: FIRST_MARK }, (_, code) => strip(String.fromCharCode(code)));

/** Strips diacritics: `příčný` becomes `pricny`. Length may change; offsets of the result are not those of `text`. */
export function foldDiacritics(text: string): string {
  const highest = highestCode(text);
  if (highest <= LAST_ASCII) return text;
  if (highest >= FIRST_MARK) return strip(text);
  let folded = '';
  for (let index = 0; index < text.length; index++) folded += FOLDED[text.charCodeAt(index)]!;
  return folded;
}

/** Composed characters in lower case: the one spelling in which words are compared. */
export function normalizeWord(word: string): string {
  return (highestCode(word) < FIRST_MARK ? word : word.normalize('NFC')).toLowerCase();
}

function highestCode(text: string): number {
  let highest = 0;
  for (let index = 0; index < text.length; index++) highest = Math.max(highest, text.charCodeAt(index));
  return highest;
}
