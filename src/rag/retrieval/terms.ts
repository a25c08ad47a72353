const WORD = /[\p{L}\p{N}]+/gu;
const STEM_LENGTH = 5;
const STOP_WORDS = new Set(
  (
    'a aby aj ale ani ano az bez by bych byl byla byli bylo byt ci co do ho i ja jak jaka jake jaky je jeho jeji jejich ' +
    'jen jeste ji jsem jsme jsou k kde kdo kdy kdyz ke kolik ktera ktere kteri ktery ma mam me mezi mi mit mne moc muj ' +
    'muze my na nad nam nas ne nebo nebyl neni nez nic o od on ona oni ono pak po pod podle pokud pro proc proto pri s ' +
    'se si sve svuj ta tak take tam tato te ten tento teto ti tim to tom tomu toto tu ty u uz v vam vas ve vsak vsechny ' +
    'vy z za ze the an and are as at be by can do for from has have how i if in is it of on or that this to was what ' +
    'when where which who will with you your'
  ).split(' '),
);

/** Lower case without diacritics. */
function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

/** Terms of a text for index and query alike: folded words without stop words, cut to a common length. */
export function toTerms(text: string): string[] {
  return [...fold(text).matchAll(WORD)]
    .map((match) => match[0])
    .filter((word) => !STOP_WORDS.has(word))
    .map((word) => (/\d/.test(word) ? word : word.slice(0, STEM_LENGTH)));
}
