// The English stemmer of the Snowball project ("Porter2"), written from its published description.
// https://snowballstem.org/algorithms/english/stemmer.html

const VOWEL = 'aeiouy';
const isVowel = (letter: string | undefined): boolean => letter !== undefined && VOWEL.includes(letter);
const HAS_VOWEL = /[aeiouy]/;
const DOUBLE = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
// After a non-vowel or at the start; the last consonant is not w, x or Y.
const SHORT_SYLLABLE = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/;

const WHOLE = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
]);
const UNCHANGED = new Set(['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes']);
const UNCHANGED_AFTER_STEP_1A = /^(?:inning|outing|canning|herring|earring|proceed|exceed|succeed)$/;

const STEP_2: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['entli', 'ent'],
  ['izer', 'ize'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['alli', 'al'],
  ['fulness', 'ful'],
  ['ousli', 'ous'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['bli', 'ble'],
  ['fulli', 'ful'],
  ['lessli', 'less'],
];
const STEP_3: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const STEP_4 = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic)$/;

/** Where the regions R1 and R2 begin. */
function regions(word: string): readonly [number, number] {
  const special = /^(?:gener|commun|arsen)/.exec(word);
  const first = special ? special[0].length : regionAfter(word, 0);
  return [first, regionAfter(word, first)];
}

function regionAfter(word: string, from: number): number {
  for (let index = from + 1; index < word.length; index++) {
    if (!isVowel(word[index]) && isVowel(word[index - 1])) return index + 1;
  }
  return word.length;
}

function step1a(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(?:ied|ies)$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/(?:us|ss)$/.test(word) || !word.endsWith('s')) return word;
  return HAS_VOWEL.test(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

function step1b(word: string, r1: number): string {
  const eed = /eed(?:ly)?$/.exec(word);
  if (eed) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const ending = /(?:ed|ing)(?:ly)?$/.exec(word);
  if (!ending || !HAS_VOWEL.test(word.slice(0, ending.index))) return word;
  const stem = word.slice(0, ending.index);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE.test(stem)) return stem.slice(0, -1);
  return r1 >= stem.length && SHORT_SYLLABLE.test(stem) ? `${stem}e` : stem;
}

function replaceIn(word: string, region: number, rules: readonly (readonly [string, string])[]): string {
  const rule = rules.find(([ending]) => word.endsWith(ending));
  if (!rule) return word;
  const at = word.length - rule[0].length;
  return at >= region ? word.slice(0, at) + rule[1] : word;
}

function step2(word: string, r1: number): string {
  if (STEP_2.some(([ending]) => word.endsWith(ending))) return replaceIn(word, r1, STEP_2);
  if (word.endsWith('ogi')) return word.length - 3 >= r1 && word.at(-4) === 'l' ? word.slice(0, -1) : word;
  if (/[cdeghkmnrt]li$/.test(word) && word.length - 2 >= r1) return word.slice(0, -2);
  return word;
}

function step3(word: string, r1: number, r2: number): string {
  if (word.endsWith('ative'))
    return word.length - 5 >= r2 && word.length - 5 >= r1 ? word.slice(0, -5) : word;
  return replaceIn(word, r1, STEP_3);
}

function step4(word: string, r2: number): string {
  const ending = STEP_4.exec(word) ?? /(?<=[st])ion$/.exec(word);
  return ending && ending.index >= r2 ? word.slice(0, ending.index) : word;
}

function step5(word: string, r1: number, r2: number): string {
  const at = word.length - 1;
  if (word.endsWith('e')) {
    const isRemoved = at >= r2 || (at >= r1 && !SHORT_SYLLABLE.test(word.slice(0, -1)));
    return isRemoved ? word.slice(0, -1) : word;
  }
  return word.endsWith('ll') && at >= r2 ? word.slice(0, -1) : word;
}

/**
 * Stem of an English word in lower case: `contracts` and `contracted` meet in `contract`.
 * @see https://snowballstem.org/algorithms/english/stemmer.html
 */
export function stemEnglish(word: string): string {
  if (word.length < 3) return word;
  const whole = WHOLE.get(word);
  if (whole !== undefined) return whole;
  if (UNCHANGED.has(word)) return word;
  // Y stands for a y that is a consonant.
  let stem = word.replace(/^y/, 'Y').replaceAll(/(?<=[aeiouy])y/g, 'Y');
  const [r1, r2] = regions(stem);
  stem = step1a(stem);
  if (UNCHANGED_AFTER_STEP_1A.test(stem)) return stem;
  stem = step1b(stem, r1);
  if (/[^aeiouy][yY]$/.test(stem) && stem.length > 2) stem = `${stem.slice(0, -1)}i`;
  stem = step5(step4(step3(step2(stem, r1), r1, r2), r2), r1, r2);
  return stem.replaceAll('Y', 'y');
}
