import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Box } from '../parsed-document.ts';
import { transformPoint, type Matrix } from './matrix.ts';
import type { Ruling } from './page-content.ts';

// The library's own encoding of a path: an operation, then its points.
const MOVE_TO = 0;
const LINE_TO = 1;
const CURVE_TO = 2;
const QUADRATIC_TO = 3;
const CLOSE = 4;

const STROKES = new Set<number>([
  OPS.stroke,
  OPS.closeStroke,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
]);
const FILLS = new Set<number>([
  OPS.fill,
  OPS.eoFill,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
]);
/** A filled box thinner than this is a line, in points. */
const MAX_LINE_WIDTH = 3;
/** How far a line may lean over its length and still be straight, in points. */
const MAX_LEAN = 1;
const MIN_LENGTH = 3;
const MAX_RULINGS = 20_000;
/** Sides of what may be the bullet of a list, in points. */
const MIN_MARK = 1.2;
const MAX_MARK = 8;
const MAX_MARKS = 5000;
const MAX_MARK_POINTS = 20;

type Point = readonly [x: number, y: number];

/** How many numbers each operation takes, itself counted, and where among them its end point stands. */
const STEPS: ReadonlyMap<number, { readonly length: number; readonly endAt: number }> = new Map([
  [MOVE_TO, { length: 3, endAt: 1 }],
  [LINE_TO, { length: 3, endAt: 1 }],
  [CURVE_TO, { length: 7, endAt: 5 }],
  [QUADRATIC_TO, { length: 5, endAt: 3 }],
  [CLOSE, { length: 1, endAt: 0 }],
]);

interface Subpath {
  readonly points: Point[];
  isCurved: boolean;
}

/** The points of each subpath, and whether it has curves. */
function subpathsOf(data: ArrayLike<number>, map: Matrix): Subpath[] {
  const subpaths: Subpath[] = [];
  for (let at = 0; at < data.length;) {
    const operation = data[at]!;
    const step = STEPS.get(operation);
    if (step === undefined) break;
    if (operation === MOVE_TO) subpaths.push({ points: [], isCurved: false });
    const current = subpaths.at(-1);
    const isClose = operation === CLOSE;
    const point = isClose
      ? current?.points[0]
      : transformPoint(map, data[at + step.endAt] ?? 0, data[at + step.endAt + 1] ?? 0);
    if (current !== undefined && point !== undefined) {
      current.points.push(point);
      current.isCurved ||= operation === CURVE_TO || operation === QUADRATIC_TO;
    }
    at += step.length;
  }
  return subpaths;
}

function boxAround(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function isNumberList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Collects the straight lines, filled boxes and small marks of a page. */
export class PathReader {
  readonly rulings: Ruling[] = [];
  readonly fills: Box[] = [];
  /** Small figures about as wide as high: bullets are drawn so, among others. */
  readonly marks: Box[] = [];

  /** One path operation: how it is painted, its data, its bounds. */
  read(args: readonly unknown[], state: { readonly map: Matrix; readonly fillColor: string }): void {
    const [paint, list] = args;
    const data: unknown = Array.isArray(list) ? list[0] : undefined;
    if (typeof paint !== 'number' || !isNumberList(data) || this.rulings.length > MAX_RULINGS) return;
    const isFill = FILLS.has(paint) && !/^(?:#ffffff|none)$/u.test(state.fillColor);
    const isStroke = STROKES.has(paint);
    if (!isFill && !isStroke) return;
    for (const { points, isCurved } of subpathsOf(data, state.map)) {
      if (isStroke) this.#readStroke(points);
      if (isFill && !isCurved) this.#readFill(points);
      this.#readMark(points);
    }
  }

  #readMark(points: readonly Point[]): void {
    if (points.length < 4 || points.length > MAX_MARK_POINTS || this.marks.length > MAX_MARKS) return;
    const box = boxAround(points);
    const [short, long] = [box[2] - box[0], box[3] - box[1]].toSorted((a, b) => a - b);
    if (short! >= MIN_MARK && long! <= MAX_MARK && long! <= 1.6 * short!) this.marks.push(box);
  }

  #readStroke(points: readonly Point[]): void {
    for (let index = 1; index < points.length; index++) this.#addSegment(points[index - 1]!, points[index]!);
  }

  #addSegment([ax, ay]: Point, [bx, by]: Point): void {
    const width = Math.abs(ax - bx);
    const height = Math.abs(ay - by);
    if (height <= MAX_LEAN && width >= MIN_LENGTH) {
      this.#add(true, (ay + by) / 2, ax, bx);
    } else if (width <= MAX_LEAN && height >= MIN_LENGTH) {
      this.#add(false, (ax + bx) / 2, ay, by);
    }
  }

  #add(isHorizontal: boolean, at: number, from: number, to: number): void {
    this.rulings.push({ isHorizontal, at, from: Math.min(from, to), to: Math.max(from, to) });
  }

  #readFill(points: readonly Point[]): void {
    if (points.length < 4 || points.length > 6) return;
    const box = boxAround(points);
    const width = box[2] - box[0];
    const height = box[3] - box[1];
    if (height <= MAX_LINE_WIDTH && width >= MIN_LENGTH && width > height) {
      this.#add(true, (box[1] + box[3]) / 2, box[0], box[2]);
    } else if (width <= MAX_LINE_WIDTH && height >= MIN_LENGTH) {
      this.#add(false, (box[0] + box[2]) / 2, box[1], box[3]);
    } else if (width > MAX_LINE_WIDTH && height > MAX_LINE_WIDTH) {
      this.fills.push(box);
    }
  }
}
