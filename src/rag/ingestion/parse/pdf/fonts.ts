import type { FontStyle } from './page-content.ts';

/** The store of fonts that the PDF library fills while it reads a page. */
export interface FontSource {
  has(name: string): boolean;
  get(name: string): unknown;
}

/** A font as text operations need it. `unit` is the size of one unit of a glyph's width. */
export interface PageFont {
  readonly style: FontStyle;
  readonly unit: number;
  /** What the size is to be multiplied with to get the height of the letters. */
  readonly em: number;
  readonly isVertical: boolean;
}

const UNIT = 0.001;
// What other readers take where a font says nothing (poppler, GfxFont.cc).
const DEFAULT_ASCENT = 0.95;
const DEFAULT_DESCENT = -0.35;

/** Ascender and descender of the standard fonts, which no file needs to hold (Adobe Core 14 AFM files). */
const STANDARD: readonly (readonly [RegExp, ascent: number, descent: number])[] = [
  [/^(?:arial|helvetica)/iu, 0.718, -0.207],
  [/^times/iu, 0.683, -0.217],
  [/^courier/iu, 0.629, -0.157],
];

function read(font: unknown, name: string): unknown {
  return typeof font === 'object' && font !== null ? Reflect.get(font, name) : undefined;
}

/** A share of the size that a font may honestly claim. */
function share(value: unknown, fallback: number): number {
  const isSane = typeof value === 'number' && value !== 0 && Math.abs(value) < 3;
  return isSane ? value : fallback;
}

/** Ascent and descent of a font as shares of its size. */
function heightsOf(font: unknown, name: string, isEmbedded: boolean): { ascent: number; descent: number } {
  const standard = isEmbedded ? undefined : STANDARD.find(([pattern]) => pattern.test(name));
  if (standard !== undefined) return { ascent: standard[1], descent: standard[2] };
  return {
    ascent: Math.abs(share(read(font, 'ascent'), DEFAULT_ASCENT)),
    descent: -Math.abs(share(read(font, 'descent'), DEFAULT_DESCENT)),
  };
}

function styleOf(font: unknown): FontStyle {
  const given = read(font, 'name');
  const name = typeof given === 'string' ? given.replace(/^[A-Z]{6}\+/u, '') : '';
  // A font that is in the file carries a tag before its name; the others are drawn with a stand-in.
  const isEmbedded = given !== name;
  return {
    name,
    isBold: /bold|black|heavy|demi|semibold|medi\b/iu.test(name) || read(font, 'bold') === true,
    isItalic: /italic|oblique|kursiv|ital\b/iu.test(name) || read(font, 'italic') === true,
    isMonospace: read(font, 'isMonospace') === true || /mono|courier|consol|typewriter/iu.test(name),
    ...heightsOf(font, name, isEmbedded),
  };
}

function toPageFont(font: unknown): PageFont {
  const matrix: unknown = read(font, 'fontMatrix');
  const first: unknown = Array.isArray(matrix) ? matrix[0] : undefined;
  const unit = typeof first === 'number' ? Math.abs(first) : UNIT;
  return {
    unit,
    // A font of drawings may use any unit: its letters are about as high as a thousand of them.
    em: read(font, 'isType3Font') === true ? unit * 1000 : 1,
    isVertical: read(font, 'vertical') === true,
    style: styleOf(font),
  };
}

/** Reads each font once. */
export class FontTable {
  readonly #source: FontSource;
  readonly #fonts = new Map<string, PageFont>();

  constructor(source: FontSource) {
    this.#source = source;
  }

  /** The font of this name; a plain one when the library could not load it. */
  get(name: string): PageFont {
    const known = this.#fonts.get(name);
    if (known !== undefined) return known;
    const font = toPageFont(this.#source.has(name) ? this.#source.get(name) : undefined);
    this.#fonts.set(name, font);
    return font;
  }
}
