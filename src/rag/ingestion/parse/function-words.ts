// The small words of a language are most of any text of it: a few dozen tell languages apart without reading further.
// None of one letter: in code and formulas they are names.
const WORDS = {
  cs: `se na je že do ve pro za by ale jako po které který která jsou od při nebo jeho však být bude podle
    pouze tak také není byl byla bylo má mezi před tento této tohoto jejich jen až než už dle ze ke si či pokud lze musí
    může mohou tím tato toto jeho její jsme kde kdy co to této těchto aby jak nejsou nebyl ani bez více pod nad`,
  sk: `sa na je že do vo pre za by ale ako po ktoré ktorý ktorá sú od pri alebo jeho však byť bude podľa
    iba tak tiež nie je bol bola bolo má medzi pred tento tejto tohto ich len až než už zo ku si či ak možno musí môže
    môžu tým táto toto jej sme kde kedy čo to týchto aby nie sú nebol ani bez viac pod nad`,
  pl: `się na jest że do ze dla za by ale jak po które który która są od przy lub jego jednak być będzie według
    tylko tak także nie był była było ma między przed oraz przez to tym tego może mogą można ich już ten ta te co gdzie`,
  en: `the of and to in is that for it as with on be are by this was at from or an which not have has were can will may
    its these their we our all any no if when must shall should been than more into only also each other such you
    your they there who`,
  de: `der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass
    sie nach wird bei einer um am sind noch wie einem über so zum oder zur durch können wenn nur vor haben kann eines
    einen war aber wir ihre seine muss`,
} as const;
type Known = keyof typeof WORDS;
const LANGUAGES: readonly Known[] = ['cs', 'sk', 'pl', 'en', 'de'];

/** Letters that only one of these languages writes. */
const LETTERS: readonly (readonly [Known, RegExp])[] = [
  ['cs', /[ěřů]/u],
  ['sk', /[ľĺŕ]/u],
  ['pl', /[łąęśźżćń]/u],
  ['de', /[ßöü]/u],
];

/** A word that one language has counts for more than one that several share. */
const OWN = 2;
const SHARED = 1;
const MIN_POINTS = 4;
const MIN_LEAD = 2;

const LISTS: readonly (readonly [Known, ReadonlySet<string>])[] = LANGUAGES.map((language) => [
  language,
  new Set(WORDS[language].split(/\s+/u)),
]);
const POINTS = new Map<string, readonly (readonly [Known, number])[]>();
for (const word of new Set(LISTS.flatMap(([, words]) => [...words]))) {
  const having = LISTS.filter(([, words]) => words.has(word)).map(([language]) => language);
  POINTS.set(
    word,
    having.map((language) => [language, having.length === 1 ? OWN : SHARED]),
  );
}

/** The language whose small words and letters lead clearly; undefined when none does, as in a list of names. */
export function clearLanguageOf(text: string): string | undefined {
  const points: Record<Known, number> = { cs: 0, sk: 0, pl: 0, en: 0, de: 0 };
  for (const word of text.toLowerCase().split(/[^\p{L}]+/u)) {
    for (const [language, value] of POINTS.get(word) ?? []) points[language] += value;
  }
  for (const [language, letter] of LETTERS) if (letter.test(text.toLowerCase())) points[language] += OWN;
  const [first, second] = LANGUAGES.toSorted((a, b) => points[b] - points[a]);
  if (first === undefined || second === undefined) return undefined;
  const isClear = points[first] >= MIN_POINTS && points[first] >= MIN_LEAD * points[second];
  return isClear ? first : undefined;
}
