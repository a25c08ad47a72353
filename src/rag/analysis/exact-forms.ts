import { foldDiacritics, normalizeWord, type Span } from '#core/index.ts';
import { monthOf } from './months.ts';

/**
 * Something that people type in several ways and mean exactly: a date, a number, a section of a law, a code.
 * `form` is its one spelling in the index. `isWhole` says that the words inside it are not terms of their own
 * (the groups of `12 000`); the words of a date or a code are, on the side of the document.
 */
export interface ExactForm extends Span {
  readonly kind: 'date' | 'number' | 'phone' | 'section' | 'code' | 'email' | 'abbreviation';
  readonly form: string;
  readonly isWhole: boolean;
}

interface Pattern {
  readonly kind: ExactForm['kind'];
  readonly isWhole: boolean;
  /** A part of every match that is quick to look for: most texts have few of these. */
  readonly needs: RegExp;
  readonly expression: RegExp;
  toForm(groups: readonly (string | undefined)[]): string | undefined;
}

const BEFORE = String.raw`(?<![\p{L}\p{N}])`;
const AFTER = String.raw`(?![\p{L}\p{N}])`;
const regExp = (source: string, flags = 'giu'): RegExp => new RegExp(BEFORE + source + AFTER, flags);
const key = (text = ''): string => foldDiacritics(normalizeWord(text));

/** ISO 8601 date; undefined where the month or day cannot be. */
function isoDate(year = '', month = 0, day = 0): string | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `12 000,50` and `12,000.50` are `12000.5`; what cannot be read as one number is undefined. */
function plainNumber(text = ''): string | undefined {
  let digits = text.replaceAll(/[\s\u00a0\u202f]/gu, '');
  const separators = digits.match(/[.,]/g) ?? [];
  const last = separators.at(-1);
  if (last !== undefined) {
    const isThousands =
      /^[1-9]\d{0,2}(?:,\d{3})+$/.test(digits) || /^[1-9]\d{0,2}(?:\.\d{3}){2,}$/.test(digits);
    if (isThousands) digits = digits.replaceAll(/[.,]/g, '');
    else {
      const other = last === ',' ? '.' : ',';
      digits = digits.replaceAll(other, '').replace(last, '.');
    }
  }
  if (!/^\d+(?:\.\d+)?$/.test(digits)) return undefined;
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

const MONTH = String.raw`(\p{L}{3,10})\.?`;
const SECTION_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:§|par|sec|sekc)/, '§'],
  [/^(?:cl|art)/, 'cl'],
  [/^(?:odst|ods|para)/, 'odst'],
  [/^(?:pism|lett)/, 'pism'],
];

function sectionForm(word = '', number = ''): string | undefined {
  const name = key(word);
  const prefix = SECTION_WORDS.find(([pattern]) => pattern.test(name))?.[1];
  return prefix === undefined ? undefined : prefix + key(number);
}

/** `SML-0012/2024` is `sml00122024` however it is divided; between digits alone the division has a meaning. */
function codeForm(text = ''): string {
  const code = key(text);
  return /\p{L}/u.test(code) ? code.replaceAll(/[-./_]/g, '') : code.replaceAll(/[-_]/g, '/');
}

// In order of precedence: what an earlier one took, a later one leaves.
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'email',
    isWhole: false,
    needs: /@/,
    expression: /[\p{L}\p{N}][\p{L}\p{N}._%+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu,
    toForm: ([text]) => key(text),
  },
  {
    kind: 'date',
    isWhole: false,
    needs: /\d{4}/,
    expression: regExp(String.raw`(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})`),
    toForm: ([, day, month, year]) => isoDate(year, Number(month), Number(day)),
  },
  {
    kind: 'date',
    isWhole: false,
    needs: /\d{4}-/,
    expression: regExp(String.raw`(\d{4})-(\d{2})-(\d{2})`),
    toForm: ([, year, month, day]) => isoDate(year, Number(month), Number(day)),
  },
  {
    kind: 'date',
    isWhole: false,
    needs: /\d{4}/,
    expression: regExp(String.raw`(\d{1,2})(?:\.|st|nd|rd|th)?\s${MONTH}\s(\d{4})`),
    toForm: ([, day, month, year]) => isoDate(year, monthOf(key(month)), Number(day)),
  },
  {
    kind: 'date',
    isWhole: false,
    needs: /\d{4}/,
    expression: regExp(String.raw`${MONTH}\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})`),
    toForm: ([, month, day, year]) => isoDate(year, monthOf(key(month)), Number(day)),
  },
  {
    kind: 'section',
    isWhole: true,
    needs: /§|par|sec/iu,
    expression:
      /(§§?|(?<![\p{L}\p{N}])(?:paragraf\p{L}*|par\.|section|sec\.))\s*(\d+[a-z]?)(?![\p{L}\p{N}])/giu,
    toForm: ([, word, number]) => sectionForm(word, number),
  },
  {
    kind: 'section',
    isWhole: true,
    needs: /[čc]l|art|ods|paragraph/iu,
    expression: regExp(
      String.raw`(čl(?:án\p{L}*|\.)?|cl(?:an\p{L}*|\.)?|art(?:icle|\.)?|odst(?:av\p{L}*|\.)?|ods\.|paragraph)\s*(\d+[a-z]?|[IVX]+)`,
    ),
    toForm: ([, word, number]) => sectionForm(word, number),
  },
  {
    kind: 'section',
    isWhole: true,
    needs: /p[ií]sm|letter/iu,
    expression:
      /(?<![\p{L}\p{N}])(písm(?:en\p{L}*|\.)?|pism(?:en\p{L}*|\.)?|letter)\s*([a-z])(?:\)|(?![\p{L}\p{N}]))/giu,
    toForm: ([, word, letter]) => sectionForm(word, letter),
  },
  {
    kind: 'phone',
    isWhole: true,
    needs: /42[01]/,
    expression: /(?:\+|(?<!\d)00)(?:42[01])[\s\u00a0]?(\d{3}[\s\u00a0]?\d{3}[\s\u00a0]?\d{3})(?!\d)/gu,
    toForm: ([, digits]) => plainNumber(digits),
  },
  {
    kind: 'number',
    isWhole: true,
    needs: /\d[ \u00a0\u202f]\d{3}/,
    expression:
      /(?<![\p{L}\p{N}.,/-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d{1,2})?(?![\p{L}\p{N}]|[.,/-]\d)/gu,
    toForm: ([text]) => plainNumber(text),
  },
  {
    kind: 'number',
    isWhole: true,
    needs: /\d[.,]\d/,
    expression: /(?<![\p{L}\p{N}.,/-])\d+(?:[.,]\d+)+(?![\p{L}\p{N}]|[.,/-]\d)/gu,
    toForm: ([text]) => plainNumber(text),
  },
  {
    kind: 'code',
    isWhole: false,
    needs: /[-./_][\p{L}\p{N}]/u,
    expression:
      /(?<![\p{L}\p{N}])(?=[\p{L}\p{N}./_-]*\d)[\p{L}\p{N}]+(?:[-./_][\p{L}\p{N}]+)+(?![\p{L}\p{N}])/gu,
    toForm: ([text]) => codeForm(text),
  },
  {
    kind: 'abbreviation',
    isWhole: true,
    needs: /\p{L}\. ?\p{L}/u,
    expression:
      /(?<![\p{L}\p{N}.])(?:\p{L}\.){2,}\p{L}?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}.])(?:s\. r\. o\.|a\. s\.|v\. o\. s\.|o\. p\. s\.)/gu,
    toForm: ([text]) => key(text).replaceAll(/[.\s]/g, ''),
  },
  {
    kind: 'abbreviation',
    isWhole: false,
    needs: /\p{L}-\p{L}/u,
    expression: /(?<![\p{L}\p{N}])\p{L}-\p{L}{2,}(?![\p{L}\p{N}-])/gu,
    toForm: ([text]) => key(text).replace('-', ''),
  },
];

const HINTS = /[\d@§]|\p{L}[.-]\p{L}|\. r\. |a\. s\.|p[ií]sm/iu;
const isWhite = (code: number): boolean => code === 0x20 || code === 0x0a || Number.isNaN(code);

/**
 * Whether a text may hold exact forms at all. Most sentences are told by a look at their characters: nothing but
 * letters, commas, and a full stop at the end.
 */
export function mayHaveForms(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Digits, the signs, a dot or a hyphen within a word, a dot before a short word, and písm by its m.
    if ((code >= 0x30 && code <= 0x39) || code === 0x40 || code === 0xa7) return true;
    if ((code === 0x2e || code === 0x2d) && !endsWord(text, index)) return HINTS.test(text);
    if ((code === 0x6d || code === 0x4d) && /s/iu.test(text.charAt(index - 1))) return HINTS.test(text);
  }
  return false;
}

/** Whether a mark is followed by nothing, or by white space and a word that is no abbreviation. */
function endsWord(text: string, index: number): boolean {
  if (index + 1 >= text.length) return true;
  return (
    isWhite(text.charCodeAt(index + 1)) &&
    !isWhite(text.charCodeAt(index + 2)) &&
    text.charCodeAt(index + 3) !== 0x2e
  );
}

/** The exact forms of a text in reading order; they do not overlap. */
export function findExactForms(text: string): ExactForm[] {
  const found: ExactForm[] = [];
  for (const pattern of PATTERNS) {
    if (!pattern.needs.test(text)) continue;
    for (const match of text.matchAll(pattern.expression)) {
      const span = { start: match.index, end: match.index + match[0].length };
      const form = pattern.toForm(match);
      if (form === undefined || found.some((other) => span.start < other.end && other.start < span.end))
        continue;
      found.push({ ...span, kind: pattern.kind, form, isWhole: pattern.isWhole });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}
