import type { Canvas } from '@napi-rs/canvas';
import type { FontStyle } from '../pdf/page-content.ts';
import type { PageWord } from '../pdf/words.ts';
import { compose, IDENTITY, type Matrix } from '../pdf/matrix.ts';
import { rowsOfLines, type Row } from '../pdf/lines.ts';
import { prepareImage, type PageImage } from './page-image.ts';
import type { ReadWord, Recognizer } from './recognizer.ts';

/** The lines of a page read from its picture, turned upright and straight, in points. */
export interface ReadPage {
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
  /** From the upright page to the page as it is. */
  readonly toPage: Matrix;
  /** Mean confidence of the words, from 0 to 1; 0 when there are none. */
  readonly confidence: number;
}

/** Below this the engine guesses: specks and lines of drawings. */
const MIN_WORD_CONFIDENCE = 0.35;
/** A reading of less sense: the page may stand on its side or on its head. */
const DOUBTFUL = 0.55;
const EDGE_PIXELS = 3;
/** Letters take about this share of the height of their line. */
const SIZE_OF_LINE = 0.8;
/** Lines within this ratio of the usual one are of the usual size: heights of lines vary with their letters. */
const SAME_SIZE = 1.3;

const PRINT: FontStyle = {
  name: 'ocr',
  isBold: false,
  isItalic: false,
  isMonospace: false,
  ascent: 0.75,
  descent: -0.25,
};

function meanConfidence(words: readonly ReadWord[]): number {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  return letters === 0
    ? 0
    : words.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0) / letters;
}

/** How much a reading makes sense: its confidence, as far as it consists of words and not of stray signs. */
function plausibility(words: readonly ReadWord[]): number {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const inWords = words.reduce((sum, { text }) => sum + (/\p{L}{3}/u.test(text) ? text.length : 0), 0);
  return letters === 0 ? 0 : meanConfidence(words) * (inWords / letters);
}

/** Words worth keeping: read with some confidence, and not cut by the edge of the picture. */
function isKept(word: ReadWord, height: number): boolean {
  const isCut = word.box[3] >= height - EDGE_PIXELS || word.box[1] <= EDGE_PIXELS;
  const isSpeck = !/[\p{L}\p{N}]/u.test(word.text) && word.confidence < 0.7;
  return word.confidence >= MIN_WORD_CONFIDENCE && !isCut && !isSpeck;
}

function usualHeight(words: readonly ReadWord[]): number {
  const heights = words.map(({ lineHeight }) => lineHeight).toSorted((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? 0;
}

interface Attempt {
  readonly image: PageImage;
  readonly words: readonly ReadWord[];
  readonly plausibility: number;
}

async function attempt(canvas: Canvas, quarters: number, recognizer: Recognizer): Promise<Attempt> {
  const image = prepareImage(canvas, quarters);
  const words = await recognizer.read(image.png);
  return { image, words, plausibility: plausibility(words) };
}

/** Reads the picture as it stands, and turned when that makes no sense. */
async function bestAttempt(canvas: Canvas, recognizer: Recognizer): Promise<Attempt> {
  let best = await attempt(canvas, 0, recognizer);
  if (best.plausibility >= DOUBTFUL || best.words.length < 3) return best;
  for (const quarters of [2, 1, 3]) {
    const next = await attempt(canvas, quarters, recognizer);
    if (next.plausibility > best.plausibility) best = next;
    if (best.plausibility >= DOUBTFUL) break;
  }
  return best;
}

/**
 * Reads the words of a page's picture.
 * @param pointsPerPixel how large a pixel of the canvas is on the page.
 */
export async function readImage(
  canvas: Canvas,
  pointsPerPixel: number,
  recognizer: Recognizer,
): Promise<ReadPage> {
  const { image, words } = await bestAttempt(canvas, recognizer);
  const points = pointsPerPixel * Math.hypot(image.toSource[0], image.toSource[1]);
  const toPixels: Matrix = [1 / points, 0, 0, 1 / points, 0, 0];
  const toPage = compose([pointsPerPixel, 0, 0, pointsPerPixel, 0, 0], compose(image.toSource, toPixels));
  return { ...toReadPage(words, image, points), toPage };
}

/** Words of a picture as a page. @param points how large one pixel of the picture is on the page. */
export function toReadPage(
  words: readonly ReadWord[],
  image: { readonly width: number; readonly height: number },
  points: number,
): ReadPage {
  const kept = words.filter((word) => isKept(word, image.height));
  const usual = usualHeight(kept);
  const lines = new Map<number, PageWord[]>();
  for (const [order, word] of kept.entries()) {
    lines.set(word.line, [...(lines.get(word.line) ?? []), toPageWord(word, order, points, usual)]);
  }
  return {
    rows: rowsOfLines([...lines.values()]),
    width: image.width * points,
    height: image.height * points,
    toPage: IDENTITY,
    confidence: meanConfidence(kept),
  };
}

/** A word in points of the upright page. */
function toPageWord(word: ReadWord, order: number, points: number, usual: number): PageWord {
  const isUsual = word.lineHeight < usual * SAME_SIZE && word.lineHeight > usual / SAME_SIZE;
  const [x0, y0, x1, y1] = word.box;
  return {
    text: word.text,
    box: [x0 * points, y0 * points, x1 * points, y1 * points],
    baseline: word.baseline * points,
    size: (isUsual ? usual : word.lineHeight) * points * SIZE_OF_LINE,
    font: PRINT,
    angle: 0,
    isArtifact: false,
    color: '#000000',
    order,
  };
}
