// Words that a question needs for its grammar more than for what it asks: an answer seldom repeats them, and that it
// does not says little. Folded, by their beginnings; what a beginning would take along wrongly is written whole with $.

const BEGINNINGS =
  // Czech and Slovak
  'chod$ chodi prij prich jed$ jede jedu jdu jde jit pujd bud$ budu budou bude beru bere brat dav dam$ dat$ dela udel ' +
  'dejte prob kon$ kona poskyt plat$ plati prisl nalez potreb poteb chce chci rad$ rada kvul sam$ sama vlast vseh vsich ' +
  'jist prav urc konk prip$ pripad presn zhrub zrovn vub nejv nejm maxim minim nejpoz letos loni aktual soucas moznos ' +
  'existuj jinak jest uz$ treba dovol povol smim ' +
  // English
  'name$ named type kind sort call use$ used like$ say$ said tell told mean happen become became make$ made makes give ' +
  'gave given go$ goes come came become let$ try tries part$ main$ mainly compar describ consid accord exact current ' +
  'actual general typical common specific certain far$ one$ way$ amount term$ allow permit able have$ had$ put$ keep$ ' +
  'know$ known';

const WHOLE = new Set<string>();
const OPENINGS: string[] = [];
for (const beginning of BEGINNINGS.split(' ')) {
  if (beginning.endsWith('$')) WHOLE.add(beginning.slice(0, -1));
  else OPENINGS.push(beginning);
}
/** `dav` opens dávám and also dávka: only what is at most so much longer is taken. */
const MOST_ENDING = 4;

/** Whether a folded word says little about what is asked. */
export function isLightWord(folded: string): boolean {
  if (WHOLE.has(folded)) return true;
  return OPENINGS.some(
    (opening) => folded.startsWith(opening) && folded.length - opening.length <= MOST_ENDING,
  );
}
