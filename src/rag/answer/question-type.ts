import { foldDiacritics } from '#core/index.ts';

/** What kind of thing a question asks for. It decides which sentences look like an answer. */
export type QuestionType =
  | 'section'
  | 'contact'
  | 'time'
  | 'frequency'
  | 'percent'
  | 'money'
  | 'duration'
  | 'date'
  | 'number'
  | 'name'
  | 'proper-name'
  | 'amount'
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
  [
    'contact',
    /(?:jak|kter|what|which)\w* .{0,30}(?:e-?mail|telefon|phone|kontakt|link[auy]\b)|kontaktni|kam (?:mam |muzu |je mozne )?(?:za)?(?:volat|psat|napsat)|na jakou adresu|what address|phone number|telefonni cislo/,
  ],
  ['proper-name', /jak se jmenuj|jake je jmeno|\bnazev (?:firmy|spolecnosti)/],
  ['time', /v kolik|od kolika|do kolika hodin|(?:at )?what time|which hours|v jakou (?:hodinu|dobu)/],
  ['frequency', /how (?:often|frequently|many times)|\bjak casto|\bkolikrat|v jak\w+ intervalu/],
  [
    'percent',
    /what percent|percentage|what share|kolik (?:je |cini )?procent|jake? procento|jaky podil|o kolik procent/,
  ],
  [
    'money',
    /how much (?:money|did|does|do|was|is|were|are|will|can)\b.*\b(?:cost|pay|paid|worth|price|raise|spend|spent|revenue|earn|charge|get|receive)|what (?:is|was|are|does) the .*?(?:price|cost|fee|salary|wage|rent|allowance)|kolik (?:to |se |me |nas |bude |by )?(?:stoji|stal\w*|korun|penez|eur|zaplat|dosta|plat)|jak\w* (?:je |jsou |byla |cini |mam |dostanu )?(?:\w+ ){0,2}(?:cen[auy]\b|mzd|plat\b|poplat|najem|castk|stravn|kauc|jistot)/,
  ],
  [
    'amount',
    /jak\w* (?:je |jsou |byla |cini |mam |dostanu |plati )?(?:\w+ ){0,2}(?:vys[ei]|sazb|priplat|prirazk|slev|odmen|premi|pokut|penal|urok|zaloh|nahrad|prispev|spoluuc|limit)|(?:what|which|how (?:high|large|big)) (?:is|are|was|were) the .*?(?:surcharge|discount|bonus|penalty|fine|interest|rate|amount|deposit|advance|reward|contribution|limit|supplement)|o kolik\b/,
  ],
  [
    'duration',
    /how long|what (?:is|was) the .*?(?:notice|trial|probation|warranty|retention|payment|notice) ?(?:term|period|time)|what (?:is|was) the (?:term|duration|deadline)\b(?! for a)|how (?:many|much) (?:calendar |working |business )?(?:days|weeks|months|years|hours|minutes|seconds|time)|jak dlouho|jak dlouh\w+ .{0,24}(?:lhut|dob|zaruk|dovolen|prestavk|smen)|kolik (?:pracovnich |kalendarnich )?(?:dn[iu]|dny|tydn|mesic|let\b|rok|hodin|minut|casu)|(?:lhut|dob)\w*\b|do kolika|za jak|how (?:soon|far in advance)|within (?:what|how)/,
  ],
  [
    'date',
    /(?:^|[,;] (?:and )?)(?:since |until |till |by |from )?when\b|(?:what|which) (?:year|date|day|month|century|decade)|\bkdy\b|odkdy|dokdy|od kdy|do kdy|(?:v|ve|do|od|z|ke) (?:jakem|kterem|jakeho|ktereho|kteremu) (?:roce|roku|dni|datu|data|stoleti|mesici)|(?:jake|ktere) datum|ktery (?:den|rok)/,
  ],
  [
    'number',
    /how (?:many|much|large|big|tall|high|old|far|deep|fast|heavy)|what (?:number|amount|is the (?:number|population|limit|minimum|maximum)|was the population)|\bkolik|jak (?:velk|vysok|dlouh|star|dalek|tezk|siroc|rychl)|jaky (?:je |byl )?(?:pocet|limit)|jak\w* (?:je )?(?:nejvyssi|nejnizsi|maximalni|minimalni|nejvetsi)/,
  ],
  [
    'name',
    /\bwho(?:m|se)?\b|\bwhere\b|(?:what|which) (?:\w+ )?(?:person|people|team|company|city|country|state|president|king|queen|actor|author|artist|player|university|river|church|group|organization|institution|department)|\bkdo\b|\bkoho\b|\bkomu\b|\bkym\b|\bkde\b|\bkam\b|\bodkud\b|kter\w+ (?:osob|spolecnost|firm|mest|zem|stat|stran|urad|soud|oddelen)/,
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
  'amount',
  'proper-name',
]);

/** Whether an answer of this type cannot do without a number, a date, an address or the like. */
export function isMeasurable(type: QuestionType): boolean {
  return MEASURABLE.has(type);
}

const INDISPENSABLE: ReadonlySet<QuestionType> = new Set([
  'contact',
  'proper-name',
  'section',
  'money',
  'amount',
]);

/** Whether nothing answers a question of this type that lacks such a thing altogether. */
export function isIndispensable(type: QuestionType): boolean {
  return INDISPENSABLE.has(type);
}
