import type { Box } from '../../parsed-document.ts';
import type { Ruling } from '../page-content.ts';

/** Lines closer than this are one line, in points. */
const SNAP = 3;
/** How far a line may stop short of the line it meets. */
const REACH = 4;

/** Joins lines that lie on one another or go on where the last one ends. */
export function mergeRulings(rulings: readonly Ruling[]): Ruling[] {
  const merged: Ruling[] = [];
  for (const isHorizontal of [true, false]) {
    const sorted = rulings
      .filter((ruling) => ruling.isHorizontal === isHorizontal)
      .toSorted((a, b) => a.at - b.at || a.from - b.from);
    const groups: Ruling[][] = [];
    for (const ruling of sorted) {
      const last = groups.at(-1);
      if (last !== undefined && ruling.at - last[0]!.at <= SNAP) last.push(ruling);
      else groups.push([ruling]);
    }
    for (const group of groups) merged.push(...joinGroup(group));
  }
  return merged;
}

/** Lines at about one place: those that touch become one. */
function joinGroup(group: readonly Ruling[]): Ruling[] {
  const joined: Ruling[] = [];
  for (const ruling of group.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && ruling.from <= last.to + SNAP) {
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, ruling.to) };
    } else joined.push(ruling);
  }
  return joined;
}

function meets(a: Ruling, b: Ruling): boolean {
  if (a.isHorizontal === b.isHorizontal) return false;
  return b.at >= a.from - REACH && b.at <= a.to + REACH && a.at >= b.from - REACH && a.at <= b.to + REACH;
}

/** Lines that hang together by meeting each other. */
export function connectedRulings(rulings: readonly Ruling[]): Ruling[][] {
  const parent = rulings.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at]!;
    return at;
  };
  const horizontal = rulings.flatMap((ruling, index) => (ruling.isHorizontal ? [index] : []));
  const vertical = rulings.flatMap((ruling, index) => (ruling.isHorizontal ? [] : [index]));
  for (const a of horizontal) {
    for (const b of vertical) if (meets(rulings[a]!, rulings[b]!)) parent[find(a)] = find(b);
  }
  const groups = new Map<number, Ruling[]>();
  for (const [index, ruling] of rulings.entries()) {
    const root = find(index);
    groups.set(root, [...(groups.get(root) ?? []), ruling]);
  }
  return [...groups.values()];
}

/** The box around lines. */
export function rulingBox(rulings: readonly Ruling[]): Box {
  const xs = rulings.flatMap(({ isHorizontal, at, from, to }) => (isHorizontal ? [from, to] : [at]));
  const ys = rulings.flatMap(({ isHorizontal, at, from, to }) => (isHorizontal ? [at] : [from, to]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Places that values gather at, in order. */
export function gather(values: readonly number[], within = SNAP): number[] {
  const places: number[] = [];
  for (const value of values.toSorted((a, b) => a - b)) {
    const last = places.at(-1);
    if (last === undefined || value - last > within) places.push(value);
  }
  return places;
}

/** Whether a line lies between two neighbouring cells: it covers the middle of their common edge. */
export function isSeparated(
  rulings: readonly Ruling[],
  edge: { readonly isHorizontal: boolean; readonly at: number; readonly from: number; readonly to: number },
): boolean {
  const middle = (edge.from + edge.to) / 2;
  return rulings.some(
    (ruling) =>
      ruling.isHorizontal === edge.isHorizontal &&
      Math.abs(ruling.at - edge.at) <= SNAP + 0.5 &&
      ruling.from - 1 <= middle &&
      ruling.to + 1 >= middle,
  );
}
