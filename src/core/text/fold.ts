/** Strips diacritics: `příčný` becomes `pricny`. Length may change; offsets of the result are not those of `text`. */
export function foldDiacritics(text: string): string {
  return isPlain(text) ? text : text.normalize('NFD').replaceAll(/\p{M}+/gu, '');
}

/** Composed characters in lower case: the one spelling in which words are compared. */
export function normalizeWord(word: string): string {
  return (isPlain(word) ? word : word.normalize('NFC')).toLowerCase();
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return false;
  }
  return true;
}
