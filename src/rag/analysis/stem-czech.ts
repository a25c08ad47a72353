// A light stemmer for Czech nouns and adjectives, our own: it takes off the case ending, then brings the
// consonants that alternate before an ending (ruka, ruce; biolog, biolozi) to one form. It works on the folded
// word, so that what is typed without diacritics meets what is written with them.
// The idea of a light stemmer for Czech: Dolamic, Savoy: Indexing and stemming approaches for the Czech
// language, Information Processing & Management 45 (2009).

const ENDINGS =
  /(?:ech|ich|eho|emi|emu|iho|imi|imu|ach|ych|yma|ima|ama|ami|ymi|em|im|um|am|us|ym|mi|ou|ej|uv|[eiauyo])$/;
const SHORTEST_STEM = 3;
const SUPERLATIVE = /^nej(?=.{5}).*(?:si|sich|siho|simu|sim|simi)$/;
// What ends like a case ending and is none: program, seznam, problém, systém.
const ENDS_IN_ITSELF = /(?:gram|znam|klam|blem|ystem|xtrem|lbum|anin|min)$/;
// nájem, zájem, příjem, objem, pojem: the e is fleeting (genitive nájmu).
const FLEETING_BEFORE_M = /^((?:pro|pod)?(?:na|za|pri|ob|po|do))jem$/;
// Everyday words whose stem changes more than a rule can say.
const IRREGULAR = new Map([
  ['smluv', 'smlouv'],
  ['mezd', 'mzd'],
  ...['dne', 'dni', 'dny', 'dnu', 'dnum', 'dnech', 'dnem'].map((form) => [form, 'den'] as const),
]);

function withoutEnding(word: string): string {
  if (ENDS_IN_ITSELF.test(word)) return word;
  if (/(?:blem|ystem|xtrem)u$/.test(word)) return word.slice(0, -1);
  const ending = ENDINGS.exec(word);
  if (ending === null) return word;
  // The longest ending may leave too little where a shorter one does not: pse is left, dobou is dob.
  if (ending.index >= SHORTEST_STEM) return word.slice(0, ending.index);
  return /[eiauyo]$/.test(word) && word.length > SHORTEST_STEM ? word.slice(0, -1) : word;
}

/**
 * Stem of a Czech word in lower case without diacritics: `smlouvami` and `smlouva` meet in `smlouv`,
 * `zamestnancem` and `zamestnanec` in `zamestnank`. Words under four letters stay, but for a few.
 */
export function stemCzech(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= SHORTEST_STEM) return word;
  const positive = SUPERLATIVE.test(word) ? word.slice(3) : word.replace(FLEETING_BEFORE_M, '$1jm');
  const stem = withoutEnding(positive)
    .replace(/ct$/, 'ck')
    .replace(/([dhjklmnprtvz]s)t$/, '$1k')
    .replace(/c$/, 'k')
    .replace(/[zg]$/, 'h')
    .replace(/izm$/, 'ism');
  if (stem.length <= SHORTEST_STEM + 1) return stem;
  return stem.replace(/([^aeiouy])e([kncrlb])$/, '$1$2').replace(/([sc]t)ev$/, '$1v');
}
