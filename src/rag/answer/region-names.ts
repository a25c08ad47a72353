import { foldDiacritics } from '#core/index.ts';
import { analyze } from '../analysis/analyze.ts';

// Countries are the names that differ most between Czech and English (Rakousko, Austria) and that the runtime itself
// can translate. Read once, at the first question over evidence in the other language.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
type Pair = 'cs' | 'en';
let translations: ReadonlyMap<Pair, ReadonlyMap<string, readonly string[]>> | undefined;

function readRegions(): ReadonlyMap<Pair, ReadonlyMap<string, readonly string[]>> {
  const names = (language: Pair): Intl.DisplayNames =>
    new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  const [czech, english] = [names('cs'), names('en')];
  const fromCzech = new Map<string, readonly string[]>();
  const fromEnglish = new Map<string, readonly string[]>();
  const stems = (text: string, language: Pair): string[] =>
    analyze(text, language)
      .filter((term) => term.kind === 'word')
      .map((term) => term.stem);
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const [cs, en] = [czech.of(code), english.of(code)];
    // Names of several words are parted by a question's terms; those of one are enough here.
    if (cs === undefined || en === undefined || /\s/.test(cs) || /\s/.test(en)) continue;
    fromCzech.set(stems(cs, 'cs')[0] ?? foldDiacritics(cs.toLowerCase()), stems(en, 'en'));
    fromEnglish.set(stems(en, 'en')[0] ?? foldDiacritics(en.toLowerCase()), stems(cs, 'cs'));
  }
  return new Map([
    ['cs', fromCzech],
    ['en', fromEnglish],
  ]);
}

/** The stems of a country's name in the other language; undefined when the stem names no country. */
export function otherRegionStems(stem: string, language: string): readonly string[] | undefined {
  translations ??= readRegions();
  return translations.get(language === 'en' ? 'en' : 'cs')?.get(stem);
}
