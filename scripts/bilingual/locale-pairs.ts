import type { TextPair } from './text-pairs.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');
const REGION_NUMBERS =
  '001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 154 155 419';
const SCRIPTS = 'Arab Latn Cyrl Grek Hebr Hans Hant Jpan Kore Deva Thai Armn Geor Beng Brai';
const FIELDS = 'era year quarter month weekOfYear weekday day dayPeriod hour minute second timeZoneName';
const COUNTS = [1, 3, 7];

const twoLetters = LETTERS.flatMap((a) => LETTERS.map((b) => a + b));

function codesOf(type: Intl.DisplayNamesType): string[] {
  if (type === 'region')
    return [...twoLetters.map((code) => code.toUpperCase()), ...REGION_NUMBERS.split(' ')];
  if (type === 'language')
    return [...twoLetters, ...twoLetters.flatMap((code) => LETTERS.map((c) => code + c))];
  if (type === 'currency') return Intl.supportedValuesOf('currency');
  if (type === 'calendar') return Intl.supportedValuesOf('calendar');
  return (type === 'script' ? SCRIPTS : FIELDS).split(' ');
}

/** A name, or undefined where the runtime has none or takes the code for malformed. */
function nameOf(names: Intl.DisplayNames, code: string): string | undefined {
  try {
    return names.of(code);
  } catch {
    return undefined;
  }
}

function displayNames(): TextPair[] {
  const types: Intl.DisplayNamesType[] = [
    'region',
    'language',
    'currency',
    'script',
    'calendar',
    'dateTimeField',
  ];
  return types.flatMap((type) => {
    const czech = new Intl.DisplayNames('cs', { type, fallback: 'none' });
    const english = new Intl.DisplayNames('en', { type, fallback: 'none' });
    return codesOf(type).flatMap((code): TextPair[] => {
      const pair = [nameOf(czech, code), nameOf(english, code)];
      return pair[0] && pair[1] ? [[pair[0], pair[1]]] : [];
    });
  });
}

function units(): TextPair[] {
  return Intl.supportedValuesOf('unit').flatMap((unit) =>
    COUNTS.map((count): TextPair => {
      const format = (locale: string): string =>
        new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
          .format(count)
          .replaceAll(/\d/g, '');
      return [format('cs'), format('en')];
    }),
  );
}

function dates(): TextPair[] {
  const styles: Intl.DateTimeFormatOptions[] = [
    { month: 'long' },
    { weekday: 'long' },
    { day: 'numeric', month: 'long' },
  ];
  return Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 1 + month))).flatMap(
    (date) =>
      styles.map((style): TextPair => {
        const format = (locale: string): string =>
          new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }).format(date).replaceAll(/\d/g, '');
        return [format('cs'), format('en')];
      }),
  );
}

function timeZones(): TextPair[] {
  const noon = new Date(Date.UTC(2024, 0, 1, 12));
  return Intl.supportedValuesOf('timeZone').flatMap((timeZone): TextPair[] => {
    const format = (locale: string): string | undefined =>
      new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'longGeneric' })
        .formatToParts(noon)
        .find((part) => part.type === 'timeZoneName')?.value;
    const [czech, english] = [format('cs'), format('en')];
    return czech && english ? [[czech, english]] : [];
  });
}

/** Names that the runtime itself carries in both languages (Unicode CLDR): places, languages, money, units, dates. */
export function readLocalePairs(): TextPair[] {
  return [...displayNames(), ...units(), ...dates(), ...timeZones()];
}
