/** A picture as shades from black (0) to white (255), row by row. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Shades of a picture given as red, green, blue and alpha (ITU-R BT.601 weights). Clear parts are white. */
export function toGray(pixels: Uint8ClampedArray | Uint8Array, width: number, height: number): GrayImage {
  const data = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index++) {
    const at = index * 4;
    const shade = (pixels[at]! * 299 + pixels[at + 1]! * 587 + pixels[at + 2]! * 114) / 1000;
    const alpha = pixels[at + 3]! / 255;
    data[index] = shade * alpha + 255 * (1 - alpha);
  }
  return { width, height, data };
}

/**
 * The shade that parts ink from paper best.
 * @see Otsu: A threshold selection method from gray-level histograms, 1979.
 */
export function otsuThreshold({ data }: GrayImage): number {
  const histogram = Array.from({ length: 256 }, () => 0);
  for (const shade of data) histogram[shade]! += 1;
  const total = histogram.reduce((sum, count, shade) => sum + count * shade, 0);
  let best = { shade: 127, spread: -1 };
  let count = 0;
  let sum = 0;
  for (let shade = 0; shade < 255; shade++) {
    count += histogram[shade]!;
    sum += histogram[shade]! * shade;
    const rest = data.length - count;
    if (count === 0 || rest === 0) continue;
    const spread = count * rest * (sum / count - (total - sum) / rest) ** 2;
    if (spread > best.spread) best = { shade, spread };
  }
  return best.shade;
}

const COARSE_STEP = 0.5;
const FINE_STEP = 0.1;
const MAX_SKEW = 8;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Dark points of a picture, thinned out so that measuring stays quick. */
function darkPoints(image: GrayImage, threshold: number): Point[] {
  const step = Math.max(1, Math.floor(Math.min(image.width, image.height) / 700));
  const points: Point[] = [];
  for (let y = 0; y < image.height; y += step) {
    for (let x = 0; x < image.width; x += step) {
      if (image.data[y * image.width + x]! <= threshold) points.push({ x: x / step, y: y / step });
    }
  }
  return points;
}

/** How unevenly ink falls on lines at an angle: most at the angle of the text. */
function unevenness(points: readonly Point[], degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const rows = new Map<number, number>();
  for (const { x, y } of points) {
    const row = Math.round(y - x * slope);
    rows.set(row, (rows.get(row) ?? 0) + 1);
  }
  let sum = 0;
  for (const count of rows.values()) sum += count * count;
  return sum;
}

function bestAngle(points: readonly Point[], from: number, to: number, step: number): number {
  let best = { angle: 0, score: -1 };
  for (let angle = from; angle <= to + 1e-9; angle += step) {
    const score = unevenness(points, angle);
    if (score > best.score) best = { angle, score };
  }
  return best.angle;
}

/**
 * By how many degrees the lines of a picture fall to the right, at most 8 either way.
 * @see Postl: Detection of linear oblique structures and skew scan in digitized documents, ICPR 1986.
 */
export function skewOf(image: GrayImage): number {
  const points = darkPoints(image, otsuThreshold(image));
  // A picture that is mostly dark or empty has no lines to measure.
  if (points.length < 200 || points.length > 400_000) return 0;
  const coarse = bestAngle(points, -MAX_SKEW, MAX_SKEW, COARSE_STEP);
  return bestAngle(points, coarse - COARSE_STEP, coarse + COARSE_STEP, FINE_STEP);
}
