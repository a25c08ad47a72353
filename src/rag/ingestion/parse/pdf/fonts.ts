import type { FontDescriptor } from './font-descriptors.ts';
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
// What readers agree on where a font says nothing.
const DEFAULT_ASCENT = 0.95;
const DEFAULT_DESCENT = -0.35;
/** A height of this many sizes or more is a mistake of the producer. */
const MAX_HEIGHT = 3;

/**
 * Ascender and descender of the standard fonts and of their usual other names (Adobe Core 14 AFM files; the
 * bounding box for the two fonts of signs, which have neither). No file needs to hold these fonts.
 */
const STANDARD: readonly (readonly [RegExp, ascent: number, descent: number])[] = [
  [/^(?:arial(?:mt)?|helvetica)(?:[,-](?:bold)?(?:italic|oblique)?(?:mt)?)?$/iu, 0.718, -0.207],
  [/^times(?:newroman)?(?:ps)?(?:mt)?(?:[,-](?:roman|bold)?(?:italic)?(?:mt)?)?$/iu, 0.683, -0.217],
  [/^courier(?:new)?(?:ps)?(?:mt)?(?:[,-](?:bold)?(?:italic|oblique)?(?:mt)?)?$/iu, 0.629, -0.157],
  [/^symbol(?:mt)?(?:,(?:bold)?(?:italic)?)?$/iu, 1.01, -0.293],
  [/^zapfdingbats$/iu, 0.82, -0.143],
];

function read(font: unknown, name: string): unknown {
  return typeof font === 'object' && font !== null ? Reflect.get(font, name) : undefined;
}

/** A share of the size that a font may honestly claim. */
function share(thousandths: number | undefined): number | undefined {
  const value = Math.abs(thousandths ?? 0) / 1000;
  return value > 0 && value < MAX_HEIGHT ? value : undefined;
}

function thousandthsOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value * 1000 : undefined;
}

/**
 * Ascent and descent of a font as shares of its size, the same for all of its letters: what the file's
 * descriptor says; for a standard font that is not in the file, what that font is known for.
 */
function heightsOf(
  font: unknown,
  name: string,
  descriptor: FontDescriptor | undefined,
): { ascent: number; descent: number } {
  const isSimple = read(font, 'composite') !== true;
  const plainName = name.replaceAll(' ', '');
  const standard = isSimple ? STANDARD.find(([pattern]) => pattern.test(plainName)) : undefined;
  const [, ascent, descent] = standard ?? [undefined, DEFAULT_ASCENT, DEFAULT_DESCENT];
  if (standard !== undefined && descriptor?.isEmbedded !== true) return { ascent, descent };
  const claimed = descriptor ?? {
    ascent: thousandthsOf(read(font, 'ascent')),
    descent: thousandthsOf(read(font, 'descent')),
  };
  return { ascent: share(claimed.ascent) ?? ascent, descent: -(share(claimed.descent) ?? -descent) };
}

function styleOf(font: unknown, descriptors: ReadonlyMap<string, FontDescriptor>): FontStyle {
  const field = read(font, 'name');
  const given = typeof field === 'string' ? field : '';
  const name = given.replace(/^[A-Z]{6}\+/u, '');
  return {
    name,
    isBold: /bold|black|heavy|demi|semibold|medi\b/iu.test(name) || read(font, 'bold') === true,
    isItalic: /italic|oblique|kursiv|ital\b/iu.test(name) || read(font, 'italic') === true,
    isMonospace: read(font, 'isMonospace') === true || /mono|courier|consol|typewriter/iu.test(name),
    ...heightsOf(font, given, descriptors.get(given)),
  };
}

function toPageFont(font: unknown, descriptors: ReadonlyMap<string, FontDescriptor>): PageFont {
  const matrix: unknown = read(font, 'fontMatrix');
  const first: unknown = Array.isArray(matrix) ? matrix[0] : undefined;
  const unit = typeof first === 'number' ? Math.abs(first) : UNIT;
  return {
    unit,
    // A font of drawings may use any unit: its letters are about as high as a thousand of them.
    em: read(font, 'isType3Font') === true ? unit * 1000 : 1,
    isVertical: read(font, 'vertical') === true,
    style: styleOf(font, descriptors),
  };
}

/** Reads each font once. */
export class FontTable {
  readonly #source: FontSource;
  readonly #descriptors: ReadonlyMap<string, FontDescriptor>;
  readonly #fonts = new Map<string, PageFont>();

  /** @param descriptors what the file says of its fonts, by their names. */
  constructor(source: FontSource, descriptors: ReadonlyMap<string, FontDescriptor>) {
    this.#source = source;
    this.#descriptors = descriptors;
  }

  /** The font of this name; a plain one when the library could not load it. */
  get(name: string): PageFont {
    const known = this.#fonts.get(name);
    if (known !== undefined) return known;
    const source = this.#source.has(name) ? this.#source.get(name) : undefined;
    const font = toPageFont(source, this.#descriptors);
    this.#fonts.set(name, font);
    return font;
  }
}
