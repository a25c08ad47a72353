import type { QuestionType } from './question-type.ts';

const word = (source: string, flags = 'giu'): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})(?![\p{L}\p{N}])`, flags);

const MONTHS =
  'led(?:en|na|nu)|únor[au]?|březn[au]|březen|dub(?:en|na|nu)|květ(?:en|na|nu)|červ(?:en|na|nu|enec|ence|enci)|' +
  'srp(?:en|na|nu)|září|říj(?:en|na|nu)|listopadu?|prosin(?:ec|ce|ci)|january|february|march|april|may|june|july|' +
  'august|september|october|november|december';
const WEEKDAYS =
  'monday|tuesday|wednesday|thursday|friday|saturday|sunday|pondělí|úterý|střed[auy]|čtvrtek|čtvrtk[auy]|pátek|' +
  'pátk[auy]|sobot[auy]|neděl[ei]';
const NUMBER_WORDS = String.raw`(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand|million|billion|half|third|quarter|jed(?:en|n[aoéu]|noho|nomu|ním|nou)|dv[aě]|dvou|tři|tří|čtyři|čtyř|pět|šest|sedm|osm|devět|deset|dvanáct|patnáct|dvacet|třicet|šedesát|sto|stovk|tisíc|milion|milión|miliard|polovin|třetin|čtvrtin|půl)\p{L}*`;
const AMOUNT = String.raw`\d[\d.,\u00a0 ]*(?:\s?(?:tis\.|mil\.|mld\.|tisíc\p{L}*|mili[oó]n\p{L}*|miliard\p{L}*|thousand|million|billion))?`;
const CURRENCY = String.raw`(?:Kč|korun\p{L}*|eur[ao]?\p{L}*|dolar\p{L}*|dollars?|pounds?|euros?|CZK|EUR|USD|€)`;
const TIME_UNITS = String.raw`(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|sekund\p{L}*|minut\p{L}*|hodin\p{L}*|dn(?:e|í|y|ů|i|ech|ům|em)|den|dní|týd\p{L}*|měsíc\p{L}*|mesiac\p{L}*|let|rok\p{L}*|lety)`;
const DAY_KINDS = String.raw`(?:calendar |business |working |kalendářní\p{L}* |pracovní\p{L}* )?`;

const NUMBER = [/\d[\d.,\u00a0 ]*/gu, word(NUMBER_WORDS)];
const MONEY = new RegExp(String.raw`(?:[$€£]|Kč|CZK|EUR|USD)\s?\d|${AMOUNT}\s?${CURRENCY}`, 'giu');
/** A number alone in a cell: the unit of a table's prices stands in its header. */
const CELL = /(?<=\|\s*)\d[\d.,\u00a0 ]*(?=\s*(?:\||$))/gu;
const MULTIPLES = word(
  String.raw`\p{L}*násob\p{L}*|polovin\p{L}*|třetin\p{L}*|čtvrtin\p{L}*|zdarma|bezplatn\p{L}*|half|double|twice|free`,
);
const PERCENT = /\d[\d.,]*\s?(?:%|percent|per cent|procent\p{L}*)/giu;
const DURATION = word(String.raw`(?:\d[\d.,]*|${NUMBER_WORDS})[\s\u00a0-]*${DAY_KINDS}${TIME_UNITS}`);
const PROPER_NAME = /(?<=[\p{L}\p{N},;:)"“]\s["“„]?)\p{Lu}[\p{L}\p{N}’'-]+/gu;
const DATE = word(
  String.raw`${MONTHS}|${WEEKDAYS}|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4})?|1[0-9]{3}|20[0-9]{2}|\d{4}s|\d{1,2}(?:th|st|nd|rd)? centur(?:y|ies)|století|\d{4}-\d{2}-\d{2}|(?:do|po|před|během|within|by) \d+\.?|\d{1,2}\. den|\d{1,2}(?:st|nd|rd|th)|\p{L}+(?:tého|mého|rvého|hého|řetího) dne|(?:konc[eiu]|konec|začátk\p{L}+|polovin\p{L}+) (?:\p{L}+ )?(?:roku|měsíce|týdne|čtvrtletí|pololetí|června|prázdnin)|neprodleně|okamžitě|ihned|bez odkladu|immediately|without delay`,
);
const FREQUENCY = word(
  String.raw`jednou|dvakrát|třikrát|\d+\s?krát|každ(?:ý|á|é|ou|ého|ém|ých)|(?:půl|čtvrt)?(?:ročně|letně)|měsíčně|týdně|denně|čtvrtletí|once|twice|every|(?:semi-?)?annually|yearly|quarterly|monthly|weekly|daily|times (?:a|per)`,
);

// What an answer of a type holds: where one of these stands in a sentence, the sentence may answer.
const SIGNS: Partial<Record<QuestionType, readonly RegExp[]>> = {
  // "By when?" is answered by a day or by a time from some event.
  date: [DATE, DURATION],
  number: NUMBER,
  money: [MONEY, MULTIPLES, CELL],
  amount: [MONEY, PERCENT, MULTIPLES, /\d[\d.,\u00a0 ]*/gu, word(NUMBER_WORDS)],
  duration: [DURATION],
  frequency: [FREQUENCY, DURATION],
  percent: [PERCENT],
  section: [
    /§+\s?\d+|(?:čl(?:ánek|ánku|\.)|odst(?:avec|avci|\.)|article|section|clause|písm\.|zákon\p{L}* č\.)\s*[\dIVX]+/giu,
  ],
  contact: [
    /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+|\+?\d{3}[\s\d]{6,}|(?:lin(?:ka|ce|ku)|extension|tel\p{L}*\.?)\s\d+/giu,
  ],
  time: [/(?<!\d)\d{1,2}[:.]\d{2}(?!\d)|\d{1,2}\.?\s*(?:hodin\p{L}*|h\b|am\b|pm\b|o'clock)/giu],
  name: [PROPER_NAME],
  'proper-name': [PROPER_NAME],
};

const CUES: Partial<Record<QuestionType, RegExp>> = {
  reason:
    /because|due to|since|as a result|in order to|therefore|caused|protože|neboť|kvůli|z důvodu|jelikož|aby(?!\p{L})|díky|v důsledku/iu,
  definition:
    /(?<!\p{L})(?:is|are|was|were) (?:a|an|the) |means|refers to|called|known as|defined|rozumí se|je (?:to )?\p{L}+|jsou|znamená|nazývá|označuje|definuje/iu,
  list: /[,;:].*[,;]|(?<!\p{L})(?:and|a|nebo|or) /iu,
};

/** Where in a sentence something of the asked type stands; undefined when the type has no such signs. */
export function findSigns(type: QuestionType, sentence: string): number[] | undefined {
  return SIGNS[type]?.flatMap((pattern) => [...sentence.matchAll(pattern)].map((match) => match.index));
}

const DEFINES =
  /(?<!\p{L})(?:(?:s[ea] )?rozum(?:í|ějí|ie|ejú)|znamená|se označuje|je definován|means?|is defined as|refers to)(?!\p{L})/iu;

/** Whether a sentence tells what a word means, when that is asked for. */
export function definesAsked(type: QuestionType, sentence: string): boolean {
  return type === 'definition' && DEFINES.test(sentence);
}

/** Whether the sentence is worded like a reason, a definition or an enumeration, when that is asked for. */
export function hasCue(type: QuestionType, sentence: string): boolean {
  return CUES[type]?.test(sentence) ?? false;
}
