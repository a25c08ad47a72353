import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Box } from '../parsed-document.ts';
import { FontTable, type FontSource, type PageFont } from './fonts.ts';
import { compose, IDENTITY, toMatrix, transformBox, transformPoint, type Matrix } from './matrix.ts';
import type { Glyph, PageContent } from './page-content.ts';
import { PathReader } from './paths.ts';

/** The part of the graphics state that text and lines depend on (ISO 32000-1, 8.4 and 9.3). */
interface State {
  readonly map: Matrix;
  readonly fillColor: string;
  readonly font: PageFont | undefined;
  readonly fontSize: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly horizontalScale: number;
  readonly leading: number;
  readonly rise: number;
}

const START: State = {
  map: IDENTITY,
  fillColor: '#000000',
  font: undefined,
  fontSize: 0,
  charSpacing: 0,
  wordSpacing: 0,
  horizontalScale: 1,
  leading: 0,
  rise: 0,
};
const MAX_STATES = 1000;
const MAX_GLYPHS = 200_000;
const FULL_TURN = 360;

/** Operations that draw nothing and move nothing. */
const QUIET = new Set<number>([OPS.setGState, OPS.dependency, OPS.setRenderingIntent, OPS.setFlatness]);
/** Smaller pictures are bullets, lines and logos. */
const MIN_IMAGE_SIDE = 20;

/** One operation of a page: what to do, and with what. */
interface OperatorList {
  readonly fnArray: ArrayLike<number>;
  readonly argsArray: ArrayLike<unknown>;
}

function numbersOf(args: unknown): number[] {
  if (typeof args !== 'object' || args === null) return [];
  return Object.values(args).filter((value) => typeof value === 'number');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Presentation forms of ligatures are spelled out; every other character stays as it is. */
function spellOut(text: string): string {
  return /[\ufb00-\ufb06]/u.test(text) ? text.normalize('NFKC') : text;
}

/** Walks over the operations of one page and notes what they draw. */
export class PageInterpreter {
  readonly #glyphs: Glyph[] = [];
  readonly #images: Box[] = [];
  readonly #paths = new PathReader();
  readonly #stack: State[] = [];
  readonly #base: Matrix;
  readonly #fonts: FontTable;
  #state: State;
  #textMap: Matrix = IDENTITY;
  #lineMap: Matrix = IDENTITY;
  #markedContent: boolean[] = [];
  #unmapped = 0;
  readonly #handlers: ReadonlyMap<number, (args: unknown) => void>;

  /** @param base maps the page's own coordinates to points from its top left corner as it is seen. */
  constructor(base: Matrix, fonts: FontSource) {
    this.#base = base;
    this.#fonts = new FontTable(fonts);
    this.#state = { ...START, map: base };
    this.#handlers = this.#makeHandlers();
  }

  /** Runs the operations; call once. */
  run(list: OperatorList, page: Pick<PageContent, 'number' | 'width' | 'height'>): PageContent {
    const { length } = list.fnArray;
    let hasOnlyMap = false;
    for (let index = 0; index < length; index++) {
      const operation = list.fnArray[index]!;
      // With pictures left undecoded, all that is left of one is the map that would have placed it.
      if (operation === OPS.restore && hasOnlyMap) this.#noteImage();
      if (operation === OPS.transform) hasOnlyMap = true;
      else if (!QUIET.has(operation)) hasOnlyMap = false;
      this.#handlers.get(operation)?.(list.argsArray[index]);
    }
    const { rulings, fills } = this.#paths;
    return {
      ...page,
      glyphs: this.#glyphs,
      rulings,
      fills,
      images: this.#images,
      unmappedGlyphs: this.#unmapped,
    };
  }

  #makeHandlers(): ReadonlyMap<number, (args: unknown) => void> {
    const noteImage = (): void => this.#noteImage();
    return new Map<number, (args: unknown) => void>([
      [OPS.save, () => this.#save()],
      [OPS.restore, () => this.#restore()],
      [OPS.transform, (args) => this.#transform(args)],
      [OPS.paintFormXObjectBegin, (args) => this.#beginForm(args)],
      [OPS.paintFormXObjectEnd, () => this.#restore()],
      [OPS.beginAnnotation, (args) => this.#beginAnnotation(args)],
      [OPS.endAnnotation, () => this.#restore()],
      [OPS.beginMarkedContent, (args) => this.#markedContent.push(itemsOf(args)[0] === 'Artifact')],
      [OPS.beginMarkedContentProps, (args) => this.#markedContent.push(itemsOf(args)[0] === 'Artifact')],
      [OPS.endMarkedContent, () => this.#markedContent.pop()],
      [OPS.setFillRGBColor, (args) => this.#setFill(args)],
      [OPS.setFillTransparent, () => this.#set({ fillColor: 'none' })],
      [OPS.setFillColorN, () => this.#set({ fillColor: 'pattern' })],
      [OPS.constructPath, (args) => this.#paths.read(itemsOf(args), this.#state)],
      [OPS.paintImageXObject, noteImage],
      [OPS.paintImageMaskXObject, noteImage],
      [OPS.paintInlineImageXObject, noteImage],
      ...this.#textHandlers(),
    ]);
  }

  #textHandlers(): [number, (args: unknown) => void][] {
    const first = (args: unknown): number => numbersOf(args)[0] ?? 0;
    return [
      [OPS.beginText, () => this.#setTextMap(IDENTITY)],
      [
        OPS.setTextMatrix,
        (args) =>
          this.#setTextMap(
            toMatrix(numbersOf(itemsOf(args)[0] ?? args)) ?? toMatrix(numbersOf(args)) ?? IDENTITY,
          ),
      ],
      [OPS.moveText, (args) => this.#moveText(args)],
      [
        OPS.setLeadingMoveText,
        (args) => {
          this.#set({ leading: numbersOf(args)[1] ?? 0 });
          this.#moveText(args);
        },
      ],
      [OPS.nextLine, () => this.#moveText([0, this.#state.leading])],
      [OPS.setLeading, (args) => this.#set({ leading: -first(args) })],
      [OPS.setCharSpacing, (args) => this.#set({ charSpacing: first(args) })],
      [OPS.setWordSpacing, (args) => this.#set({ wordSpacing: first(args) })],
      [OPS.setHScale, (args) => this.#set({ horizontalScale: first(args) / 100 })],
      [OPS.setTextRise, (args) => this.#set({ rise: first(args) })],
      [OPS.setFont, (args) => this.#setFont(args)],
      [OPS.showText, (args) => this.#showText(itemsOf(itemsOf(args)[0]))],
    ];
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
  }

  #save(): void {
    if (this.#stack.length < MAX_STATES) this.#stack.push(this.#state);
  }

  #restore(): void {
    this.#state = this.#stack.pop() ?? this.#state;
  }

  #transform(args: unknown): void {
    const matrix = toMatrix(numbersOf(args));
    if (matrix !== undefined) this.#set({ map: compose(this.#state.map, matrix) });
  }

  #beginForm(args: unknown): void {
    this.#save();
    const matrix = itemsOf(args)[0];
    if (matrix !== undefined && matrix !== null) this.#transform(matrix);
  }

  #beginAnnotation(args: unknown): void {
    this.#save();
    this.#state = { ...START, map: this.#base };
    const [, , transform, matrix] = itemsOf(args);
    this.#transform(transform);
    this.#transform(matrix);
  }

  #setFill(args: unknown): void {
    const [color] = itemsOf(args);
    if (typeof color === 'string') this.#set({ fillColor: color.toLowerCase() });
  }

  #noteImage(): void {
    const box = transformBox(this.#state.map, [0, 0, 1, 1]);
    if (box[2] - box[0] >= MIN_IMAGE_SIDE && box[3] - box[1] >= MIN_IMAGE_SIDE) this.#images.push(box);
  }

  #setTextMap(map: Matrix): void {
    this.#textMap = map;
    this.#lineMap = map;
  }

  #moveText(args: unknown): void {
    const [x = 0, y = 0] = numbersOf(args);
    this.#setTextMap(compose(this.#lineMap, [1, 0, 0, 1, x, y]));
  }

  #setFont(args: unknown): void {
    const [name, size] = itemsOf(args);
    if (typeof name !== 'string' || typeof size !== 'number') return;
    this.#set({ font: this.#fonts.get(name), fontSize: size });
  }

  #showText(items: readonly unknown[]): void {
    const { font, fontSize } = this.#state;
    if (font === undefined || this.#glyphs.length > MAX_GLYPHS) return;
    for (const item of items) {
      if (typeof item === 'number') {
        const shift = (-item / 1000) * fontSize;
        this.#advance(font.isVertical ? [0, shift] : [shift * this.#state.horizontalScale, 0]);
      } else {
        this.#showGlyph(item, font);
      }
    }
  }

  #advance([x, y]: readonly [number, number]): void {
    this.#textMap = compose(this.#textMap, [1, 0, 0, 1, x, y]);
  }

  #showGlyph(glyph: unknown, font: PageFont): void {
    const { fontSize, charSpacing, wordSpacing, horizontalScale } = this.#state;
    const width = fieldOf(glyph, 'width');
    const isSpace = fieldOf(glyph, 'isSpace') === true;
    const advance = (typeof width === 'number' ? width : 0) * font.unit * fontSize;
    const spacing = charSpacing + (isSpace ? wordSpacing : 0);
    if (font.isVertical) {
      this.#noteGlyph(glyph, font, [-0.5 * fontSize, -fontSize, 0.5 * fontSize, 0]);
      this.#advance([0, -(fontSize + spacing)]);
      return;
    }
    const drawn = advance * horizontalScale;
    this.#noteGlyph(glyph, font, [
      0,
      font.style.descent * font.em * fontSize,
      drawn,
      font.style.ascent * font.em * fontSize,
    ]);
    this.#advance([(advance + spacing) * horizontalScale, 0]);
  }

  #noteGlyph(glyph: unknown, font: PageFont, box: Box): void {
    const unicode = fieldOf(glyph, 'unicode');
    const text = typeof unicode === 'string' ? spellOut(unicode) : '';
    if (/^[\p{Co}\p{Cn}\ufffd]*$/u.test(text)) this.#unmapped += 1;
    const map = compose(compose(this.#state.map, this.#textMap), [1, 0, 0, 1, 0, this.#state.rise]);
    const origin = transformPoint(map, 0, 0);
    const end = font.isVertical ? transformPoint(map, 0, box[1]) : transformPoint(map, box[2], 0);
    const degrees = (Math.atan2(map[1], map[0]) * FULL_TURN) / (2 * Math.PI);
    this.#glyphs.push({
      text,
      box: transformBox(map, box),
      origin,
      end,
      size: Math.hypot(map[2], map[3]) * Math.abs(this.#state.fontSize) * font.em,
      font: font.style,
      // A negative size writes from right to left and upside down: half a turn.
      angle: (Math.round(degrees) + FULL_TURN + (this.#state.fontSize < 0 ? FULL_TURN / 2 : 0)) % FULL_TURN,
      // The library's own mark says which code word spacing acts on, and a subset may draw a hyphen with it.
      isSpace: text.trim() === '',
      isArtifact: this.#markedContent.includes(true),
      color: this.#state.fillColor,
    });
  }
}
