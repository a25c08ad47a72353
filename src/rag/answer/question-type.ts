import { foldDiacritics } from '#core/index.ts';

/** What kind of thing a question asks for. It decides which sentences look like an answer. */
export type QuestionType =
  | 'section'
  | 'contact'
  | 'time'
  | 'percent'
  | 'money'
  | 'duration'
  | 'date'
  | 'number'
  | 'name'
  | 'yes-no'
  | 'reason'
  | 'definition'
  | 'list'
  | 'other';

// Over the folded question, in lower case. Order matters: the first that fits.
const QUESTIONS: readonly (readonly [QuestionType, RegExp])[] = [
  [
    'section',
    /§|\b(?:which|what) (?:section|article|clause)|ktere?\w* (?:paragraf|clanek|clank|odstav|ustanoven)|podle (?:jakeho|ktereho) (?:paragrafu|clanku|zakona)/,
  ],
  ['contact', /e-?mail|telefon|\bphone|kontaktni|na jakou adresu|what address/],
  ['time', /v kolik|od kolika|do kolika hodin|(?:at )?what time|which hours|v jakou (?:hodinu|dobu)/],
  [
    'percent',
    /what percent|percentage|what share|kolik (?:je |cini )?procent|jake? procento|jaky podil|o kolik procent/,
  ],
  [
    'money',
    /how much (?:money|did|does|do|was|is|were|are|will|can)\b.*\b(?:cost|pay|paid|worth|price|raise|spend|spent|revenue|earn|charge|get|receive)|what (?:is|was|are) the .*?(?:price|cost|fee|salary|fine|penalty|rate|amount|allowance)|kolik (?:to |se |me |nas )?(?:stoji|stal\w*|korun|penez|eur|zaplat|dosta|plat)|jak\w* (?:je |jsou |byla |cini )?(?:cen[au]\w*|vys[ei]|mzd|plat\b|pokut|poplat|najem|castk|nahrad|stravn|prispev|sazb)/,
  ],
  [
    'duration',
    /how long|what (?:is|was) the .*?(?:term|period|duration|notice|deadline)|how (?:many|much) (?:calendar |working |business )?(?:days|weeks|months|years|hours|minutes|time)|jak dlouh|kolik (?:pracovnich |kalendarnich )?(?:dn[iu]|dny|tydn|mesic|let\b|rok|hodin|minut|casu)|(?:lhut|dob)\w*\b|do kolika|za jak|how (?:soon|far in advance)|within (?:what|how)/,
  ],
  [
    'date',
    /\bwhen\b|(?:what|which) (?:year|date|day|month|century|decade)|\bkdy\b|odkdy|dokdy|od kdy|do kdy|(?:v|ve|do|od|z|ke) (?:jakem|kterem|jakeho|ktereho|kteremu) (?:roce|roku|dni|datu|data|stoleti|mesici)|(?:jake|ktere) datum|ktery (?:den|rok)/,
  ],
  [
    'number',
    /how (?:many|much|large|big|tall|high|old|far|often|deep|fast|heavy)|what (?:number|amount|is the (?:number|population|limit|minimum|maximum)|was the population)|\bkolik|kolikrat|jak (?:velk|vysok|star|dalek|casto|tezk|siroc|rychl)|jaky (?:je |byl )?(?:pocet|limit)|jak\w* (?:je )?(?:nejvyssi|nejnizsi|maximalni|minimalni|nejvetsi)/,
  ],
  [
    'name',
    /\bwho(?:m|se)?\b|\bwhere\b|(?:what|which) (?:\w+ )?(?:person|people|team|company|city|country|state|president|king|queen|actor|author|artist|player|university|river|church|group|organization|institution|department)|what (?:is|was) the name|\bkdo\b|\bkoho\b|\bkomu\b|\bkym\b|\bkde\b|\bkam\b|\bodkud\b|kter\w+ (?:osob|spolecnost|firm|mest|zem|stat|stran|urad|soud|oddelen)|jak se jmenuje/,
  ],
  [
    'yes-no',
    /^(?:is|are|was|were|do|does|did|can|could|may|must|should|has|have|will)\b|^(?:je|jsou|byl[aoiy]?|ma|maji|mam|muze|mohou|muzu|mohu|musi|musim|lze|smi|smim|da se|plati|existuje|mel)\s|^\w+-li\b/,
  ],
  ['reason', /\bwhy\b|\bproc\b|z jakeho duvodu|(?:what|which) (?:was|is|were) the (?:reason|cause)/],
  [
    'definition',
    /^(?:what|who) (?:is|are|was) (?:a |an |the )?[\w -]{2,40}\??$|^co (?:je|jsou|znamena|se rozumi)|definition|definice|rozumi se|what does .* mean/,
  ],
  ['list', /^(?:list|name the|jake jsou|ktere jsou|vyjmenuj|what are)\b|which documents|jake doklady/],
];

/** The type of a question in Czech, Slovak or English, with or without diacritics. */
export function questionType(question: string): QuestionType {
  const folded = foldDiacritics(question.toLowerCase().trim());
  return QUESTIONS.find(([, pattern]) => pattern.test(folded))?.[0] ?? 'other';
}

const MEASURABLE: ReadonlySet<QuestionType> = new Set([
  'contact',
  'time',
  'percent',
  'money',
  'duration',
  'date',
  'number',
  'section',
]);

/** Whether an answer of this type cannot do without a number, a date, an address or the like. */
export function isMeasurable(type: QuestionType): boolean {
  return MEASURABLE.has(type);
}
