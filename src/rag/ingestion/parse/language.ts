import { clearLanguageOf } from './function-words.ts';
import type { Block, ParsedDocument } from './parsed-document.ts';

// Narrowed to the languages of our readers: on short texts the detector is right 11 times of 12 with these
// five and far less often with all it knows.
const LANGUAGES = ['cs', 'sk', 'en', 'de', 'pl'];
const NOT_POLISH = LANGUAGES.filter((language) => language !== 'pl');
const CZECH_AND_SLOVAK = ['cs', 'sk'];
const MIN_OWN_SHARE = 0.02;
const MIN_LETTERS = 40;
const SAMPLE_CHARACTERS = 400;
const JOINED_BLOCKS = 50;

/** Letters of the script that all of these languages are written in, when they are most of the letters. */
function letters(text: string): number {
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return latin * 2 > all ? latin : 0;
}

/** Letters that of these languages only Czech and Slovak have, and more of them than foreign names bring. */
function hasCzechLetters(text: string): boolean {
  const own = text.match(/[ěščřžůťďň]/giu)?.length ?? 0;
  return own >= MIN_OWN_SHARE * letters(text);
}

/** Letters that Polish never has, and none of those that only it has. */
const isNotPolish = (text: string): boolean => /[čšžřěůťďňáíéýú]/iu.test(text) && !/[łńśźżąęć]/iu.test(text);

/** The language of a text; undefined when it is too short to tell. */
async function languageOf(text: string): Promise<string | undefined> {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  if (letters(sample) < MIN_LETTERS) return undefined;
  const clear = clearLanguageOf(sample);
  if (clear !== undefined) return clear;
  // Seldom needed, and long to load.
  const { detect } = await import('tinyld');
  const only = hasCzechLetters(sample) ? CZECH_AND_SLOVAK : isNotPolish(sample) ? NOT_POLISH : LANGUAGES;
  const language = detect(sample, { only });
  return language === '' ? undefined : language;
}

/** The language that small words and letters tell of a block; undefined when they do not, as in a list of names. */
function clearLanguage({ kind, text }: Block): string | undefined {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  return kind === 'code' || sample.length < MIN_LETTERS ? undefined : clearLanguageOf(sample);
}

/** The language of most of the document's words, from samples spread over it. */
async function mainLanguage(
  blocks: readonly Block[],
  clear: readonly (string | undefined)[],
): Promise<string | undefined> {
  const letters = new Map<string, number>();
  for (const [index, language] of clear.entries()) {
    if (language === undefined) continue;
    const length = Math.min(blocks[index]!.text.length, SAMPLE_CHARACTERS);
    letters.set(language, (letters.get(language) ?? 0) + length);
  }
  const joined = blocks.slice(0, JOINED_BLOCKS).map((block) => block.text);
  return [...letters].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? (await languageOf(joined.join(' ')));
}

/** Marks every block with its language; one that does not tell takes that of the document. */
export async function markLanguages(parsed: ParsedDocument): Promise<ParsedDocument> {
  const clear = parsed.blocks.map(clearLanguage);
  const main = (await mainLanguage(parsed.blocks, clear)) ?? parsed.language;
  if (main === undefined) return parsed;
  const blocks = parsed.blocks.map((block, index) => ({ ...block, language: clear[index] ?? main }));
  return { ...parsed, language: main, blocks };
}
