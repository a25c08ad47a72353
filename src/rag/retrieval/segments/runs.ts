/**
 * A set of local rows as ascending, disjoint, half-open runs: `[start, end, start, end, …]`. Rows that are seen by
 * the same people lie together, so a filter is a few runs, and what is not seen is never touched.
 */
export interface Runs {
  readonly bounds: Uint32Array;
  readonly rowCount: number;
}

/** Collects runs in ascending order; runs that touch become one. */
export class RunList {
  readonly #bounds: number[] = [];
  #rowCount = 0;

  add(start: number, end: number): void {
    if (start >= end) return;
    this.#rowCount += end - start;
    if (this.#bounds.at(-1) === start) this.#bounds[this.#bounds.length - 1] = end;
    else this.#bounds.push(start, end);
  }

  toRuns(): Runs {
    return { bounds: Uint32Array.from(this.#bounds), rowCount: this.#rowCount };
  }
}

/** The rows of `runs` that are not in `holes`. */
export function subtract(runs: Runs, holes: Uint32Array): Runs {
  if (holes.length === 0) return runs;
  const left = new RunList();
  let hole = 0;
  for (let index = 0; index < runs.bounds.length; index += 2) {
    let start = runs.bounds[index]!;
    const end = runs.bounds[index + 1]!;
    while (hole < holes.length && holes[hole + 1]! <= start) hole += 2;
    for (let at = hole; at < holes.length && holes[at]! < end; at += 2) {
      left.add(start, Math.min(holes[at]!, end));
      start = Math.max(start, holes[at + 1]!);
    }
    left.add(start, end);
  }
  return left.toRuns();
}

/** The rows of either; they must not overlap. */
export function unite(a: Runs, b: Runs): Runs {
  if (b.bounds.length === 0) return a;
  const all = new RunList();
  let [left, right] = [0, 0];
  while (left < a.bounds.length || right < b.bounds.length) {
    const isLeft = right >= b.bounds.length || (left < a.bounds.length && a.bounds[left]! < b.bounds[right]!);
    const source = isLeft ? a.bounds : b.bounds;
    const at = isLeft ? left : right;
    all.add(source[at]!, source[at + 1]!);
    if (isLeft) left += 2;
    else right += 2;
  }
  return all.toRuns();
}

/** The runs of some rows, which may come in any order and more than once. */
export function runsOf(rows: Iterable<number>): Runs {
  const list = new RunList();
  let last = -1;
  for (const row of Uint32Array.from(rows).toSorted()) {
    if (row === last) continue;
    list.add(row, row + 1);
    last = row;
  }
  return list.toRuns();
}

/** First index in `values[from..]` (ascending) whose value is at least `wanted`: doubling steps, then bisection. */
export function gallop(values: Uint32Array, from: number, to: number, wanted: number): number {
  if (from >= to || values[from]! >= wanted) return from;
  let step = 1;
  let low = from;
  while (low + step < to && values[low + step]! < wanted) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, to);
  low += 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
