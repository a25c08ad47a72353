// Names of months as they are written in dates, folded; the number is 1 for January.
const NAMES: readonly (readonly string[])[] = [
  ['leden', 'ledna', 'lednu', 'januar', 'januara', 'januari', 'january', 'jan'],
  ['unor', 'unora', 'unoru', 'februar', 'februara', 'februari', 'february', 'feb'],
  ['brezen', 'brezna', 'breznu', 'marec', 'marca', 'marci', 'march', 'mar'],
  ['duben', 'dubna', 'dubnu', 'april', 'aprila', 'aprili', 'apr'],
  ['kveten', 'kvetna', 'kvetnu', 'maj', 'maja', 'maji', 'may'],
  ['cerven', 'cervna', 'cervnu', 'jun', 'juna', 'juni', 'june'],
  ['cervenec', 'cervence', 'cervenci', 'jul', 'jula', 'juli', 'july'],
  ['srpen', 'srpna', 'srpnu', 'august', 'augusta', 'auguste', 'aug'],
  ['zari', 'september', 'septembra', 'septembri', 'sep', 'sept'],
  ['rijen', 'rijna', 'rijnu', 'oktober', 'oktobra', 'oktobri', 'october', 'oct'],
  ['listopad', 'listopadu', 'november', 'novembra', 'novembri', 'nov'],
  ['prosinec', 'prosince', 'prosinci', 'december', 'decembra', 'decembri', 'dec'],
];
const NUMBERS = new Map(NAMES.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

/** 1 to 12 for a folded name of a month in Czech, Slovak or English; undefined for another word. */
export function monthOf(folded: string): number | undefined {
  return NUMBERS.get(folded);
}
