import { findWords, foldDiacritics, type ChatMessage } from '#core/index.ts';
import { detectLanguage, type Language } from '../analysis/language.ts';
import { isStopWord } from '../analysis/stop-words.ts';
import { momentOf, readAsOf, readBareTime, type DatedQuestion } from './as-of/find-as-of.ts';

/** A question that can be understood alone, and its language. */
export interface RewrittenQuestion {
  readonly text: string;
  readonly language: Language;
  /** The follow-up as it was typed, when it was completed from the conversation. */
  readonly followUp: string | undefined;
  /** The time that the question wants its answer from, where it names one; `text` is without it. */
  readonly asOf: DatedQuestion['period'] | undefined;
}

// Over the folded question. What opens a follow-up: "a co u brigádníků?", "what about contractors?".
const OPENINGS: readonly RegExp[] = [
  /^(?:(?:a|ale|tak|no) )+(?:co|jak|kolik) (?:je to |to je )?(?:u|pro|s|se|v|ve|na|za|pri|po|bez|od|do|k|ke|kdyz|pokud) /,
  /^(?:a|ale) (?!co je|jak\b|kdy\b|kde\b|kdo\b|proc\b|kolik\b|ktery|jak[aey]\b)/,
  /^(?:a )?co (?:u|pro|s|se|kdyz|pokud|\w+\??$)/,
  /^(?:and|but|so)?,?\s*(?:what|how) about\s+/,
  /^(?:and|but)\s+(?!what|who|when|where|why|how|which)/,
  /^(?:and |but )?what if /,
  // "platí to i pro vedoucí?", "stejně u vedoucích?", "does that apply to managers?", "same for managers?"
  /^(?:a )?(?:plati|jde|lze) (?:to|tohle|toto|totez)\b/,
  /^(?:a )?(?:stejne|totez|to same|taky|take|i) (?:i |taky |take )?(?:u|pro|na|v|ve|za|pri|po) /,
  /^(?:and )?(?:does|is|do) (?:that|this|it|the same) (?:also )?(?:apply|hold|go|the same)\b/,
  /^(?:and )?(?:the )?same (?:for|with|in) /,
  // "a jak dlouho u vedoucích?"
  /^(?:a |and )?(?:jak dlouho|kolik|kdy|jak|kde|proc|od kdy|do kdy|how long|how much|when|where|why) (?:u|pro|pri|po|bez|for|with|after|before|without) /,
  // A question word alone, and one with a verb that has no subject of its own: "proč?", "a kde se podává?"
  /^(?:a |and )?(?:proc|jak|kde|kdy|kdo|komu|kam|odkdy|dokdy|why|how|where|when|who)(?: ne| not)?\s*\?*$/,
  /^(?:a )?(?:jak|kde|kdy|komu|kam|odkdy|dokdy|od kdy|do kdy) (?:se )?\p{L}+\s*\?*$/u,
  // "musí být písemná?"
  /^(?:a )?(?:musi|muze|smi|ma|je|bude) (?:to )?(?:byt )?\p{L}+\s*\?*$/u,
];
// What is said before a follow-up and is no part of it.
const COURTESY =
  /^(?:d[ií]ky|d[eě]kuj[iu]|dob[rř]e|ok(?:ay|ej)?|jasn[eě]|aha|fajn|super|thanks|thank you|fine|great|good|i see)\s*[.,!;–-]*\s+/iu;
// What a follow-up says beside what it asks about.
const FILLERS: ReadonlySet<string> = new Set(
  'plati platit taky take stejne totez same apply applies also hold holds dobre diky ok'.split(' '),
);
// The asking words that a follow-up brings along: they tell what kind of answer it wants.
const ASKING =
  /^(?:a |and |but )?((?:od|do) kdy|odkdy|dokdy|jak dlouho|kdy|kde|kdo|komu|kam|proc|kolik|how long|how much|how many|when|where|who|why)\b/;
// A question of a few words that opens with a preposition goes on from the one before: "pro brigádníky?".
const PREPOSITION =
  /^(?:u|pro|s|se|v|ve|na|za|pri|po|bez|od|do|k|ke|for|with|in|at|if|after|before|without) /;
const MOST_WORDS_AFTER_PREPOSITION = 4;
// Words that stand for something said before.
const REFERENCES =
  /\b(?:to|toho|tomu|tom|tim|ten|ta|te|ji|ho|jej|mu|jim|ni|nim|nem|tu|ty|tech|tento|tato|toto|jeho|jeji|jejich|on|ona|ono|oni|tam|tak|it|its|this|that|these|those|they|them|their|he|she|his|her|there)\b/;
const MOST_WORDS = 8;

/** Words that carry the subject of a question. */
function contentWords(text: string): string[] {
  return findWords(text)
    .map((word) => ({ fold: foldDiacritics(word.text), surface: text.slice(word.start, word.end) }))
    .filter(({ fold }) => !isStopWord(fold) && !FILLERS.has(fold))
    .map(({ surface }) => surface);
}

function isFollowUp(question: string): boolean {
  const folded = foldDiacritics(question.toLowerCase().trim());
  const length = findWords(question).length;
  if (length > MOST_WORDS) return false;
  if (OPENINGS.some((opening) => opening.test(folded))) return true;
  if (length <= MOST_WORDS_AFTER_PREPOSITION && PREPOSITION.test(folded)) return true;
  return contentWords(question).length <= 2 && REFERENCES.test(folded);
}

/** The question word of the whole question is kept: it tells what kind of answer is asked for. */
function askingOf(whole: string): string[] {
  const opening = /^\s*\S+(?:\s+\S+)?/u.exec(whole)?.[0] ?? '';
  return findWords(opening)
    .map((word) => opening.slice(word.start, word.end))
    .filter((word) => isStopWord(foldDiacritics(word.toLowerCase())));
}

/** The question words of the follow-up itself, when it has some: "od kdy běží?" after a length asks for a day. */
function ownAsking(followUp: string): string[] | undefined {
  const found = ASKING.exec(foldDiacritics(followUp.toLowerCase()))?.[1];
  return found === undefined || /^kolik$/.test(found) ? undefined : [found];
}

const isNumber = (word: string): boolean => /\d/.test(word);
const isName = (word: string): boolean => /^\p{Lu}\p{Ll}/u.test(word);

/** "A v Německu?" after Austria asks for Germany alone: a new name or number takes the place of the one before. */
function replacedBy(fresh: readonly string[], whole: string): (word: string) => boolean {
  const [first] = contentWords(whole);
  const hasNumber = fresh.some(isNumber);
  const hasName = fresh.some(isName);
  return (word) => (hasNumber && isNumber(word)) || (hasName && isName(word) && word !== first);
}

/** A question with the time that it wants its answer from taken out of it. */
interface Asked {
  readonly text: string;
  readonly asOf: DatedQuestion['period'] | undefined;
}

function toAsked(question: string): Asked {
  const dated = readAsOf(question);
  return { text: dated?.text ?? question, asOf: dated?.period };
}

/** Whether a question names a time and asks nothing of its own: "a jak to bylo v roce 2023?". */
const isTimeAlone = ({ text, asOf }: Asked): boolean => asOf !== undefined && contentWords(text).length === 0;

/** The last whole question before the last one, and the last one: both without the times that they name. */
function lastAsked(messages: readonly ChatMessage[]): {
  readonly whole: Asked | undefined;
  readonly last: Asked;
} {
  const questions = messages
    .filter((message) => message.role === 'user')
    .map((message) => message.content.trim().replace(COURTESY, ''));
  const last = questions.at(-1) ?? '';
  for (const question of questions.slice(0, -1).toReversed()) {
    const asked = toAsked(question);
    if (asked.text === '' || isFollowUp(asked.text) || isTimeAlone(asked)) continue;
    const bare = asked.asOf === undefined ? undefined : readBareTime(last);
    return { whole: asked, last: bare === undefined ? toAsked(last) : { text: '', asOf: bare } };
  }
  return { whole: undefined, last: toAsked(last) };
}

/**
 * Completes a follow-up by rules, without a model: the words of the last whole question come first, then the new
 * ones, so that "a co u brigádníků?" after "Jaká je výpovědní doba?" asks for both. A question that stands alone
 * is left as it is. A follow-up of a follow-up is completed from the same whole question. A time that is named as
 * that of the answer is no part of what is looked for; a follow-up keeps that of the whole question.
 */
export function rewriteQuestion(
  messages: readonly ChatMessage[],
  fallback: Language = 'cs',
): RewrittenQuestion {
  const { whole, last } = lastAsked(messages);
  const isAlone = whole === undefined || !(isTimeAlone(last) || isFollowUp(last.text));
  if (isAlone) {
    const language = detectLanguage(last.text, fallback);
    return { text: last.text, language, followUp: undefined, asOf: last.asOf };
  }
  const followUp = messages
    .findLast(({ role }) => role === 'user')
    ?.content.trim()
    .replace(COURTESY, '');
  const completed = isTimeAlone(last) ? whole.text : complete(whole.text, last.text);
  const language = detectLanguage(whole.text, fallback);
  return { text: completed, language, followUp, asOf: last.asOf ?? whole.asOf };
}

/** The last whole question with the new words of a follow-up. */
function complete(whole: string, followUp: string): string {
  const fresh = contentWords(followUp);
  const freshFolds = new Set(fresh.map((word) => foldDiacritics(word.toLowerCase())));
  const isRepeated = (word: string): boolean => freshFolds.has(foldDiacritics(word.toLowerCase()));
  const isReplaced = replacedBy(fresh, whole);
  const kept = contentWords(whole).filter((word) => !isRepeated(word) && !isReplaced(word));
  return `${[...(ownAsking(followUp) ?? askingOf(whole)), ...kept, ...fresh].join(' ')}?`;
}

/** The moment that the last question of a conversation wants its answer from, in its own words; undefined for now. */
export function asOfMoment(messages: readonly ChatMessage[], nowMs: number): number | undefined {
  const { asOf } = rewriteQuestion(messages);
  return asOf && momentOf(asOf, nowMs);
}
