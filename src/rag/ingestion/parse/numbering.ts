/** Kinds of numbering from the widest part of a document to the narrowest. */
const SCHEMES = [
  'part',
  'title',
  'division',
  'section',
  'subsection',
  'article',
  'decimal',
  'paragraph',
  'letter',
  'item',
] as const;
export type NumberingScheme = (typeof SCHEMES)[number];

/** A number at the head of a line: `§ 5`, `Hlava II`, `Čl. 3`, `2.1.4`, `(2)`, `b)`. */
export interface Numbering {
  readonly scheme: NumberingScheme;
  /** As it is written, white space made single. */
  readonly label: string;
  /** What follows the number; empty when the number stands alone. */
  readonly rest: string;
  /** Parts of a decimal number: 3 for `2.1.4`; 1 for every other scheme. */
  readonly depth: number;
}

const ROMAN_OR_NUMBER = '(?:[IVXLCDM]+|\\d+[a-z]?)';
const ORDINAL =
  'první|druh[áý]|třetí|čtvrt[áý]|pát[áý]|šest[áý]|sedm[áý]|osm[áý]|devát[áý]|desát[áý]|jedenáct[áý]|dvanáct[áý]|třináct[áý]|čtrnáct[áý]|patnáct[áý]';

// The words of Czech law (Legislativní pravidla vlády, čl. 25 to 39: část, hlava, díl, oddíl, pododdíl, §,
// odstavec, písmeno, bod) and their English counterparts. A word counts only with its number.
const PATTERNS: readonly (readonly [NumberingScheme, RegExp])[] = [
  ['part', new RegExp(`^(část\\s+(?:${ORDINAL}|${ROMAN_OR_NUMBER}))(?![\\p{L}\\d])`, 'iu')],
  [
    'part',
    new RegExp(
      `^((?:příloha\\s+č\\.|příloha|annex|appendix|part)\\s+(?:${ROMAN_OR_NUMBER}|[A-Z]))(?![\\p{L}\\d])`,
      'iu',
    ),
  ],
  [
    'title',
    new RegExp(
      `^((?:hlava|kapitola|chapter|title)\\s+(?:${ORDINAL}|${ROMAN_OR_NUMBER}))(?![\\p{L}\\d])`,
      'iu',
    ),
  ],
  ['division', new RegExp(`^((?:díl|division)\\s+(?:${ORDINAL}|${ROMAN_OR_NUMBER}))(?![\\p{L}\\d])`, 'iu')],
  [
    'section',
    new RegExp(`^((?:oddíl|section)\\s+(?:${ORDINAL}|\\d+(?:\\.\\d+)*|[IVXLCDM]+))(?![\\p{L}\\d])`, 'iu'),
  ],
  ['subsection', new RegExp(`^((?:pododdíl|subsection)\\s+${ROMAN_OR_NUMBER})(?![\\p{L}\\d])`, 'iu')],
  ['article', /^(§{1,2}\s*\d+[a-z]{0,2}(?:\s*odst\.\s*\d+)?)(?![\p{L}\d])/u],
  ['article', new RegExp(`^((?:čl\\.|článek|article|art\\.)\\s*${ROMAN_OR_NUMBER})(?![\\p{L}\\d])`, 'iu')],
  ['decimal', /^(\d{1,3}(?:\.\d{1,3}){1,5}\.?)(?=\s|$)/u],
  ['decimal', /^(\d{1,3}\.)(?=\s|$)/u],
  ['paragraph', /^(\(\d{1,3}[a-z]?\)|odst\.\s*\d+)(?=\s|$)/u],
  ['letter', /^(\(?[a-z]{1,2}\)|písm\.\s*[a-z]{1,2}\)?)(?=\s|$)/u],
  ['item', /^(\d{1,3}\))(?=\s|$)/u],
  ['item', /^([IVXLC]{1,6}\.|[A-Z]\.|\(?[ivx]{1,5}\))(?=\s|$)/u],
];

/** Reads the number at the head of a line; undefined when there is none. */
export function readNumbering(line: string): Numbering | undefined {
  const text = line.trimStart();
  for (const [scheme, pattern] of PATTERNS) {
    const label = pattern.exec(text)?.[1];
    if (label === undefined) continue;
    const rest = text
      .slice(label.length)
      .replace(/^[\s.:–—-]+/u, '')
      .trim();
    const depth = scheme === 'decimal' ? label.split('.').filter((part) => part !== '').length : 1;
    return { scheme, label: label.replace(/\s+/gu, ' '), rest, depth };
  }
  return undefined;
}

/** How wide a part a scheme heads: 0 for `část`, more for narrower ones. Decimal numbers narrow with depth. */
export function rankOf(numbering: Pick<Numbering, 'scheme' | 'depth'>): number {
  return SCHEMES.indexOf(numbering.scheme) * 10 + numbering.depth;
}

/** Whether a scheme heads a section by itself, without bold type or a style. */
export function isSectionScheme(scheme: NumberingScheme): boolean {
  return SCHEMES.indexOf(scheme) <= SCHEMES.indexOf('article');
}

/** Whether a scheme numbers items inside of a section: paragraphs, letters, points. */
export function isItemScheme(scheme: NumberingScheme): boolean {
  return SCHEMES.indexOf(scheme) >= SCHEMES.indexOf('paragraph');
}

const BULLET = /^[•◦▪▫■□●○‣⁃∙·–—*\-➢➤✓✔\uf0b7\uf0a7\uf076\uf0d8][\s\u00a0]+/u;

/** The length of the bullet at the head of a line with its white space; 0 when there is none. */
export function bulletLength(line: string): number {
  return BULLET.exec(line)?.[0].length ?? 0;
}
