import { createCanvas, loadImage, type Canvas } from '@napi-rs/canvas';
import { compose, type Matrix } from '../pdf/matrix.ts';
import { skewOf, toGray } from './gray-image.ts';

/** A picture ready for reading, and the way back from its pixels to those of the source. */
export interface PageImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Maps a place in this picture to the picture it was made of. */
  readonly toSource: Matrix;
}

/** Letters smaller than those of a page of this width, in pixels, are read badly. */
const MIN_WIDTH = 1600;
const MAX_ENLARGEMENT = 3;
const MIN_SKEW = 0.15;

/** Decodes a picture onto a canvas of its size. */
export async function decodeImage(bytes: Uint8Array): Promise<Canvas> {
  const image = await loadImage(Buffer.from(bytes));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, image.width, image.height);
  context.drawImage(image, 0, 0);
  return canvas;
}

/** Gives the pixels of a canvas back now: the collector sees a small object and takes its time. */
export function release(canvas: Canvas): void {
  canvas.width = 1;
  canvas.height = 1;
}

/** Draws a canvas under a map onto white of the given size. */
function redraw(source: Canvas, map: Matrix, width: number, height: number): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.setTransform(...map);
  context.drawImage(source, 0, 0);
  return canvas;
}

function invert([a, b, c, d, e, f]: Matrix): Matrix {
  const area = a * d - b * c;
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** A turn by quarters, clockwise, with the size that it leads to. */
function quarterTurn(
  quarters: number,
  width: number,
  height: number,
): { map: Matrix; width: number; height: number } {
  const turns: readonly (readonly [Matrix, number, number])[] = [
    [[1, 0, 0, 1, 0, 0], width, height],
    [[0, 1, -1, 0, height, 0], height, width],
    [[-1, 0, 0, -1, width, height], width, height],
    [[0, -1, 1, 0, 0, width], height, width],
  ];
  const [map, turnedWidth, turnedHeight] = turns[((quarters % 4) + 4) % 4]!;
  return { map, width: turnedWidth, height: turnedHeight };
}

/** A turn around the middle by degrees, counted clockwise as pixels run. */
function turnAround(degrees: number, width: number, height: number): Matrix {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const [x, y] = [width / 2, height / 2];
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}

/** Turns, enlarges and straightens a picture for reading. */
export function prepareImage(source: Canvas, quarters: number): PageImage {
  const turn = quarterTurn(quarters, source.width, source.height);
  const scale = Math.min(MAX_ENLARGEMENT, Math.max(1, MIN_WIDTH / turn.width));
  const width = Math.round(turn.width * scale);
  const height = Math.round(turn.height * scale);
  const upright = compose([scale, 0, 0, scale, 0, 0], turn.map);
  const first = redraw(source, upright, width, height);
  const skew = skewOf(toGray(first.getContext('2d').getImageData(0, 0, width, height).data, width, height));
  const isStraight = Math.abs(skew) < MIN_SKEW;
  const map = isStraight ? upright : compose(turnAround(-skew, width, height), upright);
  const canvas = isStraight ? first : redraw(source, map, width, height);
  const png = canvas.toBuffer('image/png');
  release(first);
  release(canvas);
  return { png, width, height, toSource: invert(map) };
}
