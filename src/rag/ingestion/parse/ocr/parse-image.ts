import { ParseFailure } from '../parse-failure.ts';
import type { ParsedDocument } from '../parsed-document.ts';
import { emptyDocument } from '../parsed-document.ts';
import { assemblePages } from '../pdf/assemble-pages.ts';
import { imageSize, type ImageSize } from './image-size.ts';
import { decodeImage } from './page-image.ts';
import { readImage, toReadPage, type ReadPage } from './read-image.ts';
import { Recognizer } from './recognizer.ts';

const MAX_PIXELS = 100_000_000;
const POINTS_PER_INCH = 72;
const A4_WIDTH_INCHES = 8.27;
const SCREEN_DPI = 96;

/** Points of one pixel: as the file says, else as if a large picture were a page and a small one a screen. */
function pointsPerPixel({ width, dotsPerInch }: ImageSize): number {
  const isSaid = dotsPerInch !== undefined && dotsPerInch >= 72 && dotsPerInch <= 2400;
  return POINTS_PER_INCH / (isSaid ? dotsPerInch : Math.max(SCREEN_DPI, width / A4_WIDTH_INCHES));
}

const isTiff = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x49 && bytes[1] === 0x49) || (bytes[0] === 0x4d && bytes[1] === 0x4d);

/** TIFF is decoded by the engine itself and read as it stands; other pictures are made ready first. */
async function readAny(
  bytes: Uint8Array,
  size: ImageSize,
  points: number,
  recognizer: Recognizer,
): Promise<ReadPage> {
  try {
    if (isTiff(bytes)) return toReadPage(await recognizer.read(bytes), size, points);
    return await readImage(await decodeImage(bytes), points, recognizer);
  } catch (error) {
    throw new ParseFailure('damaged', { format: 'image' }, error);
  }
}

/**
 * Reads a picture of a page.
 * @throws {ParseFailure} `too-large` before a picture of more than 100 megapixels is decoded, `damaged`.
 */
export async function parseImage(bytes: Uint8Array): Promise<ParsedDocument> {
  const size = imageSize(bytes);
  if (size === undefined) throw new ParseFailure('damaged', { format: 'image' });
  const pixels = size.width * size.height;
  if (pixels > MAX_PIXELS) throw new ParseFailure('too-large', { pixels, limit: MAX_PIXELS });
  await using recognizer = new Recognizer();
  const points = pointsPerPixel(size);
  const read = await readAny(bytes, size, points, recognizer);
  const { blocks } = assemblePages([
    {
      page: { number: 1, width: read.width, height: read.height },
      content: {
        number: 1,
        width: read.width,
        height: read.height,
        glyphs: [],
        rulings: [],
        fills: [],
        marks: [],
        images: [],
        unmappedGlyphs: 0,
      },
      rows: read.rows,
      removed: [],
      toPage: read.toPage,
    },
  ]);
  const page = {
    number: 1,
    width: size.width * points,
    height: size.height * points,
    ocrConfidence: read.confidence,
  };
  return { ...emptyDocument('image'), pages: [page], blocks };
}
