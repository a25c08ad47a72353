// Words that a question needs for its grammar more than for what it asks: an answer seldom repeats them, and that it
// does not says little. Folded, by their beginnings; what a beginning would take along wrongly is written whole with $.

const BEGINNINGS =
  // Czech and Slovak
  'chod$ chodi prij$ prijde prichazi jed$ jede jedu jdu jde jit$ pujd bud$ budu budou bude beru bere brat$ dam$ davaji$ ' +
  'dejte probiha kona$ konaji$ konat$ poskyt prisl$ nalezi$ potreb chce chci rad$ kvul sam$ sama$ vlastni$ vlastnim$ ' +
  'vlastniho$ vseh vsich konk pripad$ presn zhrub zrovn vub nejv nejm maxim minim nejpoz letos loni aktual soucasn ' +
  'moznos existuj jinak uz$ treba dovoleno$ povoleno$ smim muzou$ mohli$ mohl$ mohla$ sme$ smeji$ smi$ nesmi$ stane$ stalo$ ' +
  'stat$ deje$ sebe$ sebou$ sobe$ clovek$ nutny nutne nutna penez$ penize$ vlastne$ pripadne$ hlavne$ zkratka$ jdou$ ' +
  'jde$ jeste$ ted$ nyni$ samo$ sami$ vzit$ vzdy$ celkem$ celkov ' +
  // English
  'name$ named type$ types$ kind$ kinds$ sort$ call$ called$ use$ uses$ used$ using$ like$ say$ said tell$ told mean$ ' +
  'means$ meant happen become became make$ made makes$ give$ given go$ goes$ come$ came$ try tries part$ main$ mainly ' +
  'compar describ consid accord exact current actual general typical common specific certain far$ one$ way$ amount ' +
  'allow$ allowed$ permitted$ able$ have$ had$ put$ keep$ know$ known';

const WHOLE = new Set<string>();
const OPENINGS: string[] = [];
for (const beginning of BEGINNINGS.split(' ')) {
  if (beginning.endsWith('$')) WHOLE.add(beginning.slice(0, -1));
  else OPENINGS.push(beginning);
}
/** A beginning opens longer words too: only what is at most so much longer is taken. */
const MOST_ENDING = 4;

/** Whether a folded word says little about what is asked. */
export function isLightWord(folded: string): boolean {
  if (WHOLE.has(folded)) return true;
  return OPENINGS.some(
    (opening) => folded.startsWith(opening) && folded.length - opening.length <= MOST_ENDING,
  );
}
