// A light stemmer for Slovak nouns and adjectives, our own, built like the Czech one and on folded words too.

const ENDINGS =
  /(?:iami|ovia|iach|och|ach|ich|ych|eho|ieho|emu|iemu|ami|imi|ymi|iam|ovi|om|am|em|im|ym|mi|ov|ou|ej|ia|ie|iu|us|[aeiouy])$/;
const SHORTEST_STEM = 3;
const IRREGULAR = new Map(
  ['dni', 'dna', 'dnu', 'dnom', 'dnoch', 'dnami', 'dne'].map((form) => [form, 'den']),
);

/**
 * Stem of a Slovak word in lower case without diacritics: `zmluvách` and `zmluva` meet in `zmluv`,
 * `príspevku` and `príspevok` in `prispevk`. Words under four letters stay, but for a few.
 */
export function stemSlovak(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= SHORTEST_STEM || /(?:gram|znam|klam|blem|ystem|min)$/.test(word)) return word;
  const ending = ENDINGS.exec(word);
  const end = ending !== null && ending.index >= SHORTEST_STEM ? ending.index : word.length;
  const stem = word.slice(0, end).replace(/c$/, 'k').replace(/izm$/, 'ism');
  if (stem.length <= SHORTEST_STEM + 1) return stem;
  return stem.replace(/([^aeiouy])(?:i?e|o)([kncrlb])$/, '$1$2').replace(/([sc]t)iev$/, '$1v');
}
