import type { Box } from '../parsed-document.ts';

/** An affine map as PDF writes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The map that does `inner` first and `outer` after it. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  return [
    outer[0] * inner[0] + outer[2] * inner[1],
    outer[1] * inner[0] + outer[3] * inner[1],
    outer[0] * inner[2] + outer[2] * inner[3],
    outer[1] * inner[2] + outer[3] * inner[3],
    outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
    outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
  ];
}

/** Where a point goes. */
export function transformPoint(map: Matrix, x: number, y: number): readonly [x: number, y: number] {
  return [map[0] * x + map[2] * y + map[4], map[1] * x + map[3] * y + map[5]];
}

/** The upright box around a box that was mapped. */
export function transformBox(map: Matrix, box: Box): Box {
  // Nearly every map only shifts and stretches, and there are very many boxes.
  if (map[1] === 0 && map[2] === 0) {
    const [left, right] = [map[0] * box[0] + map[4], map[0] * box[2] + map[4]];
    const [top, bottom] = [map[3] * box[1] + map[5], map[3] * box[3] + map[5]];
    return [Math.min(left, right), Math.min(top, bottom), Math.max(left, right), Math.max(top, bottom)];
  }
  const [ax, ay] = transformPoint(map, box[0], box[1]);
  const [bx, by] = transformPoint(map, box[2], box[3]);
  const [cx, cy] = transformPoint(map, box[0], box[3]);
  const [dx, dy] = transformPoint(map, box[2], box[1]);
  return [
    Math.min(ax, bx, cx, dx),
    Math.min(ay, by, cy, dy),
    Math.max(ax, bx, cx, dx),
    Math.max(ay, by, cy, dy),
  ];
}

/** Reads six numbers; undefined when there are not six. */
export function toMatrix(values: readonly number[]): Matrix | undefined {
  const [a, b, c, d, e, f] = values;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  if (d === undefined || e === undefined || f === undefined) return undefined;
  return [a, b, c, d, e, f];
}

/** The smallest box around some boxes. @throws {RangeError} when there are none. */
export function boundingBox(boxes: readonly Box[]): Box {
  const [first] = boxes;
  if (first === undefined) throw new RangeError('no boxes');
  let [x0, y0, x1, y1] = first;
  for (const box of boxes) {
    x0 = Math.min(x0, box[0]);
    y0 = Math.min(y0, box[1]);
    x1 = Math.max(x1, box[2]);
    y1 = Math.max(y1, box[3]);
  }
  return [x0, y0, x1, y1];
}

/** Hundredths of a point are finer than any eye. */
export function roundBox(box: Box): Box {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return [round(box[0]), round(box[1]), round(box[2]), round(box[3])];
}
