import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Box } from '../parsed-document.ts';
import type { FontTable } from './fonts.ts';
import { compose, IDENTITY, toMatrix, transformBox, type Matrix } from './matrix.ts';
import type { Glyph, PageContent } from './page-content.ts';
import { PathReader } from './paths.ts';
import { showText, type TextState } from './show-text.ts';

/** The part of the graphics state that text and lines depend on (ISO 32000-1, 8.4 and 9.3). */
interface State extends TextState {
  readonly leading: number;
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

/** Operations that draw nothing and move nothing. */
const QUIET = new Set<number>([OPS.setGState, OPS.dependency, OPS.setRenderingIntent, OPS.setFlatness]);
/** Smaller pictures are bullets, lines and logos. */
const MIN_IMAGE_SIDE = 20;

/** One operation of a page: what to do, and with what. */
interface OperatorList {
  readonly fnArray: ArrayLike<number>;
  readonly argsArray: ArrayLike<unknown>;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

function numbersOf(args: unknown): number[] {
  if (Array.isArray(args)) return args.filter(isNumber);
  if (args instanceof Float32Array) return [...args];
  return typeof args === 'object' && args !== null ? Object.values(args).filter(isNumber) : [];
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
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
  constructor(base: Matrix, fonts: FontTable) {
    this.#base = base;
    this.#fonts = fonts;
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
    const { rulings, fills, marks } = this.#paths;
    return {
      ...page,
      glyphs: this.#glyphs,
      rulings,
      fills,
      marks,
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
    if (this.#glyphs.length > MAX_GLYPHS) return;
    const shown = showText(items, this.#state, this.#textMap, this.#markedContent.includes(true));
    for (const glyph of shown.glyphs) this.#glyphs.push(glyph);
    this.#unmapped += shown.unmapped;
    this.#textMap = compose(this.#textMap, [1, 0, 0, 1, ...shown.advance]);
  }
}
