import { findWords, foldDiacritics } from '#core/index.ts';
import { CZECH_STOP_WORDS, ENGLISH_STOP_WORDS, SLOVAK_STOP_WORDS } from './stop-words.ts';

/** The languages that have an analyser of their own. */
export const LANGUAGES = ['cs', 'en', 'sk'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The analyser's language for a BCP 47 tag (`cs-CZ` is `cs`); undefined when there is none. */
export function toLanguage(tag: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
}

/**
 * The language of a text, a short question included, by its function words and letters. A draw is `fallback`.
 * Without diacritics Czech and Slovak differ only by their function words.
 */
export function detectLanguage(text: string, fallback: Language): Language {
  const points = { cs: 0, en: 0, sk: 0 };
  for (const { text: word } of findWords(text)) {
    const folded = foldDiacritics(word);
    if (CZECH_STOP_WORDS.has(folded)) points.cs += 1;
    if (SLOVAK_STOP_WORDS.has(folded)) points.sk += 1;
    if (ENGLISH_STOP_WORDS.has(folded)) points.en += 1;
    if (/[ěřů]/u.test(word)) points.cs += 2;
    else if (/[ľĺŕôä]/u.test(word)) points.sk += 2;
    else if (/[áčďéíňóšťúýž]/u.test(word)) {
      points.cs += 1.5;
      points.sk += 1.5;
    }
  }
  const best = Math.max(points.cs, points.en, points.sk);
  const leaders = LANGUAGES.filter((language) => points[language] === best);
  if (leaders.includes(fallback)) return fallback;
  return leaders[0] ?? fallback;
}
