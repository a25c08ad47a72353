import type { Box } from '../parsed-document.ts';
import type { PageFont } from './fonts.ts';
import { compose, transformBox, transformPoint, type Matrix } from './matrix.ts';
import type { Glyph } from './page-content.ts';

/** The part of the graphics state that showing text depends on (ISO 32000-1, 9.3). */
export interface TextState {
  readonly map: Matrix;
  readonly fillColor: string;
  readonly font: PageFont | undefined;
  readonly fontSize: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly horizontalScale: number;
  readonly rise: number;
}

/** What was shown, and how far the pen moved in text space. */
export interface ShownText {
  readonly glyphs: readonly Glyph[];
  readonly advance: readonly [x: number, y: number];
  readonly unmapped: number;
}

const FULL_TURN = 360;
const LIGATURES_FROM = 0xfb00;
const LIGATURES_TO = 0xfb06;
const PRIVATE_FROM = 0xe000;
const PRIVATE_TO = 0xf8ff;
const UNKNOWN = 0xfffd;

/** A character of the library, none of whose fields is sure. */
interface ShownGlyph {
  readonly width?: unknown;
  readonly unicode?: unknown;
  readonly isSpace?: unknown;
}
const NO_GLYPH: ShownGlyph = {};

function isShownGlyph(value: unknown): value is ShownGlyph {
  return typeof value === 'object' && value !== null;
}

/** Presentation forms of ligatures are spelled out; every other character stays as it is. */
function spellOut(text: string): string {
  const code = text.charCodeAt(0);
  return code >= LIGATURES_FROM && code <= LIGATURES_TO ? text.normalize('NFKC') : text;
}

/** Whether a character is white space; most are letters, which their code tells. */
function isSpaceText(text: string): boolean {
  const code = text.charCodeAt(0);
  return code > 0x20 && code < 0x7f ? false : text.trim() === '';
}

/** Whether a font does not say which character this is. */
function isUnmapped(text: string): boolean {
  const code = text.charCodeAt(0);
  return text === '' || code === UNKNOWN || (code >= PRIVATE_FROM && code <= PRIVATE_TO);
}

/** One operation's pen: where it stands, and what all of its characters share. */
class Pen {
  readonly glyphs: Glyph[] = [];
  unmapped = 0;
  x = 0;
  y = 0;
  readonly #state: TextState;
  readonly #font: PageFont;
  readonly #map: Matrix;
  readonly #shared: Pick<Glyph, 'size' | 'font' | 'angle' | 'isArtifact' | 'color'>;

  constructor(state: TextState, font: PageFont, textMap: Matrix, isArtifact: boolean) {
    this.#state = state;
    this.#font = font;
    this.#map = compose(compose(state.map, textMap), [1, 0, 0, 1, 0, state.rise]);
    const degrees = Math.round((Math.atan2(this.#map[1], this.#map[0]) * FULL_TURN) / (2 * Math.PI));
    // A negative size writes from right to left and upside down: half a turn.
    const turned = state.fontSize < 0 ? FULL_TURN / 2 : 0;
    this.#shared = {
      size: Math.hypot(this.#map[2], this.#map[3]) * Math.abs(state.fontSize) * font.em,
      font: font.style,
      angle: (degrees + FULL_TURN + turned) % FULL_TURN,
      isArtifact,
      color: state.fillColor,
    };
  }

  /** A number between characters moves the pen back by thousandths of the size. */
  shift(thousandths: number): void {
    const by = (-thousandths / 1000) * this.#state.fontSize;
    if (this.#font.isVertical) this.y += by;
    else this.x += by * this.#state.horizontalScale;
  }

  show(glyph: ShownGlyph): void {
    const { fontSize, charSpacing, wordSpacing, horizontalScale } = this.#state;
    const { style, em, unit, isVertical } = this.#font;
    const { x, y } = this;
    const { width } = glyph;
    const advance = (typeof width === 'number' ? width : 0) * unit * fontSize;
    const spacing = charSpacing + (glyph.isSpace === true ? wordSpacing : 0);
    if (isVertical) {
      this.#note(glyph, [x + -0.5 * fontSize, y - fontSize, x + 0.5 * fontSize, y]);
      this.y -= fontSize + spacing;
      return;
    }
    const drawn = advance * horizontalScale;
    const [descent, ascent] = [style.descent * em * fontSize, style.ascent * em * fontSize];
    this.#note(glyph, [x, y + descent, x + drawn, y + ascent]);
    this.x += (advance + spacing) * horizontalScale;
  }

  /** @param box of the character in text space. */
  #note({ unicode }: ShownGlyph, box: Box): void {
    const text = typeof unicode === 'string' ? spellOut(unicode) : '';
    if (isUnmapped(text)) this.unmapped += 1;
    const map = this.#map;
    const { x, y } = this;
    const { size, font, angle, isArtifact, color } = this.#shared;
    const { isVertical } = this.#font;
    this.glyphs.push({
      text,
      box: transformBox(map, box),
      origin: transformPoint(map, x, y),
      end: transformPoint(map, isVertical ? x : box[2], isVertical ? box[1] : y),
      size,
      font,
      angle,
      isArtifact,
      color,
      // The library's own mark says which code word spacing acts on, and a subset may draw a hyphen with it.
      isSpace: isSpaceText(text),
    });
  }
}

/** Shows a string of characters and numbers between them. */
export function showText(
  items: readonly unknown[],
  state: TextState,
  textMap: Matrix,
  isArtifact: boolean,
): ShownText {
  if (state.font === undefined) return { glyphs: [], advance: [0, 0], unmapped: 0 };
  const pen = new Pen(state, state.font, textMap, isArtifact);
  for (const item of items) {
    if (typeof item === 'number') pen.shift(item);
    else pen.show(isShownGlyph(item) ? item : NO_GLYPH);
  }
  return { glyphs: pen.glyphs, advance: [pen.x, pen.y], unmapped: pen.unmapped };
}
