import { findWords, foldDiacritics, type ChatMessage } from '#core/index.ts';
import { detectLanguage, type Language } from '../analysis/language.ts';
import { isStopWord } from '../analysis/stop-words.ts';

/** A question that can be understood alone, and its language. */
export interface RewrittenQuestion {
  readonly text: string;
  readonly language: Language;
  /** The follow-up as it was typed, when it was completed from the conversation. */
  readonly followUp: string | undefined;
}

// Over the folded question. What opens a follow-up: "a co u brigádníků?", "what about contractors?".
const OPENINGS: readonly RegExp[] = [
  /^(?:(?:a|ale|tak|no) )+(?:co|jak|kolik) (?:je to |to je )?(?:u|pro|s|se|v|ve|na|za|pri|po|bez|od|do|k|ke|kdyz|pokud) /,
  /^(?:a|ale) (?!co je|jak\b|kdy\b|kde\b|kdo\b|proc\b|kolik\b|ktery|jak[aey]\b)/,
  /^(?:a )?co (?:u|pro|s|se|kdyz|pokud|\w+\??$)/,
  /^(?:and|but|so)?,?\s*(?:what|how) about\s+/,
  /^(?:and|but)\s+(?!what|who|when|where|why|how|which)/,
];
// A question of a few words that opens with a preposition goes on from the one before: "pro brigádníky?".
const PREPOSITION =
  /^(?:u|pro|s|se|v|ve|na|za|pri|po|bez|od|do|k|ke|for|with|in|at|if|after|before|without) /;
const MOST_WORDS_AFTER_PREPOSITION = 4;
// Words that stand for something said before.
const REFERENCES =
  /\b(?:to|toho|tomu|tom|tim|ten|ta|te|tu|ty|tech|tento|tato|toto|jeho|jeji|jejich|on|ona|ono|oni|tam|tak|it|its|this|that|these|those|they|them|their|he|she|his|her|there)\b/;
const MOST_WORDS = 8;

/** Words that carry the subject of a question. */
function contentWords(text: string): string[] {
  return findWords(text)
    .map((word) => ({ fold: foldDiacritics(word.text), surface: text.slice(word.start, word.end) }))
    .filter(({ fold }) => !isStopWord(fold))
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

/**
 * Completes a follow-up by rules, without a model: the words of the last whole question come first, then the new
 * ones, so that "a co u brigádníků?" after "Jaká je výpovědní doba?" asks for both. A question that stands alone
 * is left as it is. A follow-up of a follow-up is completed from the same whole question.
 */
export function rewriteQuestion(
  messages: readonly ChatMessage[],
  fallback: Language = 'cs',
): RewrittenQuestion {
  const asked = messages
    .filter((message) => message.role === 'user')
    .map((message) => message.content.trim());
  const last = asked.at(-1) ?? '';
  const whole = asked.slice(0, -1).findLast((question) => question !== '' && !isFollowUp(question));
  if (whole === undefined || !isFollowUp(last)) {
    return { text: last, language: detectLanguage(last, fallback), followUp: undefined };
  }
  const fresh = contentWords(last);
  const freshFolds = new Set(fresh.map((word) => foldDiacritics(word.toLowerCase())));
  const isRepeated = (word: string): boolean => freshFolds.has(foldDiacritics(word.toLowerCase()));
  const kept = contentWords(whole).filter((word) => !isRepeated(word));
  // The question word of the whole question is kept: it tells what kind of answer is asked for.
  const opening = /^\s*\S+(?:\s+\S+)?/u.exec(whole)?.[0] ?? '';
  const lead = findWords(opening)
    .map((word) => opening.slice(word.start, word.end))
    .filter((word) => isStopWord(foldDiacritics(word.toLowerCase())));
  const text = [...lead, ...kept, ...fresh].join(' ');
  return { text: `${text}?`, language: detectLanguage(whole, fallback), followUp: last };
}
