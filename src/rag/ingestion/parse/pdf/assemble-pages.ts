import type { Block, Box, ImageNote, Page, RemovedRange } from '../parsed-document.ts';
import { drawnBullets } from './drawn-bullets.ts';
import { removeFurniture } from './furniture.ts';
import { joinAcrossPages } from './join-pages.ts';
import { toRows, type Row } from './lines.ts';
import { roundBox, transformBox, type Matrix } from './matrix.ts';
import type { PageContent } from './page-content.ts';
import { layOutPage } from './page-layout.ts';
import { toBlocks } from './pdf-blocks.ts';
import { toWords, type PageWord } from './words.ts';

/** A page ready for layout. Its content may be turned and straightened; then `toPage` leads back. */
export interface LaidPage {
  readonly page: Page;
  readonly content: PageContent;
  readonly rows: readonly Row[];
  readonly removed: readonly RemovedRange[];
  readonly toPage?: Matrix | undefined;
}

/** Degrees by which type may lean and still be read with the lines around it. */
const MAX_LEAN = 5;

const isNear = (angle: number, to: number): boolean =>
  Math.min(Math.abs(angle - to), 360 - Math.abs(angle - to)) <= MAX_LEAN;

/** Words that run aslant over the page are stamps and watermarks. */
function slantedText(words: readonly PageWord[], page: number): RemovedRange[] {
  const aslant = words.filter(({ angle }) => ![0, 90, 180, 270].some((quarter) => isNear(angle, quarter)));
  if (aslant.length === 0) return [];
  return [{ reason: 'watermark', text: aslant.map(({ text }) => text).join(' '), page }];
}

/** A turn by quarters that makes text of an angle run from left to right. */
function uprightMap(quarter: number, width: number, height: number): Matrix {
  if (quarter === 90) return [0, -1, 1, 0, 0, width];
  return quarter === 270 ? [0, 1, -1, 0, height, 0] : [-1, 0, 0, -1, width, height];
}

/** The other way round: from the turned page back to the page. */
function backMap(quarter: number, width: number, height: number): Matrix {
  if (quarter === 90) return [0, 1, -1, 0, width, 0];
  return quarter === 270 ? [0, -1, 1, 0, 0, height] : [-1, 0, 0, -1, width, height];
}

function turnWord(word: PageWord, map: Matrix): PageWord {
  const box = transformBox(map, word.box);
  return { ...word, box, angle: 0, baseline: box[3] + word.font.descent * word.size };
}

/** The quarter turn of most words on a page. */
function mainQuarter(words: readonly PageWord[]): number {
  if (words.every(({ angle }) => angle === 0)) return 0;
  const letters = (quarter: number): number =>
    words.reduce((sum, { angle, text }) => sum + (isNear(angle, quarter) ? text.length : 0), 0);
  return [0, 90, 180, 270].reduce((best, quarter) => (letters(quarter) > letters(best) ? quarter : best));
}

/** A page set on its side is turned before it is laid out, its lines with it. */
function turnContent(content: PageContent, quarter: number): PageContent {
  const map = uprightMap(quarter, content.width, content.height);
  const isSideways = quarter !== 180;
  const rulings = content.rulings.map((ruling) => {
    const { isHorizontal, at, from, to } = ruling;
    const [x0, y0, x1, y1] = transformBox(map, isHorizontal ? [from, at, to, at] : [at, from, at, to]);
    const isStill = isHorizontal !== isSideways;
    return isStill
      ? { isHorizontal: isStill, at: y0, from: x0, to: x1 }
      : { isHorizontal: isStill, at: x0, from: y0, to: y1 };
  });
  const [width, height] = isSideways ? [content.height, content.width] : [content.width, content.height];
  return { ...content, rulings, width, height };
}

/** Makes a page out of what it draws. Words outside of it are dropped. */
export function fromContent(content: PageContent): LaidPage {
  const { width, height, number } = content;
  const written = toWords(content.glyphs).filter(
    ({ box }) => box[2] > 0 && box[3] > 0 && box[0] < width && box[1] < height,
  );
  const words = [...drawnBullets(written, content.marks), ...written];
  const quarter = mainQuarter(words);
  const map = quarter === 0 ? undefined : uprightMap(quarter, width, height);
  const upright = words
    .filter(({ angle }) => isNear(angle, quarter))
    .map((word) => (map === undefined ? word : turnWord(word, map)));
  const aside = words.filter(
    ({ angle }) => !isNear(angle, quarter) && [0, 90, 180, 270].some((other) => isNear(angle, other)),
  );
  const asideUpright = map === undefined ? aside : aside.map((word) => turnWord(word, map));
  const bare = { ...content, glyphs: [] };
  return {
    page: { number, width, height },
    content: quarter === 0 ? bare : turnContent(bare, quarter),
    rows: [...toRows(upright), ...toRows(asideUpright)],
    removed: slantedText(words, number),
    toPage: quarter === 0 ? undefined : backMap(quarter, width, height),
  };
}

/** Blocks of turned pages get the places that their words have on the page itself. */
function placeBack(blocks: readonly Block[], pages: ReadonlyMap<number, Matrix>): Block[] {
  const place = (page: number, box: Box): Box => {
    const map = pages.get(page);
    return map === undefined ? box : roundBox(transformBox(map, box));
  };
  return blocks.map((block) => ({
    ...block,
    box: block.box === undefined || block.page === undefined ? block.box : place(block.page, block.box),
    words: block.words?.map((word) => ({ ...word, box: place(word.page, word.box) })),
  }));
}

/** Blocks of a whole document out of its pages: furniture taken away, columns read in order, pages joined. */
export function assemblePages(pages: readonly LaidPage[]): {
  readonly blocks: Block[];
  readonly removed: RemovedRange[];
  readonly images: ImageNote[];
} {
  const heights = new Map(pages.map(({ content }) => [content.number, content.height]));
  const cleaned = removeFurniture(
    pages.map(({ content, rows }) => ({ page: content.number, height: content.height, rows })),
  );
  const items = pages.flatMap(({ content }, index) => layOutPage(content, cleaned.pages[index]!.rows));
  const blocks = joinAcrossPages(toBlocks(items, (page) => heights.get(page) ?? 0));
  const turned = new Map(
    pages.flatMap(({ content, toPage }) => (toPage === undefined ? [] : [[content.number, toPage]])),
  );
  return {
    blocks: turned.size === 0 ? blocks : placeBack(blocks, turned),
    removed: [...pages.flatMap(({ removed }) => removed), ...cleaned.removed],
    images: pages.flatMap(({ content }) =>
      content.images.map((box) => ({ description: '', page: content.number, box: roundBox(box) })),
    ),
  };
}
